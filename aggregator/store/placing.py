"""Where articles stand: in each of its channels an article is an entry, or is told through another.

All of it is called inside a transaction of the store's writing connection.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from aggregator.model import Article
from aggregator.store import stories
from aggregator.store.ledger import Ledger
from aggregator.store.reader import EVERYTHING
from aggregator.store.rows import write_time
from aggregator.store.statements import soil
from aggregator.store.stories import Meeting


class Placing:
    """Puts articles into their channels and takes them out, on one connection."""

    def __init__(self, connection: sqlite3.Connection, ledger: Ledger) -> None:
        self._connection = connection
        self._ledger = ledger

    def publish(self, n: int, article: Article, meeting: Meeting) -> None:
        """Make an article an entry of its channels, or have it told through another's there."""
        slugs, published = self._slugs(article), write_time(article.published)
        self._place(n, published, slugs, meeting.leaders(article, slugs))
        meeting.tells(n, article, published, slugs)

    def move(self, n: int, published: str, article: Article, meeting: Meeting) -> None:
        """Bring an article that is out to the channels it has now.

        Where it was told through another, it stays so. Nothing happens to one that is not out.
        """
        slugs = self._slugs(article)
        leaders, shown = stories.unfollow(self._connection, n)
        gone = self._leave(n)
        if leaders or gone:
            soil(self._connection, gone | shown)
            kept = {slug: leader for slug, leader in leaders.items() if slug in slugs}
            self._place(n, published, slugs, kept)
            soil(self._connection, stories.hand_over(self._connection, n, gone.difference(slugs)))
            meeting.tells(n, article, published, slugs)

    def take_out(self, n: int) -> set[str]:
        """Take an article out of every channel; return the slugs at which it was an entry.

        Who was told through it takes its place there.
        """
        _, shown = stories.unfollow(self._connection, n)
        gone = self._leave(n)
        self._connection.execute("UPDATE article SET listed = 0, dirty = 1 WHERE n = ?", [n])
        soil(self._connection, gone | shown)
        soil(self._connection, stories.hand_over(self._connection, n, gone))
        return gone

    def _leave(self, n: int) -> set[str]:
        rows = self._connection.execute("DELETE FROM placement WHERE n = ? RETURNING slug", [n])
        return {row[0] for row in rows.fetchall()}

    def _place(
        self, n: int, published: str, slugs: Sequence[str], leaders: Mapping[str, int]
    ) -> None:
        own = [slug for slug in slugs if slug not in leaders]
        self._connection.executemany(
            "INSERT OR IGNORE INTO placement (slug, published, id, n)"
            " SELECT ?, ?, id, n FROM identity WHERE n = ?",
            [(slug, published, n) for slug in own],
        )
        self._connection.execute("UPDATE article SET listed = ? WHERE n = ?", [bool(own), n])
        soil(self._connection, own)
        if leaders:
            soil(self._connection, stories.follow(self._connection, n, published, leaders))

    def _slugs(self, article: Article) -> list[str]:
        return [EVERYTHING, *(self._ledger.category(label).slug for label in article.categories)]
