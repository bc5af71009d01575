"""docs/config.md: every key of every table, as the settings, the kinds and the formats have it.

What is said around the tables stands in reference.md, with a comment where each table goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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

_TABLES = {table.__name__: table for table in Table.__subclasses__()}
_PLACE = re.compile(r"<!-- (\w+) -->")


class Format(Protocol):
    """What the reference has to know of a format."""

    @property
    def summary(self) -> str:
        """One line that says what is written."""


def reference(kinds: Mapping[str, Kind], formats: Mapping[str, Format]) -> str:
    """Return docs/config.md for the given tables of source kinds and of formats."""
    text = files(__package__).joinpath("reference.md").read_text(encoding="utf-8")

    def table(place: re.Match[str]) -> str:
        if place[1] == "kinds":
            return _kinds(kinds)
        return _formats(formats) if place[1] == "formats" else _keys(_TABLES[place[1]])

    return _PLACE.sub(table, text)


def _keys(table: type[BaseModel]) -> str:
    hints = get_type_hints(table, include_extras=True)
    rows = [
        (f"`{name}`", in_words(hints[name]), _default(field, hints[name]), field.description or "")
        for name, field in table.model_fields.items()
        if not _is_table(hints[name])  # it has a section of its own
    ]
    return f"{table.__doc__}\n\n" + _table(("key", "value", "default", "meaning"), rows)


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
    if field.default in (None, "", (), {}):
        return '`"none"`' if '"none"' in words else ""
    if words.startswith("size"):
        return f'`"{field.default // 1_000_000}MB"`'
    return f"`{_in_toml(field.default)}`"


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
    head = ("kind", "what stands at the url", "needs", "may have", "url may be a path")
    rows = [
        (f"`{name}`", kind.summary, _named(kind.needs), _named(kind.takes), _yes(kind.files))
        for name, kind in kinds.items()
    ]
    return _table(head, rows)


def _named(keys: Iterable[str]) -> str:
    return ", ".join(f"`{key}`" for key in sorted(keys))


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
