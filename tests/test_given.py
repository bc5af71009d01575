"""What is kept of an entry as its source gave it."""

from __future__ import annotations

import json

from aggregator.given import LONGEST, pack, unpack
from aggregator.model import Enclosure, Entry, Origin, Person, Term
from tests.articles import article

ENTRY = Entry(
    id="17",
    title="Fish &amp; chips",
    link="https://paper.example/17",
    published="Fri, 20 Nov 2026 10:59:00 GMT",
    authors=(Person("Ada", uri="https://ada.example/"),),
    summary="<p onclick='x()'>Fried.</p>",
    terms=(Term("Food", code="food"),),
    enclosures=(Enclosure("https://paper.example/a.mp3", length=0),),
    origin=Origin(title="The Paper"),
    fields={"infoCode": "17", "lang": "中文"},
)
SAID = {
    "id": "17",
    "title": "Fish &amp; chips",
    "link": "https://paper.example/17",
    "published": "Fri, 20 Nov 2026 10:59:00 GMT",
    "authors": [{"name": "Ada", "uri": "https://ada.example/"}],
    "summary": "<p onclick='x()'>Fried.</p>",
    "terms": [{"label": "Food", "code": "food"}],
    "enclosures": [{"url": "https://paper.example/a.mp3", "length": 0}],
    "origin": {"title": "The Paper"},
    "fields": {"infoCode": "17", "lang": "中文"},
}


def test_what_the_source_said_comes_back_and_what_it_left_open_does_not() -> None:
    other = article(1)
    assert unpack(pack(ENTRY, other), other) == SAID
    made = article(1, guid="17", link=ENTRY.link, authors=ENTRY.authors, terms=ENTRY.terms)
    assert unpack(pack(ENTRY, made), made) == SAID


def test_what_the_article_has_as_well_is_not_kept_twice() -> None:
    made = article(1, guid="17", link=ENTRY.link, authors=ENTRY.authors, terms=ENTRY.terms)
    kept = json.loads(pack(ENTRY, made))
    assert kept["title"] == "Fish &amp; chips"
    assert not {"id", "link", "authors", "terms"} & set(kept)


def test_what_we_found_out_ourselves_is_no_word_of_the_source() -> None:
    entry = Entry(
        base="https://paper.example/feed?key=secret",
        canonical="https://paper.example/17",
        resolved="https://paper.example/17",
        fingerprint="f",
    )
    assert unpack(pack(entry, article(1)), article(1)) == {}


def test_half_a_character_is_kept_as_a_question_mark() -> None:
    assert unpack(pack(Entry(title="a\ud83d"), article(1)), article(1)) == {"title": "a?"}


def test_of_a_book_the_beginning_is_kept() -> None:
    packed = pack(Entry(content="x" * 10_000, fields={"body": "y" * 10_000}), article(1))
    given = unpack(packed, article(1))
    assert given["content"] == "x" * LONGEST + "…"
    assert given["fields"]["body"] == "y" * LONGEST + "…"
