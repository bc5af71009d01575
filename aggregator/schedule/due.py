"""When to ask a source again: pure decisions over what is known of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from aggregator.model import Due, Hints, Rhythm

SOONEST = timedelta(minutes=5)
LATEST = timedelta(hours=24)
FAILED_FIRST = timedelta(minutes=5)
FAILED_LATEST = timedelta(hours=6)
HINT_LATEST = timedelta(days=7)  # no server may put us off for longer
UNKNOWN = timedelta(minutes=30)  # the rhythm of a source that has not shown one
_POLLS_PER_ARTICLE = 2
_JITTER = 0.1


def next_due(rhythm: Rhythm, hints: Hints, now: datetime, rng: Random) -> Due:
    """Return when to ask a source again (aware UTC, after *now*), and why, in a sentence.

    After a failure: five minutes, doubled for each one more in a row, six hours at most, and never
    given up. Else the operator's interval, or the source's own rhythm. Neither comes sooner than
    the server asked for: Retry-After (RFC 9110 §10.2.3), max-age (RFC 9111 §5.2.2.1), the feed's
    ttl.
    Up to a tenth is added by chance, so that sources met together do not stay together.
    """
    interval, why = _failed(rhythm) if rhythm.failures else _regular(rhythm, now)
    if hints.min_interval and rhythm.every is None:
        asked = min(timedelta(seconds=hints.min_interval), LATEST)
        if asked > interval:
            interval, why = asked, f"{why}, but not before the {in_words(asked)} the feed asks for"
    due_at = now + interval * (1 + _JITTER * rng.random())
    if hints.retry_at is not None and hints.retry_at > due_at:
        due_at = min(hints.retry_at, now + HINT_LATEST)
        why = f"the server asked not to be asked before {due_at:%Y-%m-%d %H:%M} UTC"
    return Due(due_at, why)


def _failed(rhythm: Rhythm) -> tuple[timedelta, str]:
    interval = min(FAILED_FIRST * 2 ** min(rhythm.failures - 1, 16), FAILED_LATEST)
    if rhythm.every is not None:
        interval = max(interval, rhythm.every)
    times = "once" if rhythm.failures == 1 else f"{rhythm.failures} times in a row"
    return interval, f"failed {times}: trying again after {in_words(interval)}"


def _regular(rhythm: Rhythm, now: datetime) -> tuple[timedelta, str]:
    if rhythm.every is not None:
        return rhythm.every, f"every {in_words(rhythm.every)}, as configured"
    if len(rhythm.published) < 2:
        return UNKNOWN, f"every {in_words(UNKNOWN)} until its rhythm is known"
    span = now - rhythm.published[-1]
    gap = max(span / len(rhythm.published), timedelta(seconds=1))
    interval = min(max(gap / _POLLS_PER_ARTICLE, SOONEST), LATEST)
    return interval, f"every {in_words(interval)}: it publishes about every {in_words(gap)}"


def in_words(span: timedelta) -> str:
    """Return *span* as a person says it: `45 s`, `5 min`, `1.5 h`, `3 d`."""
    seconds = span.total_seconds()
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{seconds:.0f} s"
