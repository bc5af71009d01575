"""Significant edits as entries of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest

from aggregator.model import Article, SourceState
from aggregator.store.intake import Intake
from tests.articles import NOW, article
from tests.pipeline.test_publication import Press, page
from tests.pipeline.test_removals import bodies, ids, read, remove, tombstones


class Newsroom(Press):
    """A press whose source's edits count; each document comes an hour after the one before."""

    def configured(self, **tables: Any) -> Any:
        publish = {"corrections": "new-entry", **tables.pop("publish", {})}
        return super().configured(publish=publish, **tables)

    def brings(self, *articles: Article) -> set[str]:
        for one in articles:
            seen = replace(one, first_seen_at=self.now, fingerprint=f"{self.now}")
            state = SourceState(one.source, last_ok_at=self.now)
            with self.store.transaction():
                self.store.take_in(Intake(state, (seen,), edits_count=True))
        self.now += timedelta(hours=1)
        return self.publish()

    def entries(self, slug: str = "world") -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = json.loads(read(self, f"{slug}/feed.json"))["items"]
        return items


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    made = Newsroom(tmp_path)
    yield made
    made.store.close()


OWN = f"tag:example.org,2026:{article(1).id}/1"


def test_a_significant_edit_is_an_entry_besides_the_article(room: Newsroom) -> None:
    room.brings(article(1), article(2))
    changed = room.brings(article(1, title="Title 1, put right", content="<p>New.</p>"))
    assert {"world/rss.xml", "all/atom.xml", "world/feed.json"} <= changed
    assert ids(room) == [[OWN, article(1).public_id, article(2).public_id]] * 3
    assert ids(room, "all") == ids(room)
    own, told, _ = room.entries()
    assert own["title"] == "Correction: Title 1, put right"
    assert own["url"] == told["url"] == article(1).share_link
    assert own["date_published"] == "2026-11-22T13:00:00Z"
    assert own["content_html"].startswith(
        '<p>This article was corrected on 22 November 2026: <a href="https://paper.example/1">'
        "Title 1, put right</a></p><p>Formerly: Title 1</p>"
    )
    assert (told["title"], told["date_published"]) == ("Title 1, put right", "2026-11-22T11:00:00Z")
    for name in ("rss.xml", "atom.xml"):
        read_back = feedparser.parse(read(room, f"world/{name}"))
        assert not read_back.bozo
        entry = read_back.entries[0]
        assert (entry.title, entry.link) == (own["title"], own["url"])
        assert entry.published_parsed[:5] == (2026, 11, 22, 13, 0)


def test_pages_posts_and_archives_do_not_list_it(room: Newsroom) -> None:
    room.brings(article(1))
    before = room.paths()
    room.brings(article(1, title="Put right"))
    assert room.paths() == before
    for path in ("world/index.html", "index.html", page(article(1))):
        assert "Correction: " not in read(room, path)


def test_what_is_no_significant_edit_is_no_correction(room: Newsroom) -> None:
    room.brings(article(1))
    room.brings(article(1, title="Title 1.", content="<p>Text of article  1!</p>"))
    assert ids(room)[0] == [article(1).public_id]


def test_corrections_are_silent_unless_the_operator_wants_them(room: Newsroom) -> None:
    room.settings = room.configured(publish={"corrections": "silent"})
    room.brings(article(1))
    room.brings(article(1, title="Put right"))
    assert ids(room)[0] == [article(1).public_id]
    room.settings = room.configured()
    room.publish()
    assert ids(room)[0] == [OWN, article(1).public_id], "they were noted all the same"


def test_each_has_its_own_guid_and_keeps_it_and_its_words(room: Newsroom) -> None:
    room.brings(article(1))
    room.brings(article(1, title="Second"))
    first = room.entries()[0]
    room.brings(article(1, title="Third", content="<p>More.</p>"))
    assert [entry["title"] for entry in room.entries()] == [
        "Correction: Third",
        "Correction: Second",
        "Third",
    ]
    assert room.entries()[1] == first
    before = bodies(room)
    assert room.publish(everything=True) == set()
    assert bodies(room) == before


def test_titles_are_text_and_words_are_in_the_channels_language(room: Newsroom) -> None:
    room.settings = room.configured(category={"world": {"language": "zh-CN"}})
    room.brings(article(1, title="1 < 2 & 3"))
    room.brings(article(1, title="4 > 2 & <b>3</b>"))
    own = room.entries()[0]
    assert own["title"] == "更正：4 > 2 & <b>3</b>"
    assert "这篇文章已于2026年11月22日更正：<a" in own["content_html"]
    assert "4 &gt; 2 &amp; &lt;b&gt;3&lt;/b&gt;</a>" in own["content_html"]
    assert "原标题：1 &lt; 2 &amp; 3" in own["content_html"]
    assert room.entries("all")[0]["title"].startswith("Correction: ")


def test_an_own_feed_has_those_of_what_it_selects(room: Newsroom) -> None:
    feeds = [{"id": "storks", "title": "Storks", "match": "(?i)stork"}]
    room.settings = room.configured(feed=feeds)
    room.brings(article(1, title="Storks"), article(2))
    room.brings(article(1, title="Storks, put right"), article(2, title="Put right"))
    assert len(ids(room)[0]) == 4
    assert ids(room, "storks")[0] == [OWN, article(1).public_id]


def test_they_leave_with_the_window_and_are_not_older_than_what_is_shown(room: Newsroom) -> None:
    room.settings = room.configured(publish={"window": "1d"})
    room.brings(article(1))
    room.brings(article(1, title="Put right"))
    room.now = NOW + timedelta(days=1)
    room.publish()
    assert ids(room)[0] == [OWN]
    room.now += timedelta(hours=1, seconds=1)
    room.publish()
    assert ids(room)[0] == []
    room.settings = room.configured(publish={"entries": 2})
    later = [article(n, published=NOW + timedelta(hours=n), updated=NOW) for n in (2, 3)]
    room.brings(*later)
    assert len(ids(room)[0]) == 2


def test_a_removed_article_has_none_and_one_that_is_taken_down_loses_them(room: Newsroom) -> None:
    room.brings(article(1), article(2))
    room.brings(article(1, title="Put right"))
    remove(room, article(1))
    assert ids(room)[0] == [article(2).public_id]
    assert list(tombstones(room)) == [article(1).public_id]
    remove(room, article(1), "show")
    assert OWN in ids(room)[0]
    remove(room, article(1), "take_down")
    assert OWN not in ids(room)[0]
