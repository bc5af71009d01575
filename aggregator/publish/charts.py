"""Small drawings of numbers, as plain figures for a template to put into SVG. Pure.

A drawing never stands alone: what it shows is told in words beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from aggregator.model import Attempt, Status, Tally
from aggregator.publish.texts import Texts

STEP, WIDE, TALL, DEEP = 12, 9, 16, 8  # of a day's bar, in units of its drawing
_LEAST = 2
_HIGH, _NARROW, _GAP = 56, 8, 2  # of an attempt's


class Bar(NamedTuple):
    """One day, drawn: what was new stands on the line, what failed hangs from it."""

    x: int
    up: float
    down: float
    title: str


class Stroke(NamedTuple):
    """One attempt, drawn: as high as the time that it took."""

    x: int
    y: float
    height: float
    kind: str  # ok, same, failing
    title: str


def bars(days: Sequence[tuple[str, Tally]], words: Texts) -> list[Bar]:
    """Return a bar for each of the named *days*; the highest is that of the most new articles."""
    most = max((tally.new for _, tally in days), default=0) or 1
    return [
        _bar(index * STEP, tally, most, f"{name}: {counted(tally, words)}")
        for index, (name, tally) in enumerate(days)
    ]


def _bar(x: int, tally: Tally, most: int, title: str) -> Bar:
    """Draw a day; one that went well is seen though nothing was new."""
    up = max(TALL * tally.new / most, _LEAST) if tally.ok else 0
    down = DEEP * tally.failed / (tally.ok + tally.failed) if tally.failed else 0
    return Bar(x, round(up, 1), round(down, 1), title)


def counted(tally: Tally, words: Texts) -> str:
    """Return what was counted, in words."""
    return words.counted.format(ok=tally.ok, failed=tally.failed, new=tally.new)


class Times(NamedTuple):
    """How long attempts took, drawn: the oldest first; `words` say the same."""

    strokes: list[Stroke]
    width: int
    height: int
    words: str


def times(attempts: Sequence[tuple[str, Attempt]], words: Texts) -> Times:
    """Return a drawing of *attempts*, named and the oldest first (at least one)."""
    took = [attempt.ms for _, attempt in attempts]
    most = max(took) or 1
    strokes = [
        _stroke(index * (_NARROW + _GAP), attempt, most, f"{name}: {attempt.ms} ms")
        for index, (name, attempt) in enumerate(attempts)
    ]
    said = words.attempts_drawn.format(
        n=len(took),
        failed=sum(attempt.status is Status.FAILED for _, attempt in attempts),
        ms=sorted(took)[len(took) // 2],
    )
    return Times(strokes, len(strokes) * (_NARROW + _GAP) - _GAP, _HIGH, said)


def _stroke(x: int, attempt: Attempt, most: int, title: str) -> Stroke:
    height = round(max(_HIGH * attempt.ms / most, 2), 1)
    kinds = {Status.FAILED: "failing", Status.NOT_MODIFIED: "same"}
    kind = kinds.get(attempt.status, "ok")
    return Stroke(x, round(_HIGH - height, 1), height, kind, title)


class Piece(NamedTuple):
    """A state's part of all sources, drawn from `x` on; the whole is a hundred wide."""

    kind: str
    x: float
    width: float


def pieces(counts: Sequence[tuple[str, int]]) -> list[Piece]:
    """Return the parts of a whole, in their order; one that is there can be seen, however small."""
    total = sum(count for _, count in counts)
    found, x = [], 0.0
    least = 0.8
    room = 100 - least * sum(bool(count) for _, count in counts)
    for kind, count in counts:
        if count:
            width = least + room * count / total
            found.append(Piece(kind, round(x, 2), round(width, 2)))
            x += width
    return found
