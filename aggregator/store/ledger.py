"""The ledger of addresses: what stands where. What is entered here stays.

A category can be known by several labels: an old archive has it as `nanchangribao`, a live source
as 南昌日报. All of it is called inside a transaction of the store's writing connection.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from aggregator.model import Category
from aggregator.record import record
from aggregator.store.statements import soil

_SLUG_LENGTH = 64

_LABELLED = "kind = 'category' AND label = :label"
_WRITTEN = "+kind = 'category' AND (spelling = :label OR slug = :label)"  # by the index of either

# A sign that no slug has but that makes another name of it: `C++` is not `c`, nor `.NET` `net`.
_TELLING_SIGN = re.compile(r"""[^\w\s()（）\[\]【】《》/\\&,，、:：;；'’"“”·|-]""")


@record(frozen=True, slots=True)
class Naming:
    """How names are proposed; the ledger decides, and keeps its decision for ever."""

    slug: Callable[[str], tuple[str, str]]  # label → slug, spelling
    article_id: Callable[[str, str, int], str]  # source, guid, salt → id
    own_public_id: Callable[[str, datetime], str]  # article id, published → an id of our minting


class Ledger:
    """Slugs on one connection; `changes` counts what may have changed of the categories."""

    def __init__(self, connection: sqlite3.Connection, naming: Naming) -> None:
        self._connection = connection
        self._naming = naming
        self._categories: dict[str, Category] = {}
        self._expected: Mapping[str, tuple[str, str]] = {}
        self.changes = 0

    def forget_unsaved(self) -> None:
        """Drop what was remembered in memory, after a transaction was rolled back."""
        self._categories.clear()
        self.changes += 1

    def expect(self, names: Mapping[str, tuple[str, str]]) -> None:
        """Take the slug and the spelling of new labels from *names*, where they are among them."""
        self._expected = names

    def category(self, label: str) -> Category:
        """Return the category of *label*, registering it where it is new."""
        if label not in self._categories:
            self._categories[label] = self._registered(label) or self._enter(label)
        return self._categories[label]

    def _registered(self, label: str) -> Category | None:
        known = "slug = (SELECT slug FROM label WHERE label = :label)"
        return self._found(_LABELLED, label) or self._found(known, label)

    def _enter(self, label: str) -> Category:
        """Enter *label*: as one more of a category that there is, or as a category of its own.

        It is one more where it is how that category is written out, in addresses or in posts; or
        where it is itself written out like that, and then it is shown from now on. Two labels that
        are written out alike are two categories.
        """
        self.changes += 1
        proposal, spelling = self._expected.get(label) or self._naming.slug(label)
        if written := self._found(_WRITTEN, label, _is_written_out):
            self._connection.execute("INSERT INTO label VALUES (?, ?)", [label, written.slug])
            return written
        writings = [spelling, proposal] if _is_faithful(label) else [spelling]
        for writing in writings:
            if category := self._found(_LABELLED, writing):
                return self._relabel(category, label)
        return Category(self._register("category", label, proposal, spelling), label, spelling)

    def _found(
        self,
        where: str,
        label: str,
        fits: Callable[[Category, str], bool] = lambda category, label: True,
    ) -> Category | None:
        """Return the first category *where* the condition holds for *label*, and that *fits*."""
        rows = self._connection.execute(
            f"SELECT slug, label, spelling FROM slug WHERE {where} ORDER BY slug",
            {"label": label},
        )
        found = (Category(*row) for row in rows.fetchall())
        return next((category for category in found if fits(category, label)), None)

    def _relabel(self, category: Category, label: str) -> Category:
        """Have a category shown under another label, and all that names it written again."""
        slug = category.slug
        self._connection.execute("INSERT INTO label VALUES (?, ?)", [category.label, slug])
        self._connection.execute("UPDATE slug SET label = ? WHERE slug = ?", [label, slug])
        members = "n IN (SELECT n FROM placement WHERE slug = ?)"
        self._connection.execute(f"UPDATE article SET dirty = 1 WHERE {members}", [slug])
        rows = self._connection.execute(
            f"SELECT DISTINCT slug FROM placement WHERE {members}", [slug]
        ).fetchall()
        soil(self._connection, {slug, *(row[0] for row in rows)})
        relabelled = replace(category, label=label)
        self._categories[category.label] = relabelled
        return relabelled

    def reserve(self, feed_ids: Iterable[str]) -> None:
        """Register the operator's own feeds before any category can take their addresses.

        One where a category stands already is left out: that keeps its address.
        """
        for feed_id in feed_ids:
            if not self._one("SELECT 1 FROM slug WHERE slug = ?", feed_id):
                self._register("feed", feed_id, feed_id, "")

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


def _is_written_out(category: Category, label: str) -> bool:
    """Say whether *label* is how *category* is written out."""
    in_addresses = label == category.slug and _is_faithful(category.label)
    return label == category.spelling or in_addresses


def _is_faithful(label: str) -> bool:
    """Say whether the slug of *label* is that name, but for case and spaces."""
    return _TELLING_SIGN.search(label) is None
