"""Dates as sources write them → aware UTC datetimes.

    Unix numbers ─ ISO 8601 and W3C ─ RFC 822 and its kin ─ every other language (date_words.py)

The common forms are read here, by one small grammar: a clock, a zone and a day, in any order.
`email.utils` takes `3:30 PM` for 3:30 and `GMT+0800` and `CET` for UTC, without a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from aggregator.normalise import date_words, zones
from aggregator.record import record

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
TOLERANCE = timedelta(minutes=10)  # how far a source's clock may be ahead of ours
_LONGEST = 100  # characters; what is longer is no date

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_RFC_822 = re.compile(
    r"(?:[^\W\d_]{2,4}\.?, )?(?P<day>\d{1,2}) (?P<month>[^\W\d_]{3,4}) (?P<year>\d{4})"
    r" (?P<h>[0-2]\d):(?P<m>\d\d):(?P<s>\d\d)"
    r" (?:GMT|UTC|UT|Z|(?P<sign>[+-])(?P<hours>\d\d)(?P<minutes>\d\d))"
)
_UNIX = re.compile(r"(\d{9,10}|\d{12,13}|\d{15,16})(?:\.\d+)?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?")
_ISO = re.compile(r"\d{4}(?:-\d\d-\d\d|\d{4}|-?W\d\d-?\d?)(?:[T ]\d.*)?")
_DAY_IN_ZONE = re.compile(r"^(\d{4}-\d\d-\d\d)(Z|[+-]\d\d:?\d\d)$")  # a date of XML Schema
_SPACED_OFFSET = re.compile(r" (?=[+-]\d\d:?\d\d$|Z$)")
# ISO 8601 of 1988 also knew dates without a century, a day or a month; feeds still have them.
_TRUNCATED = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>\d{4})(?:-(?P<month>\d\d))?",
        r"(?P<year>\d{4})-?(?P<ordinal>\d{3})",
        r"(?P<year>\d\d)-?(?P<month>\d\d)-?(?P<day>\d\d)",
        r"-(?P<year>\d\d)-?(?P<month>\d\d)",
        r"(?P<year>\d\d)-?(?P<ordinal>\d{3})",
    )
)

_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?![\d:])(?:\s*([ap])\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"\s*(?:GMT|UTC|UT|Z)?\s*([+-])\s?(\d{1,2}):?(\d\d)?(?::00)?(?=Z?(?:\s|\(|$))Z?"
)
_UNSIGNED = re.compile(r"\s+()(0\d|1[0-4])(\d\d)(?=\s|$)")  # `0100`, which is no year
_NAME_OF_ZONE = re.compile(r"\s*([A-Z]{3,5})(?=\s|$)")
_OWN_REGION = re.compile(r"\[[A-Za-z_/+-]+\]$")  # repeats what the offset says (RFC 9557)
_REGION = re.compile(r"\b[A-Z][A-Za-z]+(?:/[A-Za-z_]+[+-]?\d*)+")
_BRACKETED = re.compile(r"\([^()]*\)")
_TIME_MARK = re.compile(r"(?<=\d)[Tt]\s*$")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,3})\2(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/. ]) ?(\d{1,2})\2 ?(\d{4}|\d\d)(?!\d)")
_NO_YEAR = re.compile(r"(?<![\d/.-])(\d{1,2})[-/](\d{1,2})(?![\d/.-])")
_WORD = re.compile(r"[^\W\d_]+|\d+")

_MONTH_NAMES = """
    january february march april may june july august september october november december
"""
_MONTHS = {
    name[:length]: number
    for number, name in enumerate(_MONTH_NAMES.split(), 1)
    for length in range(3, len(name) + 1)
} | {"febuary": 2}
# The same in the languages of Europe's west, where no two mean different months by one word.
_FOREIGN_MONTHS = """
    ene jan janv gen | fev feb fév févr | mar mär mrz mars mrt | abr apr avr | mai may mag mei maj |
    jun juin giu | jul juil lug | ago aug août agt | set sep sept | out oct okt ott | nov | dez dec
    dic déc des
"""
_MONTHS_BY_MAIL = {
    name: number
    for number, names in enumerate(_FOREIGN_MONTHS.split("|"), 1)
    for name in names.split()
}
_DAY_NAMES = "monday tuesday wednesday thursday friday saturday sunday"
_NOISE = {name[:length] for name in _DAY_NAMES.split() for length in range(2, len(name) + 1)}
_NOISE |= {"at", "on", "of", "the", "th", "st", "nd", "rd"}


@record(frozen=True, slots=True)
class Reading:
    """What a date may be read by: the zone of one that has none, our clock, and its languages.

    *languages* are tags, the likeliest first; they decide words and the order of `05/06/2026`.
    """

    zone: tzinfo
    now: datetime
    languages: Sequence[str] = ()

    @property
    def today(self) -> datetime:
        """Now, by the clock on the source's wall."""
        return self.now.astimezone(self.zone).replace(tzinfo=None)


def read_date(text: str, reading: Reading) -> datetime | None:
    """Return the moment that *text* means, aware UTC; None where it means none that can be true.

    A moment before 1990 or more than ten minutes ahead of our clock is a mistake and so none.
    """
    moment = read_claim(text, reading) if text else None
    if moment is None or not EARLIEST <= moment <= reading.now + TOLERANCE:
        return None
    return min(moment, reading.now)


def read_claim(text: str, reading: Reading) -> datetime | None:
    """Return the moment that *text* means, aware UTC, however unlikely; None where it means none.

    A time that a change of the clock skips or repeats is taken with the offset from before the
    change. A day without a time is its first moment.
    """
    text = " ".join(text.split())
    if text.endswith("]"):
        text = _OWN_REGION.sub("", text)
    if not text or len(text) > _LONGEST:
        return None
    try:
        moment = _read(text if text.isascii() else _with_figures(text), reading)
        return moment and moment.astimezone(UTC)
    except (ValueError, OverflowError):  # such as a 32nd or the year 9999 in the west
        return None


def _with_figures(text: str) -> str:
    """Return *text* with wide and foreign figures as ASCII ones (`２０`, `٢٠`)."""
    text = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.digit(sign, sign)) for sign in text)


def _read(text: str, reading: Reading) -> datetime | None:
    if usual := _usual(text):
        return usual
    figures = date_words.in_figures(text)
    found = _numbers(figures) or _iso(figures) or _written(figures, reading)
    if found is None:
        found = date_words.read(figures, reading.today, reading.languages)
    if found is None or found.tzinfo is not None:
        return found
    return found.replace(tzinfo=date_words.zone_of(text) or reading.zone)


def _usual(text: str) -> datetime | None:
    """Read what nearly all feeds write: RFC 3339, and RFC 822 with a zone in figures or GMT.

    Whatever is odd about a date is for the others to see.
    """
    try:
        if _RFC_3339.fullmatch(text):
            return datetime.fromisoformat(text)
        match = _RFC_822.fullmatch(text)
        month = _MONTHS_BY_MAIL.get(match["month"].lower()) if match else None
        return _by_mail(match, month) if match and month else None
    except ValueError:
        return None


def _by_mail(match: re.Match[str], month: int) -> datetime:
    day, year, hour, minute, second = map(int, match.group("day", "year", "h", "m", "s"))
    sign, hours, minutes = match.group("sign", "hours", "minutes")
    east = int(f"{sign}1") * (60 * int(hours) + int(minutes)) if sign else 0
    return datetime(year, month, day, hour, minute, second, tzinfo=zones.offset(east))


def _numbers(text: str) -> datetime | None:
    """Read seconds, milliseconds or microseconds since 1970, and `20261120083000`."""
    if compact := _COMPACT.fullmatch(text):
        return datetime(*(int(part or 0) for part in compact.groups()))  # type: ignore[arg-type]
    if not (match := _UNIX.fullmatch(text)):
        return None
    return datetime.fromtimestamp(float(text) / 1000 ** ((len(match[1]) - 9) // 3), UTC)


def _iso(text: str) -> datetime | None:
    """Read ISO 8601: what Python knows of it, and what that left out of the standard of 1988."""
    upper = _DAY_IN_ZONE.sub(r"\1T00:00\2", text.upper())
    if _ISO.fullmatch(upper):
        try:
            return datetime.fromisoformat(_SPACED_OFFSET.sub("", upper))
        except ValueError:
            return None  # perhaps 24:00 or a leap second: the grammar knows them
    match = next(filter(None, (pattern.fullmatch(text) for pattern in _TRUNCATED)), None)
    if match is None:
        return None
    parts = {name: int(value) for name, value in match.groupdict().items() if value}
    if "ordinal" in parts:
        return _day(_century(parts["year"]), 1, parts["ordinal"], last=366)
    return _day(_century(parts["year"]), parts.get("month", 1), parts.get("day", 1))


# ── the grammar ───────────────────────────────────────────────────────────────────────────────────


def _written(text: str, reading: Reading) -> datetime | None:
    """Read a clock, a zone and a day in any order; None where anything else stands beside them."""
    clock, rest = timedelta(), text
    zone: tzinfo | None = None
    if match := _CLOCK.search(text):
        clock = _clock(match)
        after = text[match.end() :]
        if offset := _OFFSET.match(after) or _UNSIGNED.match(after):
            minutes = 60 * int(offset[2]) + int(offset[3] or 0)
            zone = zones.offset(-minutes if offset[1] == "-" else minutes)
            after = after[offset.end() :]
        elif (unheard := _NAME_OF_ZONE.match(after)) and not _is_known(unheard[1]):
            after = after[unheard.end() :]  # a zone that nobody knows costs the date nothing
        rest = f"{_TIME_MARK.sub('', text[: match.start()])} {after}"
    rest = _BRACKETED.sub(" ", rest)
    if match := _REGION.search(rest):
        zone = zone or zones.region(match[0])
        rest = rest.replace(match[0], " ")
    day, names = _date(rest, reading)
    if day is None:
        return None
    moment = day + clock
    for name in names:
        zone = zone or zones.named(name, reading.zone, moment)
    return moment.replace(tzinfo=zone)


def _is_known(word: str) -> bool:
    return zones.is_name(word) or word.lower() in _MONTHS or word.lower() in _NOISE


def _clock(match: re.Match[str]) -> timedelta:
    """Return the time of day; 24:00 is the next midnight, and a leap second the one after it."""
    hour, minute, second = (int(part or 0) for part in match.groups()[:3])
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError(match[0])
    if match[4] and hour <= 12:
        hour = hour % 12 + (12 if match[4] in "pP" else 0)
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _date(text: str, reading: Reading) -> tuple[datetime | None, list[str]]:
    """Return the day that *text* names, and the names of zones beside it."""
    day, rest = _in_figures(text, reading)
    numbers: list[str] = []
    months: list[int] = []
    names: list[str] = []
    for word in _WORD.findall(rest):
        if word.isdigit():
            numbers.append(word)
        elif month := _MONTHS.get(word.lower()):
            months.append(month)
        elif zones.is_name(word):
            names.append(word)
        elif word.lower() not in _NOISE:
            return None, []
    if day is not None:
        return (None if numbers or months else day), names
    return (_with_month(months[0], numbers, reading) if len(months) == 1 else None), names


def _in_figures(text: str, reading: Reading) -> tuple[datetime | None, str]:
    """Return the day that stands in *text* in figures alone, and what is left of the text."""
    if match := _YEAR_FIRST.search(text):
        day = _day(int(match[1]), int(match[3]), int(match[4]))
    elif match := _YEAR_LAST.search(text):
        first, second = int(match[1]), int(match[3])
        month_first = second > 12 or (first <= 12 and match[2] == "/" and _is_american(reading))
        month, number = (first, second) if month_first else (second, first)
        day = _day(_century(int(match[4])), month, number)
    elif match := _NO_YEAR.search(text):
        first, second = int(match[1]), int(match[2])
        month, number = (second, first) if first > 12 else (first, second)
        day = _latest(month, number, reading)
    else:
        return None, text
    return day, text[: match.start()] + " " + text[match.end() :]


def _with_month(month: int, numbers: Sequence[str], reading: Reading) -> datetime | None:
    years = [number for number in numbers if len(number) == 4]
    others = [number for number in numbers if len(number) <= 2]
    if len(years) + len(others) != len(numbers) or len(numbers) > 2 or len(years) > 1:
        return None
    if years:
        return _day(int(years[0]), month, int(others[0]) if others else 1)
    if len(others) == 2:
        return _day(_century(int(others[1])), month, int(others[0]))
    return _latest(month, int(others[0]), reading) if others else None


def _latest(month: int, number: int, reading: Reading) -> datetime:
    """Return the day in the year in which it was last, for a text that names none."""
    day = _day(reading.today.year, month, number)
    return day if day <= reading.today else _day(reading.today.year - 1, month, number)


def _day(year: int, month: int, number: int, last: int = 31) -> datetime:
    """Return a day; the 31st of June, which sources do write, is the 1st of July."""
    if not 1 <= number <= last:
        raise ValueError(number)
    return datetime(year, month, 1) + timedelta(days=number - 1)


def _century(year: int) -> int:
    """Return a year of two figures with its century (RFC 5322 §4.3 draws the line at 50)."""
    return year if year > 99 else year + (2000 if year < 50 else 1900)


def _is_american(reading: Reading) -> bool:
    language = reading.languages[0].lower() if reading.languages else "en"
    return language in ("en", "en-us", "en-ph")
