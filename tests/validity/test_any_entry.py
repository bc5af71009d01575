"""Whatever a source writes, what is published of it is valid."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import EntryError
from aggregator.model import Enclosure, Entry, Origin, Person, Term
from aggregator.normalise.article import normalise
from tests.normalise.places import place
from tests.publish.desk import WORLD, press, rendered
from tests.safety.scale import scaled
from tests.validity.test_checkers import BASE, CHECKS

NOW = datetime(2022, 1, 17, 12, tzinfo=UTC)
ODD = st.sampled_from(
    [
        "", " ", "\x00", "\x85", "\ud800", "\ufffe", "\u202e", "&amp;", "&", "<", "]]>", "<!--",
        "<b>", "</p>", "<a href='/x'>x</a>", "<img src=x srcset='a 1x, b 2x'>", "<iframe src=//x>",
        "<svg onload=x>", "中文，", "😀", ",", "(x)", "a@b.example", "\n\n", "<pre>\n",
        "<table><td>",
    ]
)  # fmt: skip
TEXT = st.lists(st.one_of(ODD, st.text(max_size=12)), max_size=6).map("".join)
STARTS = [
    "", "/", "//h.example/", "http://h.example", "HTTPS://H.example:443/", "http://\u4e2d.example/",
    "ftp://h.example/", "javascript:", "mailto:", "http://u:p@h.example/", "http://[::1]/",
    "tag:h.example,2022:", "urn:x:", "urn:uuid:", "yt:video:",
]  # fmt: skip
PIECES = ["a", "[b]", "|", "%", "%41", "\u4e2d", " ", "?x=1&y", "#f", "\\", "^`"]
ADDRESS = st.tuples(
    st.sampled_from(STARTS), st.lists(st.sampled_from(PIECES), max_size=4).map("".join)
).map("".join)
DATE = st.sampled_from(
    ["", "2022-01-16T00:00:00Z", "Sun, 16 Jan 2022 08:00:00 +0800", "soon", "2099-01-01"]
)
LANGUAGE = st.sampled_from(["", "en", "zh_CN", "cn", "english", "qq", "x" * 40, "de-DE-1996"])
PERSON = st.builds(Person, TEXT, TEXT, ADDRESS)
ORIGIN = st.builds(Origin, TEXT, ADDRESS, ADDRESS, ADDRESS, TEXT)
ENTRY = st.builds(
    Entry,
    id=st.one_of(ADDRESS, TEXT),
    title=TEXT,
    link=ADDRESS,
    published=DATE,
    updated=DATE,
    authors=st.lists(PERSON, max_size=2).map(tuple),
    summary=TEXT,
    content=TEXT,
    terms=st.lists(st.builds(Term, TEXT, ADDRESS, TEXT), max_size=3).map(tuple),
    enclosures=st.lists(
        st.builds(Enclosure, ADDRESS, TEXT, st.none() | st.integers(-1, 9), TEXT), max_size=2
    ).map(tuple),
    image=ADDRESS,
    publisher=TEXT,
    origin=st.none() | ORIGIN,
    rights=TEXT,
    language=LANGUAGE,
)  # fmt: skip


def check(entries: list[Entry]) -> None:
    where = place(category="World")
    articles = []
    for entry in entries:
        try:
            articles.append(normalise(entry, where, NOW))
        except EntryError:
            continue
    documents = rendered(press(), WORLD, *filter(None, articles))
    for name, checker in CHECKS.items():
        errors = [one for one in checker(documents[name].body, BASE + name) if one.level == "error"]
        assert errors == []


ENTRIES = st.lists(ENTRY, min_size=1, max_size=3, unique_by=lambda entry: entry.guid)


@settings(max_examples=30)
@given(ENTRIES)
def test_what_is_published_of_any_entry_is_valid(entries: list[Entry]) -> None:
    check(entries)


@pytest.mark.long
@settings(max_examples=scaled("ENTRIES", 150))
@given(ENTRIES)
def test_what_is_published_of_many_entries_is_valid(entries: list[Entry]) -> None:
    """150 examples in every run, 2,000 with `make safety-fuzz`."""
    check(entries)
