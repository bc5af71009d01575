"""Dates in words: Chinese, Japanese and Korean signs made figures, other languages by dateparser.

dateparser needs a millisecond for a date and 0.1 to 1 s for its first one, reads `11月20日 08:30`
as nothing and `n/a` as last Thursday; so it is asked last, and only what can be a date. This is its
sole user.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

_SIGNS = re.compile("[年月日时時点點秒년월일시오午]|[星周礼].|凌晨|早上|晚上")
_DAY = re.compile(r"(?:(\d{4})\s*[年년]\s*)?(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日号號일]?")
_CLOCK = re.compile(
    r"(\d{1,2})\s*[时時点點시](?![间間간])\s*(?:(\d{1,2})\s*[分분]?)?\s*(?:(\d{1,2})\s*[秒초])?"
)
_HALF = re.compile(
    r"(?:(上午|早上|凌晨|午前|오전)|(下午|晚上|中午|午後|오후))\s*(\d{1,2}:\d\d(?::\d\d)?)"
)
_WEEKDAY = re.compile(
    "(?:星期|周|週|礼拜)[一二三四五六日天]|[月火水木金土日]曜日?|[월화수목금토일]요일"
)
_HANGUL = re.compile("[년월일시]|오[전후]")

_LEADING_WEEKDAY = re.compile(r"[^\W\d]+\.?,\s+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_FOREIGN_WORD = re.compile(r"[^\W\d_]{3}|[^\W\d_a-zA-Z]")

# Asked where the source's language does not help. All 200 of dateparser take 30 ms a date, and
# among them is always one in which `16 zzz 2012` is a day.
_WIDESPREAD = """
    en de fr es pt it nl ru pl tr sv da nb fi cs hu el ro uk bg hr sk ca zh ja ko ar fa he hi vi id
    th
"""


def in_figures(text: str) -> str:
    """Return *text* with what Chinese, Japanese and Korean say by signs as others write it.

    `2026年11月20日 星期五 下午3点30分` becomes `2026-11-20 3:30:00 pm`.
    """
    if not _SIGNS.search(text):
        return text
    text = _CLOCK.sub(_clock, _DAY.sub(_figures, _WEEKDAY.sub(" ", text)))
    return _HALF.sub(lambda match: f"{match[3]} {'am' if match[1] else 'pm'}", text)


def _figures(match: re.Match[str]) -> str:
    return " " + "-".join(filter(None, match.groups())) + " "


def _clock(match: re.Match[str]) -> str:
    return ":".join(f"{int(part or 0):02}" for part in match.groups())


def zone_of(text: str) -> tzinfo | None:
    """Return the zone that a date's own language leaves no doubt about: Korean has one."""
    return ZoneInfo("Asia/Seoul") if _HANGUL.search(text) else None


def read(text: str, today: datetime, languages: Sequence[str]) -> datetime | None:
    """Return the moment that *text* says in words, naive where it names no zone; None if none.

    *today* is the naive time that `3 hours ago` counts from. Tries *languages* and English, then,
    for what has a year in it, others that are widespread.
    """
    own = [language.partition("-")[0].lower() for language in languages]
    found = _parsed(text, today, [*dict.fromkeys((*own, "en"))])
    if found is None and _YEAR.search(text) and _FOREIGN_WORD.search(text):
        found = _parsed(_LEADING_WEEKDAY.sub("", text, count=1), today, _WIDESPREAD.split())
    return found


def _parsed(text: str, today: datetime, languages: list[str]) -> datetime | None:
    import dateparser

    relative = ["relative-time"]
    has_figures = any(character.isdigit() for character in text)
    settings: dict[str, Any] = {
        "RELATIVE_BASE": today,
        "PREFER_DATES_FROM": "past",
        "PREFER_DAY_OF_MONTH": "first",
        "REQUIRE_PARTS": ["day", "month"] if has_figures else [],
        "PARSERS": [*relative, "absolute-time"] if has_figures else relative,
    }
    try:
        found: datetime | None = dateparser.parse(text, languages=languages, settings=settings)
    except (ValueError, OverflowError):  # a language it does not know, a date beyond the calendar
        return None
    return found
