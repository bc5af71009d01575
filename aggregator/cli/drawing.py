"""Small pictures of letters, for the terminal: a week, how long answers took, how long ago."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from aggregator.model import Tally

_STEPS = "▁▂▃▄▅▆▇█"
FAILED, UNASKED = "✗", "·"


def week(tallies: Iterable[Tally]) -> str:
    """Return a letter for each day: a bar as high as what was new, `✗` failed, `·` not asked."""
    days = list(tallies)
    most = max((day.new for day in days), default=0)
    return "".join(_day(day, most) for day in days)


def _day(day: Tally, most: int) -> str:
    if not day.ok:
        return FAILED if day.failed else UNASKED
    return _step(day.new, most)


def sparkline(values: Sequence[int]) -> str:
    """Return a bar for each of *values*, the highest for the greatest one."""
    most = max(values, default=0)
    return "".join(_step(value, most) for value in values)


def _step(value: int, most: int) -> str:
    return _STEPS[round((len(_STEPS) - 1) * value / most)] if most else _STEPS[0]


def ago(moment: datetime | None, now: datetime) -> str:
    """Return how long ago, or how far ahead, a moment is: `40 s`, `5 min`, `3 h`, `12 d`."""
    return "" if moment is None else span(abs(now - moment))


def span(length: timedelta) -> str:
    """Return how long something is, in the unit that suits it."""
    seconds = length.total_seconds()
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def size(count: int) -> str:
    """Return how many bytes there are, as a person says it: `3.2 GB`."""
    for unit, worth in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6)):
        if count >= worth:
            return f"{count / worth:.3g} {unit}"
    return f"{count / 1000:.0f} kB"


def rate(number: float | None) -> str:
    """Return so many a day as a person says it: `24/d`, `3.5/d`, `2/w`, `1/mo`."""
    if not number:
        return "0" if number == 0 else "–"
    for unit, days in (("d", 1), ("w", 7), ("mo", 30)):
        if number * days >= 1 or unit == "mo":
            return (
                f"{number * days:.2g}/{unit}"
                if number * days < 10
                else f"{number * days:.0f}/{unit}"
            )
    return "–"
