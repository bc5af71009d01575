"""All sources on the terminal: a line each, and under those that are in trouble, what it is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from aggregator.cli.speech import say
from aggregator.cli.terminal import print_line, printable
from aggregator.publish.standing import MARKS

STYLES = {
    "gone": "bold red", "failing": "bold red", "held": "bold yellow", "degraded": "yellow",
    "quiet": "yellow", "new": "cyan", "ok": "green",
}  # fmt: skip
_HEAD = ("", "source", "since", "7 days", "new/d", "usual", "kept", "last", "next")


class Line(NamedTuple):
    """What is said of one source; times are aware, texts may hold what a source said."""

    word: str
    source: str
    articles: str
    last_ok_at: datetime | None
    next_due_at: datetime | None
    amiss: str
    why: str
    since: str
    week: str
    seen: str
    expected: str


def print_whole(lines: Sequence[Line]) -> None:
    """Print *lines*: drawn on a terminal, separated by tabs elsewhere."""
    if sys.stdout.isatty():
        _draw(lines)
        return
    for line in lines:
        said = say("; ").join(filter(None, (line.amiss, line.why)))
        cells = (
            *(f"{MARKS[line.word]} {say(line.word)}", line.source, line.articles),
            *(local(line.last_ok_at), local(line.next_due_at), said),
            *(line.since, line.week, line.seen, line.expected),
        )
        print_line("\t".join(cell.replace("\t", " ") for cell in cells))


def _draw(lines: Sequence[Line]) -> None:
    from rich.cells import cell_len
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(highlight=False)
    head = [say(word) if word else "" for word in _HEAD]
    rows = [_cells(line) for line in lines]
    widths = [max(map(cell_len, column)) for column in zip(head, *rows, strict=True)]
    widths[1] = min(widths[1], max(console.width - sum(widths) + widths[1] - 2 * len(widths), 12))
    console.print(
        Text("  ".join(map(_fitted, head, widths)), style="bold"), no_wrap=True, crop=True
    )
    for line, cells in zip(lines, rows, strict=True):
        text = Text("  ".join(map(_fitted, cells, widths)))
        text.stylize(STYLES[line.word], 0, widths[0])
        console.print(text, no_wrap=True, crop=True)
        if line.amiss:
            said = say("; ").join(filter(None, (line.amiss, line.why)))
            console.print(Padding(Text(printable(said), style="dim"), (0, 0, 0, widths[0] + 2)))


def _cells(line: Line) -> tuple[str, ...]:
    return (
        *(f"{MARKS[line.word]} {say(line.word)}", printable(line.source), line.since, line.week),
        *(line.seen, line.expected, line.articles),
        *(_short(line.last_ok_at), _short(line.next_due_at)),
    )


def _fitted(text: str, width: int) -> str:
    from rich.cells import set_cell_size

    return set_cell_size(text, width)


def _short(moment: datetime | None) -> str:
    return "–" if moment is None else f"{moment.astimezone():%m-%d %H:%M}"


def local(moment: datetime | None) -> str:
    """Return a time as a person here reads it; `never` for none."""
    return say("never") if moment is None else moment.astimezone().isoformat(" ")[:16]
