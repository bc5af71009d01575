"""Writing: what a refresh brought, and what a publication did. One `Store` per process."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from datetime import date, datetime
from math import inf
from pathlib import Path

from aggregator.model import Archive, Category, HostRules, Pause, SourceState, Tally
from aggregator.record import record
from aggregator.store import editions, fragments, hosts, stories, tallies, upkeep
from aggregator.store.connection import failing_as, open_writer, transaction
from aggregator.store.fragments import Key
from aggregator.store.identities import Identities
from aggregator.store.intake import Counts, Intake, TakingIn
from aggregator.store.ledger import Ledger, Naming
from aggregator.store.placing import Placing
from aggregator.store.push import PushBook
from aggregator.store.reader import Reader, Record
from aggregator.store.removals import Removals
from aggregator.store.rows import Values, state_values, write_time
from aggregator.store.statements import put, soil
from aggregator.store.stories import APART, Meetings, Merging
from aggregator.store.version import bring_up_to_date
from aggregator.store.watchbook import WatchBook
from aggregator.store.withdrawals import Settled, Withdrawals

_DOCUMENT = """
  INSERT INTO document (path, owner, sha256, changed_at) VALUES (?, ?, ?, ?)
  ON CONFLICT (path) DO UPDATE SET owner = excluded.owner, sha256 = excluded.sha256, changed_at =
    max(excluded.changed_at, strftime('%Y-%m-%dT%H:%M:%SZ', changed_at, '+1 second'))
"""


@record(frozen=True, slots=True)
class ChannelState:
    """What is remembered of a published channel.

    `expires_at` is when its oldest entry leaves the window (None: never), `newest` when its newest
    one was published, `shelf` its section of the home page, `archive` what is archived of it.
    """

    expires_at: datetime | None = None
    newest: datetime | None = None
    shelf: str = ""
    archive: Archive = field(default_factory=Archive)


@record(frozen=True, slots=True)
class Publication:
    """What one publication did: documents written and removed, and what is clean now.

    A channel whose state is None is no more. `entries` are the marks of what a feed among the
    documents holds, by its path; `fragments` are what is to be kept of articles.
    """

    records: Sequence[Record] = ()
    removed: Sequence[str] = ()
    article_ids: Sequence[str] = ()
    channels: Mapping[str, ChannelState | None] = field(default_factory=dict)
    entries: Mapping[str, Sequence[bytes]] = field(default_factory=dict)
    fragments: Mapping[Key, bytes] = field(default_factory=dict)


class Store(Reader):
    """The one writing connection. Opening brings the tables up to date.

    Every writing method belongs inside `with store.transaction():`, so that what belongs together
    is committed together; several refreshes may share one commit.
    """

    def __init__(self, path: Path, naming: Naming, merging: Merging = APART) -> None:
        super().__init__(path)
        self._writer = open_writer(path)
        self._opened.append(self._writer)
        with failing_as("bring the store up to date"):
            bring_up_to_date(self._writer)
        self._ledger = Ledger(self._writer, naming)
        self._categories: tuple[int, dict[str, Category]] | None = None
        identities = Identities(self._writer, naming)
        placing = Placing(self._writer, self._ledger)
        self._meetings = Meetings(self._writer, merging)
        self._taking_in = TakingIn(self._writer, identities, placing, self._meetings)
        self.removals = Removals(self._writer, placing, self._meetings)
        self._withdrawals = Withdrawals(self._writer, self.removals)
        self.push = PushBook(self._writer)
        self.watch = WatchBook(self._writer)

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._writer

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything the block does at once, or nothing of it."""
        try:
            with transaction(self._writer):
                yield
        except BaseException:
            self._ledger.forget_unsaved()
            self._meetings.forget()
            raise

    # ── taking in ────────────────────────────────────────────────────────────────────────────────

    def take_in(self, intake: Intake, stored: Callable[[int], None] = lambda done: None) -> Counts:
        """Store what a refresh brought, and the source's new state; *stored* hears how far."""
        self._ledger.expect(intake.names)
        counts = self._taking_in.take_in(intake, stored)
        source, now = intake.state.id, intake.state.last_ok_at
        if now is None:
            return counts
        guids = intake.unchanged.union(article.guid for article in intake.articles)
        back = self._withdrawals.bring_back(source, guids, now)
        settled = Settled()
        if intake.listing is not None:
            settled = self._withdrawals.settle(source, intake.listing, now)
        return replace(
            counts,
            changed=counts.changed + back,
            withdrawn=settled.withdrawn,
            leaving=settled.leaving,
        )

    def release(self, source: str, *, drop: bool = False) -> int:
        """Publish the articles of *source* that are held, or with *drop* never; return how many."""
        return self._taking_in.release(source, drop=drop)

    def let_go(self, source: str, now: datetime, *, drop: bool = False) -> int:
        """Hide the articles that *source* took back all at once, or with *drop* never.

        Return how many there were.
        """
        return self._withdrawals.release(source, now, drop=drop)

    def part_stories(self) -> None:
        """Make entries of the articles that are told through others where that is wanted no more.

        The other way round nothing changes: what is out stays out, and new articles join.
        """
        self.soil(stories.part(self._writer, self._meetings.merging.merges))

    def remember(self, states: Iterable[SourceState]) -> None:
        """Remember how different sources are that brought nothing, or were taken in before."""
        put(self._writer, "source", list(map(state_values, states)), "id")

    def count(self, source: str, day: date, tally: Tally) -> None:
        """Add to what is counted of *source* on *day*, one of the site's zone."""
        tallies.add(self._writer, source, day, tally)

    def note_pauses(self, pauses: Iterable[Pause], now: datetime) -> None:
        """Remember which hosts want to be left alone, and forget those whose pause is over."""
        hosts.note_pauses(self._writer, pauses, now)

    def note_host_rules(self, rules: Iterable[HostRules], now: datetime) -> None:
        """Remember what robots.txt files have said, and forget what is good no longer."""
        hosts.note_rules(self._writer, rules, now)

    # ── publishing ───────────────────────────────────────────────────────────────────────────────

    def categories(self) -> dict[str, Category]:
        """Return what `Reader.categories` does; it is the same object until a label is new."""
        if self._categories is None or self._categories[0] != self._ledger.changes:
            self._categories = (self._ledger.changes, super().categories())
        return self._categories[1]

    def reserve(self, feed_ids: Iterable[str]) -> None:
        """Keep the addresses of the operator's own feeds free of categories to come."""
        self._ledger.reserve(feed_ids)

    def soil(self, slugs: Iterable[str]) -> None:
        """Have the documents of these channels written again."""
        soil(self._writer, slugs)

    def published(self, publication: Publication) -> None:
        """Remember what a publication wrote, and that its articles and channels are clean.

        To be called when the files are safe on the disk: after a crash in between, the same bytes
        are written once more. A document that changed is always later than it was, even where the
        clock is not: some clients compare nothing but that.
        """
        connection = self._writer
        connection.executemany(
            "DELETE FROM document WHERE path = ?", [(path,) for path in publication.removed]
        )
        connection.executemany(
            _DOCUMENT,
            [
                (one.path, one.owner, one.sha256, write_time(one.changed_at))
                for one in publication.records
            ],
        )
        editions.forget(connection, publication.removed)
        for one in publication.records:
            if one.path in publication.entries:
                marks = publication.entries[one.path]
                editions.note(connection, one.path, one.sha256, marks)
        connection.executemany(
            "UPDATE article SET dirty = 0 WHERE n = (SELECT n FROM identity WHERE id = ?)",
            [(id_,) for id_ in publication.article_ids],
        )
        fragments.keep(connection, publication.fragments)
        for slug, state in publication.channels.items():
            _keep_archive(connection, slug, state.archive if state else Archive())
            if state is None:
                connection.execute("DELETE FROM channel WHERE slug = ?", [slug])
            else:
                put(connection, "channel", [channel_values(slug, state)], "slug")

    def forget_fragments(self) -> None:
        """Forget what articles look like in feeds: they are to be rendered otherwise."""
        fragments.forget(self._writer)

    def set_meta(self, key: str, value: str) -> None:
        """Remember a value of the program's own."""
        put(self._writer, "meta", [{"key": key, "value": value}], "key")

    # ── upkeep ───────────────────────────────────────────────────────────────────────────────────

    def index_text(self, plain: Callable[[str], str], most: float = inf) -> None:
        """Bring the search index up to date, in transactions of its own.

        *plain* makes text of HTML. So many articles at *most* are put into it, rounded up to a
        transaction's.
        """
        done = 0
        while done < most and not self.is_indexed():
            with self.transaction():
                done += upkeep.index_some(self._writer, plain)

    def leave_no_trace(self) -> None:
        """Overwrite what was wiped wherever the files still have it; outside of a transaction.

        The search index keeps what was deleted until its parts are made one: 3 s with 17,000
        articles. The log is brought into the file and cut off, where nobody reads an older state.
        """
        with self.transaction():
            upkeep.join_index(self._writer)
        with failing_as("bring the log into the store"):
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def heal_clock(self, now: datetime) -> None:
        """Where sources were asked in what is now the future, have them wait as long from *now*.

        A transaction of its own, and none where all is well. To be called before it is asked who is
        due: the clock was ahead, and has been set back since.
        """
        ahead = write_time(now + upkeep.STEP)
        if self._one("SELECT 1 FROM source WHERE last_attempt_at > ? LIMIT 1", [ahead]):
            with self.transaction():
                upkeep.heal_clock(self._writer, now)

    def retire(self, before: datetime, newest: int) -> None:
        """Take articles first seen before *before* out; forget those taken out before.

        The *newest* of each category stay. What is taken out loses its documents at the next
        publication and is then forgotten, but for its identity: it never comes back as new.
        """
        upkeep.forget_retired(self._writer)
        self.soil(upkeep.retire(self._writer, before, newest))


def _keep_archive(connection: sqlite3.Connection, slug: str, archive: Archive) -> None:
    """Remember the months of a channel's archive, which is published as it is now."""
    connection.execute("DELETE FROM archive_mark WHERE slug = ?", [slug])
    connection.execute("DELETE FROM archive_month WHERE slug = ?", [slug])
    connection.executemany(
        "INSERT INTO archive_month (slug, month, entries) VALUES (?, ?, ?)",
        [(slug, month.name, month.entries) for month in archive.months],
    )


def channel_values(slug: str, state: ChannelState) -> Values:
    """Return the row of a channel that is clean."""
    return {
        "slug": slug,
        "dirty": 0,
        "expires_at": write_time(state.expires_at) if state.expires_at else None,
        "newest": write_time(state.newest) if state.newest else "",
        "shelf": state.shelf,
        "archived": write_time(state.archive.until) if state.archive.until else "",
    }
