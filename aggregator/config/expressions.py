"""The expressions of the sources: selectors and paths, which only a source's kind can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from aggregator.config.expand import Draft
from aggregator.config.faults import Fault, Kind, shown
from aggregator.config.settings import Source


def as_source(
    draft: Draft, table: dict[str, Any], kinds: Mapping[str, Kind], faults: list[Fault]
) -> Source | dict[str, Any]:
    """Return the source that *table*, the values of *draft*, makes, or *table* where it makes none.

    What its kind finds wrong with it is added to *faults*. What else is wrong with a table that
    makes no source is for others to find.
    """
    kind = kinds.get(draft.kind)
    if kind is None or not kind.needs <= table.keys():
        return table
    try:
        source = Source.model_validate(table)
    except ValidationError:
        return table
    faults += (
        Fault((*draft.keys, *keys), f"{shown(_at(table, keys))} {message}".lstrip(), code="E113")
        for keys, message in kind.check(source)
    )
    return source


def _at(table: Mapping[str, Any], keys: Sequence[str]) -> Any:
    value: Any = table
    for key in keys:
        value = value[key]
    return value
