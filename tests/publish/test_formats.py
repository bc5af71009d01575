"""What holds for every format of the table."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree, html

from aggregator.errors import PublishError
from aggregator.model import Attribution, Channel, Document, Enclosure, Person, Report, Term
from aggregator.publish import rendering
from aggregator.publish.formats import FORMATS, Format
from aggregator.publish.press import Press
from aggregator.publish.rendering import (
    article_documents,
    channel_documents,
    home_documents,
    shelf,
    site_documents,
)
from tests.publish.desk import CHINESE, NANCHANG, NOW, WORLD, article, chinese, press

RICH = article(
    3,
    title='R&D "1 < 2" & {{ more }} 🚢',
    summary="Line one.\nLine <two> & more.",
    authors=(Person("Alice Li"), Person("Bob (Reuters)", "b@c.example")),
    attribution=Attribution("P & Q", "https://p.example/", "https://p.example/f?a=1&b=2", "", "CC"),
    categories=("World", "南昌日报"),
    tags=("a b", "c"),
    terms=(Term("t", "https://t.example/"),),
    enclosures=(Enclosure("https://p.example/a.mp3", "audio/mpeg", 7, "T", 9),),
    image="https://p.example/a.png",
    language="fr",
)
ARTICLES = [article(1), chinese(2), RICH]


def everything(with_press: Press) -> list[Document]:
    """Return every kind of document there is."""
    channels = [WORLD, NANCHANG]
    shelves = [shelf(with_press, channel, ARTICLES) for channel in channels]
    documents = [
        *home_documents(with_press, shelves),
        *site_documents(with_press, channels),
    ]
    for channel in channels:
        documents += channel_documents(with_press, channel, ARTICLES)
    for one in ARTICLES:
        documents += article_documents(with_press, one)
    return documents


def digests(with_press: Press) -> dict[str, str]:
    return {one.path: hashlib.sha256(one.body).hexdigest() for one in everything(with_press)}


def check_xml(body: bytes) -> None:
    etree.fromstring(body)


def check_json(body: bytes) -> None:
    json.loads(body)


def check_html(body: bytes) -> None:
    assert html.document_fromstring(body.decode()).get("lang")


def check_text(body: bytes) -> None:
    body.decode()


CHECKS: dict[str, Callable[[bytes], None]] = {
    "xml": check_xml,
    "svg": check_xml,
    "opml": check_xml,
    "feeds": check_xml,
    "json": check_json,
    "html": check_html,
    "md": check_text,
    "txt": check_text,
    "css": check_text,
}


def test_every_format_has_a_line_of_help_and_something_to_render() -> None:
    for made in FORMATS.values():
        assert made.summary
        assert any((made.feed, made.article, made.home, made.site))


def test_all_documents_are_where_they_are_promised() -> None:
    assert sorted(document.path for document in everything(press())) == [
        ".well-known/feeds",
        "404.html",
        "_posts/2022-01-17-NW202201170002.md",
        "_posts/2022-01-17-abcdefgh01.md",
        "_posts/2022-01-17-abcdefgh03.md",
        "about.html",
        "assets/favicon.svg",
        "assets/style.css",
        "feeds.opml",
        "index.html",
        "nanchangribao/2022/01/17/abcdefgh02.html",
        "nanchangribao/atom.xml",
        "nanchangribao/feed.json",
        "nanchangribao/index.html",
        "nanchangribao/rss.xml",
        "robots.txt",
        "sitemap.xml",
        "sources.html",
        "world/2022/01/17/abcdefgh01.html",
        "world/2022/01/17/abcdefgh03.html",
        "world/atom.xml",
        "world/feed.json",
        "world/index.html",
        "world/rss.xml",
    ]


@pytest.mark.parametrize("site", [None, CHINESE])
def test_every_document_is_well_formed(site: dict[str, Any] | None) -> None:
    for document in everything(press(site) if site else press()):
        CHECKS[document.path.replace("/", ".").rpartition(".")[2]](document.body)


@pytest.mark.parametrize("name", list(FORMATS))
def test_a_format_is_rendered_only_where_it_is_asked_for(name: str) -> None:
    paths = {document.path for document in everything(press(formats=[name]))}
    always = {"assets/style.css", "feeds.opml"}
    others = {document.path for document in everything(press())} - paths
    assert paths > always
    assert bool(others) == (len(FORMATS) > 1)


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
def test_every_feed_has_the_same_ids_links_and_titles(name: str) -> None:
    body = {one.path: one.body for one in everything(press())}[f"world/{name}"]
    if name.endswith("json"):
        read = [(one["id"], one["url"], one["title"]) for one in json.loads(body)["items"]]
    else:
        entries = feedparser.parse(body, sanitize_html=False).entries
        read = [(one.id, one.link, one.title) for one in entries]
    assert read == [(one.public_id, one.share_link, one.title) for one in ARTICLES]


def test_the_same_articles_give_the_same_bytes_anywhere() -> None:
    program = (
        "import json\nfrom tests.publish.test_formats import digests\n"
        "from tests.publish.desk import press\nprint(json.dumps(digests(press())))"
    )
    places = [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "C.UTF-8", "LANG": "zh_CN"},
    ]
    for place in places:
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, **place, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            check=True,
            timeout=60,
        )
        assert json.loads(done.stdout) == digests(press())


# ── quarantine ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
@pytest.mark.parametrize(
    "field", ["title", "summary", "content", "public_id", "tags", "attribution"]
)
def test_an_article_that_no_document_can_hold_costs_no_other(
    bad: str, field: str, caplog: pytest.LogCaptureFixture
) -> None:
    values: dict[str, Any] = {"tags": (bad,), "attribution": Attribution(bad)}
    ill = replace(article(2), **{field: values.get(field, f"a{bad}b")})
    with caplog.at_level(logging.WARNING):
        kept = channel_documents(press(), WORLD, [article(1), ill, article(3)])
    assert kept == channel_documents(press(), WORLD, [article(1), article(3)])
    assert "left out of everything: article abcdefgh02 (source courier" in caplog.text
    assert article_documents(press(), ill) == []
    assert shelf(press(), WORLD, [ill, article(1)]) == shelf(press(), WORLD, [article(1)])


def test_an_article_whose_report_no_document_can_hold_costs_no_other() -> None:
    told = Report(Attribution("The Mail"), "https://mail.example/", "a\x0bb", NOW)
    kept = channel_documents(press(), WORLD, [article(1), article(2, also=(told,))])
    assert kept == channel_documents(press(), WORLD, [article(1)])


def test_an_article_of_an_unknown_category_costs_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    strange = article(2, categories=("Nowhere",))
    with caplog.at_level(logging.WARNING):
        kept = channel_documents(press(), WORLD, [strange, article(1)])
    assert kept == channel_documents(press(), WORLD, [article(1)])
    assert "left out of world as rss: article abcdefgh02" in caplog.text
    assert article_documents(press(), strange) == []


def test_a_format_that_always_fails_is_an_error_that_names_the_channel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(press: Press, channel: Channel, articles: object) -> list[Document]:
        raise ValueError("broken")

    monkeypatch.setattr(rendering, "FORMATS", {"rss": Format("breaks", feed=fail)})
    with pytest.raises(PublishError, match="world as rss cannot be rendered: broken"):
        channel_documents(press(), WORLD, [article()])


def test_white_space_that_xml_allows_is_no_fault() -> None:
    whole = article(content="<pre>a\tb\r\nc</pre>", title="a\tb")
    assert len(article_documents(press(), whole)) == 2
