"""What of each channel is archived, and which articles have their only page here."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from aggregator.model import Archive, Article, Month, Original
from aggregator.store.reader import ARTICLE, Reader, lower_bound
from aggregator.store.rows import read_time, write_time


class Place(NamedTuple):
    """Where an article stands in a channel; `moved` is 0 where it only changed there."""

    published: datetime
    id: str
    moved: int = 1


class Archives(Reader):
    """Answers about archives; with a connection of its own, from committed rows."""

    def archive(self, slug: str) -> Archive:
        """Return how far the archive of the channel at *slug* goes, as it is published."""
        until = self._one("SELECT archived FROM channel WHERE slug = ?", [slug])
        rows = self._all(
            "SELECT month, entries FROM archive_month WHERE slug = ? ORDER BY month", [slug]
        )
        months = tuple(Month(row["month"], row["entries"]) for row in rows)
        return Archive(read_time(until) if until else None, months)

    def months(self) -> dict[str, tuple[Month, ...]]:
        """Return by slug the months of every channel that has an archive, the oldest first."""
        rows = self._all("SELECT slug, month, entries FROM archive_month ORDER BY slug, month")
        found: dict[str, list[Month]] = defaultdict(list)
        for row in rows:
            found[row["slug"]].append(Month(row["month"], row["entries"]))
        return {slug: tuple(months) for slug, months in found.items()}

    def archive_marks(self, slug: str) -> list[Place]:
        """Return where the archive at *slug* has changed since it was published, oldest first."""
        rows = self._all(
            "SELECT published, id, moved FROM archive_mark WHERE slug = ? ORDER BY published, id",
            [slug],
        )
        return [Place(read_time(row["published"]), row["id"], row["moved"]) for row in rows]

    def published_beyond(self, slug: str, entries: int) -> datetime | None:
        """Return when the newest article beyond the newest *entries* at *slug* was published."""
        found = self._one(
            "SELECT published FROM placement WHERE slug = ?"
            " ORDER BY published DESC, id LIMIT 1 OFFSET ?",
            [slug, entries],
        )
        return read_time(found) if found else None

    def published_from(self, slug: str, since: datetime | None) -> datetime | None:
        """Return when the oldest article at *slug* that is not older than *since* was published."""
        found = self._one(
            "SELECT min(published) FROM placement WHERE slug = ? AND published >= ?",
            [slug, lower_bound(since)],
        )
        return read_time(found) if found else None

    def count_between(self, slug: str, since: datetime, until: datetime) -> int:
        """Return how many articles at *slug* were published from *since* on, before *until*."""
        counted = self._one(
            "SELECT count(*) FROM placement WHERE slug = ? AND published >= ? AND published < ?",
            [slug, write_time(since), write_time(until)],
        )
        return int(counted)

    def count_before(self, slug: str, since: datetime, place: Place) -> int:
        """Return how many articles at *slug*, counted from *since* on, stand before *place*."""
        same_time = self._one(
            "SELECT count(*) FROM placement WHERE slug = ? AND published = ? AND id > ?",
            [slug, write_time(place.published), place.id],
        )
        return self.count_between(slug, since, place.published) + int(same_time)

    def stretch(
        self, slug: str, since: datetime, until: datetime, first: int, limit: int
    ) -> list[Article]:
        """Return *limit* of the articles published from *since* on, before *until*, newest first.

        Counted from the oldest, they begin with the one that *first* others stand before.
        """
        rows = self._all(
            f"{ARTICLE} WHERE id IN (SELECT id FROM placement WHERE slug = ? AND published >= ?"
            " AND published < ? ORDER BY published, id DESC LIMIT ? OFFSET ?)"
            " ORDER BY published DESC, id",
            [slug, write_time(since), write_time(until), limit, first],
        )
        return self._articles(rows)

    def originals(self) -> list[Original]:
        """Return every article that stands nowhere else on the web, the newest first."""
        rows = self._all(
            "SELECT id, categories, title, language, published, updated"
            " FROM article JOIN identity USING (n)"
            " WHERE listed AND link = '' AND share_link = '' ORDER BY published DESC, id"
        )
        return [
            Original(
                row["id"],
                json.loads(row["categories"])[0],
                row["title"],
                row["language"],
                read_time(row["published"]),
                read_time(row["updated"]),
            )
            for row in rows
        ]
