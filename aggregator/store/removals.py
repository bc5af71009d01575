"""Taking articles back that are out: hidden, withdrawn by their source, or taken down for good.

    hide, withdraw ─► out of every channel; its text stays, so that it can be shown again
    take down      ─► the same, and its text is wiped from the store and never taken in again

Either way its identity stays, and each channel that had it as an entry keeps a tombstone. All of it
is called inside a transaction of the store's writing connection.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime

from aggregator.errors import RemovalError
from aggregator.model import Article, Gone, Removal
from aggregator.record import record
from aggregator.store import audit, barring
from aggregator.store.placing import Placing
from aggregator.store.rows import Values, article_of, removal_of, removal_values, write_time
from aggregator.store.statements import put, soil
from aggregator.store.stories import Meetings

_TEXTS = (
    *("title", "link", "share_link", "summary", "content"),
    *("authors", "tags", "terms", "enclosures", "image"),
)
ITS_SOURCE = "its source"  # who did it, in the log
_NOTES = ("fragment", "revision", "correction", "provenance", "signature")


@record(frozen=True, slots=True)
class Deed:
    """What the operator does to an article: who does it, when (aware UTC), and why.

    `who` is a user of this machine. `told` says whether readers are to know the reason. `feeds` are
    the slugs of the operator's own feeds that have the article as an entry.
    """

    who: str
    at: datetime
    reason: str = ""
    told: bool = False
    feeds: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class _Found:
    """An article by its id; `article` is None where it has left the store by age."""

    n: int
    identity: sqlite3.Row
    article: Article | None
    removal: Removal | None
    was_out: bool


class Removals:
    """Hides articles and shows them again, on one connection."""

    def __init__(
        self, connection: sqlite3.Connection, placing: Placing, meetings: Meetings
    ) -> None:
        self._connection = connection
        self._placing = placing
        self._meetings = meetings

    def hide(self, id_: str, deed: Deed) -> bool:
        """Hide the article *id_* and return True; return False where it is hidden for that reason.

        Raises RemovalError where there is no such article, or it was taken down.
        """
        found = self._find(id_)
        if found.article is None:
            raise RemovalError(f"article {id_} has left the store by age: nothing shows it")
        since = found.removal.at if found.removal else deed.at
        removal = Removal(Gone.HIDDEN, since, deed.reason, deed.told)
        if removal == found.removal:
            return False
        _refuse_if_taken_down(found)
        self._remove(found, removal, deed)
        self._note("hide", found, deed)
        return True

    def take_down(self, id_: str, deed: Deed) -> bool:
        """Wipe the article *id_* and return True; return False where that has been done.

        `Store.leave_no_trace` is to follow, when that is committed.
        Raises RemovalError where there is no such article.
        """
        found = self._find(id_)
        if found.removal is not None and found.removal.kind is Gone.TAKEN_DOWN:
            return False
        self._remove(found, Removal(Gone.TAKEN_DOWN, deed.at, deed.reason, deed.told), deed)
        self._bar(found)
        self._wipe(found.n, deed.at)
        self._note("takedown", found, deed)
        return True

    def show(self, id_: str, deed: Deed) -> bool:
        """Show the article *id_* again and return True; return False where it is not hidden.

        It is an entry again, or told through the one that tells its story now; one that its source
        has withdrawn stays whatever that says. Raises RemovalError where there is no such article,
        or it was taken down.
        """
        found = self._find(id_)
        if found.removal is None:
            return False
        _refuse_if_taken_down(found)
        self._return(found)
        if found.removal.kind is Gone.WITHDRAWN:  # else it would go with the next document
            self._connection.execute("UPDATE article SET kept = 1 WHERE n = ?", [found.n])
        self._note("show", found, deed)
        return True

    def withdraw(self, id_: str, now: datetime) -> None:
        """Hide the article *id_*, which is out and which its source has no more."""
        found = self._find(id_)
        deed = Deed(ITS_SOURCE, now, "withdrawn by its source")
        self._remove(found, Removal(Gone.WITHDRAWN, now, deed.reason), deed)
        self._note("withdraw", found, deed)

    def bring_back(self, id_: str, now: datetime) -> None:
        """Show the article *id_* again, which its source had withdrawn and has again."""
        found = self._find(id_)
        self._return(found)
        self._note("bring back", found, Deed(ITS_SOURCE, now))

    # ── steps ────────────────────────────────────────────────────────────────────────────────────

    def _find(self, id_: str) -> _Found:
        identity = self._one("SELECT * FROM identity WHERE id = ?", id_)
        if identity is None:
            raise RemovalError(
                f"there is no article {id_!r}; look for it with `aggregator search`", code="E421"
            )
        n = identity["n"]
        article = self._one(
            "SELECT article.*, guid, id, public_id, fingerprint, first_seen_at"
            " FROM article JOIN identity USING (n) WHERE n = ? AND NOT retired",
            n,
        )
        removal = self._one("SELECT * FROM removal WHERE n = ?", n)
        return _Found(
            n,
            identity,
            article_of(article) if article else None,
            removal_of(removal) if removal else None,
            was_out=bool(removal["was_out"]) if removal else self._stands(n),
        )

    def _stands(self, n: int) -> bool:
        """Say whether article *n* is in any channel, itself or told through another one."""
        where = "SELECT 1 FROM placement WHERE n = :n UNION SELECT 1 FROM story WHERE n = :n"
        return self._connection.execute(where, {"n": n}).fetchone() is not None

    def _one(self, sql: str, value: str | int) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self._connection.execute(sql, [value]).fetchone()
        return row

    def _remove(self, found: _Found, removal: Removal, deed: Deed) -> None:
        values: Values = {"n": found.n, **removal_values(removal), "was_out": int(found.was_out)}
        put(self._connection, "removal", [values], "n")
        slugs = (*self._placing.take_out(found.n), *deed.feeds)
        self._connection.executemany(
            "INSERT OR IGNORE INTO tombstone (slug, n) VALUES (?, ?)",
            [(slug, found.n) for slug in slugs],
        )
        soil(self._connection, self._tombstones(found.n))
        self._connection.execute("UPDATE article SET held = 0, leaving = 0 WHERE n = ?", [found.n])

    def _return(self, found: _Found) -> None:
        self._connection.execute("DELETE FROM removal WHERE n = ?", [found.n])
        self._connection.execute("UPDATE article SET dirty = 1 WHERE n = ?", [found.n])
        if found.article is not None and found.was_out:
            meeting = self._meetings.of([found.article])
            self._placing.bring_out(found.n, found.article, meeting)

    def _tombstones(self, n: int) -> list[str]:
        rows = self._connection.execute("SELECT slug FROM tombstone WHERE n = ?", [n])
        return [row[0] for row in rows]

    def _bar(self, found: _Found) -> None:
        """Have nothing taken in again that is this article, whatever its source is called then.

        An address that other articles of its source have too (a live page) does not name it.
        """
        source, article = found.identity["source"], found.article
        links = {found.identity["known_link"]}
        links |= {article.link, article.share_link} if article else set()
        others = (
            "SELECT 1 FROM identity LEFT JOIN article USING (n) WHERE identity.source = :source"
            " AND n != :n AND (known_link = :link OR share_link = :link)"
        )
        own = {
            link
            for link in links
            if not self._connection.execute(
                others, {"source": source, "n": found.n, "link": link}
            ).fetchone()
        }
        found_keys = barring.name_keys({found.identity["guid"], found.identity["public_id"], *own})
        if article is not None:
            found_keys |= barring.text_keys(article)
        barring.bar(self._connection, found.n, found_keys)

    def _wipe(self, n: int, now: datetime) -> None:
        """Delete everything that the article said, and everything it was found by."""
        blanks = ", ".join(f"{name} = ''" for name in _TEXTS)
        self._connection.execute(
            f"UPDATE article SET {blanks}, updated = max(updated, ?), unindexed = 0 WHERE n = ?",
            [write_time(now), n],
        )
        for table in _NOTES:
            self._connection.execute(f"DELETE FROM {table} WHERE n = ?", [n])
        self._connection.execute("DELETE FROM search WHERE rowid = ?", [n])
        # Each channel's section of the home page is made again with the channel.
        shelves = "UPDATE channel SET shelf = '' WHERE slug IN (SELECT slug FROM tombstone"
        self._connection.execute(f"{shelves} WHERE n = ?)", [n])

    def _note(self, action: str, found: _Found, deed: Deed) -> None:
        identity = found.identity
        audit.note(
            self._connection,
            audit.Act(
                at=deed.at,
                who=deed.who,
                action=action,
                article=identity["id"],
                public_id=identity["public_id"],
                source=identity["source"],
                reason=deed.reason,
            ),
        )


def _refuse_if_taken_down(found: _Found) -> None:
    if found.removal is not None and found.removal.kind is Gone.TAKEN_DOWN:
        raise RemovalError(
            f"article {found.identity['id']} was taken down: its text is gone for good"
        )
