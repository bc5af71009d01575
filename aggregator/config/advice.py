"""`did you mean "every"?`: what the operator may have meant by a name that we do not have."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from functools import lru_cache
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from zoneinfo import available_timezones

from pydantic import BaseModel

from aggregator.config.faults import shown
from aggregator.config.positions import Keys
from aggregator.config.settings import Settings

# Our key ← the words that other programs have for it; the first key that the table has is proposed.
_OTHER_WORDS = {
    "address": "listen bind port",
    "after": "failures threshold",
    "allow_private": "allow allowed private",
    "contact": "user_agent email",
    "at": "time hour when",
    "digest": "summary period",
    "directory": "dir folder output path",
    "entries": "count limit max size",
    "expect": "expected rate",
    "every": "interval refresh schedule frequency period poll delay ttl update cron",
    "fields": "field mapping columns",
    "first": "initial limit max",
    "formats": "format outputs",
    "headers": "header",
    "id": "slug key",
    "items": "rows entry root records",
    "keep": "retention max_age",
    "kind": "type format parser",
    "language": "lang locale",
    "licence": "license rights",
    "history": "archive archives backfill",
    "max_per_day": "per_day daily_limit day_limit",
    "match": "pattern regex regexp expression",
    "next": "next_page next_url pagination",
    "pages": "max_pages",
    "path": "file database db",
    "publisher": "author credit via",
    "replace": "replacement with",
    "rule": "rules filter filters",
    "selector": "select css xpath",
    "share_link": "share_url link permalink",
    "sources": "source from",
    "tags": "tag labels",
    "to": "urls recipients webhook webhooks mail",
    "timezone": "tz time_zone zone",
    "title": "name label",
    "without": "exclude except not",
    "url": "uri link href feed_url feed address base_url path file",
    "window": "max_age days",
    "workers": "threads jobs",
}
_SYNONYMS: dict[str, list[str]] = {}
for _key, _words in _OTHER_WORDS.items():
    for _word in _words.split():
        _SYNONYMS.setdefault(_word, []).append(_key)
_ZONES = {
    "beijing": "Asia/Shanghai",
    "asia/beijing": "Asia/Shanghai",
    "cst": "Asia/Shanghai",
    "gmt+8": "Asia/Shanghai",
    "utc+8": "Asia/Shanghai",
    "gmt": "UTC",
    "z": "UTC",
    "cet": "Europe/Paris",
    "est": "America/New_York",
    "pst": "America/Los_Angeles",
}


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return `; did you mean "x"?` for the one of *choices* that is close to *word*, else ""."""
    return _offer(_closest(word, choices))


def no_source(name: str, ids: Iterable[str], otherwise: str = "") -> str:
    """Say that there is no source *name*, and which of *ids* may be meant, or else *otherwise*."""
    return f"there is no source {shown(name)}{did_you_mean(name, ids) or otherwise}"


def for_key(key: str, table: Keys) -> str:
    """Return what to write instead of the unknown *key* in the table at *table*, else ""."""
    return _for_key(key, tuple(0 if isinstance(part, int) else part for part in table))


@lru_cache(maxsize=1024)  # a mistake is often made in every source
def _for_key(key: str, table: Keys) -> str:
    name = key.lower().replace("-", "_")
    ours = _words_for(keys_of(table))
    if name in ours:
        return _offer(ours[name])
    if home := _home(name):
        return f"; it belongs in [{home}]"
    return _offer(ours.get(_closest(name, ours, cutoff=0.7), ""))


@lru_cache(maxsize=1024)
def for_zone(zone: str) -> str:
    """Return the time zone that *zone* may have been meant to be, else what a zone looks like."""
    close = _ZONES.get(zone.lower()) or _closest(zone, _zones())
    return _offer(close) or '; write an IANA name such as "Asia/Shanghai"'


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def keys_of(table: Keys) -> frozenset[str]:
    """Return the keys that the table at *table* may have; none where any name is allowed."""
    model = _model(table)
    known = {field.alias or name for name, field in model.model_fields.items()} if model else set()
    if table == ():
        known.add("defaults")
    elif table[0] == "source" and len(table) == 2:
        known.add("for")
    return frozenset(known)


def describe_key(table: Keys, key: str) -> str:
    """Return the description of a key of the table at *table*, "" where it has none."""
    model = _model(table)
    field = model.model_fields.get(key) if model else None
    return (field.description if field else None) or ""


def _offer(close: str) -> str:
    return f'; did you mean "{close}"?' if close else ""


def _closest(word: str, choices: Iterable[str], cutoff: float = 0.65) -> str:
    spelled = {choice.lower(): choice for choice in sorted(choices)}
    close = get_close_matches(word.lower()[:60], list(spelled), n=1, cutoff=cutoff)
    return spelled[close[0]] if close else ""


def _words_for(known: Collection[str]) -> dict[str, str]:
    """Return each word that may stand for one of the *known* keys, with that key."""
    ours = {
        word: next(key for key in keys if key in known)
        for word, keys in _SYNONYMS.items()
        if any(key in known for key in keys)
    }
    return ours | {key: key for key in known}


def _home(key: str) -> str:
    """Return the one table that has *key*, of those that stand once in the file; else ""."""
    single = ("site", "publish", "store", "fetch", "serve", "notify")
    homes = [table for table in single if key in keys_of((table,))]
    return homes[0] if len(homes) == 1 else ""


def _model(table: Keys) -> type[BaseModel] | None:
    """Return the class of the table at *table* ([defaults] is a source without id)."""
    if table[:1] == ("defaults",):
        table = ("source", 0, *table[1:])
    hint: Any = Settings
    for key in table:
        hint = _below(hint, key)
    return hint if isinstance(hint, type) and issubclass(hint, BaseModel) else None


def _below(hint: Any, key: str | int) -> Any:
    """Return the type of what stands under *key* in a value of the type *hint*."""
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return _unwrapped(get_type_hints(hint).get(str(key)))
    arguments = get_args(hint)
    if get_origin(hint) is dict:
        return _unwrapped(arguments[1])
    return _unwrapped(arguments[0]) if get_origin(hint) is tuple else None


def _unwrapped(hint: Any) -> Any:
    """Return *hint* without Annotated and without `| None`."""
    if get_origin(hint) is Annotated:
        return _unwrapped(get_args(hint)[0])
    inner = [argument for argument in get_args(hint) if argument is not NoneType]
    return inner[0] if NoneType in get_args(hint) and len(inner) == 1 else hint
