"""Rows of any JSON interface → entries, by the operator's JMESPath expressions.

An expression is evaluated on the row; where the source has a detail document, that stands in the
row as `detail`, so `detail.text` reads it and `digest || detail.text` reads both. Sole user of
jmespath.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

from aggregator.errors import ParseError
from aggregator.model import Entry, fingerprint
from aggregator.parse import named
from aggregator.parse.address import absolute
from aggregator.parse.charset import decode
from aggregator.parse.document import MAX_DEPTH, check_number, read_json

Row = Mapping[str, Any]


def fault(expression: str) -> str | None:
    """Return what is wrong with the JMESPath *expression*, or None where it can be used."""
    try:
        _compiled(expression)
    except JMESPathError as error:
        return f"is not a JMESPath expression: {' '.join(str(error).split())}"
    return None


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> ParsedResult:
    return jmespath.compile(expression)


def document(body: bytes, content_type: str = "") -> Any:
    """Return the JSON value that *body* is; ParseError says what came where it is none."""
    return read_json(decode(body, content_type))


def rows(listed: Any, items: str) -> list[Any]:
    """Return the rows of the document *listed*: what *items* finds in it, "" being the whole.

    Raises ParseError where that is no list: a publisher's error message is no empty list.
    """
    found = _search(items, listed) if items else listed
    if not isinstance(found, list):
        keys = ", ".join(map(repr, list(listed)[:8])) if isinstance(listed, dict) else "no keys"
        raise ParseError(
            f'has no list at items = "{items}" but {keys}; check the expression', code="E305"
        )
    check_number(len(found))
    return found


def next_of(listed: Any, expression: str, *, url: str) -> str:
    """Return the next page's address, which *expression* finds in the document *listed*, else "".

    *url* is where that came from.
    """
    return absolute(named.text_of(_search(expression, listed)), url) if expression else ""


def entry(row: Any, detail: Any, fields: Mapping[str, str], *, url: str) -> Entry:
    """Return the entry that *row* holds, by *fields*: our name → JMESPath.

    *detail* is the row's detail document, None where it has none. *url* is the list's address, for
    relative ones. A field that finds nothing is empty. Every plain value of the row is in
    `Entry.fields` under its own name. Raises ParseError where the row is no object.
    """
    if not isinstance(row, dict):
        raise ParseError(f"is no object but {json.dumps(row)[:40]}", code="E311")
    whole = row if detail is None else {**row, "detail": detail}
    plain = {key: named.text_of(value) for key, value in row.items() if not isinstance(value, list)}
    start = Entry(
        base=url,
        fields={key: text for key, text in plain.items() if text},
        fingerprint=_fingerprint(row),
    )
    return named.fill(start, {name: _search(path, whole) for name, path in fields.items()}, url)


def _fingerprint(row: Row) -> str:
    """Return what names this version of the row, whatever the order of its keys."""
    try:
        return fingerprint(json.dumps(row, sort_keys=True, ensure_ascii=False))
    except RecursionError:
        raise ParseError(f"nests deeper than {MAX_DEPTH} levels", code="E304") from None


def _search(expression: str, value: Any) -> Any:
    """Return what *expression* finds; a function applied to a wrong type finds nothing."""
    try:
        return _compiled(expression).search(value)
    except JMESPathError:
        return None
