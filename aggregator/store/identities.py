"""Who is who: the identity that an article keeps for ever, and by what it is known again.

All of it is called inside a transaction of the store's writing connection.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from aggregator.errors import StoreError
from aggregator.model import Article, Attribution
from aggregator.record import record
from aggregator.store.aliases import alias_keys
from aggregator.store.ledger import Naming
from aggregator.store.recognition import Look, is_another, is_same, look_of, may_be_another
from aggregator.store.rows import read_time, write_time

Numbered = tuple[int, Article]
"""An article with the number of its identity."""

_SALTS = 100  # article ids tried before giving up: in a million articles one collides at most

_NAMED = """
  SELECT n, guid, id, fingerprint, known_link, known_date, first_seen_at, NULL AS title, '' AS text
  FROM identity
"""
_ENTER = """
  INSERT INTO identity (n, source, guid, id, public_id, fingerprint, first_seen_at, known_link,
    known_date)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, guid) DO NOTHING
"""
_WHOLE = """
  SELECT n, guid, id, fingerprint, known_link, known_date, first_seen_at, title,
    coalesce(nullif(content, ''), summary, '') AS text
  FROM identity LEFT JOIN article USING (n)
"""


class _Row(NamedTuple):
    """What `_ENTER` writes."""

    n: int
    source: str
    guid: str
    id: str
    public_id: str
    fingerprint: str
    first_seen_at: str
    known_link: str
    known_date: str


@record(frozen=True, slots=True)
class Identity:
    """An article that is known: its row number, its id, and what it is recognised by."""

    n: int
    id: str
    fingerprint: str
    look: Look


class Identities:
    """The identities of all articles, on one connection."""

    def __init__(self, connection: sqlite3.Connection, naming: Naming) -> None:
        self._connection = connection
        self._naming = naming

    # ── recognising ──────────────────────────────────────────────────────────────────────────────

    def recognise(
        self, source: str, articles: Sequence[Article], unchanged: Collection[str]
    ) -> dict[str, Identity]:
        """Return which of the *articles* of one document are known, by their guids in it.

        *unchanged* are the guids of its other entries. Two entries of one document are two articles
        whatever they share, so each identity is found once at most.
        """
        if not self._has_any(source):
            return {}
        by_guid = self._find(source, [article.guid for article in articles])
        found: dict[str, Identity] = {}
        for article in articles:
            identity = by_guid.get(article.guid)
            if identity is not None and not self._means_another(identity, article):
                found[article.guid] = identity
        taken = {identity.n for identity in found.values()}
        others = [article for article in articles if article.guid not in found]
        for article in self._with_alias(source, others):
            for identity in self._by_alias(article):
                if identity.n not in taken and identity.look.guid not in unchanged:
                    found[article.guid] = identity
                    taken.add(identity.n)
                    break
        return found

    def _has_any(self, source: str) -> bool:
        row = self._connection.execute("SELECT 1 FROM identity WHERE source = ? LIMIT 1", [source])
        return row.fetchone() is not None

    def _find(self, source: str, guids: Sequence[str]) -> dict[str, Identity]:
        """Return the identities that *source* has under *guids*, without their texts."""
        rows = self._connection.execute(
            f"{_NAMED} WHERE source = ? AND guid IN (SELECT value FROM json_each(?))",
            [source, json.dumps(guids)],
        )
        return {row["guid"]: _identity(row) for row in rows}

    def _means_another(self, identity: Identity, article: Article) -> bool:
        """Say whether *article* is not the one whose guid it has."""
        look = look_of(article)
        if not may_be_another(identity.look, look):
            return False
        row = self._connection.execute(f"{_WHOLE} WHERE n = ?", [identity.n]).fetchone()
        old = _identity(row).look
        if not may_be_another(old, look):
            return False
        elsewhere = any(other.n != identity.n for other in self._by_alias(article))
        return elsewhere or is_another(old, look)

    def _with_alias(self, source: str, articles: Sequence[Article]) -> list[Article]:
        """Return those of *articles* that an article of *source* shares an alias with."""
        keys = {article.guid: alias_keys(article) for article in articles}
        rows = self._connection.execute(
            "SELECT key FROM alias WHERE source = ? AND key IN (SELECT value FROM json_each(?))",
            [source, json.dumps([key for own in keys.values() for key in own])],
        )
        shared = {row[0] for row in rows.fetchall()}
        return [article for article in articles if not shared.isdisjoint(keys[article.guid])]

    def _by_alias(self, article: Article) -> Iterable[Identity]:
        """Yield the identities that *article* can be by what else it is known by, surest first."""
        look = look_of(article)
        for key in alias_keys(article):
            row = self._connection.execute(
                f"{_WHOLE} WHERE n = (SELECT n FROM alias WHERE source = ? AND key = ?)",
                [article.source, key],
            ).fetchone()
            if row and is_same((identity := _identity(row)).look, look):
                yield identity

    # ── entering ─────────────────────────────────────────────────────────────────────────────────

    def enter(self, articles: Sequence[Article]) -> list[Numbered]:
        """Give new articles of one source their identities; return them with their numbers."""
        if not articles:
            return []
        last = self._connection.execute("SELECT coalesce(max(n), 0) FROM identity").fetchone()[0]
        numbered = list(enumerate(articles, last + 1))
        ids = self._free_ids(articles)
        rows = [_row(n, article, *own) for (n, article), own in zip(numbered, ids, strict=True)]
        entered = self._connection.executemany(_ENTER, rows)
        if entered.rowcount < len(rows):
            self._enter_taking_guids(rows)
        self._remember_aliases(numbered)
        return numbered

    def _enter_taking_guids(self, rows: Sequence[_Row]) -> None:
        """Enter those of *rows* that were not: they take their guids from others."""
        found = self._connection.execute("SELECT n FROM identity WHERE n >= ?", [rows[0].n])
        entered = {row[0] for row in found.fetchall()}
        for row in rows:
            if row.n not in entered:
                self._vacate(row.source, row.guid)
                self._connection.execute(_ENTER, row)

    def _free_ids(self, articles: Sequence[Article]) -> list[tuple[str, str]]:
        """Return an id and a public id for each of *articles* that no other one has.

        An id that is taken is salted. A public id that is taken, by another source or by another
        article with this guid, is replaced by one of our own minting: two entries of one feed must
        not share an id (RFC 4287 §4.2.6).
        """
        taken = self._taken(articles)
        found = []
        for article in articles:
            id_ = self._salted(article, taken) if article.id in taken else article.id
            public_id = article.public_id
            if public_id in taken:
                public_id = self._naming.own_public_id(id_, article.published)
            taken.update((id_, public_id))
            found.append((id_, public_id))
        return found

    def _taken(self, articles: Sequence[Article]) -> set[str]:
        """Return those ids and public ids of *articles* that others have."""
        rows = self._connection.execute(
            "SELECT id, public_id FROM identity"
            " WHERE id IN (SELECT value FROM json_each(?))"
            " OR public_id IN (SELECT value FROM json_each(?))",
            [
                json.dumps([one.id for one in articles]),
                json.dumps([one.public_id for one in articles]),
            ],
        )
        return {id_ for row in rows for id_ in row}

    def _salted(self, article: Article, taken: Collection[str]) -> str:
        """Return another id for *article* than the one that is taken."""
        for salt in range(1, _SALTS):
            id_ = self._naming.article_id(article.source, article.guid, salt)
            row = self._connection.execute("SELECT 1 FROM identity WHERE id = ?", [id_])
            if id_ not in taken and not row.fetchone():
                return id_
        raise StoreError(f"found no free id for entry {article.guid!r}; report this", code="E900")

    def own_public_id(self, id_: str, moment: datetime) -> str:
        """Return a public id of our own minting."""
        return self._naming.own_public_id(id_, moment)

    def pass_over(self, source: str, entries: Mapping[str, str], now: datetime) -> None:
        """Make *entries* (guid → fingerprint) known that are not taken in: they are no news.

        Each has an identity without an article, like one that has left the store by age.
        """
        known = self._find(source, list(entries))
        self.enter(
            [
                self._nothing_but_known(source, guid, version, now)
                for guid, version in entries.items()
                if guid not in known
            ]
        )

    def note(self, article: Article, identity: Identity | None) -> None:
        """Remember that an entry was seen of which nothing else is to be kept."""
        if identity is not None:
            self.renew(identity, article)
        else:
            version = {article.guid: article.fingerprint}
            self.pass_over(article.source, version, article.first_seen_at)

    def _nothing_but_known(self, source: str, guid: str, version: str, now: datetime) -> Article:
        id_ = self._naming.article_id(source, guid, 0)
        return Article(
            id=id_,
            source=source,
            guid=guid,
            public_id=self._naming.own_public_id(id_, now),
            title="",
            link="",
            share_link="",
            published=now,
            updated=now,
            first_seen_at=now,
            summary="",
            content="",
            language="",
            authors=(),
            attribution=Attribution(""),
            categories=(),
            tags=(),
            terms=(),
            enclosures=(),
            image="",
            fingerprint=version,
        )

    def renew(self, identity: Identity, article: Article) -> None:
        """Write down the guid, the link and the fingerprint that a known article has now."""
        if article.guid != identity.look.guid:
            self._vacate(article.source, article.guid)
        self._connection.execute(
            "UPDATE identity SET guid = ?, fingerprint = ?, known_link = ? WHERE n = ?",
            [article.guid, article.fingerprint, article.link, identity.n],
        )
        self._remember_aliases([(identity.n, article)])

    def _vacate(self, source: str, guid: str) -> None:
        """Take *guid* from the one that had it before and is not meant by it now."""
        self._connection.execute(
            "UPDATE identity SET guid = guid || '-' || id WHERE source = ? AND guid = ?",
            [source, guid],
        )

    def _remember_aliases(self, numbered: Iterable[Numbered]) -> None:
        """Remember what else articles are known by; a key of two articles names neither."""
        self._connection.executemany(
            "INSERT INTO alias (source, key, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
            " SET n = CASE WHEN n = excluded.n THEN n END",
            [(article.source, key, n) for n, article in numbered for key in alias_keys(article)],
        )


def _row(n: int, article: Article, id_: str, public_id: str) -> _Row:
    return _Row(
        n,
        article.source,
        article.guid,
        id_,
        public_id,
        article.fingerprint,
        write_time(article.first_seen_at),
        article.link,
        write_time(article.published),
    )


def _identity(row: sqlite3.Row) -> Identity:
    look = Look(
        guid=row["guid"],
        link=row["known_link"],
        title=row["title"],
        text=row["text"],
        published=read_time(row["known_date"]),
        first_seen_at=read_time(row["first_seen_at"]),
    )
    return Identity(row["n"], row["id"], row["fingerprint"], look)
