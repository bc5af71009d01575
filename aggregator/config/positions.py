"""Where each key and each element of a list stands in a TOML text that tomllib has accepted.

tomllib keeps no positions. spanned-toml, a copy of it that does, keeps none for the tables that
`[[name]]` opens, so that an empty one, or a key missing from one, could not be shown at its line;
and its time grows with the square of the number of tables (1.3 s for 4,000; here 0.05 s). As the
text is known to be right, a tokenizer and a walk over its tokens are all that is needed.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Generator, Iterator
from typing import NamedTuple

Keys = tuple[str | int, ...]  # the way to a value: ("source", 3, "every")
Place = tuple[int, int]  # line and column, from 1

_TOKEN = re.compile(
    r"""
      (?P<blank>[ \t\r]+|\#[^\n]*)
    | (?P<quoted>\"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} | "(?:\\.|[^"\\\n])*" | '[^'\n]*')
    | (?P<mark>[\[\]{}=,.\n])
    | (?P<bare>[^\s\[\]{}=,.\#"']+)
    """,
    re.VERBOSE | re.DOTALL,
)
_Found = Iterator[tuple[Keys, int]]


class _Token(NamedTuple):
    text: str
    offset: int


def positions(text: str) -> Iterator[tuple[Keys, Place]]:
    """Yield the keys and the place of all that *text* holds, in its order.

    A table that is named several times (`[a.b]`, then `[a]`) comes as often; the first is the one
    to show. Goes no deeper than it is asked to: stop, and a text of 100,000 brackets costs nothing.
    """
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    for keys, offset in _Walk(text).statements():
        line = bisect_right(starts, offset)
        yield keys, (line, offset - starts[line - 1] + 1)


class _Walk:
    """One walk over the tokens of a text; what it does not expect cannot be there."""

    def __init__(self, text: str) -> None:
        self._tokens = [
            _Token(match[0], match.start())
            for match in _TOKEN.finditer(text)
            if match.lastgroup != "blank"
        ]
        self._tokens.append(_Token("", len(text)))
        self._at = 0
        self._newest: dict[Keys, int] = {}  # list of [[tables]] → index of its newest element

    def statements(self) -> _Found:
        table: Keys = ()
        while self._next.text:
            if self._next.text == "\n":
                self._take()
            elif self._next.text == "[":
                table = yield from self._header()
            else:
                yield from self._pair(table)

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _header(self) -> Generator[tuple[Keys, int], None, Keys]:
        """Read `[a.b]` or `[[a.b]]` and return the keys of the table that it opens."""
        start = self._take().offset
        listed = self._next == ("[", start + 1)
        if listed:
            self._take()
        keys: Keys = (_bare(self._take().text),)
        while self._next.text == ".":
            yield keys, start
            self._take()
            keys = (*self._inside(keys), _bare(self._take().text))
        yield keys, start
        if listed:
            self._newest[keys] = self._newest.get(keys, -1) + 1
            self._take()
            keys = self._inside(keys)
            yield keys, start
        self._take()
        return keys

    def _inside(self, keys: Keys) -> Keys:
        return (*keys, self._newest[keys]) if keys in self._newest else keys

    def _pair(self, table: Keys) -> _Found:
        """Read `a.b = value` in *table*."""
        keys = table
        while True:
            part = self._take()
            keys = (*keys, _bare(part.text))
            yield keys, part.offset
            if self._take().text != ".":  # then it was "="
                break
        yield from self._value(keys)

    def _value(self, keys: Keys) -> _Found:
        token = self._take()
        if token.text == "[":
            yield from self._list(keys)
        elif token.text == "{":
            yield from self._inline_table(keys)
        while self._next.text and self._next.text not in _AFTER_A_VALUE:  # 1.5, a date and a time
            self._take()

    def _list(self, keys: Keys) -> _Found:
        index = 0
        while self._passed_lines().text not in ("]", ""):
            if self._next.text == ",":
                self._take()
                continue
            yield (*keys, index), self._next.offset
            yield from self._value((*keys, index))
            index += 1
        self._take()

    def _inline_table(self, keys: Keys) -> _Found:
        while self._passed_lines().text not in ("}", ""):
            if self._next.text == ",":
                self._take()
                continue
            yield from self._pair(keys)
        self._take()

    def _passed_lines(self) -> _Token:
        while self._next.text == "\n":
            self._take()
        return self._next


_AFTER_A_VALUE = frozenset(("\n", ",", "]", "}"))


def _bare(key: str) -> str:
    """Return the name that *key* stands for: quoted ones may hold escapes."""
    return str(tomllib.loads(f"k = {key}")["k"]) if key[:1] in ("'", '"') else key
