"""What a source that answers lacks, in one word: *quiet*, *degraded*, or "" for nothing.

A check says True (amiss), False (well) or None (nothing to tell by). Each has two bounds: one to
fall ill, which it must pass in two answers in a row, and a stricter one to be well again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from aggregator.health.history import ENOUGH, History, Measure, share, telling, typical
from aggregator.health.rate import Rate
from aggregator.record import record

QUIET, DEGRADED = "quiet", "degraded"

_TWICE = 2  # answers in a row that have to say it
_NEW_NORMAL = timedelta(days=30)  # so long another kind of document is no fault any more
_ATTEMPTS = 24  # that are remembered as having failed or not
_UNSTEADY, _STEADY = 8, 3  # failed ones among them
_SHORTEST = 80  # characters: texts that are usually shorter tell nothing
_SILENCE = timedelta(days=4)  # a weekend with a holiday is none


@record(frozen=True, slots=True)
class Health:
    """What is remembered of how a source is.

    `word`, `cause` (the check that says so) and `why` are "" where all is well; `since` is when
    that began. `doubted` counts the answers in a row that spoke against it. `met_at` is when it
    first answered. `failed` has a bit for each of the last attempts, the newest one lowest, of
    `attempts` altogether. What is usual holds for one `recipe` alone, the configuration that its
    articles are made with; who was ill before it changed has to get well by what was usual.
    Before `look_at` no silence can be too long (None: look now).
    """

    word: str = ""
    cause: str = ""
    why: str = ""
    since: datetime | None = None
    doubted: int = 0
    met_at: datetime | None = None
    failed: int = 0
    recipe: str = ""
    attempts: int = 0
    look_at: datetime | None = None
    history: History = field(default_factory=History)


@record(frozen=True, slots=True)
class Seen:
    """What an answer showed.

    `measure` is None where it brought no document (304). `published` are the newest articles'
    times, the newest first; None where they need not be looked at (`needs_times`). `expected` is
    the operator's word; `came` counts what was published within the last period of it and within
    the last two. A `local` source is nobody else's.
    """

    measure: Measure | None = None
    published: tuple[datetime, ...] | None = ()
    expected: Rate | None = None
    came: tuple[int, int] = (0, 0)
    local: bool = False
    recipe: str = ""


@record(frozen=True, slots=True)
class Finding:
    """What a check says, and in words what is amiss where it is."""

    amiss: bool | None
    why: str = ""


_WELL, _UNKNOWN = Finding(False), Finding(None)
Check = Callable[[Health, Seen, datetime, bool], Finding]
"""`sick` says that it is this check which found something before: then the stricter bound holds."""


def needs_times(health: Health, now: datetime, *, changed: bool) -> bool:
    """Say whether the times of the newest articles are to be looked at after an answer.

    They are the same as before where nothing has *changed*.
    """
    return changed or bool(health.word) or health.look_at is None or health.look_at <= now


def needs_history(health: Health, recipe: str, *, changed: bool) -> bool:
    """Say whether what is usual matters after an answer: not where all was well and still is.

    Without it, `after_answer` finds what needs none.
    """
    return changed or bool(health.word) or health.doubted > 0 or health.recipe != recipe


def after_failure(health: Health) -> Health:
    """Return what is remembered after an attempt that failed."""
    failed = _noted(health.failed, failed=True)
    return replace(health, failed=failed, attempts=health.attempts + 1)


def after_answer(health: Health, seen: Seen, now: datetime) -> Health:
    """Return what is remembered after an answer, and how the source is by it."""
    history = health.history
    if health.recipe != seen.recipe and not health.word:  # other articles are made of the same
        history = History()
    if seen.measure is not None:
        history = history.remember(seen.measure, sick=bool(health.word or health.doubted))
    if health.since and now - health.since > _NEW_NORMAL and health.cause in _OF_DOCUMENTS:
        history, health = history.accept(), replace(health, cause="")
    health = replace(
        health,
        history=history,
        met_at=health.met_at or now,
        recipe=seen.recipe,
        failed=_noted(health.failed, failed=False),
        attempts=health.attempts + 1,
    )
    if seen.published is not None:
        health = replace(health, look_at=_look_at(health, seen.published, now))
    return _judged(health, *_first(health, seen, now), now)


def _judged(health: Health, cause: str, why: str, now: datetime) -> Health:
    """Return *health* where its checks now say this; what is new has to be said twice."""
    word = _CHECKS[cause][0] if cause else ""
    if word == health.word:
        if (cause, why, 0) == (health.cause, health.why, health.doubted):
            return health
        return replace(health, cause=cause, why=why, doubted=0)
    if word and health.doubted + 1 < _TWICE:
        return replace(health, doubted=health.doubted + 1)
    return replace(health, word=word, cause=cause, why=why, since=now if word else None, doubted=0)


def _first(health: Health, seen: Seen, now: datetime) -> tuple[str, str]:
    """Return the first check that finds something, and what; the one that did goes first."""
    names = sorted(_CHECKS, key=lambda name: name != health.cause)
    for name in names:
        sick = name == health.cause
        finding = _CHECKS[name][1](health, seen, now, sick)
        if finding.amiss or (finding.amiss is None and sick):
            return name, finding.why or health.why
    return "", ""


def _noted(bits: int, *, failed: bool) -> int:
    return (bits << 1 | failed) & ((1 << _ATTEMPTS) - 1)


# ── the checks ────────────────────────────────────────────────────────────────────────────────────


def _entries(health: Health, seen: Seen, now: datetime, sick: bool) -> Finding:
    *earlier, newest = (*health.history.usual, *health.history.lately) or (Measure(0),)
    usual, entries = typical(earlier, lambda one: one.entries), newest.entries
    if usual is None or usual < ENOUGH:
        return _UNKNOWN
    if entries >= usual * (0.5 if sick else 0.2):
        return _WELL
    listed = f"{entries} {'entry' if entries == 1 else 'entries'}" if entries else "no entries"
    return Finding(True, f"it lists {listed}; usually there are {usual:.0f}")


def _unread(health: Health, seen: Seen, now: datetime, sick: bool) -> Finding:
    lately = health.history.lately[-1:]
    if not lately or lately[0].entries < ENOUGH or not lately[0].bad:
        return _WELL
    usual = sum(one.bad for one in health.history.usual)
    of = sum(one.entries for one in health.history.usual)
    bad, entries = lately[0].bad, lately[0].entries
    if bad < entries * (0.2 if sick else 0.5) or (of and usual > of * 0.25):
        return _WELL
    return Finding(True, f"{bad} of its {entries} entries cannot be read")


def _dates(health: Health, seen: Seen, now: datetime, sick: bool) -> Finding:
    return _fallen(health, lambda one: one.dated, sick, "have a date that can be read")


def _fields(health: Health, seen: Seen, now: datetime, sick: bool) -> Finding:
    return _fallen(health, lambda one: one.filled, sick, "have both title and link")


def _fallen(health: Health, of: Callable[[Measure], int], sick: bool, words: str) -> Finding:
    newest = telling(health.history.lately)
    usual, lately = share(health.history.usual, of), share(newest, of)
    if usual is None or lately is None or usual < 0.5:
        return _UNKNOWN
    if lately >= usual * (0.8 if sick else 0.5):
        return _WELL
    made = sum(measure.made for measure in newest)
    has = f"{lately * made:.0f}" if lately else "none"
    return Finding(True, f"{has} of its newest {made} articles {words}; usually {usual:.0%} do")


def _texts(health: Health, seen: Seen, now: datetime, sick: bool) -> Finding:
    usual = typical(health.history.usual, lambda one: one.length)
    lately = typical(telling(health.history.lately), lambda one: one.length)
    if usual is None or lately is None or usual < _SHORTEST:
        return _UNKNOWN
    if lately >= usual * (0.5 if sick else 0.2):
        return _WELL
    are = f"have {lately:.0f} characters" if lately else "are empty"
    return Finding(True, f"its newest texts {are}; usually there are {usual:.0f} characters")


def _steady(health: Health, seen: Seen, now: datetime, sick: bool) -> Finding:
    failed = health.failed.bit_count()
    if failed <= _STEADY if sick else failed < _UNSTEADY:
        return _WELL
    return Finding(
        True, f"it answers now and then: {failed} of the last {_ATTEMPTS} attempts failed"
    )


def _rate(health: Health, seen: Seen, now: datetime, sick: bool) -> Finding:
    """Hold what came against what the operator expects: under half of it, in two periods."""
    if seen.expected is None or health.met_at is None:
        return _WELL
    if now - health.met_at < 2 * seen.expected.period:
        return _WELL
    count, (last, both) = seen.expected.count, seen.came
    if both >= count if not sick else last >= count or both >= count * 1.5:
        return _WELL
    span = f"{2 * seen.expected.period / timedelta(hours=1):.0f} h"
    if seen.expected.period >= timedelta(days=1):
        span = f"{2 * seen.expected.period / timedelta(days=1):.0f} d"
    return Finding(True, f"{both} articles in {span}, where {seen.expected} are expected")


def _silence(health: Health, seen: Seen, now: datetime, sick: bool) -> Finding:
    """Hold its silence against the longest one in its newest articles.

    Who was silent already when it was met is not called quiet, nor is who has a rate to keep to.
    """
    if seen.local or seen.expected or seen.published is None:
        return _WELL
    times = _times(seen.published, now)
    if len(times) < ENOUGH or health.met_at is None or times[0] < health.met_at:
        return _WELL
    longest, silence = _longest(times), now - times[0]
    if silence <= max(longest * (2 if sick else 3), _SILENCE):
        return _WELL
    return Finding(
        True, f"nothing new for {_days(silence)}; it was never silent for over {_days(longest)}"
    )


def _look_at(health: Health, published: Sequence[datetime], now: datetime) -> datetime:
    """Return until when it cannot have been silent for too long, though nothing new comes."""
    times = _times(published, now)
    if len(times) < ENOUGH or health.met_at is None or times[0] < health.met_at:
        return now + _SILENCE
    return times[0] + max(_longest(times) * 3, _SILENCE)


def _times(published: Iterable[datetime], now: datetime) -> list[datetime]:
    return sorted({min(time, now) for time in published}, reverse=True)


def _longest(times: Sequence[datetime]) -> timedelta:
    return max(later - earlier for later, earlier in pairwise(times))


def _days(span: timedelta) -> str:
    days = span / timedelta(days=1)
    return f"{days:.0f} d" if days >= 2 else f"{span / timedelta(hours=1):.0f} h"


_CHECKS: dict[str, tuple[str, Check]] = {
    "entries": (QUIET, _entries),
    "unread": (DEGRADED, _unread),
    "dates": (DEGRADED, _dates),
    "fields": (DEGRADED, _fields),
    "texts": (DEGRADED, _texts),
    "steady": (DEGRADED, _steady),
    "rate": (QUIET, _rate),
    "silence": (QUIET, _silence),
}
_OF_DOCUMENTS = frozenset({"entries", "unread", "dates", "fields", "texts"})


def usual_rate(published: Sequence[datetime]) -> float | None:
    """Return how many articles a day came while *published*, its newest, came; None: too few.

    What comes all at once is the work of a day.
    """
    times = sorted(published)
    if len(times) < ENOUGH:
        return None
    return (len(times) - 1) / max((times[-1] - times[0]) / timedelta(days=1), 1.0)
