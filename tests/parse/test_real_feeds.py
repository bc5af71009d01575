"""Real feeds, where they lie beside this checkout: all is found that feedparser finds, and more."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import pytest

from aggregator.model import Entry
from aggregator.parse import feed_xml, json_feed
from aggregator.parse.charset import decode
from aggregator.parse.document import is_json

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "feeds"
FEEDS = sorted(CORPUS.iterdir()) if CORPUS.is_dir() else []
NAMES = [path.name for path in FEEDS]

pytestmark = pytest.mark.skipif(not FEEDS, reason="the corpus is not beside this checkout")

# What these feeds really lack: an item whose elements are all empty; a format without dates.
WITHOUT_LINK = {"le-cercle-psy-scienceshumaines-com-rss.rss": 1}
WITHOUT_DATES = {"heise-de-newsticker.rdf"}


def entries(path: Path) -> tuple[Entry, ...]:
    body = path.read_bytes()
    if is_json(decode(body)):
        return json_feed.parse(body, url="https://rain.example/feed").entries
    return feed_xml.parse(body, url="https://rain.example/feed").entries


@pytest.mark.parametrize("path", FEEDS, ids=NAMES)
def test_every_entry_has_its_link_and_its_date(path: Path) -> None:
    found = entries(path)
    assert found
    assert sum(not entry.link for entry in found) == WITHOUT_LINK.get(path.name, 0)
    undated = [entry.guid for entry in found if not (entry.published or entry.updated)]
    assert (path.name in WITHOUT_DATES) == bool(undated)


@pytest.mark.parametrize(
    "path", [path for path in FEEDS if path.suffix != ".json"], ids=lambda path: path.name
)
def test_nothing_is_missing_that_feedparser_sees(path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seen = feedparser.parse(
            BytesIO(path.read_bytes()), sanitize_html=False, resolve_relative_uris=False
        )
        found = entries(path)
        assert len(found) == len(seen.entries)
        for ours, theirs in zip(found, seen.entries, strict=True):
            assert_has(ours, theirs)


def assert_has(ours: Entry, theirs: Any) -> None:
    assert ours.id == theirs.get("id", "")
    assert ours.link.endswith(theirs.get("link", ""))
    assert ours.published == (dict.get(theirs, "published") or ours.published).strip()
    assert bool(ours.authors) >= bool(theirs.get("author"))
    assert len(ours.terms) == len(theirs.get("tags", []))
    assert len(ours.enclosures) >= len(theirs.get("enclosures", []) if "links" in theirs else [])
    bodies = [content.value for content in theirs.get("content", [])]
    assert ours.content in bodies if bodies else not ours.content
