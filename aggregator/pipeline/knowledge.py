"""What gathering asks of the store: a `Reader` answers from it, a snapshot that travels as well."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from aggregator.store.notes import Shared

MANY = 1000
"""Entries of one source: where there are as many, it is said how far the work is."""


class Knowledge(Protocol):
    """What is known of the sources that are gathered; safe in threads."""

    def fingerprints(
        self, source: str, guids: Sequence[str], before: datetime | None = None
    ) -> Mapping[str, str]:
        """Return the fingerprint of each of *guids* that *source* is known to have, or had then.

        Of times only the one may be asked about at which a move of it began.
        """
        ...

    def candidates(
        self, source: str, guids: Collection[str]
    ) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Return by guid the (reason, address) that articles of *source* could be shared under."""
        ...

    def sharing(self, source: str, links: Collection[str]) -> list[Shared]:
        """Return the articles of *source* that are shared under one of *links*."""
        ...

    def unnamed(self, labels: Iterable[str]) -> list[str]:
        """Return those of *labels* by which no category is known yet, sorted."""
        ...
