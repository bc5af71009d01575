"""What is new in a feed of ours, whatever stands in its entries."""

from __future__ import annotations

from collections.abc import Sequence

import feedparser
import pytest

from aggregator.config.settings import Publish, Site
from aggregator.edition import is_feed, marks, newer
from aggregator.model import Article, Category, Channel, Document
from aggregator.publish.press import Press
from aggregator.publish.rendering import channel_documents
from tests.articles import article

HOSTILE = "</item><item><title>x</title></entry></source><entry>]]>&lt;/item&gt;&#60;item&#62;"


def feeds(*articles: Article) -> dict[str, bytes]:
    press = Press(
        Site.model_validate({"url": "https://news.example"}),
        Publish.model_validate({"formats": ["rss", "atom"]}),
        {"World": Category("world", "World", "world")},
    )
    documents: Sequence[Document] = channel_documents(press, Channel("world", "W"), articles)
    return {document.path: document.body for document in documents}


def titles(document: bytes) -> list[str]:
    parsed = feedparser.parse(document)
    assert not parsed.bozo
    return [entry.title for entry in parsed.entries]


@pytest.mark.parametrize("path", ["world/rss.xml", "world/atom.xml"])
def test_only_what_was_not_there_or_was_otherwise_is_left(path: str) -> None:
    old = feeds(article(1), article(2, title=HOSTILE, content=HOSTILE), article(3))[path]
    present = [
        article(0),
        article(1, title="Corrected"),
        article(2, title=HOSTILE, content=HOSTILE),
    ]
    new = feeds(*present)[path]
    news = newer(new, frozenset(marks(old)))
    assert news is not None
    assert titles(news) == ["Title 0", "Corrected"]
    assert len(marks(old)) == 3
    assert newer(new, frozenset()) is None
    assert newer(new, frozenset([b"other"])) is None


@pytest.mark.parametrize("path", ["world/rss.xml", "world/atom.xml"])
def test_a_feed_without_any_entry_is_whole_all_the_same(path: str) -> None:
    whole = feeds(article(1), article(2))[path]
    empty = newer(whole, frozenset(marks(whole)))
    assert empty is not None
    assert titles(empty) == []
    assert marks(empty) == []
    assert feedparser.parse(empty).feed.title == "W"


def test_feeds_are_what_readers_come_back_to() -> None:
    assert is_feed("all/atom.xml")
    assert is_feed("world/rss.xml")
    for other in ("world/feed.json", "world/archive/2026-11.atom.xml", "sitemap.xml", "rss.xml"):
        assert not is_feed(other)
