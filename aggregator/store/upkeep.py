"""What the store does for itself: the search index, and letting go of what is old."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta

from aggregator.store.reader import EVERYTHING
from aggregator.store.rows import read_time, write_time
from aggregator.store.searching import indexed
from aggregator.store.stories import as_a_whole

STEP = timedelta(minutes=1)  # the clock may be corrected by so much without a word
INDEXED_AT_ONCE = 200  # articles in one transaction: the writer is never busy for long


def index_some(connection: sqlite3.Connection, plain: Callable[[str], str]) -> int:
    """Put some articles that wait for it into the search index; return how many.

    *plain* makes text of sanitised HTML.
    """
    rows = connection.execute(
        "SELECT n, title, summary, content FROM article WHERE unindexed LIMIT ?", [INDEXED_AT_ONCE]
    ).fetchall()
    numbers = [(row["n"],) for row in rows]
    texts = [
        (row["n"], indexed(row["title"]), indexed(f"{row['summary']}\n{plain(row['content'])}"))
        for row in rows
    ]
    connection.executemany("DELETE FROM search WHERE rowid = ?", numbers)
    connection.executemany("INSERT INTO search (rowid, title, text) VALUES (?, ?, ?)", texts)
    connection.executemany("UPDATE article SET unindexed = 0 WHERE n = ?", numbers)
    return len(rows)


def join_index(connection: sqlite3.Connection) -> None:
    """Make one of the parts of the search index: only then is it without what was deleted."""
    connection.execute("INSERT INTO search (search) VALUES ('optimize')")


def forget_retired(connection: sqlite3.Connection) -> None:
    """Drop the articles that were retired and whose documents are gone; identities stay."""
    gone = "SELECT n FROM article WHERE retired AND NOT dirty"
    connection.execute(f"DELETE FROM search WHERE rowid IN ({gone})")
    connection.execute("DELETE FROM article WHERE retired AND NOT dirty")


def retire(connection: sqlite3.Connection, before: datetime, newest: int) -> set[str]:
    """Take the articles first seen before *before* out of every channel; return the slugs touched.

    The *newest* articles of each category stay whatever their age: a quiet source keeps its place.
    A story of several sources leaves as a whole. What was removed is remembered as long again.
    """
    old = connection.execute(
        "SELECT n FROM article JOIN identity USING (n)"
        " WHERE NOT retired AND first_seen_at < ?"
        " AND n NOT IN (SELECT n FROM (SELECT n, row_number() OVER"
        " (PARTITION BY slug ORDER BY published DESC, id) AS place FROM placement"
        " WHERE slug != ?) WHERE place <= ?)"
        " AND n NOT IN (SELECT n FROM removal WHERE at >= ?)",
        [write_time(before), EVERYTHING, newest, write_time(before)],
    ).fetchall()
    slugs: set[str] = set()
    for n in as_a_whole(connection, [row["n"] for row in old]):
        connection.execute("DELETE FROM story WHERE n = ?", [n])
        found = connection.execute("DELETE FROM placement WHERE n = ? RETURNING slug", [n])
        slugs.update(row[0] for row in found.fetchall())
        connection.execute("UPDATE article SET listed = 0, retired = 1, dirty = 1 WHERE n = ?", [n])
    return slugs


def heal_clock(connection: sqlite3.Connection, now: datetime) -> None:
    """Move the times of sources that were asked in the future to where they are meant to be."""
    rows = connection.execute(
        "SELECT id, last_attempt_at, next_due_at FROM source WHERE last_attempt_at > ?",
        [write_time(now + STEP)],
    ).fetchall()
    for row in rows:
        due = row["next_due_at"]
        if due is not None:
            due = write_time(now + (read_time(due) - read_time(row["last_attempt_at"])))
        connection.execute(
            "UPDATE source SET last_attempt_at = ?, next_due_at = ? WHERE id = ?",
            [write_time(now), due, row["id"]],
        )
