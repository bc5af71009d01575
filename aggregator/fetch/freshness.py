"""For how long an answer is good: Cache-Control, Age, Expires (RFC 9111 §4.2). Pure.

We are a private cache of one reader: s-maxage and the like are not for us.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_DIRECTIVE = re.compile(r'([^\s,;="]+)\s*(?:=\s*(?:"([^"]*)"|([^\s,;"]*)))?')


def freshness(headers: Mapping[str, str], now: datetime) -> int | None:
    """Return for how many seconds from *now* on the answer is fresh; None where it does not say.

    *headers* has lower-case names. max-age beats Expires (§5.3); what an answer has spent in caches
    on its way counts (Age, §5.1). `no-cache` and `no-store` forbid to reuse it at all: 0, which
    does not mean that it is to be asked for again at once.
    """
    said = _directives(headers.get("cache-control", ""))
    if "no-store" in said or said.get("no-cache") == "":  # no-cache="Age" is about that field
        return 0
    if "max-age" in said:
        lifetime = _seconds(said["max-age"])
    elif "expires" in headers:
        lifetime = _until(headers, now)
    else:
        return 0 if said else None
    return max(0, lifetime - _seconds(headers.get("age", "")))


def read_date(text: str) -> datetime | None:
    """Read an HTTP date in any of its three forms (RFC 9110 §5.6.7); None where it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _until(headers: Mapping[str, str], now: datetime) -> int:
    """Return the seconds to Expires by the server's own clock; a date that is none is past."""
    expires, date = read_date(headers["expires"]), read_date(headers.get("date", ""))
    return 0 if expires is None else (expires - (date or now)) // timedelta(seconds=1)


def _directives(value: str) -> dict[str, str]:
    """Return the directives by name; of one that is repeated the first counts (§4.2.1)."""
    found: dict[str, str] = {}
    for name, quoted, plain in _DIRECTIVE.findall(value):
        found.setdefault(name.lower(), quoted or plain)
    return found


def _seconds(text: str) -> int:
    """Read delta-seconds (§1.2.2); what is no such number is 0."""
    text = text.strip()
    return int(text[:10]) if text.isascii() and text.isdecimal() else 0
