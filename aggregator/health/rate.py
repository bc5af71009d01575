"""How much a source brings in what time: `3/day`, `1/week`."""

from __future__ import annotations

import re
from datetime import timedelta

from aggregator.record import record

_PERIODS = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
}
_RATE = re.compile(rf"(\d{{1,6}})\s*/\s*({'|'.join(_PERIODS)})")


@record(frozen=True, slots=True)
class Rate:
    """So many articles (≥ 1) in each period."""

    count: int
    period: timedelta

    def __str__(self) -> str:
        names = {period: name for name, period in _PERIODS.items()}
        return f"{self.count}/{names[self.period]}"

    @property
    def per_day(self) -> float:
        """How many there are in a day."""
        return self.count / (self.period / timedelta(days=1))


def read_rate(text: str) -> Rate:
    """Return the rate that *text* names; raises ValueError where it names none."""
    match = _RATE.fullmatch(text)
    if match is None or not int(match[1]):
        raise ValueError('is not a rate; write "3/day", "1/week", "10/hour" or "2/month"')
    return Rate(int(match[1]), _PERIODS[match[2]])
