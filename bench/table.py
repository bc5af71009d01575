"""What a measurement says: rows, and how they are printed and written down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

HEAD = ("work", "ours", "peer", "ratio", "aim")
PREFACE = "# Results\n\nWritten by `make bench`. A ratio is peer ÷ ours: more is better for us.\n"


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison.

    `ours` and `peer` are in words, with their units. `ratio` is peer ÷ ours (more is better for
    us), None where there is nothing to compare with. `aim` is the least ratio that is wanted, None
    where nothing is asked for; of a limit (`250 MB at most`) the limit is the peer, and the aim 1.
    """

    work: str
    ours: str
    peer: str = ""
    ratio: float | None = None
    aim: float | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as it is shown, an aim that is missed marked as such."""
        ratio = "" if self.ratio is None else f"{self.ratio:.3g} ×"
        if self.aim is None:
            return self.work, self.ours, self.peer, ratio, ""
        met = self.ratio is None or self.ratio >= self.aim
        return self.work, self.ours, self.peer, ratio, f"≥ {self.aim:g}{'' if met else ', missed'}"


def missing(work: str, ours: str, peer: str, aim: float | None = None) -> Row:
    """Return the row of a comparison whose peer is not there."""
    return Row(work, ours, f"{peer} is not installed", None, aim)


def in_columns(rows: Sequence[Row]) -> str:
    """Return *rows* for a terminal."""
    table = [HEAD, *(row.cells for row in rows)]
    widths = [max(len(line[place]) for line in table) for place in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in table
    )


def in_markdown(rows: Iterable[Row]) -> str:
    """Return *rows* as a table of Markdown."""
    lines = [HEAD, ("---",) * len(HEAD), *(row.cells for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def write_down(path: Path, name: str, conditions: str, rows: Sequence[Row]) -> None:
    """Put the *rows* of the measurement *name* into the results at *path*, in place of its last.

    *conditions* says in a line where they were measured.
    """
    before = path.read_text(encoding="utf-8") if path.exists() else PREFACE
    parts = re.split(r"^## (.+)\n", before, flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    sections[name] = f"\n{conditions}\n\n{in_markdown(rows)}\n"
    text = "".join(f"## {title}\n{sections[title].rstrip()}\n\n" for title in sorted(sections))
    path.write_text(f"{parts[0].rstrip()}\n\n{text.rstrip()}\n", encoding="utf-8")
