"""What the web server asks the rest of the program for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from aggregator.record import record


@record(frozen=True, slots=True)
class Published:
    """One published document: its path below the published folder, and what it last became.

    `sha256` is the hash of its bytes in hexadecimal; `changed_at` (aware) when they changed last.
    """

    path: str
    sha256: str
    changed_at: datetime


@record(frozen=True, slots=True)
class Held:
    """An earlier edition of a feed: the hash of its bytes, and the marks of entries it had."""

    sha256: str
    entries: frozenset[bytes]


@record(frozen=True, slots=True)
class Health:
    """Whether the program does its work; `facts` are for everybody to read: no secrets."""

    ok: bool
    facts: Mapping[str, object]


class Library(Protocol):
    """The published documents, by their paths, and the state of the program.

    `find` is asked for every request, from the server's own thread and before anything else can be
    answered: it looks into memory. `health` may take its time; it is called in another thread.
    Where one of them raises an AggregatorError, who asked is told to come again.
    """

    def find(self, path: str) -> Published | None:
        """Return the document published at *path* (`all/rss.xml`), None where there is none.

        *path* is whatever a stranger wrote, decoded once: `..`, NUL and the like are possible.
        """

    def held(self, path: str, hashes: Sequence[str]) -> Held | None:
        """Return which entries of the feed at *path* were in its last edition with one of *hashes*.

        None where there is no such edition, or it is forgotten. Asked for like `find`.
        """

    def health(self) -> Health:
        """Return how the program is."""
