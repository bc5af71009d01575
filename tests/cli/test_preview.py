"""What preview says of a document: all its facts, be they likely or not, and what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.inside import aggregator

HEAD = """<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">
<channel><title>The Paper</title><link>https://paper.example/</link><language>en-us</language>
<managingEditor>desk@paper.example (Ada Regen)</managingEditor>"""
TAIL = "</channel></rss>"


def previewed(folder: Path, document: str) -> Any:
    (folder / "feed.xml").write_text(document, encoding="utf-8")
    ended = aggregator(folder, "preview", "--json", "feed.xml")
    assert ended.status == 0, ended.err
    return ended.json()


def entry_of(folder: Path, item: str) -> Any:
    (entry,) = previewed(folder, f"{HEAD}<item>{item}</item>{TAIL}")["entries"]
    return entry


def test_the_feed_is_shown_as_it_describes_itself(tmp_path: Path) -> None:
    feed = previewed(tmp_path, HEAD + TAIL)["feed"]
    assert feed["language"] == "en-us"
    assert feed["author"] == "Ada Regen (mailto:desk@paper.example)"
    assert feed["authors"] == [{"name": "Ada Regen", "email": "desk@paper.example", "url": ""}]


def test_of_a_truncated_feed_is_shown_what_there_is_with_a_warning(tmp_path: Path) -> None:
    seen = previewed(tmp_path, f"{HEAD}<item><title>one</title></item><item><title>tw")
    assert seen["entries"][0]["title"] == "one"
    assert seen["warning"].startswith("ends in the middle: </rss> is missing")


def test_an_entry_that_cannot_be_an_article_is_shown_with_the_reason(tmp_path: Path) -> None:
    entry = entry_of(tmp_path, "<pubDate>Thu, 19 Nov 2026 08:00:00 GMT</pubDate>")
    assert entry["bad"].startswith("has no title and no text")
    assert entry["published"] == "2026-11-19T08:00:00Z"
    assert entry["author"] == "Ada Regen (mailto:desk@paper.example)"


@pytest.mark.parametrize(
    ("item", "shown"),
    [
        ("<pubDate>Thu, 01 Jan 1970 08:00:00 GMT</pubDate>", "1970-01-01T08:00:00Z"),
        ("<pubDate>Thu, 19 Nov 2999 08:00:00 GMT</pubDate>", "2999-11-19T08:00:00Z"),
        ("<pubDate>soon</pubDate>", None),
    ],
)
def test_a_date_is_shown_as_claimed(tmp_path: Path, item: str, shown: str | None) -> None:
    assert entry_of(tmp_path, f"<title>one</title>{item}")["published"] == shown


LINK = "<link>https://paper.example/1</link>"
ORIGINAL = "<feedburner:origLink>https://paper.example/orig</feedburner:origLink>"
FILE = '<enclosure url="https://paper.example/1.mp3" type="audio/mpeg" length="5"/>'


@pytest.mark.parametrize(
    ("item", "link"),
    [
        (LINK + ORIGINAL + FILE, "https://paper.example/1"),
        (ORIGINAL + FILE, "https://paper.example/orig"),
        (FILE, "https://paper.example/1.mp3"),
        ("", "https://paper.example/"),
    ],
)
def test_the_link_is_where_a_reader_finds_the_entry(tmp_path: Path, item: str, link: str) -> None:
    assert entry_of(tmp_path, f"<title>one</title>{item}")["link"] == link


def test_the_share_link_is_the_one_chosen(tmp_path: Path) -> None:
    entry = entry_of(tmp_path, f"<title>one</title>{LINK}{ORIGINAL}")
    assert entry["share_link"] == "https://paper.example/orig"


def test_a_summary_that_is_cut_is_shown_whole(tmp_path: Path) -> None:
    words = " ".join(f"Drop {number}." for number in range(200))
    item = f"<title>one</title><description>{words}</description><description>{words} {words}"
    assert entry_of(tmp_path, f"{item}</description>")["summary"] == words


def test_a_webmaster_speaks_for_the_feed_and_wrote_nothing(tmp_path: Path) -> None:
    feed = "<rss><channel><title>T</title><webMaster>w@paper.example (Bo)</webMaster>"
    seen = previewed(tmp_path, f"{feed}<item><title>one</title></item>{TAIL}")
    assert seen["feed"]["author"] == "Bo (mailto:w@paper.example)"
    assert seen["feed"]["authors"] == []
    assert seen["entries"][0]["authors"] == []


def test_half_a_character_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "feed.json").write_text(
        '{"version": "https://jsonfeed.org/version/1", "title": "The Paper",'
        ' "items": [{"id": "\\ud83d", "title": "one"}]}'
    )
    ended = aggregator(tmp_path, "preview", "--json", "feed.json")
    assert ended.status == 0, ended.err
    assert ended.json()["entries"][0]["id"] == "?"


def test_a_text_of_markup_alone_is_shown_sanitised(tmp_path: Path) -> None:
    picture = '&lt;img src="https://paper.example/i.png" onload="x()"&gt;'
    shown = entry_of(tmp_path, f"<title>{picture}</title>")
    assert shown["title"] == '<img src="https://paper.example/i.png" alt="">'
    assert shown["bad"].startswith("has no title")


def test_an_entry_that_is_a_picture_is_taken_in_under_the_name_of_its_file(tmp_path: Path) -> None:
    shown = entry_of(
        tmp_path, '<description>&lt;img src="https://paper.example/a/cat.jpg"&gt;</description>'
    )
    assert (shown["title"], shown["content"]) == (
        "cat.jpg",
        '<img src="https://paper.example/a/cat.jpg" alt="">',
    )


def test_rights_of_markup_alone_are_shown_sanitised(tmp_path: Path) -> None:
    sign = '&lt;img src="https://paper.example/cc.png" onload="x()"&gt;'
    feed = previewed(tmp_path, f"{HEAD}<copyright>{sign}</copyright>{TAIL}")["feed"]
    assert feed["rights"] == '<img src="https://paper.example/cc.png" alt="">'


def test_an_author_is_shown_in_the_sources_words_and_as_persons(tmp_path: Path) -> None:
    shown = entry_of(tmp_path, "<title>one</title><author>&lt;b&gt;Bo&lt;/b&gt;</author>")
    assert shown["author"] == "<b>Bo</b>"
    assert shown["authors"] == [{"name": "Bo", "email": "", "url": ""}]


def test_a_feed_that_does_not_say_when_it_changed_did_with_its_newest_entry(tmp_path: Path) -> None:
    items = "".join(
        f"<item><title>{day}</title><pubDate>{day} Nov 2026 08:00:00 GMT</pubDate></item>"
        for day in (18, 19, 17)
    )
    assert previewed(tmp_path, HEAD + items + TAIL)["feed"]["updated"] == "2026-11-19T08:00:00Z"
    said = "<lastBuildDate>Mon, 16 Nov 2026 08:00:00 GMT</lastBuildDate>"
    seen = previewed(tmp_path, HEAD + said + items + TAIL)
    assert seen["feed"]["updated"] == "2026-11-16T08:00:00Z"


def test_a_relative_link_is_shown_as_it_stands_where_nobody_knows_the_documents_place(
    tmp_path: Path,
) -> None:
    shown = entry_of(tmp_path, "<title>one</title><link>/1</link>")
    assert (shown["link"], shown["share_link"]) == ("/1", "https://paper.example/1")
    ended = aggregator(
        tmp_path, "preview", "--json", "--base", "https://paper.example/rss/", "feed.xml"
    )
    assert ended.json()["entries"][0]["link"] == "https://paper.example/1"
