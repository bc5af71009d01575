"""Whatever the bytes, whatever the parser: an answer or a ParseError, and soon."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape

import pytest

from aggregator.config.settings import Site, Source
from aggregator.errors import ParseError
from aggregator.model import Feed
from aggregator.normalise.batch import make
from aggregator.normalise.place import Place
from aggregator.parse import (
    charset,
    discovery,
    feed_xml,
    full_text,
    html_page,
    jekyll_post,
    json_api,
    json_feed,
    opml,
    published_post,
    sitemap,
)
from aggregator.sources.kind import finish
from aggregator.workers.pool import SMALL
from tests.parse.test_mutations import (
    DATA,
    JSON_SEEDS,
    PAGE_FIELDS,
    PAGE_SEEDS,
    SEEDS,
    SITEMAP_SEEDS,
    mutated,
)
from tests.safety.scale import scaled

URL = "https://rain.example/feed"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
SOURCE = Source(id="rain", url=URL)
PACE = 1.0  # seconds of this thread's time that a small document may take
ROWS = {"title": "title", "content": "body", "published": "time", "id": "id"}
POSTS = [path.read_bytes() for path in sorted((DATA / "jekyll").glob("*.md"))]
LISTS = [
    b"<opml><body><outline text='a'><outline text='b' xmlUrl='http://x.example/'/></outline></body>"
]
JSON_ROWS = [json.dumps({"rows": [{"title": "<p>a", "body": "b", "time": 1, "id": 2}]}).encode()]


def made(feed: Feed) -> None:
    """Make articles of *feed*, as a refresh does."""
    whole = finish(feed, SOURCE)
    make(whole.entries, Place(whole, SOURCE, Site(), ()), NOW)


def page(body: bytes) -> None:
    read = html_page.read(body, url=URL)
    rows = html_page.rows(read, "li, tr, div, p")
    made(Feed(entries=tuple(html_page.entry(row, PAGE_FIELDS, read.base) for row in rows)))


def rows(body: bytes) -> None:
    for row in json_api.rows(json_api.document(body, ""), "rows"):
        made(Feed(entries=(json_api.entry(row, None, ROWS, url=URL),)))


PARSERS: dict[str, tuple[Callable[[bytes], object], list[bytes]]] = {
    "xml": (lambda body: made(feed_xml.parse(body, url=URL)), SEEDS),
    "json": (lambda body: made(json_feed.parse(body, url=URL)), JSON_SEEDS),
    "rows": (rows, JSON_ROWS),
    "page": (page, PAGE_SEEDS),
    "text": (lambda body: full_text.read(body, url=URL), PAGE_SEEDS),
    "leads": (lambda body: discovery.leads(body, url=URL), PAGE_SEEDS),
    "sitemap": (
        lambda body: made(Feed(entries=tuple(sitemap.parse(body, url=URL).entries))),
        SITEMAP_SEEDS,
    ),
    "post": (lambda body: jekyll_post.parse(body, name="2026-01-01-a.md"), POSTS),
    "list": (opml.read, LISTS),
    "charset": (charset.decode, SEEDS),
}


def seconds(parse: Callable[[bytes], object], body: bytes) -> float:
    """Return the processor time that *body* takes to be read or refused."""
    begun = time.thread_time()
    try:
        parse(body)
    except ParseError as error:
        assert "\n" not in str(error)  # noqa: PT017 - refusing is as good as reading
    return time.thread_time() - begun


@pytest.mark.parametrize("name", PARSERS)
def test_a_mutated_document_is_read_or_refused_in_no_time(name: str) -> None:
    parse, seeds = PARSERS[name]
    chance = random.Random(name)
    slowest = 0.0
    for _ in range(scaled("MUTATIONS", 400) // len(PARSERS)):
        body = chance.choice(seeds)
        for _ in range(chance.choice((1, 1, 2, 8))):
            body = mutated(body, chance)
        slowest = max(slowest, seconds(parse, body[:SMALL]))
    print(f"{name}: slowest {slowest:.3f} s")  # noqa: T201 - the figure
    assert slowest < PACE


# ── small documents that take long ────────────────────────────────────────────────────────────────

PIECES = """
<div> <b> <a> <p> <table> <table><tr><td> <ul><li> <select> <form> <font> <b><p> <a><p> <svg> <svg/>
<math> <pre> <ruby><rt> <iframe> <script> <style> <textarea> <noscript> <template> <frameset> <!--
<!--> <![CDATA[ <! <? </ < & &amp; &#1; &lt; &lt;a &nbsp; ]]> --> <img> <img/src=x/srcset='x,> <br/>
<x:y> <item> <entry> <link> <!ENTITY <!DOCTYPE href=' ' " = \\ ` ( ) [ ] { } {{ % a a@ a.b@ http://
http://a/ mailto: // : :// , ; - + 1 1: 12: 2026- Jan Mon, 0x é \u0301 \u202e 字 😀 （ 【 \u3000 ../
? &a= # %2e data: javascript: 9
""".split()  # noqa: SIM905
FIELDS = (
    "title", "author", "category", "pubDate", "description", "content:encoded", "link", "guid",
    "dc:date", "dc:rights", "source", "language", "media:title",
)  # fmt: skip
PROPERTIES = ("title", "summary", "content_html", "content_text", "url", "id", "date_published")


def filled(before: str, piece: str, after: str = "") -> bytes:
    """Return a document as large as this thread itself would read."""
    room = SMALL - len((before + after).encode())
    return (before + piece * (room // len(piece.encode())) + after).encode()


def small_documents(piece: str) -> dict[str, tuple[str, bytes]]:
    found = {}
    for field in FIELDS:
        begin, end = f"<rss><channel><item><guid>1</guid><{field}>", f"</{field}></item></channel>"
        for spaced in (piece, f"{piece} "):
            found[f"{field} {spaced!r}"] = "xml", filled(begin, escape(spaced), end)
        found[f"raw {field}"] = "xml", filled(begin, piece, end)
    for name in PROPERTIES:
        begin = f'{{"version":"https://jsonfeed.org/version/1.1","items":[{{"id":"1","{name}":"'
        found[f"json {name}"] = "json", filled(begin, json.dumps(piece)[1:-1], '"}]}')
    for before in ("", "<html><body>", "<html><body><article><p>words", "<li>"):
        found |= {f"{kind} {before}": (kind, filled(before, piece)) for kind in ("page", "text")}
    found["leads"] = "leads", filled("<html><head>", piece)
    found["sitemap"] = "sitemap", filled("<urlset><url><loc>", piece)
    found["front matter"] = "post", filled("---\ntitle: ", piece, "\n---\n")
    found["yaml"] = "post", filled("---\n", piece, "\n---\n")
    found["lists"] = "post", filled("---\n", "- ", "x\n---\n")
    found["post"] = "post", filled("---\ntitle: a\n---\n", piece)
    found["attributes"] = "xml", filled("<rss><channel><item ", piece)
    found["outlines"] = "list", filled("<opml><body><outline text='", piece)
    return found


@pytest.mark.long
@pytest.mark.parametrize("number", range(0, len(PIECES), scaled("PIECES_EVERY", 64)))
def test_a_small_document_of_one_piece_takes_less_than_a_second(number: int) -> None:
    slow = {}
    for name, (kind, body) in small_documents(PIECES[number]).items():
        assert len(body) <= SMALL
        if (took := seconds(PARSERS[kind][0], body)) > PACE:
            slow[name] = took
    assert slow == {}


@pytest.mark.parametrize("depth", [400, 4000])
@pytest.mark.parametrize("kind", ["json", "rows", "post"])
def test_deep_values_are_read_or_refused(kind: str, depth: int) -> None:
    for opening, closing in (("[", "]"), ('{"a":', "}"), ('[{"items":', "}]")):
        for body in (opening * depth, opening * depth + "1" + closing * depth):
            for wrapped in (body, f'{{"rows": {body}}}', f"---\na: {body}\n---\n"):
                assert seconds(PARSERS[kind][0], wrapped.encode()[:SMALL]) < PACE


def test_a_page_of_ours_that_is_mutated_is_read_or_refused() -> None:
    chance = random.Random(1)
    for _ in range(scaled("MUTATIONS", 400) // len(PARSERS)):
        text = mutated(chance.choice(PAGE_SEEDS), chance).decode("utf-8", "replace")
        assert published_post.take_apart(text)
