"""The types of the configuration's values: how each is written, and what is said where it is not.

A check raises ValueError with what follows the value in the message: `is not a duration; write …`.
"""

from __future__ import annotations

import re
from datetime import time, timedelta
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

from aggregator import language, pattern, template
from aggregator.health.rate import Rate, read_rate
from aggregator.record import record


@record(frozen=True, slots=True)
class Means:
    """What a type of value is called in the reference; pydantic passes over it."""

    words: str


MOST = 1_000_000  # of anything that is counted
_LONGEST = timedelta(days=36525)
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*(ms|s|m|h|d|w)")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*(B|kB|KB|MB|GB)")
_BYTES = {"B": 1, "kB": 1000, "KB": 1000, "MB": 1000**2, "GB": 1000**3}


def _duration(value: Any) -> timedelta:
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('is not a duration; write "30s", "5m", "12h" or "3d"')
    seconds = float(match[1]) * _SECONDS[match[2]]
    if not 0 < seconds <= _LONGEST.total_seconds():
        raise ValueError("must be longer than nothing and at most a hundred years")
    return timedelta(seconds=seconds)


def spelled(duration: timedelta) -> str:
    """Return *duration* as the configuration writes it, in the largest unit that it is whole in."""
    for unit, seconds in sorted(_SECONDS.items(), key=lambda pair: -pair[1]):
        count = duration.total_seconds() / seconds
        if count == int(count):
            return f"{int(count)}{unit}"
    return f"{duration.total_seconds()}s"


def _spacing(value: Any) -> timedelta:
    return timedelta(0) if value == "0s" else _duration(value)


def _expect(value: Any) -> Rate | None:
    if value is None or isinstance(value, Rate):
        return value
    return read_rate(value if isinstance(value, str) else "")


def _every(value: Any) -> timedelta | str:
    if value == "auto":
        return "auto"
    duration = _duration(value)
    if duration < timedelta(seconds=1):
        raise ValueError('is too often; write at least "1s"')
    return duration


def _window(value: Any) -> timedelta | None:
    return None if value in (None, "none") else _duration(value)


def _size(value: Any) -> int:
    match = _SIZE.fullmatch(value) if isinstance(value, str) else None
    size = int(float(match[1]) * _BYTES[match[2]]) if match else 0
    if size < 1:
        raise ValueError('is not a size; write "500kB" or "10MB"')
    return size


def _first(value: Any) -> int | str:
    if value == "all":
        return "all"
    if type(value) is not int or not 1 <= value <= MOST:
        raise ValueError('is not a number of entries; write 20 or "all"')
    return value


def _zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, TypeError, AttributeError, OSError):
        raise ValueError("is not a time zone") from None


def _time_of_day(value: Any) -> time:
    if isinstance(value, str) and _TIME_OF_DAY.fullmatch(value):
        return time.fromisoformat(value)
    if isinstance(value, time) and not (value.second or value.microsecond):
        return value  # TOML has times of its own
    raise ValueError('is not a time of day; write "07:00"')


def _path(value: Any) -> Path:
    if isinstance(value, Path):
        return value
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError("is not a path; write it in quotes")
    return Path(value)


def _template(value: str) -> str:
    if fault := template.fault(value):
        raise ValueError(f"is not a template: {fault}")
    return value


def _pattern(value: str) -> str:
    if fault := pattern.fault(value):
        raise ValueError(fault)
    return value


def _private(value: str) -> str:
    if "/" in value:
        try:
            ip_network(value, strict=False)
        except ValueError:
            raise ValueError('is not a network; write "192.168.0.0/16" or "fd00::/8"') from None
    elif not re.fullmatch(r"[\w.-]+(:\d{1,5})?|\[?[0-9A-Fa-f:.]+\]?(:\d{1,5})?", value):
        raise ValueError('is not a host; write "nas.lan", "nas.lan:8080" or "10.0.0.0/8"')
    return value


def _network(value: str) -> str:
    try:
        ip_network(value, strict=False)
    except ValueError:
        raise ValueError('is not a network; write "10.0.0.0/8", "10.1.2.3" or "fd00::/8"') from None
    return value


def _listening(value: str) -> str:
    shape = re.fullmatch(r"(?:\[[0-9A-Fa-f:.]+\]|[^:\s\[\]]+):(\d{1,5})", value)
    if shape is None or int(shape[1]) > 65535:
        raise ValueError('is not host:port; write "127.0.0.1:8080"')
    return value


def _base(value: str) -> str:
    try:
        host = urlsplit(value).hostname if re.fullmatch(r"https?://[^@?#\s]+", value) else None
    except ValueError:
        host = None
    if not host:
        raise ValueError('is not a base address; write "https://example.org"')
    return value


def _language(value: str) -> str:
    if language.is_language(value):
        return value
    meant = language.tag(value)
    advice = f'did you mean "{meant}"?' if meant else 'write "en" or "zh-CN"'
    raise ValueError(f"begins with no language of ISO 639; {advice}")


def _shape(expression: str, fault: str) -> AfterValidator:
    """Return a check that a text fully matches *expression*; *fault* says what it is not."""
    shape = re.compile(expression)

    def check(value: str) -> str:
        if not shape.fullmatch(value):
            raise ValueError(fault)
        return value

    return AfterValidator(check)


_TAG = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"
_NOT_A_TAG = 'is not a language tag; write "en" or "zh-CN"'
_ADDRESS = r"(https?://[^\s/?#]+\S*)?"
_NOT_AN_ADDRESS = 'is not an address; write "https://example.org"'
_SLUG = r"[a-z0-9][a-z0-9-]{0,63}"
_NOT_A_SLUG = 'is not a folder name; use a–z, 0–9 and "-", at most 64'
_HOST = r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
_NOT_A_HOST = 'is not a host name; write "news.example.org"'
_ID = r"[^\s/{}\x00-\x1f\x7f-\x9f]{1,100}"
_NOT_AN_ID = 'must be 1–100 characters without space, "/", "{" and "}"'
_ASCII = r"[ -~]*"
_NOT_ASCII = "must be plain ASCII, on one line"

Duration = Annotated[timedelta, BeforeValidator(_duration), Means('duration, such as `"5m"`')]
Together = Annotated[
    timedelta, BeforeValidator(_spacing), Means('duration, such as `"1m"`, or `"0s"`')
]
Expect = Annotated[Rate | None, BeforeValidator(_expect), Means('rate, such as `"3/day"`')]
Spacing = Annotated[
    timedelta, BeforeValidator(_spacing), Means('duration, such as `"1s"`, or `"0s"`')
]
Window = Annotated[
    timedelta | None, BeforeValidator(_window), Means('duration, such as `"3d"`, or `"none"`')
]
Every = Annotated[
    timedelta | Literal["auto"], BeforeValidator(_every), Means('duration, or `"auto"`')
]
Size = Annotated[int, BeforeValidator(_size), Means('size, such as `"10MB"`')]
First = Annotated[int | Literal["all"], BeforeValidator(_first), Means('number, or `"all"`')]


def _with_trafilatura(wanted: bool) -> bool:
    if wanted and find_spec("trafilatura") is None:
        raise ValueError("needs an extra; in a checkout, pip install '.[fulltext]'")
    return wanted


Switch = Annotated[bool, Field(strict=True), Means("`true` or `false`")]
FullText = Annotated[Switch, AfterValidator(_with_trafilatura)]
Count = Annotated[int, Field(ge=1, le=MOST, strict=True), Means("number")]
CountOrNone = Annotated[int, Field(ge=0, le=MOST, strict=True), Means("number")]
Zone = Annotated[ZoneInfo, BeforeValidator(_zone), Means("time zone (IANA)")]
TimeOfDay = Annotated[time, BeforeValidator(_time_of_day), Means('time of day, such as `"07:00"`')]
Location = Annotated[Path, BeforeValidator(_path), Means("path")]
Template = Annotated[str, AfterValidator(_template), Means("text with `{fields}`")]
Pattern = Annotated[str, AfterValidator(_pattern), Means("regular expression")]
Slug = Annotated[str, _shape(_SLUG, _NOT_A_SLUG), Means("folder name")]
HostName = Annotated[str, _shape(_HOST, _NOT_A_HOST), Means("host name")]
SourceId = Annotated[str, _shape(_ID, _NOT_AN_ID), Means("name")]
Language = Annotated[
    str, _shape(_TAG, _NOT_A_TAG), AfterValidator(_language), Means("language tag (BCP 47)")
]
OptionalLanguage = Annotated[
    str,
    _shape(f"({_TAG})?", _NOT_A_TAG),
    AfterValidator(lambda value: _language(value) if value else ""),
    Means("language tag (BCP 47)"),
]
Base = Annotated[str, AfterValidator(_base), Means("address")]
OptionalAddress = Annotated[str, _shape(_ADDRESS, _NOT_AN_ADDRESS), Means("address")]
Hub = Annotated[
    str, _shape(f"self|{_ADDRESS}", f'{_NOT_AN_ADDRESS}, or "self"'), Means('address or "self"')
]
Contact = Annotated[str, _shape(_ASCII, _NOT_ASCII), Means("text")]
Private = Annotated[str, AfterValidator(_private), Means("host, network or host:port")]
Network = Annotated[str, AfterValidator(_network), Means("network")]
Listening = Annotated[str, AfterValidator(_listening), Means("host:port")]
