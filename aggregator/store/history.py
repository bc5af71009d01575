"""One article's whole history: what `explain` shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from aggregator.model import Article, Gone, Provenance, Removal
from aggregator.record import record
from aggregator.store.audit import Act, acts
from aggregator.store.connection import failing_as
from aggregator.store.notes import Revision, provenance_of, revisions_of
from aggregator.store.reader import Reader
from aggregator.store.rows import article_of, read_time, removal_of

_OWNER = "article:"  # of a published document, before the article's id


class Standing(StrEnum):
    """What has become of an article."""

    PUBLISHED = "published"
    TOLD = "told"  # the same story stands there through an article of another source
    HELD = "held"  # it looks like an old one under a new id
    UNLISTED = "unlisted"  # older than the newest ones when its source was met, or dropped
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"
    TAKEN_DOWN = "taken-down"
    LEFT = "left"  # by age; its identity stays


@record(frozen=True, slots=True)
class History:
    """What is known of one article.

    `article` is None where it has left, `provenance` where it was made before that was kept.
    `revisions` are oldest first, `channels` the slugs of where it is listed, `documents` the paths
    of those that show it alone. `link` is the original's, also when the article has left. `leaders`
    are (slug, article id) through which its story is told, `followers` (source, article id) whose
    story is told through it. `acts` are what was done to it, the oldest first; `corrections` are
    (when it was seen, public id) of each significant edit. `leaving`: its source has taken it back,
    and it is shown until the operator says what that was.
    """

    id: str
    source: str
    guid: str
    public_id: str
    link: str
    published: datetime
    first_seen_at: datetime
    standing: Standing
    article: Article | None
    provenance: Provenance | None
    aliases: int
    revisions: tuple[Revision, ...]
    channels: tuple[str, ...]
    leaders: tuple[tuple[str, str], ...]
    followers: tuple[tuple[str, str], ...]
    documents: tuple[str, ...]
    removal: Removal | None
    acts: tuple[Act, ...]
    corrections: tuple[tuple[datetime, str], ...]
    leaving: bool


class Historian(Reader):
    """Answers where an article comes from and where it went."""

    def find(self, names: Sequence[str]) -> list[History]:
        """Return the histories of the articles that any of *names* stands for, oldest first.

        A name is an article's id, its public id, its guid, its link, its share link, or the path of
        a published document of its own.
        """
        packed = json.dumps(list(names))
        among = "IN (SELECT value FROM json_each(:names))"
        rows = self._all(
            f"SELECT n FROM identity WHERE id {among} OR public_id {among} OR guid {among}"
            f" OR known_link {among}"
            f" UNION SELECT n FROM article WHERE share_link {among} OR link {among}"
            " UNION SELECT n FROM identity WHERE id IN"
            f" (SELECT substr(owner, :begin) FROM document"
            f" WHERE path {among} AND owner LIKE :owners)"
            " ORDER BY n",
            {"names": packed, "begin": len(_OWNER) + 1, "owners": f"{_OWNER}%"},
        )
        with failing_as("read the store"):
            return [self._history(row["n"]) for row in rows]

    def acts(self, articles: Sequence[str] = (), limit: int = -1) -> list[Act]:
        """Return what was done (to *articles*, by id; or to any), the newest first."""
        with failing_as("read the store"):
            return acts(self._connection, articles, limit)

    def removal_counts(self) -> dict[Gone, int]:
        """Return how many articles are removed in which way; none of what does not occur."""
        rows = self._all("SELECT kind, count(*) FROM removal GROUP BY kind ORDER BY kind")
        return {Gone(row[0]): row[1] for row in rows}

    def leaving_counts(self) -> dict[str, int]:
        """Return how many articles each source took back that are still shown."""
        rows = self._all("SELECT source, count(*) FROM article WHERE leaving GROUP BY source")
        return {row[0]: row[1] for row in rows}

    def _history(self, n: int) -> History:
        (identity,) = self._all("SELECT * FROM identity WHERE n = ?", [n])
        rows = self._all(
            "SELECT article.*, guid, id, public_id, fingerprint, first_seen_at"
            " FROM article JOIN identity USING (n) WHERE n = ? AND NOT retired",
            [n],
        )
        removals = self._all("SELECT * FROM removal WHERE n = ?", [n])
        removal = removal_of(removals[0]) if removals else None
        aliases = "SELECT count(*) FROM alias WHERE source = ? AND n = ?"
        channels = self._all("SELECT slug FROM placement WHERE n = ? ORDER BY slug", [n])
        leaders = self._pairs(
            "SELECT story.slug, id FROM story JOIN identity ON identity.n = leader"
            " WHERE story.n = ? ORDER BY story.slug",
            n,
        )
        return History(
            id=identity["id"],
            source=identity["source"],
            guid=identity["guid"],
            public_id=identity["public_id"],
            link=identity["known_link"],
            published=read_time(identity["known_date"]),
            first_seen_at=read_time(identity["first_seen_at"]),
            standing=_standing(rows[0] if rows else None, removal, told=bool(leaders)),
            article=article_of(rows[0]) if rows else None,
            provenance=provenance_of(self._connection, n),
            aliases=self._one(aliases, [identity["source"], n]),
            revisions=tuple(revisions_of(self._connection, n)),
            channels=tuple(row["slug"] for row in channels),
            leaders=leaders,
            followers=self._pairs(
                "SELECT DISTINCT source, id FROM story JOIN identity USING (n)"
                " WHERE leader = ? ORDER BY source, id",
                n,
            ),
            documents=tuple(record.path for record in self.records([f"{_OWNER}{identity['id']}"])),
            removal=removal,
            leaving=bool(rows and rows[0]["leaving"]),
            corrections=tuple(
                (read_time(seen_at), public_id)
                for seen_at, public_id in self._pairs(
                    "SELECT seen_at, public_id FROM correction WHERE n = ? ORDER BY number", n
                )
            ),
            acts=tuple(reversed(self.acts([identity["id"]]))),
        )

    def _pairs(self, sql: str, n: int) -> tuple[tuple[str, str], ...]:
        return tuple((one, other) for one, other in self._all(sql, [n]))


def _standing(row: Any | None, removal: Removal | None, *, told: bool) -> Standing:
    if removal is not None:
        return Standing(removal.kind)
    if row is None:
        return Standing.LEFT
    if row["listed"]:
        return Standing.PUBLISHED
    if told:
        return Standing.TOLD
    return Standing.HELD if row["held"] else Standing.UNLISTED
