"""`{name}` templates: in a text the field goes in as it is, in an address as RFC 6570 says.

A name is a plain one (letters, digits, `_`): no attribute, index or format is reached through it.
`{name?}` may be missing and is then empty; any other missing or empty field makes the entry
invalid.
Sole user of uritemplate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import uritemplate

from aggregator.errors import EntryError

_EXPRESSION = re.compile(r"\{(?P<operator>\+?)(?P<name>[^\W\d]\w*)(?P<optional>\??)\}")
_BRACED = re.compile(r"\{[^{}]*\}?|\}")


def names(template: str) -> frozenset[str]:
    """Return the names of every field that *template* mentions."""
    if "{" not in template:
        return frozenset()
    return frozenset(match["name"] for match in _EXPRESSION.finditer(template))


def fault(template: str) -> str | None:
    """Return what is wrong with the way *template* is written, or None where nothing is."""
    for braced in _BRACED.findall(template):
        if not _EXPRESSION.fullmatch(braced):
            return f"{braced!r} is not a field: write {{name}}, {{+name}} or {{name?}}"
    return None


def fill_text(template: str, fields: Mapping[str, str]) -> str:
    """Return *template* with every field in its place, as it is.

    Raises EntryError where a field is missing or empty and not marked `?`.
    """
    return _EXPRESSION.sub(lambda match: _value(match, template, fields), template)


def fill_some(template: str, fields: Mapping[str, str]) -> str:
    """Return *template* with the given *fields* in place and every other expression untouched."""
    return _EXPRESSION.sub(lambda match: fields.get(match["name"], match[0]), template)


def fill_url(template: str, fields: Mapping[str, str]) -> str:
    """Return the address that *template* makes of *fields* (RFC 6570, levels 1 and 2).

    `{name}` is percent-encoded; `{+name}` keeps reserved characters, so it may be a whole address.
    Raises EntryError where a field is missing or empty and not marked `?`.
    """
    values: dict[str, Any] = {
        match["name"]: _value(match, template, fields) for match in _EXPRESSION.finditer(template)
    }
    return uritemplate.expand(template.replace("?}", "}"), values)


def _value(match: re.Match[str], template: str, fields: Mapping[str, str]) -> str:
    value = fields.get(match["name"], "")
    if not value and not match["optional"]:
        raise EntryError(f"has no {match['name']!r}, which {template!r} needs", code="E312")
    return value
