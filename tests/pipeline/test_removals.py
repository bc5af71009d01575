"""What becomes of the documents when an article is hidden or taken down."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree

from aggregator.edition import marks, newer
from aggregator.model import Article
from aggregator.normalise.stories import WINDOW, same_story, signatures, tokens
from aggregator.parse import feed_xml
from aggregator.store.removals import Deed
from aggregator.store.stories import Merging
from aggregator.store.writer import Store
from tests.articles import NAMING, NOW, article
from tests.command import files
from tests.pipeline.test_publication import Press, page
from tests.store.test_removals import traces
from tests.store.test_stories import tells
from tests.tellings import BRIDGE_REWRITTEN

TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    made = Press(tmp_path)
    made.now = LATER
    yield made
    made.store.close()


def remove(press: Press, one: Article, act: str = "hide", **changes: Any) -> set[str]:
    """Hide an article, show it or take it down now; return the paths that changed."""
    deed = Deed(**{"who": "anna", "at": press.now, "reason": "it was wrong", **changes})
    with press.store.transaction():
        assert getattr(press.store.removals, act)(one.id, deed)
    return press.publish()


def read(press: Press, path: str) -> str:
    return (press.folder / "feeds" / path).read_text(encoding="utf-8")


def tombstones(press: Press, slug: str = "world") -> dict[str, str]:
    """Return public id → time of each deleted entry."""
    root = etree.fromstring(read(press, f"{slug}/atom.xml").encode())
    return {one.get("ref"): one.get("when") for one in root.iterfind(TOMBSTONE)}


def ids(press: Press, slug: str = "world") -> list[list[str]]:
    """Return the ids in RSS, Atom and JSON Feed."""
    items = json.loads(read(press, f"{slug}/feed.json"))["items"]
    return [
        *([one.id for one in feedparser.parse(read(press, f"{slug}/{name}")).entries]
          for name in ("rss.xml", "atom.xml")),
        [item["id"] for item in items],
    ]  # fmt: skip


def bodies(press: Press) -> dict[str, bytes]:
    found = {path: body for path, (_, body) in files(press.folder / "feeds").items()}
    del found["manifest.json"]
    return found


def test_a_hidden_article_leaves_every_document_and_comes_back_to_the_byte(press: Press) -> None:
    press.take_in(*(article(number) for number in range(1, 4)))
    press.publish()
    before = bodies(press)
    changed = remove(press, article(2))
    assert {"world/rss.xml", "all/atom.xml", "world/index.html", "index.html"} <= changed
    assert {path: 1 for path, body in bodies(press).items() if b"Title 2" in body} == {}
    posts = sorted(path for path in press.paths() if path.startswith("_posts/"))
    assert posts == sorted(f"_posts/2026-11-22-{article(n).id}.md" for n in (1, 3))
    assert ids(press) == [[article(1).public_id, article(3).public_id]] * 3
    assert press.publish(everything=True) == set()
    remove(press, article(2), "show")
    assert bodies(press) == before


def test_atom_says_which_entry_is_gone_since_when_and_why_it_does_not_say(press: Press) -> None:
    press.take_in(article(1), article(2))
    remove(press, article(2))
    for slug in ("world", "all"):
        assert tombstones(press, slug) == {article(2).public_id: "2026-11-22T13:00:00Z"}
    document = read(press, "world/atom.xml")
    assert "it was wrong" not in document
    assert "This article was taken down on 22 November 2026." in document
    feed = feed_xml.parse(document.encode(), url="https://x.example/", content_type="")
    assert feed.deleted == (article(2).public_id,)
    parsed = feedparser.parse(document)
    assert not parsed.bozo
    assert [one.id for one in parsed.entries] == [article(1).public_id]
    assert parsed.feed.updated == "2026-11-22T13:00:00Z", "a feed changes when an entry goes"


def test_readers_are_told_the_reason_where_the_operator_wants_it(press: Press) -> None:
    press.take_in(article(1), article(2))
    remove(press, article(2), reason="It named <the wrong> man & year.", told=True)
    root = etree.fromstring(read(press, "world/atom.xml").encode())
    (comment,) = root.find(TOMBSTONE)
    told = (
        "This article was taken down on 22 November 2026. Reason: It named <the wrong> man & year."
    )
    assert comment.text == told
    assert "Reason: It named &lt;the wrong&gt; man &amp; year." in read(
        press, f"_gone/{page(article(2))}"
    )


def test_a_reader_that_asks_only_for_news_is_told_too(press: Press) -> None:
    press.take_in(*(article(number) for number in range(1, 5)))
    press.publish()
    held = marks(read(press, "world/atom.xml").encode())
    remove(press, article(2))
    remove(press, article(3), "take_down")
    news = newer(read(press, "world/atom.xml").encode(), held)
    assert news
    assert [one.id for one in feedparser.parse(news).entries] == [article(3).public_id]
    told = {one.get("ref") for one in etree.fromstring(news).iterfind(TOMBSTONE)}
    assert told == {article(2).public_id, article(3).public_id}


def test_its_page_says_that_it_is_gone_and_asks_not_to_be_indexed(press: Press) -> None:
    press.take_in(article(1), article(2))
    press.publish()
    remove(press, article(2))
    gone = read(press, f"_gone/{page(article(2))}")
    assert '<meta name="robots" content="noindex">' in gone
    assert "<h1>This article was taken down</h1>" in gone
    assert "<p>This article was taken down on 22 November 2026.</p>" in gone
    assert "Title 2" not in gone
    assert press.store.record(page(article(2))) is None
    assert page(article(2)) not in press.paths()
    remove(press, article(2), "show")
    assert page(article(2)) in press.paths()
    assert f"_gone/{page(article(2))}" not in press.paths()


def test_what_is_taken_down_is_replaced_under_its_guid_in_every_feed(press: Press) -> None:
    press.take_in(*(article(number) for number in range(1, 4)))
    press.publish()
    remove(press, article(2), "take_down", told=True)
    for slug in ("world", "all"):
        assert ids(press, slug) == [[article(number).public_id for number in (1, 2, 3)]] * 3
        assert list(tombstones(press, slug)) == [article(2).public_id]
    told = "This article was taken down on 22 November 2026. Reason: it was wrong"
    item = json.loads(read(press, "world/feed.json"))["items"][1]
    assert (item["title"], item["content_html"]) == (
        "This article was taken down",
        f"<p>{told}</p>",
    )
    assert item["date_published"] == "2026-11-22T10:00:00Z"
    assert item["date_modified"] == "2026-11-22T13:00:00Z"
    assert item["url"] == f"http://127.0.0.1:8080/{page(article(2))}"
    for name in ("rss.xml", "atom.xml"):
        entry = feedparser.parse(read(press, f"world/{name}")).entries[1]
        assert (entry.title, entry.link) == ("This article was taken down", item["url"])
        assert told in entry.content[0].value
    everything = b"".join(bodies(press).values())
    for trace in (b"Title 2", b"Text of article 2", b'<a href="https://paper.example/2'):
        assert trace not in everything
    listed = read(press, "world/index.html")
    assert "This article was taken down" not in listed
    assert "This article was taken down" not in read(press, "index.html")
    assert press.publish(everything=True) == set()


def test_what_is_kept_for_the_home_page_is_wiped_too(press: Press) -> None:
    press.take_in(*(article(n, title=f"Xylophonquark {n}" * (n == 2)) for n in range(1, 9)))
    press.publish()
    press.store.leave_no_trace()
    assert traces(press.folder, "Xylophonquark")
    remove(press, article(2), "take_down")
    press.store.leave_no_trace()
    assert traces(press.folder, "Xylophonquark") == []


def test_a_category_says_so_in_its_own_language(press: Press) -> None:
    press.settings = press.configured(category={"world": {"language": "zh-CN"}})
    press.take_in(article(1), article(2))
    remove(press, article(2), "take_down", told=True, reason="有误")
    item = json.loads(read(press, "world/feed.json"))["items"][1]
    assert item["title"] == "这篇文章已撤下"
    assert item["content_html"] == "<p>这篇文章已于2026年11月22日撤下。原因：有误</p>"
    item = json.loads(read(press, "all/feed.json"))["items"][1]
    assert item["title"] == "This article was taken down"


def test_an_own_feed_replaces_what_it_had_and_mentions_nothing_else_that_was_taken_down(
    press: Press,
) -> None:
    feeds = [{"id": name, "title": name, "match": name} for name in ("Storks", "Rates")]
    press.settings = press.configured(feed=[{**one, "id": one["id"].lower()} for one in feeds])
    storks, rates = article(1, title="Storks"), article(2, title="Rates")
    press.take_in(storks, rates, article(3, title="Rates and storks"))
    remove(press, storks, "take_down", feeds=("storks",))
    remove(press, rates)
    assert ids(press, "storks")[0] == [storks.public_id]
    assert storks.public_id in tombstones(press, "storks")
    assert ids(press, "rates")[0] == [article(3).public_id]
    assert list(tombstones(press, "rates")) == [rates.public_id]


def test_other_sources_do_not_tell_of_it_any_more_and_stand_for_themselves(press: Press) -> None:
    press.store.close()
    merging = Merging(signatures, tokens, same_story, WINDOW, lambda slug: True)
    press.store = Store(press.folder / "aggregator.db", NAMING, merging)
    leader, follower = tells("paper"), tells("mail", BRIDGE_REWRITTEN, 0.5)
    press.take_in(leader, follower)
    press.publish()
    assert ids(press)[0] == [leader.public_id]
    remove(press, follower)
    assert "The Mail" not in "".join(body.decode() for body in bodies(press).values())
    assert tombstones(press) == {}, "it was no entry"
    remove(press, follower, "show")
    assert ids(press)[0] == [leader.public_id]
    assert "Also reported by" in read(press, "world/rss.xml")
    remove(press, leader, "take_down")
    assert sorted(ids(press)[0]) == sorted([leader.public_id, follower.public_id])
    assert "The Paper" not in read(press, "world/rss.xml")


def test_the_archive_is_written_again_without_it(press: Press) -> None:
    press.settings = press.configured(publish={"entries": 1})
    days = [article(n, published=NOW - timedelta(days=31 * n)) for n in range(1, 5)]
    press.take_in(*days)
    press.publish()
    month = f"world/archive/{days[2].published:%Y-%m}.atom.xml"
    assert "Title 3" in read(press, month)
    changed = remove(press, days[2], "take_down")
    assert month in changed
    assert "Title 3" not in "".join(read(press, path) for path in press.paths())
    assert "Title 2" in read(press, f"world/archive/{days[1].published:%Y-%m}.atom.xml")
    assert press.publish(everything=True) == set()


# ── for how long ──────────────────────────────────────────────────────────────────────────────────


def test_readers_are_told_for_72_hours_at_least_and_while_it_would_stand_there(
    press: Press,
) -> None:
    press.settings = press.configured(publish={"entries": 3})
    press.take_in(*(article(number) for number in range(1, 6)))
    remove(press, article(2))
    remove(press, article(5))
    assert set(tombstones(press)) == {article(2).public_id, article(5).public_id}
    press.now = LATER + timedelta(hours=72)
    press.publish()
    assert set(tombstones(press)) == {article(2).public_id, article(5).public_id}
    press.now += timedelta(seconds=1)
    assert "world/atom.xml" in press.publish()
    assert set(tombstones(press)) == {article(2).public_id}, "the newest three would have it"
    assert press.publish() == set()
    press.take_in(*(article(n, guid=f"n{n}", published=LATER) for n in (11, 12, 13)))
    press.publish()
    assert tombstones(press) == {}


def test_with_a_window_readers_are_told_as_long_as_that(press: Press) -> None:
    press.settings = press.configured(publish={"window": "7d"})
    press.take_in(article(1), article(2))
    remove(press, article(2), "take_down")
    assert len(ids(press)[0]) == 2
    press.now = NOW + timedelta(days=7, hours=-1, seconds=-1)
    press.publish()
    assert (len(ids(press)[0]), len(tombstones(press))) == (1, 1), "it has left the window"
    press.now = LATER + timedelta(days=7, seconds=1)
    press.publish()
    assert tombstones(press) == {}


def test_a_feed_that_is_empty_now_still_says_what_is_gone(press: Press) -> None:
    press.take_in(article(1))
    remove(press, article(1))
    assert ids(press) == [[], [], []]
    assert list(tombstones(press)) == [article(1).public_id]
