"""Significant edits of articles, which may be published as entries of their own.

They are noted whether they are published or not, so that this can be decided later.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from aggregator.model import Article, Correction
from aggregator.record import record
from aggregator.store.notes import REVISIONS
from aggregator.store.rows import read_time, write_time


@record(frozen=True, slots=True)
class Edit:
    """A significant edit of article `n`, which replaced its revision of this number."""

    n: int
    revision: int
    public_id: str
    seen_at: datetime
    title: str
    before: str


def keep(connection: sqlite3.Connection, edit: Edit) -> None:
    """Remember *edit*; no more of an article's are kept than of its revisions."""
    connection.execute(
        "INSERT INTO correction (n, number, public_id, seen_at, title, before)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [
            *(edit.n, edit.revision, edit.public_id),
            *(write_time(edit.seen_at), edit.title, edit.before),
        ],
    )
    connection.execute(
        "DELETE FROM correction WHERE n = ? AND number <= ?", [edit.n, edit.revision - REVISIONS]
    )


def correction_of(row: sqlite3.Row, article: Article) -> Correction:
    """Return the correction of a row of `correction`."""
    return Correction(
        article=article,
        public_id=row["public_id"],
        seen_at=read_time(row["seen_at"]),
        title=row["title"],
        before=row["before"],
    )
