"""When to ask a source again: pure decisions over what is known of it.

The operator's interval, or the source's own rhythm ─► not sooner than it asks for ─► longer where
it fails ─► a little chance ─► not at hours it minds ─► not before Retry-After.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from urllib.parse import urlsplit

from aggregator.model import Due, Hints, Rhythm, SourceState
from aggregator.record import record
from aggregator.schedule import rhythm as rhythms
from aggregator.schedule.rhythm import LATEST, in_words

RETRY_LATEST = timedelta(days=7)  # no server may put us off for longer
_JITTER = 0.1
_MOST_JITTER = timedelta(minutes=15)

GONE = "gone for good (410): not asked any more; remove it, or change its url"


@record(frozen=True, slots=True)
class _Wait:
    span: timedelta
    why: str


def next_due(state: SourceState, rhythm: Rhythm, now: datetime, rng: Random) -> Due:
    """Return when to ask a source again, and why then; *now* is when its answer was taken in.

    The operator's interval counts from when the source was last asked and is his word: of what a
    server may ask, only Retry-After (RFC 9110 §10.2.3) is above it. The source's own rhythm is
    never sooner than what it asks for: max-age or Expires (RFC 9111 §4.2), RSS's ttl, skipHours and
    skipDays, sy:updatePeriod. Failures make either longer.
    Up to a tenth is added by chance, so that sources met together do not stay together.
    """
    if state.gone:
        return Due(None, GONE)
    wait = _wait(state, rhythm, now)
    at = _jittered(wait.span, state, rhythm, rng) + _start(state, rhythm, now)
    why = wait.why
    if rhythm.every is None and not rhythm.local:
        allowed = _allowed(at, state.hints, rng)
        why += "; its feed does not want to be asked at that hour or day" if allowed > at else ""
        at = allowed
    if rhythm.retry_at is not None and rhythm.retry_at > at:
        return postponed(min(rhythm.retry_at, now + RETRY_LATEST), now, rng)
    return Due(_whole_second(at), "; ".join(filter(None, (why, moved_in_words(state)))))


def postponed(until: datetime, now: datetime, rng: Random) -> Due:
    """Return when to ask a source whose host wants to be left alone until then: a little after."""
    at = _whole_second(until + _spread(max(until - now, timedelta(0)), rng))
    return Due(at, f"the server asked not to be asked before {until:%Y-%m-%d %H:%M} UTC")


def moved_in_words(state: SourceState) -> str:
    """Say where the source has moved to for good, "" where it has not; the query is kept back."""
    if not state.address:
        return ""
    parts = urlsplit(state.address)
    where = f"{parts.scheme}://{parts.netloc}{parts.path}{'?…' if parts.query else ''}"
    return f"moved permanently to {where}: change its url in config.toml"


def failing_in_words(state: SourceState) -> str:
    """Say why the source brought nothing when it was last asked, "" where it did."""
    if state.gone:
        return GONE
    return f"{_failed(state)}: {state.error}" if state.failures else ""


def _failed(state: SourceState) -> str:
    return "failed " + ("once" if state.failures == 1 else f"{state.failures} times in a row")


def _wait(state: SourceState, rhythm: Rhythm, now: datetime) -> _Wait:
    if rhythm.local:
        every = rhythm.every or rhythms.LOCAL
        return _Wait(every, f"every {in_words(every)}: it is a file of this machine")
    regular = _regular(state.hints, rhythm, now)
    return _longer(regular, state) if state.failures else regular


def _regular(hints: Hints, rhythm: Rhythm, now: datetime) -> _Wait:
    if rhythm.every is not None:
        return _Wait(rhythm.every, f"every {in_words(rhythm.every)}, as configured")
    own, why = rhythms.own(rhythm.published, now)
    if rhythm.told and own < rhythms.TOLD:
        own, why = rhythms.TOLD, "its hub tells of news in between"
    asked = min(timedelta(seconds=max(hints.fresh, hints.interval)), LATEST)
    if asked <= own:
        return _Wait(own, f"every {in_words(own)}: {why}")
    who = "server (Cache-Control, Expires)" if hints.fresh >= hints.interval else "feed (ttl, sy)"
    return _Wait(asked, f"every {in_words(asked)}, as its {who} asks; {why}")


# ── failures ──────────────────────────────────────────────────────────────────────────────────────

_PASSING = (2, timedelta(hours=6))  # with each failure so many times longer, up to
_REFUSED = (4, timedelta(hours=24))
_PASSING_REFUSALS = frozenset({408, 421, 425})  # time-outs and the like (RFC 9110 §15.5)


def _longer(regular: _Wait, state: SourceState) -> _Wait:
    """Return the wait after some failures in a row; it never ends, and is never below the regular.

    What a server refuses (404, 403 …) is not soon put right: these steps are longer.
    """
    status = state.status or 0
    refused = status >= 400 and status // 100 != 5 and status not in _PASSING_REFUSALS
    factor, most = _REFUSED if refused else _PASSING
    span = min(regular.span.total_seconds() * factor ** min(state.failures, 20), 1e9)
    longer = max(min(timedelta(seconds=span), most), regular.span)
    answered = f" ({status})" if status else ""
    return _Wait(longer, f"{_failed(state)}{answered}: asked again after {in_words(longer)}")


# ── the moment ────────────────────────────────────────────────────────────────────────────────────


def _start(state: SourceState, rhythm: Rhythm, now: datetime) -> datetime:
    """Return what the wait counts from: the operator's beat from the asking, else the answer."""
    if rhythm.every is not None and not state.failures and state.last_attempt_at is not None:
        return state.last_attempt_at
    return now


def _jittered(span: timedelta, state: SourceState, rhythm: Rhythm, rng: Random) -> timedelta:
    """Return *span* and a little more, in whole seconds; less where a day is passed unasked."""
    jitter = timedelta(seconds=int(_spread(span, rng).total_seconds()))
    asked = timedelta(seconds=max(state.hints.fresh, state.hints.interval))
    if rhythm.every is None and span == LATEST and asked < LATEST:
        return max(span - jitter, asked)
    return span + jitter


def _spread(span: timedelta, rng: Random) -> timedelta:
    return min(span * _JITTER, _MOST_JITTER) * rng.random()


def _allowed(at: datetime, hints: Hints, rng: Random) -> datetime:
    """Return *at*, or where the feed does not want to be asked then, a moment in the next hour.

    RSS 2.0 skipHours and skipDays, in GMT. A feed that leaves no hour of the week is not believed.
    """
    if not (hints.skip_hours or hints.skip_days) or _is_allowed(at, hints):
        return at
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    for number in range(1, 24 * 8):
        start = hour + timedelta(hours=number)
        if _is_allowed(start, hints):
            return start + _MOST_JITTER * rng.random()
    return at


def _is_allowed(at: datetime, hints: Hints) -> bool:
    there = at.astimezone(UTC)
    return there.hour not in hints.skip_hours and there.weekday() not in hints.skip_days


def _whole_second(at: datetime) -> datetime:
    """Round up: times are kept to the second, and none may come too soon."""
    return at if not at.microsecond else at.replace(microsecond=0) + timedelta(seconds=1)
