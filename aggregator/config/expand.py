"""[defaults] under every [[source]], and one source for each value of its `for`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import Any

from aggregator import template
from aggregator.config.faults import Fault, Kind, shown
from aggregator.config.positions import Keys
from aggregator.record import record

MOST_SOURCES = 10_000  # that one [[source]] may make


@record(frozen=True, slots=True)
class Draft:
    """A source that is still to be checked, and the number of the [[source]] it is made of."""

    origin: int
    table: dict[str, Any]

    @property
    def keys(self) -> Keys:
        return ("source", self.origin)

    def text(self, key: str) -> str:
        """Return the value of *key* where it is text, else ""."""
        return text_in(self.table, key)

    @property
    def kind(self) -> str:
        """Return the name of its kind, "" where that is no text."""
        return text_in(self.table, "kind", "feed")


def text_in(table: Mapping[str, Any], key: str, default: str = "") -> str:
    """Return the value of *key*, *default* where there is none, "" where it is no text."""
    value = table.get(key, default)
    return value if isinstance(value, str) else ""


def expand(data: Mapping[str, Any], kinds: Mapping[str, Kind], faults: list[Fault]) -> list[Draft]:
    """Return the sources that *data* asks for; what is wrong with a `for` is added to *faults*."""
    defaults = data.get("defaults")
    tables = data.get("source")
    if not isinstance(tables, list):
        return []
    drafts = []
    foreign = foreign_keys(kinds)
    for origin, written in enumerate(tables):
        if not isinstance(written, dict):
            message = f"{shown(written)} is not a table; write [[source]]"
            faults.append(Fault(("source", origin), message, code="E107"))
            continue
        table = _merged(defaults if isinstance(defaults, dict) else {}, written, foreign)
        drafts += [Draft(origin, one) for one in _spelled_out(origin, table, faults)]
    return drafts


def foreign_keys(kinds: Mapping[str, Kind]) -> dict[str, frozenset[str]]:
    """Return, for each kind, the keys that others take and it does not."""
    own = {name: kind.needs | kind.takes for name, kind in kinds.items()}
    return {name: frozenset().union(*own.values()) - keys for name, keys in own.items()}


def _merged(
    defaults: dict[str, Any], written: dict[str, Any], foreign: Mapping[str, frozenset[str]]
) -> dict[str, Any]:
    """Return *written* over *defaults*: tables key by key, all else as a whole.

    A default that only some kinds take goes to the sources of these kinds.
    """
    kind = text_in({**defaults, **written}, "kind", "feed")
    refused = foreign.get(kind, frozenset())
    table = {key: value for key, value in defaults.items() if key not in refused} | written
    for key, value in written.items():
        default = defaults.get(key)
        if isinstance(value, dict) and isinstance(default, dict):
            table[key] = {**default, **value}
    return table


def _spelled_out(
    origin: int, table: dict[str, Any], faults: list[Fault]
) -> Iterator[dict[str, Any]]:
    if "for" not in table:
        yield table
        return
    table, loops = {**table}, table["for"]
    del table["for"]
    found = list(_faults_of_loops(("source", origin, "for"), loops, table.get("id")))
    faults += found
    if found:  # any value will do, so that the other keys can still be checked
        loops = {name: ["x"] for name in template.names(text_in(table, "id"))}
    for values in product(*loops.values()):
        fields = dict(zip(loops, map(str, values), strict=True))
        yield {key: _filled(value, fields) for key, value in table.items()}


def _faults_of_loops(keys: Keys, loops: Any, identifier: Any) -> Iterator[Fault]:
    if not isinstance(loops, dict):
        yield Fault(
            keys, f"{shown(loops)} is not a table; write {{ name = [values] }}", code="E115"
        )
        return
    used = template.names(identifier) if isinstance(identifier, str) else frozenset(loops)
    for name, values in loops.items():
        at = (*keys, name)
        if not isinstance(values, list) or not values:
            yield Fault(at, 'must be a list of values, such as [1, 2] or ["a", "b"]', code="E115")
        elif not all(_plain_value(value) for value in values):
            yield Fault(at, "holds something else than texts and whole numbers", code="E115")
        elif name not in template.names(f"{{{name}}}"):
            yield Fault(at, "is not a plain name; use letters, digits and _", code="E115")
        elif name not in used:
            yield Fault(
                at,
                f"is not in the id, so that the ids collide; add {{{name}}} to the id",
                code="E115",
            )
    lists = [values for values in loops.values() if isinstance(values, list)]
    if prod(map(len, lists)) > MOST_SOURCES:
        yield Fault(keys, f"makes more than {MOST_SOURCES} sources", code="E115")


def _plain_value(value: Any) -> bool:
    return isinstance(value, str) or (type(value) is int and value.bit_length() <= 64)


def _filled(value: Any, fields: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return template.fill_some(value, fields) if "{" in value else value
    if isinstance(value, dict):
        return {key: _filled(inner, fields) for key, inner in value.items()}
    return [_filled(inner, fields) for inner in value] if isinstance(value, list) else value
