"""From where to where a fault reaches in its line of config.toml: what carets are drawn under."""

from __future__ import annotations

import re

_WORD = r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|[^\s\[\]{}=,.\#"']+)"""
_KEY = re.compile(rf"{_WORD}(?:\s*\.\s*{_WORD})*")
_IS = re.compile(r"\s*=\s*")
_HEADER = re.compile(r"\[\[?[^\]]*\]?\]?")
_PIECE = re.compile(
    r"""
      (?P<text>"{3}.*?(?:"{3}|$) | '{3}.*?(?:'{3}|$) | "(?:\\.|[^"\\])*" | '[^']*')
    | (?P<open>[\[{]) | (?P<close>[\]}]) | (?P<end>[,#]) | .
    """,
    re.VERBOSE,
)

Span = tuple[int, int]
"""Where it begins and ends in the line, counted from 0, the end not included."""


def span(line: str, column: int, *, of_key: bool) -> Span:
    """Return what is meant by *column* (from 1), where a key, a value or a table's name begins.

    Of a key it is the value, or with *of_key* the key itself. Never empty.
    """
    start = min(column - 1, len(line))
    if not line[:start].strip() and (header := _HEADER.match(line, start)) and _is_table(line):
        return header.span()
    key = _KEY.match(line, start)
    given = _IS.match(line, key.end()) if key else None
    if key and given and of_key:
        return key.span()
    begin = given.end() if given else start
    return begin, max(_end_of_value(line, begin), begin + 1)


def _is_table(line: str) -> bool:
    """Say whether *line* names a table and does not go on with a list."""
    return "=" not in line and line.partition("#")[0].rstrip().endswith("]")


def _end_of_value(line: str, begin: int) -> int:
    """Return where the value at *begin* ends, or the line where it goes on below."""
    depth = 0
    for piece in _PIECE.finditer(line, begin):
        if piece["open"]:
            depth += 1
        elif piece["close"]:
            if depth <= 1:
                return piece.end() if depth else _without_blanks(line, begin, piece.start())
            depth -= 1
        elif piece["end"] and (piece["end"] == "#" or not depth):
            return _without_blanks(line, begin, piece.start())
        elif piece["text"] and not depth:
            return piece.end()
    return _without_blanks(line, begin, len(line))


def _without_blanks(line: str, begin: int, end: int) -> int:
    return begin + len(line[begin:end].rstrip())
