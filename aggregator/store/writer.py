"""Writing: what a refresh brought, and what a publication did. One `Store` per process."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from aggregator.model import Article, SourceState
from aggregator.store import upkeep
from aggregator.store.connection import failing_as, open_writer, transaction
from aggregator.store.ledger import Identity, Ledger, Naming
from aggregator.store.reader import EVERYTHING, Reader, Record
from aggregator.store.rows import Values, article_values, state_values, write_time
from aggregator.store.schema import migrations


@dataclass(frozen=True, slots=True)
class Intake:
    """What one refresh of one source brought, to be committed as a whole.

    `articles` are those whose entry is new or has another fingerprint. `first` bounds how many of
    them are published when the source is met for the first time (None: all).
    """

    state: SourceState
    articles: tuple[Article, ...] = ()
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many articles of an intake were new, changed, or the same after all."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class ChannelState:
    """What is remembered of a published channel.

    `expires_at` is when its oldest entry leaves the window (None: never), `newest` when its newest
    one was published, `shelf` its section of the home page.
    """

    expires_at: datetime | None = None
    newest: datetime | None = None
    shelf: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """What one publication did: documents written and removed, and what is clean now.

    A channel whose state is None is no more.
    """

    records: Sequence[Record] = ()
    removed: Sequence[str] = ()
    article_ids: Sequence[str] = ()
    channels: Mapping[str, ChannelState | None] = field(default_factory=dict)


class Store(Reader):
    """The one writing connection. Opening brings the tables up to date.

    Every writing method belongs inside `with store.transaction():`, so that what belongs together
    is committed together; several refreshes may share one commit.
    """

    def __init__(self, path: Path, naming: Naming) -> None:
        super().__init__(path)
        self._writer = open_writer(path)
        with failing_as("bring the store up to date"):
            migrations.apply(self._writer)
        self._ledger = Ledger(self._writer.conn, naming)

    @property
    def _db(self) -> Database:
        return self._writer

    def close(self) -> None:
        """Checkpoint and close."""
        self._writer.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything the block does at once, or nothing of it."""
        try:
            with transaction(self._writer):
                yield
        except BaseException:
            self._ledger.forget_unsaved()
            raise

    # ── taking in ────────────────────────────────────────────────────────────────────────────────

    def take_in(self, intake: Intake) -> Counts:
        """Store what a refresh brought, and the source's new state.

        An article that is known keeps its ids, its date and its place in time. One that is not, but
        has an alias that is, takes over that one's identity.
        """
        source = intake.state.id
        first_contact = not self._one("SELECT 1 FROM source WHERE id = ?", [source])
        self._put("source", state_values(intake.state), "id")
        known = self._ledger.find(source, [article.guid for article in intake.articles])
        present = {article.guid for article in intake.articles}
        listed = _listed(intake, first_contact)
        new = changed = 0
        for article in intake.articles:
            identity = known.get(article.guid) or self._ledger.find_by_alias(article, present)
            if identity is None:
                self._insert(article, article.guid in listed)
                new += 1
            elif self._update(identity, article):
                changed += 1
        return Counts(new, changed, len(intake.articles) - new - changed)

    def _insert(self, article: Article, listed: bool) -> None:
        n, article = self._ledger.enter(article)
        own: Values = {"n": n, "source": article.source, "published": write_time(article.published)}
        self._put("article", {**own, "listed": int(listed), **article_values(article)}, "n")
        if listed:
            self._place(n, article, write_time(article.published))

    def _update(self, identity: Identity, article: Article) -> bool:
        """Bring a known article up to date; return whether anything that is shown has changed."""
        self._ledger.renew(identity, article)
        rows = self._all("SELECT * FROM article WHERE n = ?", [identity.n])
        if not rows:  # it has left the store by age, and must not come back as new
            return False
        old, values = rows[0], article_values(article)
        values["updated"] = max(old["updated"], str(values["updated"]))
        if all(old[name] == value for name, value in values.items()):
            return False
        self._put("article", {"n": identity.n, **values, "dirty": 1, "unindexed": 1}, "n")
        if old["listed"]:
            gone = self._all("DELETE FROM placement WHERE n = ? RETURNING slug", [identity.n])
            self.soil(row[0] for row in gone)
            self._place(identity.n, replace(article, id=identity.id), old["published"])
        return True

    def _place(self, n: int, article: Article, published: str) -> None:
        slugs = [EVERYTHING, *(self._ledger.category(label).slug for label in article.categories)]
        self._writer.conn.executemany(
            "INSERT OR IGNORE INTO placement (slug, published, id, n) VALUES (?, ?, ?, ?)",
            [(slug, published, article.id, n) for slug in slugs],
        )
        self.soil(slugs)

    def _put(self, table: str, values: Values, key: str) -> None:
        """Insert a row, or change these columns of the one that has the same *key*."""
        sets = ", ".join(f"{name} = :{name}" for name in values if name != key)
        found = self._writer.conn.execute(f"UPDATE {table} SET {sets} WHERE {key} = :{key}", values)
        if not found.rowcount:
            names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
            self._writer.conn.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)

    # ── publishing ───────────────────────────────────────────────────────────────────────────────

    def reserve(self, feed_ids: Iterable[str]) -> None:
        """Keep the addresses of the operator's own feeds free of categories."""
        self._ledger.reserve(feed_ids)

    def soil(self, slugs: Iterable[str]) -> None:
        """Have the documents of these channels written again."""
        self._writer.conn.executemany(
            "INSERT INTO channel (slug) VALUES (?) ON CONFLICT DO UPDATE SET dirty = 1",
            [(slug,) for slug in slugs],
        )

    def published(self, publication: Publication) -> None:
        """Remember what a publication wrote, and that its articles and channels are clean.

        To be called when the files are safe on the disk: after a crash in between, the same bytes
        are written once more.
        """
        connection = self._writer.conn
        connection.executemany(
            "DELETE FROM document WHERE path = ?", [(path,) for path in publication.removed]
        )
        connection.executemany(
            "INSERT OR REPLACE INTO document (path, owner, sha256, changed_at) VALUES (?, ?, ?, ?)",
            [
                (record.path, record.owner, record.sha256, write_time(record.changed_at))
                for record in publication.records
            ],
        )
        connection.executemany(
            "UPDATE article SET dirty = 0 WHERE n = (SELECT n FROM identity WHERE id = ?)",
            [(id_,) for id_ in publication.article_ids],
        )
        for slug, state in publication.channels.items():
            if state is None:
                connection.execute("DELETE FROM channel WHERE slug = ?", [slug])
            else:
                self._put("channel", channel_values(slug, state), "slug")

    def set_meta(self, key: str, value: str) -> None:
        """Remember a value of the program's own."""
        self._put("meta", {"key": key, "value": value}, "key")

    # ── upkeep ───────────────────────────────────────────────────────────────────────────────────

    def index_text(self, plain: Callable[[str], str]) -> None:
        """Bring the search index up to date, in transactions of its own.

        *plain* makes text of HTML.
        """
        while self._one("SELECT 1 FROM article WHERE unindexed LIMIT 1"):
            with self.transaction():
                upkeep.index_some(self._writer.conn, plain)

    def retire(self, before: datetime, newest: int) -> None:
        """Take articles first seen before *before* out; forget those taken out before.

        The *newest* of each category stay. What is taken out loses its documents at the next
        publication and is then forgotten, but for its identity: it never comes back as new.
        """
        upkeep.forget_retired(self._writer.conn)
        self.soil(upkeep.retire(self._writer.conn, before, newest))


def channel_values(slug: str, state: ChannelState) -> Values:
    """Return the row of a channel that is clean."""
    return {
        "slug": slug,
        "dirty": 0,
        "expires_at": write_time(state.expires_at) if state.expires_at else None,
        "newest": write_time(state.newest) if state.newest else "",
        "shelf": state.shelf,
    }


def _listed(intake: Intake, first_contact: bool) -> set[str]:
    """Return the guids to publish: all, but of a source met for the first time only the newest."""
    if not first_contact or intake.first is None:
        return {article.guid for article in intake.articles}
    newest = sorted(intake.articles, key=lambda article: article.published, reverse=True)
    return {article.guid for article in newest[: intake.first]}
