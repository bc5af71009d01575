"""What is written to the terminal: texts without control characters, tables, JSON.

rich is imported where there is a terminal to draw on.
"""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from aggregator.cli.speech import say

_COLUMNS = 78
_REPLACED = {code: "�" for code in (*range(32), *range(127, 160)) if code not in (9, 10)}
_BIDI = dict.fromkeys(
    (0x061C, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
_STEERING = _REPLACED | _BIDI
_ESCAPED = {code: f"\\u{code:04x}" for code in (*range(127, 160), *_BIDI)}


def printable(text: str) -> str:
    """Return *text* without what would steer a terminal: control and bidirectional characters.

    Tabs and line ends stay.
    """
    # Nearly all of it is, and to look at each character takes forty times as long.
    if text.replace("\t", "").replace("\n", "").isprintable():
        return text
    return text.translate(_STEERING)


def print_json(value: Any) -> None:
    """Print *value* as one line of JSON; half a character, as sources have it, becomes `?`.

    What would steer a terminal and JSON lets through is escaped, which changes no value.
    """
    line = json.dumps(value, ensure_ascii=False)
    if not line.isprintable():
        line = line.translate(_ESCAPED)
    sys.stdout.write(line.encode("utf-8", "replace").decode("utf-8") + "\n")


def print_line(text: str) -> None:
    """Print a line of the result."""
    sys.stdout.write(printable(text) + "\n")


def print_steps(*steps: str) -> None:
    """Print what comes next, numbered, where anything does."""
    if steps:
        print_line(say("next:"))
    for number, step in enumerate(steps, 1):
        print_line(f"  {number}. {step}")


def padded(text: str, columns: int) -> str:
    """Return *text* with blanks up to *columns* of the screen, of which a Chinese sign has two."""
    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return text + " " * (columns - len(text) - wide)


def wrapped(text: str) -> list[str]:
    """Return *text* in lines of 78 columns at most, or as many as the screen has."""
    from rich.console import Console
    from rich.text import Text

    columns = min(shutil.get_terminal_size().columns - 2, _COLUMNS)
    lines = Text(printable(text)).wrap(Console(), columns)
    return [line.plain.rstrip() for line in lines]


def print_error_line(text: str) -> None:
    """Print a line about something that failed on stderr; where that cannot be, work goes on."""
    with suppress(OSError):
        sys.stderr.write(printable(text) + "\n")
        sys.stderr.flush()


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; on a terminal it is cut to fit, elsewhere its cells are separated by tabs."""
    if not sys.stdout.isatty():
        for row in rows:
            print_line("\t".join(cell.replace("\t", " ") for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="ellipsis")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    Console(highlight=False).print(table)
