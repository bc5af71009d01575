"""Names of time zones, as dates carry them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Hours east of Greenwich. Where a name means several zones, the one that feeds mean by it; the
# source's own zone is asked first (see `named`).
_HOURS: dict[str, float] = {
    **dict.fromkeys(("UT", "UTC", "GMT", "Z", "WET"), 0),
    **dict.fromkeys(("BST", "WEST", "CET", "MET", "MEZ", "WAT"), 1),
    **dict.fromkeys(("CEST", "MEST", "MESZ", "EET", "SAST", "CAT"), 2),
    **dict.fromkeys(("EEST", "MSK", "EAT", "TRT"), 3),
    **dict.fromkeys(("GST", "MSD"), 4),
    **dict.fromkeys(("PKT", "UZT"), 5),
    **dict.fromkeys(("IST",), 5.5),
    **dict.fromkeys(("NPT",), 5.75),
    **dict.fromkeys(("ICT", "WIB"), 7),
    **dict.fromkeys(("HKT", "SGT", "MYT", "PHT", "AWST", "WITA"), 8),
    **dict.fromkeys(("JST", "KST", "WIT"), 9),
    **dict.fromkeys(("ACST",), 9.5),
    **dict.fromkeys(("ACDT",), 10.5),
    **dict.fromkeys(("AEST",), 10),
    **dict.fromkeys(("AEDT",), 11),
    **dict.fromkeys(("NZST",), 12),
    **dict.fromkeys(("NZDT",), 13),
    **dict.fromkeys(("HST",), -10),
    **dict.fromkeys(("AKST",), -9),
    **dict.fromkeys(("PST", "PT", "AKDT"), -8),
    **dict.fromkeys(("MST", "MT", "PDT"), -7),
    **dict.fromkeys(("CST", "CT", "MDT"), -6),
    **dict.fromkeys(("EST", "ET", "CDT", "COT", "PET"), -5),
    **dict.fromkeys(("AST", "AT", "EDT", "CLT"), -4),
    **dict.fromkeys(("ADT", "BRT", "ART", "CLST"), -3),
    **dict.fromkeys(("NST",), -3.5),
    **dict.fromkeys(("NDT",), -2.5),
    # RFC 822 gave the military letters the wrong way round; RFC 5322 §4.3 says to read them as UTC.
    **dict.fromkeys("ABCDEFGHIKLMNOPQRSUVWXY", 0),
}


def is_name(word: str) -> bool:
    """Say whether *word* is the name of a zone, in capitals as such names are written."""
    return word in _HOURS


def named(word: str, local: tzinfo, moment: datetime) -> tzinfo:
    """Return the zone that *word* means: *local*, where that is called so at the naive *moment*.

    So `CST` is China's in Shanghai and Chicago's elsewhere.
    """
    if moment.replace(tzinfo=local).tzname() == word:
        return local
    return offset(_HOURS[word] * 60)


@lru_cache(maxsize=128)
def offset(minutes: float) -> timezone:
    """Return the zone so many *minutes* east of Greenwich; raises ValueError from a day upwards."""
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


@lru_cache(maxsize=128)
def region(name: str) -> tzinfo | None:
    """Return the zone of an IANA name such as `Europe/Brussels`, None where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
