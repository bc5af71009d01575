"""Where articles stand: in each of its channels an article is an entry, or is told through another.

All of it is called inside a transaction of the store's writing connection.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from aggregator.model import Article
from aggregator.store import stories
from aggregator.store.identities import Numbered
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

    def publish(self, numbered: Sequence[Numbered], meeting: Meeting) -> set[str]:
        """Put articles of one source into their channels; they are stored, as listed.

        Where nobody tells its story an article is an entry; who is none anywhere is not listed.
        Return the slugs of the channels that are to be written again.
        """
        changed: set[str] = set()
        for n, article in numbered:
            slugs, published = self._slugs(article), write_time(article.published)
            leaders = meeting.leaders(article, slugs)
            meeting.tells(n, article, published, slugs)
            changed |= self._place(n, published, slugs, leaders)
        return changed

    def bring_out(self, n: int, article: Article, meeting: Meeting) -> None:
        """Publish an article that was kept back until now."""
        self._list(n, listed=True)
        soil(self._connection, self.publish([(n, article)], meeting))

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
            self._list(n, listed=True)
            soil(self._connection, self._place(n, published, slugs, kept))
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
        self, n: int, published: str, slugs: Iterable[str], leaders: Mapping[str, int]
    ) -> set[str]:
        """Make article *n*, which is listed, an entry at *slugs* where no leader tells it.

        Who is an entry nowhere is listed no more. Return the channels that change.
        """
        own = [slug for slug in slugs if slug not in leaders]
        self._connection.executemany(
            "INSERT OR IGNORE INTO placement (slug, published, id, n)"
            " SELECT ?, ?, id, n FROM identity WHERE n = ?",
            [(slug, published, n) for slug in own],
        )
        if not leaders:
            return set(own)
        if not own:
            self._list(n, listed=False)
        return stories.follow(self._connection, n, published, leaders).union(own)

    def _list(self, n: int, *, listed: bool) -> None:
        self._connection.execute("UPDATE article SET listed = ? WHERE n = ?", [listed, n])

    def _slugs(self, article: Article) -> list[str]:
        return [EVERYTHING, *(self._ledger.category(label).slug for label in article.categories)]
