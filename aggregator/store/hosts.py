"""What hosts have said of being asked at all: pauses, and the rules of their robots.txt."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from aggregator.model import HostRules, Pause
from aggregator.store.rows import read_time, write_time


def pauses(connection: sqlite3.Connection) -> list[Pause]:
    """Return the hosts that want, or wanted, to be left alone."""
    rows = connection.execute("SELECT * FROM pause")
    return [Pause(row["host"], read_time(row["until"]), read_time(row["noted_at"])) for row in rows]


def note_pauses(connection: sqlite3.Connection, found: Iterable[Pause], now: datetime) -> None:
    """Remember which hosts want to be left alone, and forget those whose pause is over."""
    connection.executemany(
        "INSERT OR REPLACE INTO pause (host, until, noted_at) VALUES (?, ?, ?)",
        [(one.host, write_time(one.until), write_time(one.noted_at)) for one in found],
    )
    connection.execute("DELETE FROM pause WHERE until <= ?", [write_time(now)])


def rules(connection: sqlite3.Connection) -> list[HostRules]:
    """Return what robots.txt files have said, good or no longer so."""
    rows = connection.execute("SELECT * FROM host_rules")
    return [HostRules(row["origin"], row["text"], read_time(row["until"])) for row in rows]


def note_rules(connection: sqlite3.Connection, found: Iterable[HostRules], now: datetime) -> None:
    """Remember what robots.txt files have said, and forget what is good no longer."""
    values = [(one.origin, one.text, write_time(one.until)) for one in found]
    if values:
        connection.executemany(
            "INSERT OR REPLACE INTO host_rules (origin, text, until) VALUES (?, ?, ?)", values
        )
        connection.execute("DELETE FROM host_rules WHERE until <= ?", [write_time(now)])
