"""Conditions and preferences of a request (RFC 9110 §12, §13), as feed readers write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from functools import lru_cache

from starlette.datastructures import Headers

from aggregator.coding.encoding import CODINGS

_WEIGHT = re.compile(r"\s*q=([01](?:\.\d{0,3})?)\s*", re.IGNORECASE)
_ENTITY_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_LONGEST = 4000  # characters of a list that are looked at: sixty entity tags of ours
_OLD_NAMES = {"x-gzip": "gzip"}  # RFC 9110 §8.4.1.3


@lru_cache(maxsize=256)
def coding(accepted: str) -> str:
    """Return the content coding for this Accept-Encoding, "" for none (RFC 9110 §12.5.3).

    It is the one with the highest weight; among equals the one that we like best, and none only
    where it is wanted more. Who accepts nothing that we have gets the document as it is, and who
    accepts anything (`*`) gets gzip, which is what such programs know.
    """
    weights = _weights(accepted)
    weights.setdefault("gzip", weights.get("*", 0.0))
    best = max(CODINGS, key=lambda name: weights.get(name, 0.0))  # the first one of equals
    weight = weights.get(best, 0.0)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def wants_news(asked: Headers) -> bool:
    """Return whether who asks can do with the new entries alone (RFC 3229, A-IM: feed)."""
    return _weights(asked.get("a-im", "")).get("feed", 0.0) > 0


def joined(asked: Headers, name: str) -> str:
    """Return the list header *name*; several lines of it are one list (RFC 9110 §5.3)."""
    return ", ".join(asked.getlist(name))[:_LONGEST]


def unchanged(asked: Headers, etag: str, changed_at: datetime) -> bool:
    """Return whether who asked already has the document with this strong *etag*.

    If-None-Match is compared weakly, and If-Modified-Since counts only without it (RFC 9110
    §13.1). That is compared as a date: some readers write it in their own way.
    """
    wanted = joined(asked, "if-none-match").strip()
    if wanted:
        return wanted == "*" or etag.strip('"') in entity_tags(wanted)
    since = _moment(asked.get("if-modified-since", ""))
    return since is not None and changed_at.replace(microsecond=0) <= since


def entity_tags(header: str) -> list[str]:
    """Return what stands between the quotes of each entity tag, weak or strong."""
    return _ENTITY_TAG.findall(header)


def _weights(header: str) -> dict[str, float]:
    """Return the weight of each name in a list of preferences; what is malformed is not there."""
    weights = {}
    for member in header.lower().split(","):
        name, semicolon, parameter = member.partition(";")
        weight = _WEIGHT.fullmatch(parameter)
        if name.strip() and (weight or not semicolon):
            name = name.strip()
            weights[_OLD_NAMES.get(name, name)] = float(weight[1]) if weight else 1.0
    return weights


def _moment(text: str) -> datetime | None:
    """Return the moment that a date names, None where it names none; without a zone it is UTC."""
    try:
        parts = parsedate_tz(text)
        if parts is None:
            return None
        return datetime(*parts[:6], tzinfo=UTC) - timedelta(seconds=parts[9] or 0)
    except (ValueError, IndexError, OverflowError):
        return None
