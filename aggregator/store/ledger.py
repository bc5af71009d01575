"""The ledger of names: who is who, and what stands at which address. What is entered here stays.

All of it is called inside a transaction of the store's writing connection.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from aggregator.errors import StoreError
from aggregator.model import Article, Category
from aggregator.store.aliases import alias_keys
from aggregator.store.rows import write_time

_SLUG_LENGTH = 64
_SALTS = 100  # article ids tried before giving up: in a million articles one collides at most


@dataclass(frozen=True, slots=True)
class Naming:
    """How names are proposed; the ledger decides, and keeps its decision for ever."""

    slug: Callable[[str], tuple[str, str]]  # label → slug, spelling
    article_id: Callable[[str, str, int], str]  # source, guid, salt → id
    own_public_id: Callable[[str, datetime], str]  # article id, published → an id of our minting


@dataclass(frozen=True, slots=True)
class Identity:
    """An article that is known: its row number and the ids it was given."""

    n: int
    id: str
    public_id: str


class Ledger:
    """Identities and slugs on one connection."""

    def __init__(self, connection: sqlite3.Connection, naming: Naming) -> None:
        self._connection = connection
        self._naming = naming
        self._categories: dict[str, Category] = {}

    def forget_unsaved(self) -> None:
        """Drop what was remembered in memory, after a transaction was rolled back."""
        self._categories.clear()

    # ── articles ─────────────────────────────────────────────────────────────────────────────────

    def find(self, source: str, guids: Sequence[str]) -> dict[str, Identity]:
        """Return the identities that *source* has under *guids*."""
        rows = self._connection.execute(
            "SELECT guid, n, id, public_id FROM identity WHERE source = ?"
            " AND guid IN (SELECT value FROM json_each(?))",
            [source, json.dumps(guids)],
        )
        return {guid: Identity(n, id_, public_id) for guid, n, id_, public_id in rows}

    def find_by_alias(self, article: Article, present: set[str]) -> Identity | None:
        """Return the identity that *article* has under another guid, if it is beyond doubt.

        One whose own guid is *present* in the same document is another article, whatever the two
        share.
        """
        for key in alias_keys(article):
            row = self._connection.execute(
                "SELECT guid, identity.n, id, public_id FROM alias JOIN identity USING (n)"
                " WHERE alias.source = ? AND key = ?",
                [article.source, key],
            ).fetchone()
            if row and row["guid"] not in present:
                return Identity(row["n"], row["id"], row["public_id"])
        return None

    def enter(self, article: Article) -> tuple[int, Article]:
        """Give a new article its identity; return its number, and it with its final ids.

        An id that is taken is salted. A public id that another source uses is replaced by one of
        our own minting: two entries of one feed must not share an id (RFC 4287 §4.2.6).
        """
        for salt in range(1, _SALTS):
            if not self._taken("id", article.id):
                break
            id_ = self._naming.article_id(article.source, article.guid, salt)
            article = replace(article, id=id_)
        else:
            raise StoreError(f"found no free id for entry {article.guid!r}; report this")
        if self._taken("public_id", article.public_id):
            own = self._naming.own_public_id(article.id, article.published)
            article = replace(article, public_id=own)
        cursor = self._connection.execute(
            "INSERT INTO identity (source, guid, id, public_id, fingerprint, first_seen_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                article.source,
                article.guid,
                article.id,
                article.public_id,
                article.fingerprint,
                write_time(article.first_seen_at),
            ],
        )
        n = int(cursor.lastrowid or 0)
        self._remember_aliases(n, article)
        return n, article

    def renew(self, identity: Identity, article: Article) -> None:
        """Write down the guid and the fingerprint that a known article has now."""
        self._connection.execute(
            "UPDATE identity SET guid = ?, fingerprint = ? WHERE n = ?",
            [article.guid, article.fingerprint, identity.n],
        )
        self._remember_aliases(identity.n, article)

    def _remember_aliases(self, n: int, article: Article) -> None:
        """Remember what else the article is known by; a key of two articles names neither."""
        self._connection.executemany(
            "INSERT INTO alias (source, key, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
            " SET n = CASE WHEN n = excluded.n THEN n END",
            [(article.source, key, n) for key in alias_keys(article)],
        )

    def _taken(self, column: str, value: str) -> bool:
        return bool(self._one(f"SELECT 1 FROM identity WHERE {column} = ?", value))

    # ── addresses ────────────────────────────────────────────────────────────────────────────────

    def category(self, label: str) -> Category:
        """Return the category of *label*, registering it where it is new."""
        if label not in self._categories:
            self._categories[label] = self._registered(label) or self._register_category(label)
        return self._categories[label]

    def reserve(self, feed_ids: Iterable[str]) -> None:
        """Register the operator's own feeds before any category can take their addresses.

        Raises StoreError where a category already has one of them.
        """
        for feed_id in feed_ids:
            if self._one("SELECT 1 FROM slug WHERE kind = 'feed' AND label = ?", feed_id):
                continue
            if taken := self._one("SELECT label FROM slug WHERE slug = ?", feed_id):
                raise StoreError(
                    f"[[feed]] {feed_id!r} would stand where the category {taken!r} stands;"
                    " give the feed another id"
                )
            self._register("feed", feed_id, feed_id, "")

    def _registered(self, label: str) -> Category | None:
        row = self._connection.execute(
            "SELECT slug, label, spelling FROM slug WHERE kind = 'category' AND label = ?", [label]
        ).fetchone()
        return Category(*row) if row else None

    def _register_category(self, label: str) -> Category:
        proposal, spelling = self._naming.slug(label)
        return Category(self._register("category", label, proposal, spelling), label, spelling)

    def _register(self, kind: str, label: str, proposal: str, spelling: str) -> str:
        slug, number = proposal, 1
        while self._one("SELECT 1 FROM slug WHERE slug = ?", slug):
            number += 1
            ending = f"-{number}"
            slug = proposal[: _SLUG_LENGTH - len(ending)] + ending
        self._connection.execute(
            "INSERT INTO slug (slug, kind, label, spelling) VALUES (?, ?, ?, ?)",
            [slug, kind, label, spelling],
        )
        return slug

    def _one(self, sql: str, value: str) -> Any:
        row = self._connection.execute(sql, [value]).fetchone()
        return row and row[0]
