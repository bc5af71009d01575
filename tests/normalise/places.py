"""Places and entries for the tests of this room."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aggregator.config.settings import Rule, Site, Source
from aggregator.errors import EntryError
from aggregator.model import Article, Entry, Feed
from aggregator.normalise.article import normalise
from aggregator.normalise.place import Place

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SITE = Site(url="https://news.example.org", language="en")


def place(feed: Feed | None = None, *, rules: tuple[Rule, ...] = (), **source: Any) -> Place:
    """Return a place of the source "paper", with any key of it changed."""
    settings = Source(**{"id": "paper", "url": "https://paper.example/feed.xml", **source})
    return Place(feed or Feed(), settings, SITE, rules)


def entry(**changes: Any) -> Entry:
    """Return an entry with a title and a link, with any field of it changed."""
    return Entry(**{"title": "A title", "link": "https://paper.example/1", **changes})


def article(one: Entry | None = None, where: Place | None = None) -> Article:
    """Return the article of an entry that no rule leaves out."""
    made = normalise(one or entry(), where or place(), NOW)
    assert made is not None
    return made


def refusal(one: Entry, where: Place | None = None) -> str:
    """Return why an entry cannot be an article."""
    try:
        normalise(one, where or place(), NOW)
    except EntryError as error:
        return str(error)
    raise AssertionError("it became an article")
