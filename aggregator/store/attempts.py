"""The last attempts at each source: so many are kept of each, and no more."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from aggregator.model import Attempt, Status
from aggregator.store.rows import read_time, write_time

KEPT = 50

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
    """Note that what attempts had brought is out at *now*."""
    connection.execute(
        "UPDATE attempt SET delay = max(0, min(?, unixepoch(?) - unixepoch(at)))"
        " WHERE new AND delay IS NULL",
        [_LONGEST_DELAY, write_time(now)],
    )


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
