"""How the archive of a channel is divided into documents (RFC 5005 §4).

    2026-10   2026-11   2026-11-2   2026-11-3   2026-12
                 500         500         117

A month is one document, or several where it has more than `PART` entries. They are counted from
the oldest, so that a full one does not change when others come.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from aggregator.model import Month

PART = 500
"""Entries in one document at most."""


class Part(NamedTuple):
    """One document of an archive: `2026-11`, or `2026-11-2` for the second of that month.

    `earlier` and `later` are the names of those before and after it, "" where there is none.
    """

    name: str
    earlier: str = ""
    later: str = ""


def part_name(month: str, index: int) -> str:
    """Return the name of a month's document number *index*, counted from 0."""
    return f"{month}-{index + 1}" if index else month


def part_place(name: str) -> tuple[str, int]:
    """Return the month and the index of the document of this name."""
    month, number = name[:7], name[8:]
    return month, int(number) - 1 if number else 0


def size(entries: int) -> int:
    """Return how many documents so many entries take."""
    return -(-entries // PART)


def parts(months: Sequence[Month]) -> dict[str, Part]:
    """Return every document of an archive by its name, the oldest first."""
    names = [part_name(one.name, index) for one in months for index in range(size(one.entries))]
    around = zip(["", *names], names, [*names[1:], ""], strict=False)
    return {name: Part(name, earlier, later) for earlier, name, later in around}


def newest(months: Sequence[Month]) -> str:
    """Return the name of the newest document, "" where there is none."""
    return part_name(months[-1].name, size(months[-1].entries) - 1) if months else ""
