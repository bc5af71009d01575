"""Trouble with a source, and the incident made of it: one from the first sign to recovery."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.health.condition import Health
from aggregator.model import SourceState
from aggregator.record import record

FAILING, GONE, HELD = "failing", "gone", "held"

STATES = (GONE, FAILING, HELD, "degraded", "quiet", "new", "ok")
"""Every state of a source in one word, the worst first."""


@record(frozen=True, slots=True)
class Patience:
    """How long a failure may last before it is an incident: so many in a row, and for so long."""

    after: int = 3
    lasting: timedelta = timedelta(hours=1)


@record(frozen=True, slots=True)
class Trouble:
    """What is amiss with a source, in one word and in a sentence, and since when."""

    word: str
    why: str
    since: datetime


@record(frozen=True, slots=True)
class Incident:
    """Trouble that lasted: `number` names it (0: not yet kept), `ended_at` is None while it does.

    `changed_at` is when it last turned into another kind, or ended.
    """

    source: str
    word: str
    why: str
    began_at: datetime
    opened_at: datetime
    changed_at: datetime
    ended_at: datetime | None = None
    number: int = 0


def word(state: SourceState, health: Health, held: int = 0) -> str:
    """Return the state of a source in one of the words of STATES."""
    if state.gone:
        return GONE
    if state.failures:
        return FAILING
    if held:
        return HELD
    return health.word or ("ok" if state.last_ok_at else "new")


def trouble(state: SourceState, health: Health, held: int, now: datetime) -> Trouble | None:
    """Return what is amiss with a source, None where nothing is.

    *held* is how many articles wait for the operator's word.
    """
    name = word(state, health, held)
    if name in (GONE, FAILING):
        return Trouble(name, state.error, state.error_since or now)
    if name == HELD:
        return Trouble(name, f"{held} articles wait for your word: `aggregator release`", now)
    return Trouble(name, health.why, health.since or now) if health.word else None


def lasts(state: SourceState, found: Trouble, patience: Patience, now: datetime) -> bool:
    """Say whether trouble is an incident: a failure when it has lasted, everything else at once."""
    if found.word != FAILING:
        return True
    return state.failures >= patience.after and now - found.since >= patience.lasting


def follow(
    source: str, incident: Incident | None, found: Trouble | None, ripe: bool, now: datetime
) -> Incident | None:
    """Return the incident as it is now: begun, changed, ended or the same; None where none is.

    It stays one incident while anything is amiss, whatever that turns into.
    """
    if incident is None:
        if found is None or not ripe:
            return None
        return Incident(source, found.word, found.why, found.since, now, now)
    if found is None:
        return replace(incident, ended_at=now, changed_at=now)
    moved = incident.changed_at if found.word == incident.word else now
    return replace(incident, word=found.word, why=found.why, changed_at=moved)
