"""A store that takes in one document of a source after the other, as refreshes do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.model import Article, SourceState
from aggregator.store.intake import Counts, Intake
from aggregator.store.reader import EVERYTHING
from tests.articles import NOW, article
from tests.stores import new_store

SUBJECTS = (
    *("storks", "rates", "elections", "weather", "football"),
    *("theatre", "harvest", "railways", "schools", "rivers"),
)


class Paper:
    """One source; each document comes an hour after the one before it."""

    def __init__(self, folder: Path, *, edits_count: bool = False) -> None:
        self.store = new_store(folder / "aggregator.db")
        self.now: datetime = NOW
        self._edits_count = edits_count

    def brings(self, *articles: Article) -> Counts:
        """Take in a document; an entry whose fingerprint is known is not even looked at."""
        known = self.store.fingerprints("paper", [one.guid for one in articles])
        unchanged = [one.guid for one in articles if known.get(one.guid) == one.fingerprint]
        fresh = [self.first_seen(one) for one in articles if one.guid not in unchanged]
        self.now += timedelta(hours=1)
        intake = Intake(
            SourceState("paper", last_ok_at=self.now),
            tuple(fresh),
            unchanged=frozenset(unchanged),
            edits_count=self._edits_count,
        )
        with self.store.transaction():
            counts = self.store.take_in(intake)
        return replace(counts, unchanged=counts.unchanged + len(unchanged))

    def first_seen(self, one: Article) -> Article:
        """Return an article as it is when it is seen now; undated ones are of now."""
        published = self.now if one.published == one.first_seen_at else one.published
        return replace(one, first_seen_at=self.now, published=published, updated=published)

    def titles(self) -> list[str]:
        return [found.title for found in self.store.newest(EVERYTHING, 1000)]

    def ids(self) -> set[str]:
        return {found.id for found in self.store.newest(EVERYTHING, 1000)}


def entry(number: int, version: str = "", **changes: object) -> Article:
    """Return an article about one of several subjects; another *version* is another raw item."""
    subject = SUBJECTS[number % 10]
    text = f"<p>What there is to say about {subject}, part {number}, by our reporter there.</p>"
    published = NOW - timedelta(hours=number, minutes=30)
    values = {"title": f"News of {subject} no. {number}", "content": text, "published": published}
    made = article(number, **{**values, **changes})
    return replace(made, fingerprint=f"{number} {version} {sorted(map(str, changes.items()))}")


def undated(one: Article) -> Article:
    """Return an article whose source gives it no date."""
    return replace(one, published=one.first_seen_at, updated=one.first_seen_at)
