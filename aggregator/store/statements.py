"""Statements that several writers share, inside transactions of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from aggregator.store.rows import Values


def put(connection: sqlite3.Connection, table: str, values: Values, key: str) -> None:
    """Insert a row, or change these columns of the one that has the same *key*."""
    sets = ", ".join(f"{name} = :{name}" for name in values if name != key)
    found = connection.execute(f"UPDATE {table} SET {sets} WHERE {key} = :{key}", values)
    if not found.rowcount:
        names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)


def soil(connection: sqlite3.Connection, slugs: Iterable[str]) -> None:
    """Have the documents of these channels written again."""
    connection.executemany(
        "INSERT INTO channel (slug) VALUES (?) ON CONFLICT DO UPDATE SET dirty = 1",
        [(slug,) for slug in slugs],
    )
