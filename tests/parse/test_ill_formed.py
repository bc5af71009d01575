"""Documents with one fault each: it costs no more than the element it is in."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

from aggregator.parse import feed_xml

RSS = """<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Rain</title><link>https://rain.example/</link><description>Drops</description>
<language>en</language>
<item><title>One</title><link>https://rain.example/1</link><guid>https://rain.example/1</guid>
<pubDate>Thu, 18 Jan 2024 08:00:00 GMT</pubDate><description>Of one</description>
<dc:creator>Ada</dc:creator><category>weather</category>
<content:encoded><![CDATA[<p>Whole one</p>]]></content:encoded>
<enclosure url="https://rain.example/1.mp3" length="1" type="audio/mpeg"/></item>
<item><title>Two</title><link>https://rain.example/2</link><guid>https://rain.example/2</guid>
<pubDate>Fri, 19 Jan 2024 08:00:00 GMT</pubDate><description>Of two</description>
<dc:creator>Bo</dc:creator><category>wind</category></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom">
<title>Rain</title><link href="https://rain.example/"/><id>urn:x:rain</id>
<updated>2024-01-19T08:00:00Z</updated>
<entry><title>One</title><link rel="alternate" href="https://rain.example/1"/><id>urn:x:1</id>
<published>2024-01-18T08:00:00Z</published><author><name>Ada</name></author>
<summary>Of one</summary><content type="html">&lt;p>Whole one&lt;/p></content>
<category term="weather"/></entry>
<entry><title>Two</title><link href="https://rain.example/2"/><id>urn:x:2</id>
<updated>2024-01-19T08:00:00Z</updated><author><name>Bo</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Whole <b>two</b></div></content>
</entry></feed>"""
CLOSING = re.compile(r"</[\w:]+>")
ATTRIBUTE = re.compile(r'(?<= )(?!xmlns|version)[\w:]+="[^"]*"')

FAULTS: dict[str, tuple[re.Pattern[str], Callable[[str], str]]] = {
    "closing tag missing": (CLOSING, lambda _: ""),
    "closing tag misspelt": (CLOSING, lambda tag: f"{tag[:-1]}x>"),
    "closing tag twice": (CLOSING, lambda tag: tag + tag),
    "closing tag of nothing": (CLOSING, lambda tag: f"{tag}</b>"),
    "markup unclosed": (CLOSING, lambda tag: f"<b>bold{tag}"),
    "line break of HTML": (CLOSING, lambda tag: f"<br>{tag}"),
    "bare less-than": (CLOSING, lambda tag: f" < 3{tag}"),
    "bare ampersand": (CLOSING, lambda tag: f" & b &foo; &copy{tag}"),
    "no quotes": (ATTRIBUTE, lambda attribute: attribute.replace('"', "")),
    "half a quote": (ATTRIBUTE, lambda attribute: attribute[:-1]),
    "attribute twice": (ATTRIBUTE, lambda attribute: f"{attribute} {attribute}"),
    "ampersand in attribute": (ATTRIBUTE, lambda attribute: f'{attribute[:-1]}&x=1"'),
    "less-than in attribute": (ATTRIBUTE, lambda attribute: f'{attribute[:-1]}<"'),
}


ABOUT = ("title", "link", "description", "id", "updated")
OF_AN_ENTRY = (*ABOUT[:2], "id", "published", "updated", "authors", "summary", "content", "terms")


def facts(document: str) -> dict[str, object]:
    feed = feed_xml.parse(document.encode(), url="https://rain.example/feed")
    entries = {
        f"{number}.{name}": getattr(entry, name)
        for number, entry in enumerate(feed.entries)
        for name in (*OF_AN_ENTRY, "enclosures")
    }
    return {name: getattr(feed, name) for name in ABOUT} | entries


@pytest.mark.parametrize("document", [RSS, ATOM], ids=["rss", "atom"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_costs_no_more_than_its_element(document: str, fault: str) -> None:
    where, broken = FAULTS[fault]
    whole = facts(document)
    for found in where.finditer(document):
        if found[0] in ("</rss>", "</feed>", "</channel>"):
            continue
        seen = facts(document[: found.start()] + broken(found[0]) + document[found.end() :])
        lost = {key for key, value in whole.items() if seen.get(key) != value}
        assert len(lost) <= 1, f"{found[0]} at {found.start()}"


@pytest.mark.parametrize("document", [RSS, ATOM], ids=["rss", "atom"])
def test_a_misprint_in_a_closing_tag_costs_nothing(document: str) -> None:
    whole = facts(document)
    for found in re.finditer(r"</(?!feed)(?:\w+:)?\w{2,}(?=>)", document):
        misspelt = f"{found[0]}{found[0][-1]}"
        assert facts(document[: found.start()] + misspelt + document[found.end() :]) == whole


@pytest.mark.parametrize("stray", ["</b>", "</subtitle>", "</o:p>"])
def test_a_closing_tag_of_nothing_is_no_misprint_of_another_one(stray: str) -> None:
    whole = facts(RSS)
    seen = facts(RSS.replace("Of one</description>", f"Of{stray} one</description>"))
    assert str(seen.pop("0.summary")).endswith(" one")
    assert {**seen, "0.summary": "Of one"} == whole


def test_misprints_without_end_take_no_time() -> None:
    many = "<title>Rain</titel>" * 20_000
    begun = time.thread_time()
    feed_xml.parse(f"<rss><channel><item>{many}</item></channel></rss>".encode(), url="")
    assert time.thread_time() - begun < 5.0
