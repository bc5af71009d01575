"""Reading: every question the other rooms ask of the store."""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from aggregator.config.selection import Selection
from aggregator.errors import StoreError
from aggregator.model import Article, Category, HostRules, Pause, SourceState
from aggregator.record import record
from aggregator.store import fragments, hosts, notes, searching
from aggregator.store.choosing import Choice
from aggregator.store.connection import failing_as, open_reader
from aggregator.store.push import subscription_of
from aggregator.store.reports import reports
from aggregator.store.rows import article_of, read_time, removal_of, state_of, write_time
from aggregator.websub import Subscription

EVERYTHING = "all"  # the slug of the channel that holds every article
ENGINE = "engine"  # what is remembered under this name: who gathers, in words, if not the process

ARTICLE = """
  SELECT article.*, guid, id, public_id, fingerprint, first_seen_at,
    removal.kind, removal.at, removal.reason, removal.told, removal.was_out
  FROM article JOIN identity USING (n) LEFT JOIN removal USING (n)
"""
_AT_ONCE = 500  # articles in memory at a time while walking through many


@record(frozen=True, slots=True)
class Record:
    """A published document: the hash of its bytes, who owns it, and when it last changed (UTC)."""

    path: str
    owner: str
    sha256: str
    changed_at: datetime


class Shelved(NamedTuple):
    """A channel's section of the home page, and when the newest article in it was published."""

    newest: datetime
    markup: str


class Reader:
    """Answers from the committed rows, with one read-only connection for each thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._close = weakref.finalize(self, _close_all, self._opened)

    @property
    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = open_reader(self.path)
            self._opened.append(self._local.connection)
        connection: sqlite3.Connection = self._local.connection
        return connection

    def close(self) -> None:
        """Close the connections of all threads, for good; it also happens when nobody reads on."""
        self._close()

    def _all(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        with failing_as("read the store"):
            return self._connection.execute(sql, values).fetchall()

    def _one(self, sql: str, values: Sequence[Any] = ()) -> Any:
        rows = self._all(sql, values)
        return rows[0][0] if rows else None

    # ── sources ──────────────────────────────────────────────────────────────────────────────────

    def states(self) -> dict[str, SourceState]:
        """Return what is remembered of every source ever asked, by id."""
        return {state.id: state for state in map(_state, self._all("SELECT * FROM source"))}

    def state(self, source: str) -> SourceState:
        """Return what is remembered of *source*; a blank state where it was never asked."""
        rows = self._all("SELECT * FROM source WHERE id = ?", [source])
        return _state(rows[0]) if rows else SourceState(source)

    def states_of(self, sources: Sequence[str]) -> dict[str, SourceState]:
        """Return what is remembered of each of *sources*, as `state` does, by id."""
        rows = self._all(
            "SELECT * FROM source WHERE id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(sources))],
        )
        found = {state.id: state for state in map(_state, rows)}
        return {source: found.get(source) or SourceState(source) for source in sources}

    def gone(self) -> dict[str, SourceState]:
        """Return what `states` does, but only of sources that are gone for good."""
        rows = self._all("SELECT * FROM source WHERE gone")
        return {state.id: state for state in map(_state, rows)}

    def asked(self) -> dict[str, datetime]:
        """Return when each source was asked last, by id."""
        rows = self._all("SELECT id, last_attempt_at FROM source WHERE last_attempt_at > ''")
        return {row[0]: read_time(row[1]) for row in rows}

    def names(self) -> dict[str, tuple[str, str]]:
        """Return what each source calls itself and the address of its site, by id."""
        rows = self._all("SELECT id, title, site FROM source")
        return {row["id"]: (row["title"], row["site"]) for row in rows}

    def due(self, now: datetime) -> set[str]:
        """Return the ids of the sources whose time has come at *now*."""
        rows = self._all("SELECT id FROM source WHERE next_due_at <= ?", [write_time(now)])
        return {row[0] for row in rows}

    def pauses(self) -> list[Pause]:
        """Return the hosts that want, or wanted, to be left alone."""
        with failing_as("read the store"):
            return hosts.pauses(self._connection)

    def host_rules(self) -> list[HostRules]:
        """Return what robots.txt files have said, good or no longer so."""
        with failing_as("read the store"):
            return hosts.rules(self._connection)

    def subscription(self, token: str) -> Subscription | None:
        """Return what we asked the hub of a source for under *token*, None where nothing."""
        rows = self._all("SELECT * FROM subscription WHERE token = ?", [token])
        return subscription_of(rows[0]) if rows else None

    def fingerprints(
        self, source: str, guids: Sequence[str], before: datetime | None = None
    ) -> Mapping[str, str]:
        """Return the fingerprint of each of *guids* that *source* is known to have, or had then."""
        rows = self._all(
            "SELECT guid, fingerprint FROM identity WHERE source = ?"
            " AND guid IN (SELECT value FROM json_each(?)) AND first_seen_at < ?",
            [source, json.dumps(list(guids)), write_time(before) if before else "~"],
        )
        return {row["guid"]: row["fingerprint"] for row in rows}

    def newest_entries(self, source: str, limit: int) -> Mapping[str, str]:
        """Return the fingerprints of the newest *limit* entries of *source*, by guid."""
        rows = self._all(
            "SELECT guid, fingerprint FROM identity WHERE source = ?"
            " ORDER BY known_date DESC LIMIT ?",
            [source, limit],
        )
        return {row["guid"]: row["fingerprint"] for row in rows}

    def article_counts(self) -> dict[str, int]:
        """Return how many articles are kept of each source."""
        rows = self._all("SELECT source, count(*) FROM article GROUP BY source")
        return {row[0]: row[1] for row in rows}

    def held_counts(self) -> dict[str, int]:
        """Return how many articles are held of each source that has any."""
        rows = self._all("SELECT source, count(*) FROM article WHERE held GROUP BY source")
        return {row[0]: row[1] for row in rows}

    def rights(self, source: str, limit: int = 20) -> list[str]:
        """Return what the newest *limit* articles of *source* say of their rights, each once."""
        rows = self._all(
            "SELECT rights FROM article WHERE source = ? ORDER BY published DESC LIMIT ?",
            [source, limit],
        )
        return list(dict.fromkeys(row[0] for row in rows))

    def publishing_times(self, source: str, limit: int = 20) -> tuple[datetime, ...]:
        """Return when the newest *limit* articles of *source* were published, newest first."""
        rows = self._all(
            "SELECT published FROM article WHERE source = ? ORDER BY published DESC LIMIT ?",
            [source, limit],
        )
        return tuple(read_time(row[0]) for row in rows)

    # ── articles ─────────────────────────────────────────────────────────────────────────────────

    def newest(self, slug: str, limit: int, since: datetime | None = None) -> list[Article]:
        """Return the newest *limit* articles at *slug* that were published at or after *since*."""
        rows = self._all(
            f"{ARTICLE} WHERE id IN (SELECT id FROM placement WHERE slug = ? AND published >= ?"
            " ORDER BY published DESC, id LIMIT ?) ORDER BY published DESC, id",
            [slug, lower_bound(since), limit],
        )
        return self._articles(rows)

    def choice(self, selection: Selection) -> Choice:
        """Return the articles that *selection* asks for."""
        return Choice(
            selection,
            lambda where, values: self._all(f"{ARTICLE} WHERE {where}", values),
            self._articles,
            self._leaders,
        )

    def walk_dirty(self) -> Iterator[tuple[Article, bool]]:
        """Walk through the articles whose own documents must be written again.

        Each comes with whether it has any: where it is listed, or was and is removed.
        """
        return self._walk("dirty")

    def walk_listed(self) -> Iterator[tuple[Article, bool]]:
        """Walk through all articles that have documents, or whose documents must go."""
        return self._walk("(listed OR dirty OR was_out)")

    def walk_between(self, since: datetime, until: datetime) -> Iterator[tuple[Article, bool]]:
        """Walk through the listed articles published at or after *since* and before *until*."""
        placed = "SELECT n FROM placement WHERE slug = ? AND published >= ? AND published < ?"
        values = [EVERYTHING, write_time(since), write_time(until)]
        return self._walk(f"n IN ({placed})", values)

    def _walk(self, where: str, values: Sequence[str] = ()) -> Iterator[tuple[Article, bool]]:
        last = -1
        while rows := self._all(
            f"{ARTICLE} WHERE {where} AND n > ? ORDER BY n LIMIT ?", [*values, last, _AT_ONCE]
        ):
            for article, row in zip(self._articles(rows), rows, strict=True):
                yield article, _has_documents(row)
            last = rows[-1]["n"]

    def search(self, query: str, limit: int = 20, offset: int = 0) -> list[Article]:
        """Return the articles that hold every word of *query*, newest first, after *offset*."""
        where, values = self._found(query)
        rows = self._all(
            f"{ARTICLE} WHERE {where} AND listed ORDER BY published DESC, id LIMIT ? OFFSET ?",
            [*values, limit, offset],
        )
        return self._articles(rows)

    def search_count(self, query: str, most: int) -> int:
        """Return how many articles hold every word of *query*, counting no further than *most*."""
        where, values = self._found(query)
        counted = f"SELECT 1 FROM article WHERE {where} AND listed LIMIT ?"
        return int(self._one(f"SELECT count(*) FROM ({counted})", [*values, most]))

    def is_indexed(self) -> bool:
        """Say whether every article can be found by its words."""
        return not self._one("SELECT 1 FROM article WHERE unindexed LIMIT 1")

    def _found(self, query: str) -> tuple[str, list[str]]:
        where, values = searching.conditions(query)
        return f"n IN (SELECT rowid FROM search WHERE {where})" if where else "false", values

    def _articles(self, rows: Sequence[Any]) -> list[Article]:
        """Return the articles of rows, each with those that are told through it."""
        with failing_as("read the store"):
            also = reports(self._connection, [row["n"] for row in rows])
        return [
            article_of(row, also.get(row["n"], ()), removal_of(row) if row["kind"] else None)
            for row in rows
        ]

    def _leaders(self, numbers: Sequence[int]) -> dict[int, int]:
        """Return of the articles told through another one, where all are together, through whom."""
        told = self._all(
            "SELECT n, leader FROM story WHERE slug = ? AND n IN (SELECT value FROM json_each(?))",
            [EVERYTHING, json.dumps(list(numbers))],
        )
        return {row["n"]: row["leader"] for row in told}

    def article_total(self) -> int:
        """Return how many articles are kept."""
        return int(self._one("SELECT count(*) FROM article"))

    def candidates(
        self, source: str, guids: Collection[str]
    ) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Return by guid the (reason, address) that articles of *source* could be shared under."""
        with failing_as("read the store"):
            return notes.candidates(self._connection, source, guids)

    def sharing(self, source: str, links: Collection[str]) -> list[notes.Shared]:
        """Return the articles of *source* that are shared under one of *links*."""
        with failing_as("read the store"):
            return notes.shared(self._connection, source, links)

    def shared_lately(self, source: str, limit: int) -> list[notes.Shared]:
        """Return the newest *limit* articles of *source* with the links they are shared under."""
        with failing_as("read the store"):
            return notes.shared_lately(self._connection, source, limit)

    # ── what is published ────────────────────────────────────────────────────────────────────────

    def categories(self) -> dict[str, Category]:
        """Return every registered category by its label, and by each other one it is known by."""
        rows = self._all(
            "SELECT label AS name, slug, label, spelling FROM slug WHERE kind = 'category'"
            " UNION ALL SELECT label.label, slug.slug, slug.label, slug.spelling"
            " FROM label JOIN slug USING (slug)"
        )
        return {row["name"]: Category(row["slug"], row["label"], row["spelling"]) for row in rows}

    def unnamed(self, labels: Iterable[str]) -> list[str]:
        """Return those of *labels* by which no category is known yet, sorted."""
        rows = self._all(
            "SELECT value FROM json_each(?) WHERE NOT EXISTS"
            " (SELECT 1 FROM slug WHERE kind = 'category' AND label = value)"
            " AND NOT EXISTS (SELECT 1 FROM label WHERE label = value) ORDER BY value",
            [json.dumps(list(labels))],
        )
        return [row[0] for row in rows]

    def fragments(self, language: str, ids: Collection[str]) -> dict[str, bytes]:
        """Return by the ids of articles what is kept of them for feeds in *language*."""
        with failing_as("read the store"):
            return fragments.find(self._connection, language, ids)

    def channels(self) -> set[str]:
        """Return the slugs of all channels that were ever published, or will be."""
        return {row[0] for row in self._all("SELECT slug FROM channel")}

    def dirty_channels(self, now: datetime) -> set[str]:
        """Return the slugs whose documents must be written again: changed, or out of the window."""
        rows = self._all(
            "SELECT slug FROM channel WHERE dirty UNION SELECT slug FROM channel"
            " WHERE expires_at <= ?",
            [write_time(now)],
        )
        return {row[0] for row in rows}

    def shelves(self) -> dict[str, Shelved]:
        """Return the section of the home page of every channel that shows anything, by its slug."""
        rows = self._all("SELECT slug, newest, shelf FROM channel WHERE newest != ''")
        return {row[0]: Shelved(read_time(row[1]), row[2]) for row in rows}

    def has_dirty_articles(self) -> bool:
        """Return whether the documents of any article must be written again."""
        return bool(self._one("SELECT 1 FROM article WHERE dirty LIMIT 1"))

    def dirty_times(self, before: datetime) -> list[datetime]:
        """Return when the articles whose documents must be written again were published, each once.

        Only those published *before*.
        """
        rows = self._all(
            "SELECT DISTINCT published FROM article WHERE dirty AND published < ?",
            [write_time(before)],
        )
        return [read_time(row[0]) for row in rows]

    def record(self, path: str) -> Record | None:
        """Return what is known of the published document at *path*, None where there is none."""
        rows = self._all("SELECT * FROM document WHERE path = ?", [path])
        return _record(rows[0]) if rows else None

    def records(self, owners: Collection[str] | None = None) -> list[Record]:
        """Return what is known of every published document (of *owners*), sorted by path."""
        where = "" if owners is None else "WHERE owner IN (SELECT value FROM json_each(?))"
        values = [] if owners is None else [json.dumps(list(owners))]
        rows = self._all(f"SELECT * FROM document {where} ORDER BY path", values)
        return [_record(row) for row in rows]

    def hashes(self) -> dict[str, str]:
        """Return path → SHA-256 of every published document."""
        return dict(self._all("SELECT path, sha256 FROM document"))

    def owners(self, paths: Iterable[str]) -> dict[str, str]:
        """Return whose the document at each of *paths* is where there is one."""
        rows = self._all(
            "SELECT path, owner FROM document WHERE path IN (SELECT value FROM json_each(?))",
            [json.dumps(list(paths))],
        )
        return dict(rows)

    def meta(self, key: str) -> str:
        """Return a remembered value of the program's own, "" where there is none."""
        return self._one("SELECT value FROM meta WHERE key = ?", [key]) or ""


def _state(row: Any) -> SourceState:
    """Return the state of a row; reading does not bring an earlier version's tables up to date."""
    try:
        return state_of(row)
    except KeyError as error:
        raise StoreError(
            "the store is of an earlier version; run `aggregator refresh` to bring it up to date",
            code="E403",
        ) from error


def _close_all(opened: list[sqlite3.Connection]) -> None:
    for connection in opened:
        connection.close()


def _record(row: Any) -> Record:
    return Record(row["path"], row["owner"], row["sha256"], read_time(row["changed_at"]))


def _has_documents(row: Any) -> bool:
    return bool(row["listed"] or (row["was_out"] and not row["retired"]))


def lower_bound(since: datetime | None) -> str:
    """Return what a time in a column is compared with: "" is before all."""
    return "" if since is None else write_time(since)
