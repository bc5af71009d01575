"""Days and weeks as they begin and end in a zone, whatever its clocks are set to in between."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aggregator.record import record

_WEEK = 7  # days; the first day of all, 0001-01-01, was a Monday


@record(frozen=True, slots=True)
class Period:
    """One day or week: every moment from `begin` up to `end`, which is not in it (aware UTC).

    `first` and `last` are the local days of its first and of its last moment.
    """

    begin: datetime
    end: datetime
    first: date
    last: date

    @property
    def is_week(self) -> bool:
        return (self.last - self.first).days > 1


@record(frozen=True, slots=True)
class Calendar:
    """All the days, or weeks from Monday on, of a zone; each begins at the time of day *at*.

    A time that the clocks jump over is when they jump, one that they show twice is the first.
    """

    zone: ZoneInfo
    at: time = time()
    weekly: bool = False

    def around(self, moment: datetime) -> Period:
        """Return the period that *moment* (aware) is in."""
        number = moment.astimezone(self.zone).date().toordinal() // self._days
        while self._edge(number) > moment:
            number -= 1
        while self._edge(number + 1) <= moment:
            number += 1
        return self._period(number)

    def before(self, period: Period) -> Period:
        """Return the period that *period* comes after."""
        return self.around(period.begin - timedelta(microseconds=1))

    @property
    def _days(self) -> int:
        return _WEEK if self.weekly else 1

    def _period(self, number: int) -> Period:
        begins, ends = self._day(number), self._day(number + 1)
        last = ends if self.at > time() else ends - timedelta(days=1)
        return Period(self._edge(number), self._edge(number + 1), begins, last)

    def _day(self, number: int) -> date:
        return date.fromordinal(1 + number * self._days)

    def _edge(self, number: int) -> datetime:
        return datetime.combine(self._day(number), self.at, self.zone).astimezone(UTC)
