from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from parsel import Selector

from aggregator.errors import ParseError
from aggregator.model import Feed
from aggregator.parse import feed_xml, html_page, json_api, json_feed
from aggregator.parse.document import MOST, closed_at, described, is_json, read_json, read_xml


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("\n \t", "empty"),
        ("<!DOCTYPE HTML><title>Not\n found</title>", 'an HTML page ("Not found")'),
        ('<html lang="de"><body>', "an HTML page"),
        ("<html><title>A &amp; B</title></html>", 'an HTML page ("A & B")'),
        ('{"status": 1}', "a JSON document"),
        ('<?xml version="1.0"?><opml/>', "an XML document of another kind (<opml>)"),
        ("Rate limit exceeded", "neither XML nor JSON"),
        ("%PDF-1.4 <a>", "neither XML nor JSON"),
    ],
)
def test_what_came_is_named(text: str, words: str) -> None:
    assert described(text) == words
    with pytest.raises(ParseError, match="expected a feed"):
        read_xml(text)


@pytest.mark.parametrize("text", ["<!--", "<!-- <rss>", "<!---->" * 3, "<rssfeed>", "<feeds/>"])
def test_a_root_in_a_comment_or_of_another_name_is_none(text: str) -> None:
    with pytest.raises(ParseError):
        read_xml(text)


def test_a_feed_with_the_document_type_of_a_page_is_a_feed() -> None:
    doctype = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/x">'
    assert read_xml(f"{doctype}\n<!-- by\nhand -->\n<rss><channel/></rss>").root == "rss"
    assert described(f"{doctype}<body><feed>") == "an HTML page"


def test_entities_are_kept_as_what_they_stand_for() -> None:
    head = """<!DOCTYPE rss [<!ENTITY a "plain"> <!ENTITY b '"quoted" &#8364; &lt;'>
        <!ENTITY c "&a; &eacute;">]>"""
    assert read_xml(f"{head}<rss/>").entities == {
        "a": "plain",
        "b": '"quoted" &#8364; &lt;',
        "c": "plain é",
    }


def test_entities_that_refer_outwards_or_to_later_ones_are_not_kept() -> None:
    head = """<!DOCTYPE rss [<!ENTITY a "&b;"> <!ENTITY b "& &nothing;"> <!ENTITY c "&c;">
        <!ENTITY d SYSTEM "file:///etc/passwd"> <!ENTITY % e "x"> <!ENTITY f "%e;">]>"""
    assert read_xml(f"{head}<rss/>").entities == {}


def test_entities_by_which_a_document_grows_without_measure_are_not_kept() -> None:
    head = f'<!DOCTYPE rss [<!ENTITY a "{200 * "x"}"> <!ENTITY b "&a;&a;">]>'
    assert read_xml(f"{head}<rss>&a;</rss>").entities == {"a": 200 * "x"}
    assert read_xml(f"{head}<rss>{6000 * '&a;'}</rss>").entities == {}


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("<rss><channel><item></item></channel></rss>", True),
        ("<RSS><Channel><Item></Item></Channel></RSS >\n<!-- served by -->", True),
        ("<rss><channel><item></item></channel>", True),
        ("<rss><channel><item></item></channel></rss", True),
        ("<rss><channel><item></item>", False),
        ("<rss><channel><item>&lt;/rss&gt;</rss></item><item>", False),
        ("<feed><entry></entry></feed>", True),
        ("<a:feed><a:entry></a:entry></a:feed>", True),
        ("<feed><entry></entry></fe", False),
        ("<rdf:RDF><channel></channel><item></item>", False),
    ],
)
def test_a_document_is_complete_when_its_end_is_there(text: str, complete: bool) -> None:
    assert (closed_at(read_xml(text)) is not None) is complete


@pytest.mark.parametrize("text", ['{"a": 1}', " \n[1]"])
def test_json_is_known_by_its_first_character(text: str) -> None:
    assert is_json(text)
    assert read_json(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": ', "broken JSON or only the first part of it"),
        ("<html><title>Sign in</title>", 'is an HTML page ("Sign in"); expected JSON'),
        ("", "is empty; expected JSON"),
        ("[" * 100_000, "nests deeper"),
        ("[" + "1" * 5000 + "]", "broken JSON"),
    ],
)
def test_what_is_no_json_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ParseError) as refused:
        read_json(text)
    assert words in str(refused.value)


def _rss(entries: int) -> Feed:
    items = "<item/>" * entries
    return feed_xml.parse(f"<rss><channel>{items}</channel></rss>".encode(), url="")


def _atom(entries: int) -> Feed:
    items = "<a:entry />" * entries
    return feed_xml.parse(f"<a:feed xmlns:a='http://a'>{items}</a:feed>".encode(), url="")


def _json(entries: int) -> Feed:
    return json_feed.parse(b'{"title": "x", "items": [%s0]}' % (b"0," * (entries - 1)), url="")


def _rows(entries: int) -> list[object]:
    return json_api.rows({"rows": [0] * entries}, "rows")


def _page(entries: int) -> list[Selector]:
    page = html_page.read(b"<body>" + b"<p>" * entries, url="http://paper.test/")
    return html_page.rows(page, "p")


@pytest.mark.parametrize("read", [_rss, _atom, _json, _rows, _page])
def test_more_entries_than_any_honest_document_has_are_refused(read: Callable[[int], Any]) -> None:
    with pytest.raises(ParseError, match=r"^holds more than 50,000 entries; it is refused$"):
        read(MOST + 1)


@pytest.mark.parametrize("read", [_json, _rows, _page])
def test_as_many_entries_as_a_sitemap_may_have_are_read(read: Callable[[int], Any]) -> None:
    assert read(MOST)
