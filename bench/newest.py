"""The newest articles of a category, among a million in two thousand categories.

    python -m bench newest

The rows are made by SQLite itself: to take in a million articles would take minutes.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

from aggregator.store.writer import Store
from bench.table import Row
from tests.articles import NAMING

ARTICLES = 1_000_000
IN_EACH = 500  # articles of a category
SHOWN = 100
ROUNDS = 15
MOST = 0.002  # seconds of CPU
IDENTITIES = """
    WITH RECURSIVE number(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM number WHERE n < ?)
    INSERT INTO identity (n, source, guid, id, public_id, fingerprint, first_seen_at)
    SELECT n, 'source', n, printf('%010d', n), 'tag:' || n, 'f',
           strftime('%Y-%m-%dT%H:%M:%SZ', 1700000000 + n * 60, 'unixepoch') FROM number
"""
PLACES = """
    INSERT INTO placement (slug, published, id, n)
    SELECT 'c' || (n % ?), first_seen_at, id, n FROM identity
"""
# What is no plain text in an article's row.
FILLED = {
    "n": "n",
    "source": "source",
    "title": "'Title ' || n",
    "published": "first_seen_at",
    "updated": "first_seen_at",
    "content": "'<p>Some text of article ' || n || '</p>'",
    "categories": "'[\"Category\"]'",
    "listed": "1",
    **dict.fromkeys(("retired", "dirty", "unindexed", "held", "leaving", "kept"), "0"),
}


def rows(scale: float) -> Iterator[Row]:
    """Yield what reading the newest of one category takes."""
    count = max(int(ARTICLES * scale), IN_EACH)
    with tempfile.TemporaryDirectory(prefix="bench-newest-") as folder:
        path = Path(folder) / "aggregator.db"
        Store(path, NAMING).close()
        _fill(path, count)
        with closing(Store(path, NAMING)) as store:
            spent = median(_reading(store) for _ in range(ROUNDS))
    yield Row(
        f"the newest {SHOWN} of a category, among {count:,}",
        f"{spent * 1000:.2f} ms of CPU",
        f"{MOST * 1000:g} ms at most",
        MOST / spent,
        1,
    )


def _fill(path: Path, count: int) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(IDENTITIES, [count])
        names = [row[1] for row in connection.execute("PRAGMA table_info(article)")]
        values = ", ".join(FILLED.get(name, "''") for name in names)
        connection.execute(
            f"INSERT INTO article ({', '.join(names)}) SELECT {values} FROM identity"
        )
        connection.execute(PLACES, [count // IN_EACH])


def _reading(store: Store) -> float:
    begun = time.process_time()
    assert len(store.newest("c0", SHOWN)) == SHOWN
    return time.process_time() - begun
