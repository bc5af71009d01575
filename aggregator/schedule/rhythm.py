"""How often a source of `every = "auto"` is asked: what its newest articles' times tell. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

SOONEST = timedelta(minutes=5)
LATEST = timedelta(hours=24)
UNKNOWN = timedelta(minutes=30)  # for a source whose rhythm has not shown
LOCAL = timedelta(minutes=1)  # for files of one's own
TOLD = timedelta(hours=3)  # for a source whose hub tells us: a safety net
_POLLS_PER_ARTICLE = 2
_NEWEST = 5  # articles that tell of a change of pace
_SILENCE = 28  # a source silent for four weeks is asked once a day, for one week every six hours


def own(published: Collection[datetime], now: datetime) -> tuple[timedelta, str]:
    """Return how long to wait, from 5 minutes to 24 hours, and why, in words.

    Twice as often as it publishes: on the whole, or lately where that is more often, so that one
    that wakes up is soon heard. The silence since its newest article counts as a gap in both, and
    the longer it lasts the longer is the wait, so that one that falls silent is left in peace.
    What comes with one date counts once: articles without a date have that of their first sight.
    """
    times = sorted({min(moment, now) for moment in published}, reverse=True)
    silence = now - times[0] if times else timedelta(0)
    rest = silence / _SILENCE
    if len(times) < 2:
        pace, why = UNKNOWN, "its rhythm is not known yet"
    else:
        gap = min(_gap(times, now), _gap(times[:_NEWEST], now))
        pace, why = gap / _POLLS_PER_ARTICLE, f"it publishes about every {in_words(gap)}"
    if rest > pace:
        pace, why = rest, f"it has published nothing for {in_words(silence)}"
    return min(max(pace, SOONEST), LATEST), why


def _gap(times: list[datetime], now: datetime) -> timedelta:
    return max((now - times[-1]) / (len(times) - 1), timedelta(seconds=1))


def in_words(span: timedelta) -> str:
    """Return *span* as a person says it: `45 s`, `5 min`, `1.5 h`, `3 d`."""
    seconds = span.total_seconds()
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{seconds:.0f} s"
