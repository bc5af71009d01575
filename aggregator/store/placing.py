"""Where articles stand: in each of its channels an article is an entry, or is told through another.

All of it is called inside a transaction of the store's writing connection.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from aggregator.model import Article
from aggregator.store import stories
from aggregator.store.ledger import Ledger
from aggregator.store.reader import EVERYTHING
from aggregator.store.rows import write_time
from aggregator.store.statements import soil
from aggregator.store.stories import Meeting


class Stand(NamedTuple):
    """Where an article stands: the `slugs` where it is an entry, and who tells it elsewhere."""

    slugs: Sequence[str] = ()
    leaders: Mapping[str, int] = MappingProxyType({})

    @property
    def is_entry(self) -> bool:
        """Whether it is an entry anywhere."""
        return bool(self.slugs)


NOWHERE = Stand()


class Placing:
    """Puts articles into their channels and takes them out, on one connection."""

    def __init__(self, connection: sqlite3.Connection, ledger: Ledger) -> None:
        self._connection = connection
        self._ledger = ledger

    def stand(self, article: Article, meeting: Meeting) -> Stand:
        """Return where a new article is to stand: where nobody tells its story it is an entry."""
        slugs = self._slugs(article)
        leaders = meeting.leaders(article, slugs)
        return Stand([slug for slug in slugs if slug not in leaders], leaders)

    def publish(self, n: int, article: Article, stand: Stand, meeting: Meeting) -> set[str]:
        """Put an article that is stored, as listed where it is an entry, where it is to stand.

        Return the slugs of the channels that are to be written again.
        """
        published = write_time(article.published)
        meeting.tells(n, article, published, (*stand.slugs, *stand.leaders))
        return self._place(n, published, stand)

    def bring_out(self, n: int, article: Article, meeting: Meeting) -> None:
        """Publish an article that was kept back until now."""
        stand = self.stand(article, meeting)
        soil(self._connection, self.publish(n, article, stand, meeting))
        self._list(n, stand)

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
            stand = Stand([slug for slug in slugs if slug not in kept], kept)
            soil(self._connection, self._place(n, published, stand))
            self._list(n, stand)
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

    def _place(self, n: int, published: str, stand: Stand) -> set[str]:
        """Have article *n* stand where it is to; return the channels that change."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO placement (slug, published, id, n)"
            " SELECT ?, ?, id, n FROM identity WHERE n = ?",
            [(slug, published, n) for slug in stand.slugs],
        )
        if not stand.leaders:
            return set(stand.slugs)
        return stories.follow(self._connection, n, published, stand.leaders).union(stand.slugs)

    def _list(self, n: int, stand: Stand) -> None:
        self._connection.execute("UPDATE article SET listed = ? WHERE n = ?", [stand.is_entry, n])

    def _slugs(self, article: Article) -> list[str]:
        return [EVERYTHING, *(self._ledger.category(label).slug for label in article.categories)]
