"""What a source has no more: hidden where that is wanted, held where it is too much at once.

declared deleted ─┐
not in a listing ─┴► few ─► hidden, until the source brings it again
                     many ─► shown until the operator says what it is
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from aggregator.model import Gone, Listing
from aggregator.store.flood import is_emptied
from aggregator.store.removals import Removals


class Settled(NamedTuple):
    """How many articles are hidden now, and how many wait to be."""

    withdrawn: int = 0
    leaving: int = 0


class _Out(NamedTuple):
    """An article that is out; `kept` says that it stays whatever its source says."""

    n: int
    id: str
    guid: str
    kept: int


class Withdrawals:
    """Settles what sources say of articles that they have no more, on one connection."""

    def __init__(self, connection: sqlite3.Connection, removals: Removals) -> None:
        self._connection = connection
        self._removals = removals

    def bring_back(self, source: str, guids: Collection[str], now: datetime) -> int:
        """Show again what *source* had withdrawn and has in its document; return how many."""
        if not guids:
            return 0
        rows = self._connection.execute(
            # in this order, that what is looked through is the document and not the whole source
            "SELECT identity.id FROM json_each(?) CROSS JOIN identity ON source = ?"
            " AND guid = value JOIN removal USING (n) WHERE kind = ?",
            [json.dumps(list(guids)), source, Gone.WITHDRAWN],
        ).fetchall()
        for row in rows:
            self._removals.bring_back(row["id"], now)
        return len(rows)

    def settle(self, source: str, listing: Listing, now: datetime) -> Settled:
        """Hide what *source* has no more, or hold it; return how many of each."""
        rows = self._connection.execute(
            "SELECT n, id, guid, kept FROM article JOIN identity USING (n)"
            " WHERE article.source = ? AND (listed OR n IN (SELECT n FROM story))",
            [source],
        ).fetchall()
        out = [_Out(*row) for row in rows]
        gone = [one for one in out if not one.kept and _is_gone(one.guid, listing)]
        held = is_emptied(len(gone), len(out), listing.present)
        self._mark(source, [one.n for one in gone] if held else [])
        if held:
            return Settled(leaving=len(gone))
        for one in gone:
            self._removals.withdraw(one.id, now)
        return Settled(withdrawn=len(gone))

    def release(self, source: str, now: datetime, *, drop: bool) -> int:
        """Hide what is held of *source*, or with *drop* keep it for good; return how many."""
        rows = self._connection.execute(
            "SELECT n, id FROM article JOIN identity USING (n)"
            " WHERE leaving AND article.source = ?",
            [source],
        ).fetchall()
        for row in rows:
            if drop:
                self._connection.execute("UPDATE article SET kept = 1 WHERE n = ?", [row["n"]])
            else:
                self._removals.withdraw(row["id"], now)
        self._mark(source, [])
        return len(rows)

    def _mark(self, source: str, numbers: list[int]) -> None:
        """Note which articles of *source* wait to be hidden."""
        packed = json.dumps(numbers)
        self._connection.execute(
            "UPDATE article SET leaving = 0 WHERE leaving AND source = ?"
            " AND n NOT IN (SELECT value FROM json_each(?))",
            [source, packed],
        )
        self._connection.execute(
            "UPDATE article SET leaving = 1 WHERE n IN (SELECT value FROM json_each(?))", [packed]
        )


def _is_gone(guid: str, listing: Listing) -> bool:
    absent = listing.present is not None and guid not in listing.present
    return absent or guid in listing.deleted
