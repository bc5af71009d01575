"""What came of asking each source, day by day, for the last week."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from aggregator.model import Tally
from aggregator.store.reader import Reader

DAYS = 7


def add(connection: sqlite3.Connection, source: str, day: date, tally: Tally) -> None:
    """Add to what is counted of *source* on *day*; what is older than a week is forgotten."""
    values = [tally.ok, tally.failed, tally.new, tally.same, source, day.isoformat()]
    added = connection.execute(
        "UPDATE tally SET ok = ok + ?, failed = failed + ?, new = new + ?, same = same + ?"
        " WHERE source = ? AND day = ?",
        values,
    )
    if added.rowcount:
        return
    connection.execute(
        "INSERT INTO tally (ok, failed, new, same, source, day) VALUES (?, ?, ?, ?, ?, ?)", values
    )
    first = day - timedelta(days=DAYS - 1)
    connection.execute(
        "DELETE FROM tally WHERE source = ? AND day < ?", [source, first.isoformat()]
    )


class Tallies(Reader):
    """Answers how the sources did lately."""

    def week(self, last: date) -> Mapping[str, Mapping[date, Tally]]:
        """Return by source and day what was counted in the week that ends with the day *last*."""
        first = last - timedelta(days=DAYS - 1)
        rows = self._all(
            "SELECT source, day, ok, failed, new, same FROM tally WHERE day BETWEEN ? AND ?",
            [first.isoformat(), last.isoformat()],
        )
        days = {
            (first + timedelta(back)).isoformat(): first + timedelta(back) for back in range(DAYS)
        }
        found: dict[str, dict[date, Tally]] = defaultdict(dict)
        for source, day, ok, failed, new, same in rows:
            found[source][days[day]] = Tally(ok, failed, new, same)
        return found
