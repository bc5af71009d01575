"""Which entries the last editions of a feed held, for who asks only for what is new since one.

Editions of a feed are numbered. Of each entry of the present one is kept since which number it
stands there; of former editions only their numbers, by the hash of their bytes. So what was there
already is told for any of them, and a feed that changes every minute remembers many for little.
"""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Iterable, Sequence

from aggregator.edition import MARK
from aggregator.store.reader import Reader

KEPT = 500
"""Editions of each feed: eight hours of one that changes every minute, in 50 kB."""

_ENTRY = struct.Struct(f">{MARK}sI")  # its mark, and the number of the edition it came with


def note(connection: sqlite3.Connection, path: str, sha256: str, marks: Iterable[bytes]) -> None:
    """Remember that the feed at *path* is now the document with this hash and these entries."""
    row = connection.execute(
        "SELECT number, entries FROM feed_contents WHERE path = ?", [path]
    ).fetchone()
    number, since = (row[0] + 1, dict(_ENTRY.iter_unpack(row[1]))) if row else (1, {})
    entries = b"".join(_ENTRY.pack(mark, since.get(mark, number)) for mark in marks)
    connection.execute(
        "INSERT OR REPLACE INTO feed_contents (path, number, entries) VALUES (?, ?, ?)",
        [path, number, entries],
    )
    connection.execute(
        "INSERT OR REPLACE INTO edition (path, sha256, number) VALUES (?, ?, ?)",
        [path, sha256, number],
    )
    connection.execute("DELETE FROM edition WHERE path = ? AND number <= ?", [path, number - KEPT])


def forget(connection: sqlite3.Connection, paths: Sequence[str]) -> None:
    """Forget the feeds at *paths*: they are no more."""
    for table in ("edition", "feed_contents"):
        connection.executemany(f"DELETE FROM {table} WHERE path = ?", [(path,) for path in paths])


class Editions(Reader):
    """Answers what is new in a feed."""

    def held(self, path: str, hashes: Sequence[str]) -> tuple[str, frozenset[bytes]] | None:
        """Return which entries of the feed at *path* were there already in an earlier edition.

        That is the last one that has one of *hashes*; it comes with the marks of those entries.
        None is: it is not remembered.
        """
        rows = self._all(
            "SELECT sha256, edition.number, entries FROM edition JOIN feed_contents USING (path)"
            " WHERE path = ? AND sha256 IN (SELECT value FROM json_each(?))"
            " ORDER BY edition.number DESC LIMIT 1",
            [path, json.dumps(list(hashes))],
        )
        if not rows:
            return None
        sha256, number, entries = rows[0]
        kept = frozenset(mark for mark, since in _ENTRY.iter_unpack(entries) if since <= number)
        return sha256, kept
