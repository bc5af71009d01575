"""Values under our own field names (`title`, `published`, …) → an entry's fields.

This is how the operator fills an entry: from a JSON row, from what a selector finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from aggregator.model import Entry, Person, Term
from aggregator.parse import fragment
from aggregator.parse.address import absolute
from aggregator.parse.person import distinct, person

_LINES = frozenset({"title", "rights", "publisher"})
_BODIES = frozenset({"summary", "content"})
_PLAIN = frozenset({"id", "published", "updated", "language"})
_AUTHORS = frozenset({"author", "authors"})
_TERMS = frozenset({"categories"})
_PLACES = {"author": "authors", "categories": "terms"}  # where a field's name in Entry differs

FRAGMENTS = _LINES | _BODIES
"""The fields whose text is HTML where it looks like it, and plain otherwise."""

ADDRESSES = frozenset({"link", "image", "comments"})
"""The fields that hold an address."""

FIELDS = FRAGMENTS | ADDRESSES | _PLAIN | _AUTHORS | _TERMS
"""The names that are an entry's own; a value under any other goes into its `fields`."""


def fill(entry: Entry, values: Mapping[str, Any], base: str) -> Entry:
    """Return *entry* with *values* in their fields; one that is empty changes nothing.

    A value is a text, a number, a list of them, or an object where a person is meant. *base* is
    what relative addresses are relative to.
    """
    changes: dict[str, Any] = {}
    others: dict[str, str] = {}
    for name, value in values.items():
        if name not in FIELDS:
            others[name] = text_of(value)
        elif found := _field(name, value, base):
            changes[_PLACES.get(name, name)] = found
    return replace(entry, **changes, fields={**entry.fields, **_not_empty(others)})


def _field(name: str, value: Any, base: str) -> Any:
    if name in _AUTHORS:
        return distinct(_person(one, base) for one in _listed(value))
    if name in _TERMS:
        return tuple(dict.fromkeys(map(Term, _labels(value))))
    text = text_of(value)
    if name in ADDRESSES:
        return absolute(text, base)
    if name in _LINES:
        return fragment.line_from_unknown(text)
    return fragment.from_unknown(text) if name in _BODIES else text


def text_of(value: Any) -> str:
    """Return a plain value as a text: a whole number without `.0`, `true` and `false`.

    A list's texts are joined by commas; null and everything else is "".
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, list):
        return ", ".join(filter(None, map(text_of, value)))
    return str(value).strip() if isinstance(value, str | int) else ""


def _not_empty(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _labels(value: Any) -> Iterator[str]:
    """Yield labels: a list's texts as they are, a single text cut at its commas."""
    if isinstance(value, str):
        value = value.replace("，", ",").split(",")
    return (text for label in _listed(value) if (text := text_of(label)))


def _person(value: Any, base: str) -> Person | None:
    """Return the author that a text names, or an object with the usual keys."""
    if isinstance(value, dict):
        uri = absolute(text_of(value.get("url") or value.get("uri")), base)
        return Person(text_of(value.get("name")), text_of(value.get("email")), uri)
    return person(text_of(value))
