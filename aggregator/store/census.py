"""What is kept of each source, counted: what a change of the configuration is measured against."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from aggregator.model import Article
from aggregator.store.reader import EVERYTHING, Reader
from aggregator.store.rows import read_time


class Census(Reader):
    """Counts what is stored, without what is about to leave by age."""

    def homes(self) -> dict[str, dict[str, int]]:
        """Return for each source how many of its articles have which category as their first."""
        rows = self._all(
            "SELECT source, json_extract(categories, '$[0]') AS label, count(*) AS articles"
            " FROM article WHERE NOT retired GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2"
        )
        homes: dict[str, dict[str, int]] = {}
        for row in rows:
            homes.setdefault(row["source"], {})[row["label"]] = row["articles"]
        return homes

    def addresses(self) -> dict[str, str]:
        """Return the public address that each source had when it brought its newest article.

        One that has none (it is private, or holds a secret) is left out.
        """
        rows = self._all("SELECT source, feed_url, max(published) FROM article GROUP BY source")
        return {row["source"]: row["feed_url"] for row in rows if row["feed_url"]}

    def articles_of(self, source: str) -> Iterator[Article]:
        """Walk through the articles that are kept of *source*."""
        for article, _ in self._walk("article.source = ? AND NOT retired", [source]):
            yield article

    def total(self) -> int:
        """Return how many articles are kept."""
        return int(self._one("SELECT count(*) FROM article WHERE NOT retired"))

    def reaches(self, entries: int) -> dict[str, timedelta]:
        """Return how far back the newest *entries* of each category reach that has more of them."""
        rows = self._all(
            "SELECT slug, max(published) AS newest, min(published) AS oldest FROM"
            " (SELECT slug, published, count(*) OVER (PARTITION BY slug) AS total, row_number()"
            " OVER (PARTITION BY slug ORDER BY published DESC, id) AS place FROM placement"
            " WHERE slug != :all) WHERE place <= :entries AND total > :entries GROUP BY slug",
            {"all": EVERYTHING, "entries": entries},
        )
        return {row["slug"]: read_time(row["newest"]) - read_time(row["oldest"]) for row in rows}
