"""The expressions of the sources: selectors and paths, which only a source's kind can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from aggregator.config.expand import Draft
from aggregator.config.faults import Fault, Kind, shown
from aggregator.config.settings import Source


def faults_of_expressions(
    drafts: Sequence[Draft], tables: Sequence[Mapping[str, Any]], kinds: Mapping[str, Kind]
) -> Iterator[Fault]:
    """Yield what the kind of each source finds wrong, *tables* being the values of *drafts*.

    A source with other faults is passed over where these leave nothing to look at.
    """
    for draft, table in zip(drafts, tables, strict=True):
        kind = kinds.get(draft.kind)
        if kind is None or not kind.needs <= table.keys():
            continue
        try:
            source = Source.model_validate(table)
        except ValidationError:
            continue
        for keys, message in kind.check(source):
            yield Fault(
                (*draft.keys, *keys), f"{shown(_at(table, keys))} {message}".lstrip(), code="E113"
            )


def _at(table: Mapping[str, Any], keys: Sequence[str]) -> Any:
    value: Any = table
    for key in keys:
        value = value[key]
    return value
