"""What articles look like in feeds, as it was rendered: kept while they stay as they are.

A trigger forgets what is kept of an article in the moment in which it changes, so that what is
here is never of an earlier version, and nothing is left of one that is taken down.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from typing import NamedTuple


class Key(NamedTuple):
    """Of which article (its id) in feeds of which language."""

    article: str
    language: str


def find(connection: sqlite3.Connection, language: str, ids: Collection[str]) -> dict[str, bytes]:
    """Return by the ids of articles what is kept of them in *language*."""
    rows = connection.execute(
        "SELECT id, body FROM identity JOIN fragment USING (n)"
        " WHERE id IN (SELECT value FROM json_each(?)) AND language = ?",
        [json.dumps(list(ids)), language],
    )
    return dict(rows.fetchall())


def keep(connection: sqlite3.Connection, bodies: Mapping[Key, bytes]) -> None:
    """Keep what articles look like, in the place of what was kept of them."""
    connection.executemany(
        "INSERT OR REPLACE INTO fragment (n, language, body)"
        " SELECT n, ?, ? FROM identity WHERE id = ?",
        [(key.language, body, key.article) for key, body in bodies.items()],
    )


def forget(connection: sqlite3.Connection) -> None:
    """Forget all that is kept: it is to be rendered otherwise."""
    connection.execute("DELETE FROM fragment")
