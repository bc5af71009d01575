"""What documents of a source were like: the usual ones, and the newest, held against them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median

from aggregator.record import record

ENOUGH = 5  # articles that tell what a source is like
_LATELY = 5  # documents at most that make up what came lately
_USUAL = 20
_HEARD = 20  # articles at most for which one document speaks


@record(frozen=True, slots=True)
class Measure:
    """What one document was like.

    It had `entries`, of which `bad` could not be read. `made` are the articles made of those that
    were new or changed: so many of them had a date that could be read (`dated`), a title and a
    link (`filled`), and their texts had `length` characters (the median).
    """

    entries: int
    bad: int = 0
    made: int = 0
    dated: int = 0
    filled: int = 0
    length: int = 0


@record(frozen=True, slots=True)
class History:
    """Documents of a source, the oldest first; what came `lately` is not part of the `usual`."""

    usual: tuple[Measure, ...] = ()
    lately: tuple[Measure, ...] = ()

    def remember(self, measure: Measure, *, sick: bool) -> History:
        """Return the history with one more document.

        While something is amiss nothing becomes usual. A document that is like the one before and
        brought nothing teaches nothing.
        """
        if not measure.made and self.lately and self.lately[-1].entries == measure.entries:
            return self
        if sick:
            return replace(self, lately=(*self.lately, measure)[-_LATELY:])
        known = (*self.usual, *self.lately, measure)
        newest = len(telling(known))
        return History(known[:-newest][-_USUAL:], known[-newest:])

    def accept(self) -> History:
        """Return the history in which what came lately is what is usual from now on."""
        return History(self.lately, self.lately[-1:])


def telling(measures: Sequence[Measure]) -> Sequence[Measure]:
    """Return as many of the newest *measures* as tell of enough articles: one to five."""
    made = 0
    for back, measure in enumerate(reversed(measures), 1):
        made += measure.made
        if made >= ENOUGH or back == _LATELY:
            return measures[-back:]
    return measures


def share(measures: Sequence[Measure], of: Callable[[Measure], int]) -> float | None:
    """Return which share of the articles made has what *of* counts; None where they are too few."""
    made = sum(measure.made for measure in measures)
    return sum(of(measure) for measure in measures) / made if made >= ENOUGH else None


def typical(measures: Sequence[Measure], of: Callable[[Measure], int]) -> float | None:
    """Return the median of *of*, a document counting once for each article; None: too few."""
    each = [of(measure) for measure in measures for _ in range(min(measure.made, _HEARD))]
    return median(each) if len(each) >= ENOUGH else None
