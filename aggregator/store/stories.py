"""One story of several sources: who tells it in a channel, and who is told through whom.

    signature                    what an article is looked for by
    placement (slug, n)          at this slug the article is an entry
    story (slug, n, leader)      at this slug it is none: the leader's entry names it

An article stands in one of the two for each of its slugs. Which one is decided when it is first
seen and then left so: an entry that is out keeps its place and its guid, whoever joins. All of it
is called inside a transaction of the store's writing connection.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from aggregator.model import Article, Candidates, Signature
from aggregator.store.reader import EVERYTHING
from aggregator.store.rows import write_time

_CANDIDATES = 20_000  # the newest articles of a channel that those of one refresh are compared with


@dataclass(frozen=True, slots=True)
class Merging:
    """How two articles are found to tell one story, and in which channels that is one entry."""

    signatures: Callable[[Iterable[Article]], Mapping[str, Signature]]  # of one source, by guid
    same: Callable[[Article, Signature, Candidates, Callable[[int], str]], int | None]
    window: timedelta  # how far apart they are published at most
    merges: Callable[[str], bool]  # slug → whether a story is one entry there


APART = Merging(lambda articles: {}, lambda *given: None, timedelta(), lambda slug: False)
"""Every article is an entry of its own."""


class Meeting:
    """The new articles of one source meet what others have told: made for one refresh.

    Articles of one source never share an entry, whoever leads it.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        merging: Merging,
        articles: Sequence[Article],
    ) -> None:
        self._connection = connection
        self._merging = merging
        self._signatures = merging.signatures(articles)
        self._channels: dict[str, _Channel] = {}
        times = [article.published for article in articles]
        self._span = (min(times), max(times)) if times else None

    def remember(self, n: int, article: Article) -> None:
        """Keep by what article *n* is found when others tell its story."""
        if own := self._signatures.get(article.guid):
            self._connection.execute(
                "INSERT OR REPLACE INTO signature (n, source, link, title) VALUES (?, ?, ?, ?)",
                [n, article.source, own.link, own.title],
            )

    def leaders(self, article: Article, slugs: Iterable[str]) -> dict[str, int]:
        """Return slug → number of the article through which the new *article* is told there."""
        own = self._signatures.get(article.guid)
        if own is None:
            return {}
        found: dict[str, int] = {}
        for slug in slugs:
            if slug != EVERYTHING and self._merging.merges(slug):
                channel = self._channel(slug, article.source)
                near = channel.around(article.published, self._merging.window)
                n = self._merging.same(article, own, near, self._text_of)
                if n is not None:
                    found[slug] = channel.join(n)
        if found and self._merging.merges(EVERYTHING):
            found |= self._of_everything(found.values(), article.source)
        return found

    def _channel(self, slug: str, source: str) -> _Channel:
        if slug not in self._channels:
            self._channels[slug] = _Channel(self._told(slug), source)
        return self._channels[slug]

    def _told(self, slug: str) -> list[_Row]:
        """Return what is told at *slug* around the time of the new articles, the oldest first."""
        if self._span is None:
            return []
        first, last = self._span
        window = self._merging.window
        values = [slug, write_time(first - window), write_time(last + window)]
        rows = self._connection.execute(
            "SELECT n, leader, published, source, link, title FROM ("
            " SELECT n, n AS leader, published FROM placement"
            " WHERE slug = ? AND published BETWEEN ? AND ?"
            " UNION ALL SELECT n, leader, published FROM story"
            " WHERE slug = ? AND published BETWEEN ? AND ?"
            ") JOIN signature USING (n) ORDER BY published DESC, n DESC LIMIT ?",
            [*values, *values, _CANDIDATES],
        ).fetchall()
        return [_Row(*row) for row in reversed(rows)]

    def _text_of(self, n: int) -> str:
        text = "SELECT content, summary FROM article WHERE n = ?"
        row = self._connection.execute(text, [n]).fetchone()
        return str(row["content"] or row["summary"])

    def _of_everything(self, leaders: Collection[int], source: str) -> dict[str, int]:
        """Return through whom the story is told where every category is together."""
        row = self._connection.execute(
            "SELECT entry FROM (SELECT n AS entry FROM placement WHERE slug = :all AND n IN"
            " (SELECT value FROM json_each(:leaders)) UNION SELECT leader FROM story"
            " WHERE slug = :all AND n IN (SELECT value FROM json_each(:leaders)))"
            " WHERE NOT EXISTS (SELECT 1 FROM signature WHERE source = :source AND n IN"
            " (SELECT n FROM story WHERE slug = :all AND leader = entry UNION SELECT entry))"
            " ORDER BY entry",
            {"all": EVERYTHING, "leaders": json.dumps(list(leaders)), "source": source},
        ).fetchone()
        return {EVERYTHING: row[0]} if row else {}


class _Row(NamedTuple):
    """An article at one slug: its leader is itself where it is an entry."""

    n: int
    leader: int
    published: str
    source: str
    link: str
    title: str


class _Channel:
    """What others than one source have told in one channel, but for the stories it is in."""

    def __init__(self, rows: Sequence[_Row], source: str) -> None:
        taken = {row.leader for row in rows if row.source == source}
        self._rows = [row for row in rows if row.leader not in taken]
        self._arrange()

    def _arrange(self) -> None:
        self._times = [row.published for row in self._rows]
        self._columns = Candidates(
            [row.n for row in self._rows],
            [row.source for row in self._rows],
            [row.link for row in self._rows],
            [row.title for row in self._rows],
        )

    def around(self, published: datetime, window: timedelta) -> Candidates:
        """Return what was told no more than *window* before or after a time."""
        start = bisect_left(self._times, write_time(published - window))
        end = bisect_right(self._times, write_time(published + window))
        whole = self._columns
        return Candidates(
            whole.numbers[start:end],
            whole.sources[start:end],
            whole.links[start:end],
            whole.titles[start:end],
        )

    def join(self, n: int) -> int:
        """Have the source in the story of article *n* from now on; return who leads it."""
        leader = next(row.leader for row in self._rows if row.n == n)
        self._rows = [row for row in self._rows if row.leader != leader]
        self._arrange()
        return leader


# ── who is told through whom ──────────────────────────────────────────────────────────────────────


def follow(
    connection: sqlite3.Connection, n: int, published: str, leaders: Mapping[str, int]
) -> set[str]:
    """Have article *n* told through *leaders* (by slug); return the channels that show it now."""
    connection.executemany(
        "INSERT OR REPLACE INTO story (slug, published, n, leader) VALUES (?, ?, ?, ?)",
        [(slug, published, n, leader) for slug, leader in leaders.items()],
    )
    return _touch(connection, leaders.values())


def unfollow(connection: sqlite3.Connection, n: int) -> tuple[dict[str, int], set[str]]:
    """Have article *n* told by nobody; return who did, by slug, and the channels that showed it."""
    rows = connection.execute("DELETE FROM story WHERE n = ? RETURNING slug, leader", [n])
    leaders: dict[str, int] = dict(rows.fetchall())
    return leaders, _touch(connection, leaders.values())


def hand_over(connection: sqlite3.Connection, leader: int, slugs: Iterable[str]) -> set[str]:
    """Where *leader* has left *slugs*, give each story there to the one that joined it first.

    Return the channels that change.
    """
    changed: set[str] = set()
    for slug in slugs:
        followers = connection.execute(
            "SELECT n FROM story WHERE slug = ? AND leader = ? ORDER BY n", [slug, leader]
        ).fetchall()
        if followers:
            heir = followers[0][0]
            _stand(connection, heir, slug)
            connection.execute(
                "UPDATE story SET leader = ? WHERE slug = ? AND leader = ?", [heir, slug, leader]
            )
            changed.add(slug)
    return changed


def part(connection: sqlite3.Connection, merges: Callable[[str], bool]) -> set[str]:
    """Make an entry of each article in the channels where stories are merged no more.

    Where every category is together, it is one too if no category merges it. Return the channels
    that change.
    """
    rows = connection.execute("SELECT DISTINCT slug, n, leader FROM story").fetchall()
    merged = {n for slug, n, _ in rows if slug != EVERYTHING and merges(slug)}
    parted = [
        (slug, n, leader)
        for slug, n, leader in rows
        if not merges(slug) or (slug == EVERYTHING and n not in merged)
    ]
    for slug, n, _ in parted:
        _stand(connection, n, slug)
    touched = _touch(connection, {leader for _, _, leader in parted})
    return touched.union(slug for slug, _, _ in parted)


def as_a_whole(connection: sqlite3.Connection, numbers: Collection[int]) -> set[int]:
    """Return those of the articles *numbers* whose whole story is among them."""
    whole = set(numbers)
    pairs = connection.execute("SELECT DISTINCT n, leader FROM story").fetchall()
    while torn := {n for pair in pairs if not whole.issuperset(pair) for n in pair} & whole:
        whole -= torn
    return whole


def _stand(connection: sqlite3.Connection, n: int, slug: str) -> None:
    """Make an entry of an article that was told through another one at *slug*."""
    connection.execute(
        "INSERT OR IGNORE INTO placement (slug, published, id, n)"
        " SELECT slug, published, id, n FROM story JOIN identity USING (n)"
        " WHERE slug = ? AND n = ?",
        [slug, n],
    )
    connection.execute("DELETE FROM story WHERE slug = ? AND n = ?", [slug, n])
    connection.execute("UPDATE article SET listed = 1, dirty = 1 WHERE n = ?", [n])


def _touch(connection: sqlite3.Connection, leaders: Collection[int]) -> set[str]:
    """Have what shows *leaders* written again; return the channels that they stand in."""
    if not leaders:
        return set()
    packed = json.dumps(list(leaders))
    leading = "n IN (SELECT value FROM json_each(?))"
    connection.execute(f"UPDATE article SET dirty = 1 WHERE {leading}", [packed])
    rows = connection.execute(f"SELECT DISTINCT slug FROM placement WHERE {leading}", [packed])
    return {row[0] for row in rows.fetchall()}
