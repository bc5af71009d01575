"""Who else told a story: the articles that are shown through another one's entry."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from aggregator.model import Report
from aggregator.store.rows import attribution_of, read_time


def reports(
    connection: sqlite3.Connection, numbers: Iterable[int]
) -> dict[int, tuple[Report, ...]]:
    """Return by the number of an article those told through it, the first seen first."""
    rows = connection.execute(
        "SELECT leader, first_seen_at, article.* FROM (SELECT DISTINCT leader, n FROM story"
        " WHERE leader IN (SELECT value FROM json_each(?)))"
        " JOIN article USING (n) JOIN identity USING (n) ORDER BY leader, first_seen_at, id",
        [json.dumps(list(numbers))],
    ).fetchall()
    found: dict[int, list[Report]] = defaultdict(list)
    for row in rows:
        found[row["leader"]].append(_report(row))
    return {leader: tuple(told) for leader, told in found.items()}


def _report(row: sqlite3.Row) -> Report:
    return Report(
        attribution=attribution_of(row),
        share_link=row["share_link"],
        title=row["title"],
        published=read_time(row["published"]),
    )
