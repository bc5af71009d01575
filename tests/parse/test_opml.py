"""OPML of other readers, and of those who mean harm."""

from __future__ import annotations

import time

import pytest

from aggregator.errors import ParseError
from aggregator.parse.opml import MAX_FEEDS, MAX_SIZE, Subscription, read


def opml(body: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>\n{head}<opml version="2.0"><body>\n{body}\n</body></opml>'.encode()
    )


def test_feeds_come_in_their_order_with_title_page_and_nested_folders() -> None:
    feeds = read(
        opml(
            '<outline text="News"><outline text="World">'
            '<outline type="rss" text="A" title="The A" xmlUrl="https://a.example/f"'
            ' htmlUrl="https://a.example/"/></outline>'
            '<outline text="B" xmlUrl="https://b.example/f"/></outline>'
            '<outline text="C" xmlUrl="https://c.example/f"/>'
        )
    ).feeds
    assert feeds == (
        Subscription(
            3,
            "https://a.example/f",
            "The A",
            "https://a.example/",
            ("News", "World"),
            {"type": "rss"},
        ),
        Subscription(3, "https://b.example/f", "B", "", ("News",)),
        Subscription(3, "https://c.example/f", "C"),
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("feed://a.example/f", "http://a.example/f"),
        ("feed:https://a.example/f", "https://a.example/f"),
        ("feed://https://a.example/f", "https://a.example/f"),
        ("HTTPS://a.example/f", "HTTPS://a.example/f"),
    ],
)
def test_the_addresses_of_readers_are_those_of_the_web(written: str, meant: str) -> None:
    assert read(opml(f'<outline text="A" xmlUrl="{written}"/>')).feeds[0].url == meant


def test_an_outlines_own_category_stands_in_for_a_folder() -> None:
    outline = '<outline text="A" xmlUrl="https://a.example/f" category="/News/World,/Daily"/>'
    assert read(opml(outline)).feeds[0].folders == ("News", "World")


def test_what_is_no_feed_is_named_by_its_line_and_costs_the_others_nothing() -> None:
    listed = read(
        opml(
            '<outline text="good" XMLURL="https://a.example/f"/>\n'
            '<outline text="no address" type="rss"/>\n'
            '<outline text="a file" xmlUrl="file:///etc/passwd"/>\n'
            '<outline text="a script" xmlUrl="javascript:alert(1)"/>\n'
            '<outline text="an empty folder"/>'
        )
    )
    assert [feed.title for feed in listed.feeds] == ["good"]
    assert [(one.line, one.title) for one in listed.bad] == [
        (4, "no address"),
        (5, "a file"),
        (6, "a script"),
    ]


def test_the_usual_faults_are_set_right() -> None:
    body = '<outline text="Q&A &eacute;tude &nbsp;" xmlUrl="https://a.example/f?x=1&y=2"/>'
    (feed,) = read(opml(body)).feeds
    assert (feed.title, feed.url) == ("Q&A étude", "https://a.example/f?x=1&y=2")


def test_other_encodings_are_read() -> None:
    text = '<opml><body><outline text="财经" xmlUrl="https://a.example/f"/></body></opml>'
    for encoding in ("utf-8", "utf-16", "gb18030"):
        declared = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
        assert read(declared).feeds[0].title == "财经", encoding


BOMB = '<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'
OUTLINE = '<outline text="&b;" xmlUrl="https://a.example/f"/>'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is empty; expected OPML"),
        (b"<!doctype html><html><title>Hello</title></html>", "is an HTML page"),
        (b"<rss><channel/></rss>", "of another kind"),
        (opml(""), "lists no feed"),
        (opml('<outline text="a folder"/>'), "lists no feed"),
        (opml(OUTLINE, BOMB), "declares entities"),
        (opml(OUTLINE, '<!DOCTYPE opml [<!ENTITY b SYSTEM "file:///etc/passwd">]>'), "entities"),
        (opml('<outline text="a">' * 20_000), "nests folders too deep"),
        (opml(OUTLINE)[:-20], "is broken at line"),
        (b"<opml>" + b" " * MAX_SIZE, "is larger than 10 MB"),
        (opml(OUTLINE * (MAX_FEEDS + 1)), f"lists more than {MAX_FEEDS} feeds"),
        (opml(f"<outline {' '.join(f'a{n}=1' for n in range(300_000))}/>"), "attributes"),
        (opml("".join(f"<x{n}:a/>" for n in range(20_000))), "attributes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_list_of_feeds_is_refused_at_once_in_one_line(body: bytes, words: str) -> None:
    begun = time.process_time()
    with pytest.raises(ParseError, match=words) as refused:
        read(body)
    assert time.process_time() - begun < 2
    assert str(refused.value).isprintable()


def test_an_entity_that_nobody_declared_stays_as_it_is_written() -> None:
    assert read(opml(OUTLINE)).feeds[0].title == "&b;"


def test_what_is_broken_is_said_in_one_line() -> None:
    with pytest.raises(ParseError, match="within comment") as caught:
        read(b"<opml><body><outline/><!-- \n<!--line</bod")
    assert "\n" not in str(caught.value)
