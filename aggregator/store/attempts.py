"""The last attempts at each source: so many are kept of each, and no more."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from aggregator.model import Attempt, Status
from aggregator.store.rows import read_time, write_time

KEPT = 50

_WAITING = "new AND delay IS NULL"
_MEDIAN = (
    "UPDATE health SET delay = (SELECT delay FROM attempt"
    " WHERE source = :source AND delay IS NOT NULL ORDER BY delay LIMIT 1"
    " OFFSET (SELECT count(delay) / 2 FROM attempt WHERE source = :source))"
    " WHERE source = :source"
)
_LONGEST_DELAY = 7 * 86_400  # seconds; what is published later than that was held back on purpose


def note(connection: sqlite3.Connection, source: str, number: int, attempt: Attempt) -> None:
    """Keep *attempt*, the one of that number, in the place of the oldest one."""
    connection.execute(
        "REPLACE INTO attempt (source, slot, number, at, status, answered, ms, new, changed, error)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            *(source, number % KEPT, number, write_time(attempt.at), str(attempt.status)),
            *(attempt.answered, attempt.ms, attempt.new, attempt.changed, attempt.error),
        ],
    )


def published(connection: sqlite3.Connection, now: datetime) -> None:
    """Note that what attempts had brought is out at *now*; the median delay of a source with it."""
    waiting = f"SELECT DISTINCT source FROM attempt WHERE {_WAITING}"
    sources = [{"source": row["source"]} for row in connection.execute(waiting)]
    connection.execute(
        f"UPDATE attempt SET delay = max(0, min(?, unixepoch(?) - unixepoch(at))) WHERE {_WAITING}",
        [_LONGEST_DELAY, write_time(now)],
    )
    connection.executemany(_MEDIAN, sources)


def is_waiting(connection: sqlite3.Connection) -> bool:
    """Say whether an attempt brought something that is not noted as published."""
    found = connection.execute(f"SELECT 1 FROM attempt WHERE {_WAITING} LIMIT 1")
    return found.fetchone() is not None


def attempt_of(row: Any) -> Attempt:
    """Return the attempt of a row."""
    return Attempt(
        read_time(row["at"]),
        Status(row["status"]),
        row["answered"],
        row["ms"],
        row["new"],
        row["changed"],
        row["error"],
        row["delay"],
    )
