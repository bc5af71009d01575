"""How the sources are doing: for the status page, for programs and for the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from aggregator.errors import parted
from aggregator.model import SourceState, Tally
from aggregator.publish.press import Supplier

Week = tuple[tuple[date, Tally], ...]
"""The last days, the oldest first; a day without an attempt has an empty tally."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one source is doing, told so that anybody may read it."""

    supplier: Supplier
    state: SourceState
    articles: int
    week: Week = ()

    @property
    def word(self) -> str:
        """The state in one word, as `word` has it."""
        return word(self.state)

    @property
    def whole_week(self) -> Tally:
        """What was counted on all the days together."""
        tallies = [tally for _, tally in self.week]
        return Tally(
            sum(tally.ok for tally in tallies),
            sum(tally.failed for tally in tallies),
            sum(tally.new for tally in tallies),
        )


def word(state: SourceState) -> str:
    """Return the state of a source in one word; `new` is one that was never asked."""
    if state.gone:
        return "gone"
    if state.failures:
        return "failing"
    return "ok" if state.last_ok_at else "new"


def badness(state: SourceState) -> tuple[int, bool, str]:
    """Return what to sort states by, so that the worst come first."""
    return (-state.failures, state.last_ok_at is not None, state.id)


def standings(
    suppliers: Iterable[Supplier],
    states: Mapping[str, SourceState],
    articles: Mapping[str, int],
    weeks: Mapping[str, Week],
) -> list[Standing]:
    """Return how each of *suppliers* is doing, the worst first.

    Of one that is private nothing is told that may name where it stands.
    """
    found = []
    for supplier in suppliers:
        state = states.get(supplier.id, SourceState(supplier.id))
        if supplier.private:
            state = replace(state, error="", why="", address="")
        week = weeks.get(supplier.id, ())
        found.append(Standing(supplier, state, articles.get(supplier.id, 0), week))
    return sorted(found, key=lambda standing: badness(standing.state))


def facts(state: SourceState, articles: int) -> dict[str, object]:
    """Return how a source is doing for programs: a row of `status --json`."""
    error, code = parted(state.error)
    return {
        "id": state.id,
        "state": word(state),
        "last_ok": iso(state.last_ok_at),
        "next_due": iso(state.next_due_at),
        "why": state.why,
        "error": error or None,
        "code": code or None,
        "articles": articles,
        "bad": state.bad,
        "moved_to": state.address or None,
    }


def all_facts(found: Iterable[Standing]) -> dict[str, object]:
    """Return how all sources are doing for programs: the document at `/status.json`."""
    rows = [
        {
            **facts(standing.state, standing.articles),
            "name": standing.supplier.name,
            "days": [
                {"day": day.isoformat(), "ok": tally.ok, "failed": tally.failed, "new": tally.new}
                for day, tally in standing.week
            ],
        }
        for standing in found
    ]
    return {"articles": sum(standing.articles for standing in found), "sources": rows}


def iso(moment: datetime | None) -> str | None:
    """Return a time as programs read it, None for none."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
