"""Dates as each format and language writes them, whatever the locale and zone of the process."""

from __future__ import annotations

from datetime import UTC, date, datetime
from email.utils import format_datetime

from aggregator.publish.texts import Texts


def rfc3339(moment: datetime) -> str:
    """Return a date as Atom and JSON Feed have it, with a capital `Z`: `2022-01-16T23:42:38Z`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def rfc822(moment: datetime) -> str:
    """Return a date as RSS has it: `Sun, 16 Jan 2022 23:42:38 GMT`."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def weekday(day: date, texts: Texts) -> str:
    """Return the day of the week: `Monday`, `星期一`."""
    return texts.weekdays[day.weekday()]


def date_name(day: date, texts: Texts) -> str:
    """Return a day as a person writes it: `17 January 2022`, `2022年1月17日`."""
    return texts.date_form.format(year=day.year, month=texts.months[day.month - 1], day=day.day)


def month_name(day: date, texts: Texts) -> str:
    """Return the month of a day: `January 2022`, `2022年1月`."""
    return texts.month_form.format(year=day.year, month=texts.months[day.month - 1])


def short_day(day: date, texts: Texts) -> str:
    """Return a day without its year, short: `17 Jan`, `1月17日`."""
    return texts.short_form.format(month=texts.months[day.month - 1][:3], day=day.day)


def clock(moment: datetime) -> str:
    """Return the time of day as `07:42`, in the zone that *moment* is in."""
    return f"{moment.hour:02}:{moment.minute:02}"


def zone_name(moment: datetime) -> str:
    """Return the offset of the zone that *moment* is in: `GMT+8`, `GMT-3:30`, `GMT`."""
    offset = moment.utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset else 0
    if not minutes:
        return "GMT"
    hours, rest = divmod(abs(minutes), 60)
    return f"GMT{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02}" if rest else "")
