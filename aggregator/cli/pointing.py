"""A fault of a file with the line it stands in, and carets under what is meant.

    error: config.toml:7:1: site: language: 5 is not text; write it in quotes [E107]
      7 | language = 5
        |            ^

The first line is the whole message, as the log has it; the rest is for people at a terminal.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from aggregator.cli.speech import say
from aggregator.cli.terminal import print_error_line, printable
from aggregator.config.span import Span, span
from aggregator.errors import ConfigError, Problem, coded

_KEYS = frozenset(("E105", "E111"))  # what is wrong is the key, and not its value
_POINTS = frozenset(("E102", "E103"))  # it is one character that the text goes wrong at
_NOWHERE = frozenset(("E101", "E117", "E118"))  # it is about the file as a whole, or the command
_SECRET = frozenset(("E112", "E114", "W110"))  # what is meant may be one, and is not shown
_SHOWN = 100  # columns of a line


def print_problems(error: ConfigError) -> None:
    """Print every fault on stderr, on a terminal with its line."""
    for problem in error.problems:
        print_error_line(f"error: {coded(str(problem), problem.code)}")
        _point_at(problem, "bold red")


def print_warning(problem: Problem) -> None:
    """Print what should be thought about in the same way."""
    place = f"{problem.file}:{problem.line}:{problem.column}"
    print_error_line(coded(f"{place}: {say('warning')}: {problem.message}", problem.code))
    _point_at(problem, "bold yellow")


def _point_at(problem: Problem, style: str) -> None:
    if _for_a_person() and (excerpt := pointed(problem)):
        from rich.console import Console
        from rich.text import Text

        line, carets = excerpt
        text = Text(f"{line}\n").append(carets, style=style)
        Console(stderr=True, highlight=False, soft_wrap=True).print(text)


def pointed(problem: Problem) -> tuple[str, str] | None:
    """Return the line of *problem* with its number, and what is to stand below; None for none."""
    line = None if problem.code in _NOWHERE else _line(problem)
    if line is None or not (line.strip() or problem.code in _POINTS):
        return None
    first, last = _span(problem, line)
    if problem.code in _SECRET:
        line, last = f'{line[:first]}"…"', first + 3
    line, first, last = _cut(line.replace("\t", " "), first, last)
    number = f"{problem.line:>4}"
    below = " " * _width(line[:first]) + "^" * max(1, _width(line[first:last]))
    return f"{number} | {printable(line)}", f"{'':{len(number)}} | {below}"


def _line(problem: Problem) -> str | None:
    try:
        lines = Path(problem.file).read_text(encoding="utf-8").split("\n")
    except (OSError, ValueError):
        return None
    return lines[problem.line - 1].rstrip("\r") if problem.line <= len(lines) else None


def _span(problem: Problem, line: str) -> Span:
    if problem.code in _POINTS:
        return problem.column - 1, problem.column
    if not problem.file.endswith(".toml"):
        return len(line) - len(line.lstrip()), len(line.rstrip())
    return span(line, problem.column, of_key=problem.code in _KEYS)


def _cut(line: str, first: int, last: int) -> tuple[str, int, int]:
    """Return a part of a long line around what is meant, and where that stands in it."""
    if len(line) <= _SHOWN:
        return line, first, last
    begin = max(0, min(first - 20, len(line) - _SHOWN))
    part = line[begin : begin + _SHOWN]
    if begin:
        part = "…" + part[1:]
    if begin + _SHOWN < len(line):
        part = part[:-1] + "…"
    return part, first - begin, min(last - begin, _SHOWN)


def _width(text: str) -> int:
    """Return how many columns *text* takes; a Chinese character takes two."""
    from rich.cells import cell_len

    return cell_len(text)


def _for_a_person() -> bool:
    return sys.stderr.isatty() or bool(os.environ.get("FORCE_COLOR"))
