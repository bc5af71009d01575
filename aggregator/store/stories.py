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
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from aggregator.model import Article, Candidates, Signature
from aggregator.record import record
from aggregator.store.reader import EVERYTHING
from aggregator.store.rows import write_time
from aggregator.store.told import Row, Told

_COMPARED = 20_000  # the newest articles of a channel that those of one refresh are compared with
_REMEMBERED = 5_000  # articles of all channels together; more where one alone has more


@record(frozen=True, slots=True)
class Merging:
    """How two articles are found to tell one story, and in which channels that is one entry."""

    signatures: Callable[[Iterable[Article]], Mapping[str, Signature]]  # of one source, by guid
    tokens: Callable[[str], Iterable[str]]  # what is looked up of a signature's title
    same: Callable[
        [Article, Signature, Candidates, Callable[[int], tuple[str, str]]], Iterator[int]
    ]
    window: timedelta  # how far apart they are published at most
    merges: Callable[[str], bool]  # slug → whether a story is one entry there


APART = Merging(
    signatures=lambda articles: {},
    tokens=lambda title: (),
    same=lambda *given: iter(()),
    window=timedelta(),
    merges=lambda slug: False,
)
"""Every article is an entry of its own."""


class Meetings:
    """Where the articles of each source meet what others have told, on one connection."""

    def __init__(self, connection: sqlite3.Connection, merging: Merging) -> None:
        self.connection = connection
        self.merging = merging
        self._channels: OrderedDict[str, Told] = OrderedDict()  # the one asked for last is last
        self._size = 0  # articles in all of them

    def forget(self) -> None:
        """Drop what was remembered in memory, after a transaction was rolled back."""
        self._channels.clear()
        self._size = 0

    def of(self, articles: Sequence[Article]) -> Meeting:
        """Return the meeting of the new *articles* of one source: one for each refresh."""
        return Meeting(self, articles)

    def channel(self, slug: str, since: str) -> Told:
        """Return what is told at *slug*, as far back as *since*."""
        told = self._channels.pop(slug, None)
        if told is None or told.since > since or told.is_outgrown:
            self._size -= len(told or ())
            told = self._read(slug, since)
            self._size += len(told)
        self._channels[slug] = told
        self._make_room()
        return told

    def tell(self, slug: str, row: Row) -> None:
        """Remember that an article is told at *slug*, if what is told there is in memory."""
        if slug in self._channels:
            self._channels[slug].add(row)
            self._size += 1

    def _make_room(self) -> None:
        """Let go of what has not been asked for of late."""
        while self._size > _REMEMBERED and len(self._channels) > 1:
            _, told = self._channels.popitem(last=False)
            self._size -= len(told)

    def _read(self, slug: str, since: str) -> Told:
        rows = self.connection.execute(
            "SELECT n, published, source, link, title FROM ("
            " SELECT n, published FROM placement WHERE slug = :slug AND published >= :since"
            " UNION ALL"
            " SELECT n, published FROM story WHERE slug = :slug AND published >= :since"
            ") JOIN signature USING (n) ORDER BY published DESC, n DESC LIMIT :most",
            {"slug": slug, "since": since, "most": _COMPARED},
        ).fetchall()
        return Told(since, self.merging.tokens, (Row(*row) for row in reversed(rows)))


class Meeting:
    """The new articles of one source meet what others have told: made for one refresh.

    Articles of one source never share an entry, whoever leads it.
    """

    def __init__(self, meetings: Meetings, articles: Sequence[Article]) -> None:
        self._meetings = meetings
        self._connection = meetings.connection
        self._merging = meetings.merging
        self._signatures = self._merging.signatures(articles)
        first = min((article.published for article in articles), default=None)
        self._since = write_time(first - self._merging.window) if first else ""

    def remember(self, numbered: Iterable[tuple[int, Article]]) -> None:
        """Keep by what the articles of these numbers are found when others tell their stories."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO signature (n, source, link, title) VALUES (?, ?, ?, ?)",
            [
                (n, article.source, own.link, own.title)
                for n, article in numbered
                if (own := self._signatures.get(article.guid))
            ],
        )

    def tells(self, n: int, article: Article, published: str, slugs: Iterable[str]) -> None:
        """Have others meet article *n* at *slugs* from now on."""
        if own := self._signatures.get(article.guid):
            for slug in slugs:
                self._meetings.tell(slug, Row(n, published, article.source, own.link, own.title))

    def leaders(self, article: Article, slugs: Iterable[str]) -> dict[str, int]:
        """Return slug → number of the article through which the new *article* is told there."""
        if article.guid not in self._signatures:
            return {}
        found: dict[str, int] = {}
        for slug in slugs:
            if slug != EVERYTHING and self._merging.merges(slug):
                same = self._same(article, slug)
                entries = (self._entry(slug, [n], article.source) for n in same)
                if leader := next(filter(None, entries), None):
                    found[slug] = leader
        if found and self._merging.merges(EVERYTHING):
            leader = self._entry(EVERYTHING, found.values(), article.source)
            found |= {EVERYTHING: leader} if leader else {}
        return found

    def _same(self, article: Article, slug: str) -> Iterator[int]:
        """Yield the articles at *slug* that tell the story of *article*, the surest first."""
        own = self._signatures[article.guid]
        window = self._merging.window
        since, until = (write_time(article.published + step) for step in (-window, window))
        row = Row(0, "", article.source, own.link, own.title)
        near = self._meetings.channel(slug, self._since).near(row, since, until)
        return self._merging.same(article, own, near, self._read)

    def _read(self, n: int) -> tuple[str, str]:
        text = "SELECT title, content, summary FROM article WHERE n = ?"
        row = self._connection.execute(text, [n]).fetchone()  # None: it has left the store
        return (row["title"], row["content"] or row["summary"]) if row else ("", "")

    def _entry(self, slug: str, numbers: Collection[int], source: str) -> int | None:
        """Return which entry at *slug* tells what the articles *numbers* tell.

        None where *source* is in that story already: it has told it otherwise.
        """
        row = self._connection.execute(
            "SELECT entry FROM (SELECT n AS entry FROM placement WHERE slug = :slug AND n IN"
            " (SELECT value FROM json_each(:numbers)) UNION SELECT leader FROM story"
            " WHERE slug = :slug AND n IN (SELECT value FROM json_each(:numbers)))"
            " WHERE NOT EXISTS (SELECT 1 FROM signature WHERE source = :source AND n IN"
            " (SELECT n FROM story WHERE slug = :slug AND leader = entry UNION SELECT entry))"
            " ORDER BY entry",
            {"slug": slug, "numbers": json.dumps(list(numbers)), "source": source},
        ).fetchone()
        return row[0] if row else None


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
