"""For how long the disk lasts, as the store and the published folder grow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

_DAYS = 3  # that tell of growth at least
_MOST = 3_650


def days_left(sizes: Sequence[tuple[date, int]], free: int) -> int | None:
    """Return in how many days *free* bytes are used up; None where that cannot be told.

    *sizes* are what was used on some days, in their order. Growth is that of the whole time: one
    large import does not sound an alarm for long.
    """
    if len(sizes) < _DAYS:
        return None
    (first, before), (last, after) = sizes[0], sizes[-1]
    if after <= before:
        return None
    return min(int(free * (last - first).days / (after - before)), _MOST)
