"""A fault of the configuration: at which key, what is wrong, and how it is said."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Protocol

from aggregator.config.document import Document
from aggregator.config.positions import Keys
from aggregator.config.settings import Source
from aggregator.errors import Problem
from aggregator.record import record


@record(frozen=True, slots=True)
class Fault:
    """What is wrong with the value at *keys*, or with its *key* where the message names one.

    Keys count the [[source]] tables as the file does, whatever `for` makes of them.
    """

    keys: Keys
    message: str
    key: str = ""
    code: str = "E108"

    @property
    def place(self) -> Keys:
        return (*self.keys, self.key) if self.key else self.keys


class Kind(Protocol):
    """What the configuration has to know of a kind of source."""

    @property
    def summary(self) -> str:
        """One line for the reference."""

    @property
    def needs(self) -> frozenset[str]:
        """The [[source]] keys it requires, besides id and url."""

    @property
    def takes(self) -> frozenset[str]:
        """Further keys that only make sense for such kinds."""

    @property
    def files(self) -> bool:
        """Say whether its url may be a path."""

    @property
    def check(self) -> Callable[[Source], Iterable[tuple[tuple[str, ...], str]]]:
        """Yield what is wrong with a source's expressions: keys below it, and the fault."""


def problems(document: Document, faults: Iterable[Fault]) -> list[Problem]:
    """Return *faults* in the order of the file, each with its position and its key in words.

    Of several faults at one place the first is kept: a value out of [defaults] is wrong in every
    source, and what one check has refused need not be refused by the next.
    """
    first: dict[Keys, Fault] = {}
    for fault in faults:
        fault = _where_written(document, fault)
        first.setdefault(fault.place, fault)
    found = [
        Problem(document.file, *document.position(place), _sentence(document, fault), fault.code)
        for place, fault in first.items()
    ]
    return sorted(found, key=lambda problem: (problem.line, problem.column))


def _where_written(document: Document, fault: Fault) -> Fault:
    """Return *fault* with keys in [defaults], where the source itself does not have the value."""
    if fault.keys[:1] != ("source",) or document.has(fault.place):
        return fault
    default = replace(fault, keys=("defaults", *fault.keys[2:]))
    missing = len(fault.keys) > 2 and not document.has(fault.keys) and document.has(default.keys)
    return default if missing or document.has(default.place) else fault


def _sentence(document: Document, fault: Fault) -> str:
    words, message = in_words(document.data, fault.keys), fault.message.strip()
    return printable(f"{words}: {message}" if words else message)


def in_words(data: dict[str, Any], keys: Keys) -> str:
    """Return *keys* as a person says them: `source "bbc": rule 2: match`."""
    words: list[str] = []
    value: Any = data
    for index, key in enumerate(keys):
        value = _inner(value, key)
        if isinstance(key, str):
            words.append(short(key))
        elif isinstance(value, dict):  # an element of a list of tables, by its id or its number
            name = value.get("id") if index == 1 else None
            words[-1] += f" {shown(name)}" if isinstance(name, str) and name else f" {key + 1}"
        elif index == 1:
            words[-1] += f" {key + 1}"
    if len(words) > 1 and words[0] == "category":
        words[:2] = [f'category "{words[1]}"']
    return ": ".join(words)


def _inner(value: Any, key: str | int) -> Any:
    try:
        return value[key]
    except (KeyError, IndexError, TypeError):
        return None


def shown(value: Any) -> str:
    """Return *value* as TOML has it, short; "" for an address, which may hold a secret."""
    if isinstance(value, str):
        return "" if "://" in value else json.dumps(short(value), ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and value.bit_length() > 64:
        return "a number this large"
    if isinstance(value, (dict, list)):
        return "a table" if isinstance(value, dict) else "a list"
    return str(value)


def short(text: str) -> str:
    """Return *text*, cut where it is too long for a message."""
    return text if len(text) <= 80 else f"{text[:77]}…"


def printable(text: str) -> str:
    """Return *text* without what a terminal would obey: such characters as their numbers."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
