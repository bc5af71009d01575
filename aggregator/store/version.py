"""Whether the tables are those of this version of the program; where not, they are made so."""

from __future__ import annotations

import sqlite3

NEWEST = "m0023_move"
"""The last migration of schema.py; by their names they are in order."""


def bring_up_to_date(connection: sqlite3.Connection) -> None:
    """Apply the migrations that are still to come.

    Raises StoreError where a later version of the program has changed the tables.
    """
    if _newest(connection) != NEWEST:
        # Nearly always there is nothing to do, and sqlite-utils takes 35 ms to import.
        from aggregator.store import schema

        schema.bring_up_to_date(connection)


def _newest(connection: sqlite3.Connection) -> str | None:
    """Return the last migration that was applied, None where there is no table of them."""
    known = "SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'"
    if connection.execute(known).fetchone() is None:
        return None
    last = "SELECT max(name) FROM _sqlite_migrations WHERE migration_set = 'aggregator'"
    newest: str | None = connection.execute(last).fetchone()[0]
    return newest
