"""What tomllib says of a text that is not TOML, said to a person."""

from __future__ import annotations

import re

_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)
_CURLY = "“”‘’„«»＂＇「」"

# What tomllib's message begins with → what is said instead.
_SENTENCES = {
    "Invalid value": 'a value is missing or not written as one; text stands in quotes: "…"',
    "Expected newline or end of document": (
        'the line should have ended here; text stands in quotes, such as "30s"'
    ),
    "Expected '=' after a key": 'expected "=" after the key',
    "Invalid initial character for a key part": (
        'a key is missing, or needs quotes: only A–Z, a–z, 0–9, "_" and "-" stand without'
    ),
    "Invalid statement": (
        'this begins neither a key nor a [table]; keys with other letters than A–Z, a–z, 0–9, "_" '
        'and "-" stand in quotes'
    ),
    "Expected ']' at the end": 'the table\'s name is not closed by "]"',
    "Expected ']]' at the end": 'the table\'s name is not closed by "]]"',
    "Cannot declare": "this table stands above already; put its keys there",
    "Cannot overwrite a value": (
        "this name is already taken above: a key is set once, and is either a value, a [table] or "
        "a list of [[tables]]"
    ),
    "Duplicate inline table key": "this key stands twice in the table",
    "Cannot mutate immutable namespace": (
        "nothing can be added to a table or list in one line; write it as a [table] of its own"
    ),
    "Cannot redefine namespace": "this table stands above already; put its keys there",
    "Unclosed array": 'the list is not closed by "]", or a comma is missing',
    "Unclosed inline table": (
        'the table is not closed by "}" on the same line, or a comma is missing'
    ),
    "Unterminated string": "the text is not closed by a quote",
    "Expected \"'": "the text is not closed by a quote",
    "Illegal character '\\n'": "the text is not closed by a quote on its line",
    "Found invalid character '\\n'": "the text is not closed by a quote on its line",
    "Illegal character": "a control character stands here; remove it",
    "Found invalid character": "a control character stands here; remove it",
    "Unescaped '\\' in a string": (
        "a backslash in \"…\" begins an escape; write it twice, or put the text in '…'"
    ),
    "Invalid hex value": "\\u needs four hexadecimal digits, \\U eight",
    "Escaped character is not": "this escape names no character",
    "Invalid date or datetime": "there is no such date or time",
    "Exceeds the limit": "a number here has thousands of digits",
}


def explain(error: ValueError, text: str) -> tuple[int, int, str]:
    """Return line, column (from 1) and a sentence for what tomllib raised on *text*."""
    match = _PLACE.fullmatch(str(error))
    if match is None:
        return 1, 1, _sentence(str(error))
    if match[2] is None:
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
        return line, column, _sentence(match[1])
    line, column = int(match[2]), int(match[3])
    if text.split("\n")[line - 1][column - 1 : column] in tuple(_CURLY):
        return line, column, 'this is a typographic quote; write a plain one: "'
    return line, column, _sentence(match[1])


def _sentence(message: str) -> str:
    for beginning, sentence in _SENTENCES.items():
        if message.startswith(beginning):
            return sentence
    return f"is not TOML: {message[:1].lower()}{message[1:]}"
