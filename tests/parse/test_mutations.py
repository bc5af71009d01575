"""Whatever the bytes, a parser gives a feed or says in one line what is wrong."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import ParseError
from aggregator.model import Feed
from aggregator.parse import feed_xml, html_page, jekyll_post, json_feed, sitemap

DATA = Path(__file__).parent.parent / "data"
SEEDS = [
    path.read_bytes()
    for family in ("rss", "atom", "rdf")
    for path in sorted((DATA / family).glob("*.xml"))
]
SITEMAP_SEEDS = [
    path.read_bytes()
    for path in sorted((DATA / "sitemap").iterdir())
    if path.suffix in (".xml", ".gz", ".txt")
]
PAGE_SEEDS = [path.read_bytes() for path in sorted((DATA / "html_page").glob("*.html"))]
PAGE_FIELDS = {"title": "b", "link": "a", "content": "div, p", "published": "time@datetime"}
JSON_SEEDS = [
    path.read_bytes()
    for path in sorted((DATA / "json_feed").glob("*.input.json"))
    if path.stat().st_size < 5000
]
PIECES = (
    b"< > & ; <![CDATA[ ]]> <!-- --> &#0; &#99999999; <item> </item> <entry> <links>x</links> "
    b'<authors> <tags> <title_detail> xml:base="http://[" \0 \xff <image> <source> [ { null 1e999 '
    b'</rss> </feed> <link/> <enclosure/> href="http://[::1" <content> <media_content>q '
    b"<!DOCTYPE <links/> <authors/> xmlns:a='' <a:b> <x/>"
).split(b" ")


def parsed(body: bytes, kind: str) -> Feed | None:
    try:
        if kind == "json":
            return json_feed.parse(body, url="https://rain.example/feed")
        return feed_xml.parse(body, url="https://rain.example/feed")
    except ParseError:
        return None


@settings(max_examples=150, derandomize=True)
@given(st.sampled_from(SEEDS), st.integers(min_value=0, max_value=2**32))
def test_a_mutated_feed_is_read_or_refused(body: bytes, chance: int) -> None:
    feed = parsed(mutated(body, random.Random(chance)), "xml")
    assert feed is None or all(entry.guid for entry in feed.entries)


@settings(max_examples=150, derandomize=True)
@given(st.sampled_from(JSON_SEEDS), st.integers(min_value=0, max_value=2**32))
def test_a_mutated_json_feed_is_read_or_refused(body: bytes, chance: int) -> None:
    feed = parsed(mutated(body, random.Random(chance)), "json")
    assert feed is None or all(entry.guid for entry in feed.entries)


@settings(max_examples=150, derandomize=True)
@given(st.sampled_from(SITEMAP_SEEDS), st.integers(min_value=0, max_value=2**32))
def test_a_mutated_sitemap_is_read_or_refused(body: bytes, chance: int) -> None:
    try:
        found = sitemap.parse(mutated(body, random.Random(chance)), url="https://rain.example/")
    except ParseError:
        return
    assert all(entry.link and entry.fingerprint for entry in found.entries)


@settings(max_examples=150, derandomize=True)
@given(st.sampled_from(PAGE_SEEDS), st.integers(min_value=0, max_value=2**32))
def test_a_mutated_page_is_read_or_refused(body: bytes, chance: int) -> None:
    try:
        page = html_page.read(mutated(body, random.Random(chance)), url="https://rain.example/")
        for row in html_page.rows(page, "li, tr"):
            found = html_page.entry(row, PAGE_FIELDS, page.base)
            html_page.with_own_words(html_page.with_page(found, page, {"summary": "li"}), page)
    except ParseError:
        return


@settings(max_examples=100, derandomize=True)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    parsed(body, "json")
    parsed(b"<rss><channel><item>" + body + b"</item></channel></rss>", "xml")
    assert jekyll_post.parse(b"---\n" + body + b"\n---\n", name="a.md")


@pytest.mark.parametrize(
    "piece",
    [b"<!--", b"<![CDATA[", b"&", b"<", b"<item>", b"<div>", b'<a b="', b"<!", b"&lt;a ", b"a@"],
)
def test_a_piece_repeated_without_end_takes_no_time(piece: bytes) -> None:
    body = b"<rss><channel><item><author>" + piece * 20_000 + b"</author></item></channel></rss>"
    parsed(body, "xml")  # quadratic work here would take minutes


def mutated(body: bytes, chance: random.Random) -> bytes:
    data = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0:
                data[at:at] = chance.choice(PIECES)
            case 1:
                del data[at : at + chance.randint(1, 30)]
            case 2:
                start = chance.randrange(len(data) + 1)
                data[at:at] = data[start : start + chance.randint(1, 100)]
            case _:
                data[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(data)


@pytest.mark.parametrize("deep", ["a: " + "{" * 16_000, "- " * 16_000 + "x", "a: " + "[" * 16_000])
def test_front_matter_that_nests_without_end_is_read_line_by_line(deep: str) -> None:
    post = jekyll_post.parse(
        f"---\ntitle: Rain\n{deep}\n---\nWet.".encode(), name="2026-01-01-a.md"
    )
    assert post is not None
    assert post.title == "Rain"
