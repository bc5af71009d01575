"""What the readers of a channel are told of besides its articles: removals and corrections."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from aggregator.config.selection import Selection
from aggregator.model import Article, Correction, Gone
from aggregator.store.corrections import correction_of
from aggregator.store.reader import ARTICLE, EVERYTHING, Reader, lower_bound


class Asides(Reader):
    """Answers what is to be told; with a connection of its own, from committed rows."""

    def removed(self, slug: str, limit: int, *, own: bool = False) -> list[Article]:
        """Return the *limit* articles removed last that were entries at *slug*, the last one first.

        The slug of an *own* feed of the operator's is only known of what he took down: of the
        others everything is returned that was ever an entry anywhere.
        """
        anywhere = [EVERYTHING if own else slug, Gone.TAKEN_DOWN]
        rows = self._all(
            f"{ARTICLE} WHERE NOT retired AND n IN"
            " (SELECT n FROM tombstone JOIN removal USING (n)"
            " WHERE slug = ? OR (slug = ? AND kind != ?))"
            " ORDER BY removal.at DESC, id LIMIT ?",
            [slug, *anywhere, limit],
        )
        return self._articles(rows)

    def corrections(self, slug: str, limit: int, since: datetime | None = None) -> list[Correction]:
        """Return the newest *limit* corrections seen since then of the articles at *slug*."""
        rows = self._all(
            # in this order, that what is looked through is the channel and not every correction
            "SELECT correction.* FROM placement CROSS JOIN correction USING (n)"
            " WHERE slug = ? AND seen_at >= ? ORDER BY seen_at DESC, public_id LIMIT ?",
            [slug, lower_bound(since), limit],
        )
        return self._corrections(rows)

    def selected_corrections(
        self, selection: Selection, limit: int, since: datetime | None = None
    ) -> list[Correction]:
        """Return the newest *limit* corrections seen since then of what *selection* asks for."""
        rows = self._all(
            "SELECT * FROM correction WHERE seen_at >= ? ORDER BY seen_at DESC, public_id",
            [lower_bound(since)],
        )
        chosen = self.choice(selection).among({row["n"] for row in rows})
        return self._corrections([row for row in rows if row["n"] in chosen][:limit])

    def _corrections(self, rows: list[Any]) -> list[Correction]:
        numbers = json.dumps([row["n"] for row in rows])
        found = self._all(f"{ARTICLE} WHERE n IN (SELECT value FROM json_each(?))", [numbers])
        articles = dict(zip((row["n"] for row in found), self._articles(found), strict=True))
        return [correction_of(row, articles[row["n"]]) for row in rows]
