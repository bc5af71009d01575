"""The Link header: hub and self for WebSub, a page's feeds for readers."""

from __future__ import annotations

import pytest

from aggregator.serve.links import link_header
from tests.serve.conftest import Shelf, Site

RSS = """<?xml version='1.0' encoding='UTF-8'?>
<?xml-stylesheet type="text/css" href="../assets/style.css"?>
<rss xmlns:atom="http://www.w3.org/2005/Atom" version="2.0"><channel><title>World</title>
<link>https://news.example/world/</link>
<atom:link href="https://news.example/world/rss.xml" rel="self" type="application/rss+xml"/>
<atom:link href="https://hub.example/?a=1&amp;b=2" rel="hub"/>
<item><title>One</title><link>https://paper.example/1</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>World</title>
<link href="https://news.example/world/atom.xml" rel="self" type="application/atom+xml"/>
<link href="https://hub.example/" rel="hub"/>
<link rel="prev-archive" href="https://news.example/world/archive/2026-10.atom.xml"/>
<link href="https://news.example/world/" rel="alternate" type="text/html"/>
<entry><link href="https://paper.example/1" rel="alternate"/></entry></feed>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "World",
"home_page_url": "https://news.example/world/",
"feed_url": "https://news.example/world/feed.json",
"hubs": [{"type": "WebSub", "url": "https://hub.example/"}], "items": [{"url": "https://x/"}]}"""
PAGE = """<!doctype html><html><head><link rel=stylesheet href=../assets/style.css>
<link rel="alternate" type="application/atom+xml" title="世界" href="atom.xml">
<link rel="alternate" type="application/rss+xml" href="rss.xml">
<link rel="canonical" href="https://paper.example/1">
</head><body><link rel="alternate" href="https://evil.example/">"""


@pytest.mark.parametrize(
    ("path", "document", "links"),
    [
        (
            "world/rss.xml",
            RSS,
            [
                '<https://news.example/world/>; rel="alternate"; type="text/html"',
                '<https://news.example/world/rss.xml>; rel="self"; type="application/rss+xml"',
                '<https://hub.example/?a=1&b=2>; rel="hub"',
            ],
        ),
        (
            "world/atom.xml",
            ATOM,
            [
                '<https://news.example/world/atom.xml>; rel="self"; type="application/atom+xml"',
                '<https://hub.example/>; rel="hub"',
                '<https://news.example/world/archive/2026-10.atom.xml>; rel="prev-archive"',
                '<https://news.example/world/>; rel="alternate"; type="text/html"',
            ],
        ),
        (
            "world/feed.json",
            JSON,
            [
                '<https://news.example/world/feed.json>; rel="self"',
                '<https://hub.example/>; rel="hub"',
                '<https://news.example/world/>; rel="alternate"; type="text/html"',
            ],
        ),
        (
            "world/index.html",
            PAGE,
            [
                '<atom.xml>; rel="alternate"; type="application/atom+xml"',
                '<rss.xml>; rel="alternate"; type="application/rss+xml"',
                '<https://paper.example/1>; rel="canonical"',
            ],
        ),
        ("feeds.opml", "<opml><link rel='self' href='x'/></opml>", []),
        ("assets/style.css", "", []),
    ],
    ids=["rss", "atom", "json", "page", "opml", "css"],
)
def test_a_document_says_its_relations_in_a_header(
    path: str, document: str, links: list[str]
) -> None:
    assert link_header(path, document.encode()) == ", ".join(links)


@pytest.mark.parametrize(
    "href",
    ["x&#10;Set-Cookie: a=b", "x&#13;&#10;y", 'x" y', "x> y", "南昌", "&#0;x", "", "x y"],
)
def test_nothing_but_an_address_gets_into_the_header(href: str) -> None:
    document = f"<html><head><link rel='alternate' href='{href}'></head>"
    assert link_header("a.html", document.encode()) == ""


def test_odd_documents_have_no_links() -> None:
    for odd in ("[]", "{", '{"hubs": null}', '{"feed_url": 1, "hubs": []}'):
        assert link_header("feed.json", odd.encode()) == ""
    assert link_header("a.xml", b"\xff<link rel=self href=\xff") == ""


def test_a_page_with_thousands_of_feeds_names_a_few() -> None:
    links = "".join(f'<link rel="alternate" href="{number}/atom.xml">' for number in range(2000))
    header = link_header("index.html", f"<html><head>{links}</head>".encode())
    assert header.count("rel=") == 12


@pytest.mark.parametrize("accept", ["identity", "gzip"])
def test_the_links_are_in_every_answer_for_the_document(
    site: Site, shelf: Shelf, accept: str
) -> None:
    shelf.put("world/atom.xml", ATOM.encode())
    asked = {"Accept-Encoding": accept}
    whole = site.get("/world/atom.xml", asked)
    none = site.get("/world/atom.xml", {**asked, "If-None-Match": whole.headers["ETag"]})
    assert none.status_code == 304
    for answer in (whole, none):
        assert answer.links["hub"]["url"] == "https://hub.example/"
        assert answer.links["self"]["url"] == "https://news.example/world/atom.xml"
    assert "Link" not in site.get("/site.css").headers
