"""The log of what was done to articles, and by whom: it is only ever added to."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from aggregator.record import record
from aggregator.store.rows import read_time, write_time


@record(frozen=True, slots=True)
class Act:
    """Something that was done to an article: when (UTC), by which user of this machine, and why.

    `action` is `hide`, `show` or `takedown`; `article` is its id.
    """

    at: datetime
    who: str
    action: str
    article: str
    public_id: str
    source: str
    reason: str


def note(connection: sqlite3.Connection, act: Act) -> None:
    """Add *act* to the log."""
    connection.execute(
        "INSERT INTO audit (at, who, action, article, public_id, source, reason)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            *(write_time(act.at), act.who, act.action),
            *(act.article, act.public_id, act.source, act.reason),
        ],
    )


def acts(
    connection: sqlite3.Connection, articles: Sequence[str] = (), limit: int = -1
) -> list[Act]:
    """Return what was done (to *articles*, by id; or to any), the newest first."""
    marks = ", ".join("?" * len(articles))
    where = f"WHERE article IN ({marks})" if articles else ""
    rows = connection.execute(
        f"SELECT * FROM audit {where} ORDER BY number DESC LIMIT ?", [*articles, limit]
    )
    return [_act(row) for row in rows]


def _act(row: sqlite3.Row) -> Act:
    return Act(
        at=read_time(row["at"]),
        who=row["who"],
        action=row["action"],
        article=row["article"],
        public_id=row["public_id"],
        source=row["source"],
        reason=row["reason"],
    )
