"""docs/config.md: every key of every table, as the settings, the kinds and the formats have it.

What is said around the tables stands in reference.md, with a comment where each table goes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import time, timedelta
from importlib.resources import files
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, Protocol, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from aggregator.config.faults import Kind
from aggregator.config.table import Table
from aggregator.config.values import Means, spelled

_HEAD = ("key", "value", "default", "meaning")
_TABLES = {table.__name__: table for table in Table.__subclasses__()}
_PLACE = re.compile(r"<!-- (\w+)(?: (\w+))? -->")


class Format(Protocol):
    """What the reference has to know of a format."""

    @property
    def summary(self) -> str:
        """One line that says what is written."""


def reference(kinds: Mapping[str, Kind], formats: Mapping[str, Format]) -> str:
    """Return docs/config.md for the given tables of source kinds and of formats."""
    text = files(__package__).joinpath("reference.md").read_text(encoding="utf-8")
    of_kinds = frozenset(key for kind in kinds.values() for key in (*kind.needs, *kind.takes))

    def table(place: re.Match[str]) -> str:
        if place[1] == "kinds":
            return _kinds(kinds)
        if place[1] == "kind":
            return _kind(kinds[place[2]])
        if place[1] == "formats":
            return _formats(formats)
        return _keys(_TABLES[place[1]], of_kinds if place[1] == "Source" else frozenset())

    return _PLACE.sub(table, text)


def _keys(table: type[BaseModel], elsewhere: Collection[str]) -> str:
    """Return what *table* is and its keys, but for those that stand *elsewhere*."""
    hints = get_type_hints(table, include_extras=True)
    rows = [
        _row(table, name)
        for name in table.model_fields
        # what is a table has a section of its own
        if name not in elsewhere and not _is_table(hints[name])
    ]
    return f"{table.__doc__}\n\n" + _table(_HEAD, rows)


def _kind(kind: Kind) -> str:
    """Return the keys that only such kinds have, those first that are needed."""
    needed = [(name, value, "*required*", means) for name, value, _, means in _own(kind.needs)]
    return _table(_HEAD, (*needed, *_own(kind.takes)))


def _own(keys: Iterable[str]) -> list[tuple[str, str, str, str]]:
    return [_row(_TABLES["Source"], name) for name in sorted(keys)]


def _row(table: type[BaseModel], name: str) -> tuple[str, str, str, str]:
    hint, field = get_type_hints(table, include_extras=True)[name], table.model_fields[name]
    key = field.alias or name
    return f"`{key}`", in_words(hint), _default(field, hint), field.description or ""


def in_words(hint: Any) -> str:
    """Return what a person calls values of the type *hint*."""
    arguments = get_args(hint)
    if get_origin(hint) is Annotated:
        means = [extra.words for extra in arguments if isinstance(extra, Means)]
        return means[0] if means else in_words(arguments[0])
    if get_origin(hint) is Literal:
        return ", ".join("`true`" if one is True else f'`"{one}"`' for one in arguments)
    if get_origin(hint) is tuple:
        return f"list of {in_words(arguments[0])}"
    if get_origin(hint) is dict:
        return f"table of {in_words(arguments[1])}"
    inner = [argument for argument in arguments if argument is not NoneType]
    if inner:
        return in_words(inner[0])
    return "tables, see below" if _is_table(hint) else "text"


def _is_table(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def _default(field: FieldInfo, hint: Any) -> str:
    if field.is_required():
        return "*required*"
    words = in_words(hint)
    default = field.get_default(call_default_factory=True)
    if default in (None, "", (), {}):
        return '`"none"`' if '"none"' in words else ""
    if words.startswith("size"):
        return f'`"{default // 1_000_000}MB"`'
    return f"`{_in_toml(default)}`"


def _in_toml(value: Any) -> str:
    if isinstance(value, time):
        return f'"{value:%H:%M}"'
    if isinstance(value, timedelta):
        return f'"{spelled(value)}"'
    if isinstance(value, tuple):
        return f"[{', '.join(map(_in_toml, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str | Path | ZoneInfo) else str(value)


def _formats(formats: Mapping[str, Format]) -> str:
    rows = [(f"`{name}`", one.summary) for name, one in formats.items()]
    return _table(("format", "what is written"), rows)


def _kinds(kinds: Mapping[str, Kind]) -> str:
    rows = [
        (f"[`{name}`](#kind-{name})", kind.summary, _yes(kind.files))
        for name, kind in kinds.items()
    ]
    return _table(("kind", "what stands at the url", "url may be a path"), rows)


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
