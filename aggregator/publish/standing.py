"""How the sources are doing: for the status page, for programs and for the command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date, datetime, timedelta

from aggregator.errors import coded, parted
from aggregator.health.condition import Health
from aggregator.health.incident import HELD, STATES, Incident, word
from aggregator.health.rate import Rate
from aggregator.health.sight import Room, Sight, Vitals
from aggregator.meanings import meanings
from aggregator.model import Attempt, SourceState, Tally
from aggregator.publish.supplier import Supplier
from aggregator.record import record

Week = tuple[tuple[date, Tally], ...]
"""The last days, the oldest first; a day without an attempt has an empty tally."""

DAYS = 7
MARKS = {
    "gone": "⊘", "failing": "✗", "held": "‖", "degraded": "◐", "quiet": "○", "new": "·", "ok": "✓",
}  # fmt: skip
"""A sign for each state, so that none is told by its colour alone."""
_NOTHING = Tally()
_INSIDE = "a private address"  # what the guard of fetching says, with the address


@record(frozen=True, slots=True)
class Standing:
    """How one source is doing, told so that anybody may read it.

    `lately` counts the articles published in the last seven days; `held` are those that wait for
    the operator's word.
    """

    supplier: Supplier
    state: SourceState
    articles: int
    week: Week = ()
    vitals: Vitals = field(default_factory=Vitals)
    expected: Rate | None = None
    lately: int = 0
    held: int = 0
    incident: Incident | None = None

    @property
    def word(self) -> str:
        """The state in one word, one of STATES."""
        return word(self.state, self.vitals.health, self.held)

    @property
    def reason(self) -> str:
        """What is amiss, in a sentence; "" where nothing is, or where that may not be told."""
        if self.state.failures:
            return self.state.error
        if self.held:
            return f"{self.held} articles are held until the operator has spoken"
        return self.vitals.health.why

    @property
    def since(self) -> datetime | None:
        """Since when it is as it is, where that is known."""
        if self.state.failures:
            return self.state.error_since
        if self.word == HELD:
            return self.incident.began_at if self.incident else None
        return self.vitals.health.since

    @property
    def whole_week(self) -> Tally:
        """What was counted on all the days together."""
        tallies = [tally for _, tally in self.week]
        return Tally(
            sum(tally.ok for tally in tallies),
            sum(tally.failed for tally in tallies),
            sum(tally.new for tally in tallies),
            sum(tally.same for tally in tallies),
        )

    @property
    def same_share(self) -> float | None:
        """The share of «nothing new» (304) in what it answered in the week."""
        whole = self.whole_week
        return whole.same / whole.ok if whole.ok else None

    @property
    def seen_rate(self) -> float:
        """Articles a day in the last seven days."""
        return self.lately / DAYS

    @property
    def expected_rate(self) -> float | None:
        """Articles a day that are expected, or are usual; None where nothing is known."""
        return self.expected.per_day if self.expected else self.vitals.usual_rate

    def certificate_days(self, now: datetime) -> int | None:
        """In how many days its certificate ends; None where it shows none."""
        until = self.vitals.certificate_until
        return None if until is None else (until - now).days


def badness(standing: Standing) -> tuple[int, int, str]:
    """Return what to sort by, so that the worst come first."""
    return (STATES.index(standing.word), -standing.state.failures, standing.state.id)


def standings(
    suppliers: Iterable[Supplier],
    sight: Sight,
    today: date,
    expected: Mapping[str, Rate] | None = None,
    *,
    discreet: bool = True,
) -> list[Standing]:
    """Return how each of *suppliers* is doing, the worst first.

    Where *discreet*, nothing is told of a private one that may name where it stands.
    """
    found = []
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    for supplier in suppliers:
        id_ = supplier.id
        state = sight.states.get(id_, SourceState(id_))
        if discreet:
            state = replace(state, error=public(state.error, supplier))
        if supplier.private and discreet:
            state = replace(state, why="", address="")
        found.append(
            Standing(
                supplier,
                state,
                sight.articles.get(id_, 0),
                _week(sight.weeks[id_], days) if id_ in sight.weeks else (),
                sight.vitals.get(id_, Vitals()),
                (expected or {}).get(id_),
                sight.lately.get(id_, 0),
                sight.held.get(id_, 0),
                sight.incidents.get(id_),
            )
        )
    return sorted(found, key=badness)


def public(error: str, supplier: Supplier) -> str:
    """Return what anybody may know of an error of a source: no place that is private.

    Of a private source that is what its code stands for, in words that are the same for all.
    """
    message, code = parted(error)
    if supplier.private:
        known = meanings().get(code)
        return coded(known.title, code) if known else ""
    if _INSIDE in message:
        return f"leads to a private address [{code}]" if code else "leads to a private address"
    return error


def _week(counted: Mapping[date, Tally], days: Iterable[date]) -> Week:
    return tuple((day, counted.get(day, _NOTHING)) for day in days)


def facts(standing: Standing, now: datetime) -> dict[str, object]:
    """Return how a source is doing for programs: a row of `status --json`.

    `state` says whether it answers: ok, failing, gone or new; `condition` is one of STATES.
    """
    state, vitals = standing.state, standing.vitals
    error, code = parted(state.error)
    return {
        "id": state.id,
        "state": word(state, Health()),
        "condition": standing.word,
        "last_ok": iso(state.last_ok_at),
        "next_due": iso(state.next_due_at),
        "why": state.why,
        "error": error or None,
        "code": code or None,
        "articles": standing.articles,
        "bad": state.bad,
        "moved_to": state.address or None,
        "name": standing.supplier.name,
        "since": iso(standing.since),
        "reason": standing.reason or None,
        "failures": state.failures,
        "incident": standing.incident.number if standing.incident else None,
        "seen_per_day": round(standing.seen_rate, 2),
        "expected_per_day": _rounded(standing.expected_rate),
        "not_modified_share": _rounded(standing.same_share),
        "publish_delay_seconds": vitals.delay,
        "certificate_days": standing.certificate_days(now),
        "days": [
            {
                "day": day.isoformat(),
                "ok": tally.ok,
                "failed": tally.failed,
                "new": tally.new,
                "not_modified": tally.same,
            }
            for day, tally in standing.week
        ],
    }


def all_facts(found: Iterable[Standing], room: Room | None, now: datetime) -> dict[str, object]:
    """Return how all sources are doing for programs: the document at `/status.json`."""
    found = list(found)
    return {
        "articles": sum(standing.articles for standing in found),
        "incidents": sum(standing.incident is not None for standing in found),
        "disk": disk_facts(room),
        "sources": [facts(standing, now) for standing in found],
    }


def disk_facts(room: Room | None) -> dict[str, object] | None:
    """Return how much room there is, for programs."""
    if room is None:
        return None
    return {"used_bytes": room.used, "free_bytes": room.free, "days_left": room.days}


def iso(moment: datetime | None) -> str | None:
    """Return a time as programs read it, None for none."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 3)


def attempt_facts(attempt: Attempt) -> dict[str, object]:
    """Return an attempt for programs."""
    return {
        "at": iso(attempt.at),
        "status": str(attempt.status),
        "answered": attempt.answered,
        "ms": attempt.ms,
        "new": attempt.new,
        "changed": attempt.changed,
        "publish_delay_seconds": attempt.delay,
        "error": parted(attempt.error)[0] or None,
        "code": parted(attempt.error)[1] or None,
    }


def incident_facts(incident: Incident) -> dict[str, object]:
    """Return an incident for programs."""
    return {
        "number": incident.number,
        "source": incident.source,
        "state": incident.word,
        "reason": incident.why or None,
        "began": iso(incident.began_at),
        "opened": iso(incident.opened_at),
        "ended": iso(incident.ended_at),
    }
