"""Statements that several writers share, inside transactions of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache

from aggregator.store.rows import Values


def put(connection: sqlite3.Connection, table: str, rows: Sequence[Values], key: str) -> None:
    """Insert rows, or change these columns of those that have the same *key*.

    They have the same columns in the same order; of two with one *key* the later one counts.
    """
    if rows:
        change, insert = _statements(table, tuple(rows[0]), key)
        if connection.executemany(change, rows).rowcount < len(rows):
            connection.executemany(insert, rows)


def add(connection: sqlite3.Connection, table: str, rows: Sequence[Values]) -> None:
    """Insert rows that are not there yet, and have the same columns in the same order."""
    if rows:
        insertion = _insertion(table, tuple(rows[0]))
        connection.executemany(insertion, [tuple(row.values()) for row in rows])


@lru_cache(maxsize=64)
def _statements(table: str, columns: tuple[str, ...], key: str) -> tuple[str, str]:
    """Return how a row is changed, and how it is inserted."""
    sets = ", ".join(f"{name} = :{name}" for name in columns if name != key)
    names, marks = ", ".join(columns), ", ".join(f":{name}" for name in columns)
    change = f"UPDATE {table} SET {sets} WHERE {key} = :{key}"
    insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"
    return change, f"{insert} ON CONFLICT ({key}) DO UPDATE SET {sets}"


@lru_cache(maxsize=8)
def _insertion(table: str, columns: tuple[str, ...]) -> str:
    """Return how a row is inserted whose values are in the order of *columns*."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def soil(connection: sqlite3.Connection, slugs: Iterable[str]) -> None:
    """Have the documents of these channels written again."""
    connection.executemany(
        "INSERT INTO channel (slug) VALUES (?) ON CONFLICT DO UPDATE SET dirty = 1",
        [(slug,) for slug in slugs],
    )
