"""Entries ─► articles, some hundred at a time; large work is done by the workers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from aggregator.model import Article, Entry
from aggregator.normalise import slugs
from aggregator.normalise.batch import Batch, joined, make, portions
from aggregator.normalise.place import Place
from aggregator.pipeline.knowledge import MANY, Knowledge
from aggregator.workers import SMALL, apart, apart_each

Told = Callable[[int, int], None]
"""How many entries are done, and how many there are."""


def articles_of(entries: list[Entry], place: Place, now: datetime, told: Told) -> Batch:
    """Return what *entries* become at *now* (aware UTC); they are taken out of their list."""
    size = sum(len(entry.content) + len(entry.summary) for entry in entries)
    return joined(apart_each(size, make, _told(entries, told), place, now))


def _told(entries: list[Entry], told: Told) -> Iterator[list[Entry]]:
    """Yield portions of *entries*, and tell how many there were before each."""
    total, done = len(entries), 0
    for portion in portions(entries):
        if total >= MANY:
            told(done, total)
        done += len(portion)
        yield portion


def names(articles: Iterable[Article], reader: Knowledge) -> Mapping[str, tuple[str, str]]:
    """Return slug and spelling of those of the articles' new categories that need dictionaries.

    A worker loads these. The store names the others as it meets them.
    """
    dear = slugs.dear({label for article in articles for label in article.categories})
    new = reader.unnamed(dear) if dear else []
    return apart(SMALL + 1, slugs.propose_all, new) if new else {}
