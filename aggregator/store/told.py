"""What is told in one channel, kept in memory so that a new article meets only what is like it.

An index of titles by their tokens: two titles that are alike share one of the rarer ones. It may
hold articles that stand there no more; whoever finds one has still to ask the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from aggregator.model import Candidates

_ENOUGH = 60  # candidates by title
_NEWS = 1_000  # articles that may always come to what was read


class Row(NamedTuple):
    """An article that is told; `published` is as the store writes times."""

    n: int
    published: str
    source: str
    link: str  # as in its signature, like the title
    title: str


class Told:
    """What one channel tells, of what was published at or after `since`."""

    def __init__(
        self, since: str, tokens: Callable[[str], Iterable[str]], rows: Iterable[Row] = ()
    ) -> None:
        """*rows* are what the store has of it."""
        self.since = since
        self._tokens = tokens
        # Columns, with a place for each time that an article was told: there may be thousands.
        self._numbers: list[int] = []
        self._times: list[str] = []  # "" where it is told otherwise since
        self._sources: list[str] = []
        self._titles: list[str] = []
        self._places: dict[int, int] = {}  # by number
        self._linked: dict[str, list[int]] = {}
        self._titled: dict[str, list[int]] = {}
        for row in rows:
            self.add(row)
        self._read = len(self)

    @property
    def is_outgrown(self) -> bool:
        """Say whether most of it is news: much of what it holds is then too old to be asked for."""
        return len(self) > 2 * self._read + _NEWS

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, row: Row) -> None:
        """Have an article told; where it is already, it is told otherwise from now on."""
        n, published, source, link, title = row
        if n in self._places:
            self._times[self._places[n]] = ""
        place = self._places[n] = len(self._numbers)
        self._numbers.append(n)
        self._times.append(published)
        self._sources.append(source)
        self._titles.append(title)
        if link:
            self._linked.setdefault(link, []).append(place)
        for token in self._tokens(title):
            self._titled.setdefault(token, []).append(place)

    def near(self, row: Row, since: str, until: str) -> Candidates:
        """Return what may tell the story of *row*: of other sources, and of a span of time.

        All with its link, and some with similar titles: those that share the rarest tokens.
        """
        sources, source = self._sources, row.source
        titled: set[int] = set()
        for places in self._similar(row.title):
            titled.update([place for place in places[-_ENOUGH:] if sources[place] != source])
            if len(titled) >= _ENOUGH:
                break
        times, numbers, titles = self._times, self._numbers, self._titles
        found = sorted([place for place in titled if since <= times[place] <= until])
        linked = self._linked.get(row.link, ())
        return Candidates(
            [numbers[place] for place in found],
            [titles[place] for place in found],
            [
                (numbers[place], sources[place])
                for place in linked
                if sources[place] != source and since <= times[place] <= until
            ],
        )

    def _similar(self, title: str) -> Iterable[Sequence[int]]:
        """Return for each token of a title where else it is, the rarest token first."""
        known = [self._titled[token] for token in self._tokens(title) if token in self._titled]
        return sorted(known, key=len)
