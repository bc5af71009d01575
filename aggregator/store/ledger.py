"""The ledger of addresses: what stands where. What is entered here stays.

All of it is called inside a transaction of the store's writing connection.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aggregator.errors import StoreError
from aggregator.model import Category

_SLUG_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Naming:
    """How names are proposed; the ledger decides, and keeps its decision for ever."""

    slug: Callable[[str], tuple[str, str]]  # label → slug, spelling
    article_id: Callable[[str, str, int], str]  # source, guid, salt → id
    own_public_id: Callable[[str, datetime], str]  # article id, published → an id of our minting


class Ledger:
    """Slugs on one connection."""

    def __init__(self, connection: sqlite3.Connection, naming: Naming) -> None:
        self._connection = connection
        self._naming = naming
        self._categories: dict[str, Category] = {}

    def forget_unsaved(self) -> None:
        """Drop what was remembered in memory, after a transaction was rolled back."""
        self._categories.clear()

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
