"""The checkers find what they are there to find: one thing is spoilt at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from aggregator.model import Enclosure
from aggregator.publish import opml
from tests.publish.desk import WORLD, article, press, rendered
from tests.validity.atom import check_atom
from tests.validity.finding import Findings
from tests.validity.json_feed import check_json_feed
from tests.validity.opml import check_opml
from tests.validity.rss import check_rss

BASE = "https://reader.example/news/world/"
FILES = (Enclosure("https://c.example/a.mp3", "audio/mpeg", 7),)
DOCUMENTS = rendered(press(), WORLD, article(enclosures=FILES), article(2, language="gd"))
CHECKS: dict[str, Callable[[bytes, str], Findings]] = {
    "rss.xml": check_rss,
    "atom.xml": check_atom,
    "feed.json": check_json_feed,
}


def rules(name: str, body: bytes) -> set[str]:
    return {finding.rule for finding in CHECKS[name](body, f"{BASE}{name}")}


@pytest.mark.parametrize("name", CHECKS)
def test_nothing_is_found_in_what_is_sound(name: str) -> None:
    assert rules(name, DOCUMENTS[name].body) == set()


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("<description>What happens elsewhere.</description>", "", "MissingElement"),
        ("<ttl>10</ttl>", "<ttl>soon</ttl>", "InvalidNonNegativeInteger"),
        ("<ttl>10</ttl>", "<ttl>10</ttl><ttl>10</ttl>", "DuplicateElement"),
        ("<ttl>10</ttl>", "<tttl>10</tttl>", "UndefinedElement"),
        ("hourly", "often", "InvalidUpdatePeriod"),
        ("Mon, 17 Jan", "Tue, 17 Jan", "IncorrectDOW"),
        ("11:00:00 GMT", "11:00", "InvalidRFC2822Date"),
        ("17 Jan 2022", "17 Jan 1970", "ImplausibleDate"),
        ("news/world/rss.xml", "news/rss.xml", "SelfDoesntMatchLocation"),
        ('isPermaLink="false">https://courier.example/2', ">tag:a,2022:x", "InvalidPermalink"),
        ("https://courier.example/2</guid>", "https://courier.example/1</guid>", "DuplicateValue"),
        ("<link>https://courier.example/1", "<link>https://courier.example/[1]", "InvalidFullLink"),
        ("<title>Ferry 1", "<title>&lt;b>Ferry&lt;/b> 1", "ContainsHTML"),
        ("<title>Ferry 1", "<title>\x85 Ferry 1", "BadCharacters"),
        ('url="https://c.example/a.mp3"', 'url="https://localhost/a.mp3"', "InvalidURLAttribute"),
        ('length="7"', 'length="many"', "InvalidNonNegativeInteger"),
        ('type="audio/mpeg"', 'type="audio"', "InvalidMIMEAttribute"),
        ("<dc:language>gd", "<dc:language>gaelic", "InvalidLanguage"),
        ("&lt;em&gt;", "&lt;b&gt;", "NotHtml"),
        ("&lt;em&gt;", "&lt;em style='x'&gt;", "SecurityRiskAttr"),
        ("&lt;em&gt;", "&lt;em&gt;&lt;img src='/a.png'&gt;", "ContainsRelRef"),
        ("&lt;em&gt;", "&lt;em&gt;&lt;img srcset='/a.png 2x'&gt;", "ContainsRelRef"),
    ],
)  # fmt: skip
def test_a_fault_of_rss_is_found(old: str, new: str, rule: str) -> None:
    body = DOCUMENTS["rss.xml"].body.decode()
    assert old in body
    assert rule in rules("rss.xml", body.replace(old, new, 1).encode())


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("<title>World</title>", "", "Grammar"),
        ("<summary ", "<short/><summary ", "Grammar"),
        ('label="World"', 'label="World" colour="x"', "Grammar"),
        ("2022-01-17T11:00:00Z", "yesterday", "Grammar"),
        ("2022-01-17T11:00:00Z", "2022-01-17", "Grammar"),
        ("2022-01-17T11:00:00Z", "1970-01-17T11:00:00Z", "ImplausibleDate"),
        ("<published>2022-01-17T11", "<published>2022-01-17T12", "PublishedAfterUpdated"),
        ("<id>https://courier.example/1<", "<id>https://courier.example/2<", "DuplicateEntries"),
        ("<id>https://courier.example/1<", "<id>NW1<", "InvalidFullLink"),
        ("<id>https://courier.example/1<", "<id>yt:video:1<", "SchemeNotIANARegistered"),
        ("<id>https://courier.example/1<", "<id>https://courier.example<", "NonCanonicalURI"),
        ("<id>https://courier.example/1<", "<id>https://Courier.example/<", "NonCanonicalURI"),
        ("<id>https://courier.example/1<", "<id>http://c.example:80/<", "NonCanonicalURI"),
        ("<id>https://courier.example/1<", "<id>urn:uuid:1<", "InvalidURN"),
        ("<id>https://courier.example/1<", "<id>tag:A.example,2022:1<", "InvalidTAG"),
        ("<author>", "<contributor>", "MissingElement"),
        ('rel="self"', 'rel="somewhere"', "UnregisteredAtomLinkRel"),
        ('rel="self"', 'rel="alternate"', "MissingSelf"),
        ('rel="enclosure"', 'rel="prev-archive"', "FeedHistoryRelInEntry"),
        ('xml:lang="gd"', 'xml:lang="gaelic"', "InvalidLanguage"),
        ("2022-01-17T10:00:00Z", "2022-01-17T11:00:00Z", "DuplicateUpdated"),
    ],
)
def test_a_fault_of_atom_is_found(old: str, new: str, rule: str) -> None:
    body = DOCUMENTS["atom.xml"].body.decode()
    assert old in body
    spoilt = body.replace(old, new)
    if new == "<contributor>":
        spoilt = spoilt.replace("</author>", "</contributor>")
    assert rule in rules("atom.xml", spoilt.encode())


@pytest.mark.parametrize(
    ("key", "value", "rule"),
    [
        ("version", "1.1", "Schema"),
        ("title", None, "Schema"),
        ("feed_url", "https://elsewhere.example/", "SelfDoesntMatchLocation"),
        ("hubs", [{"url": "https://hub.example/"}], "Schema"),
        ("colour", "red", "Schema"),
        ("items", [{"id": 1, "url": "https://a.example/", "content_html": "x"}], "Schema"),
        ("items", [{"id": "1", "content_html": "x"}], "MissingUrl"),
        ("items", [{"id": "1", "url": "https://a.example/"}], "Schema"),
        ("items", [{"id": "1", "url": "https://a.example/", "content_html": "<b>"}], "NotHtml"),
    ],
)
def test_a_fault_of_json_feed_is_found(key: str, value: Any, rule: str) -> None:
    feed = json.loads(DOCUMENTS["feed.json"].body) | {key: value}
    body = json.dumps({name: value for name, value in feed.items() if value is not None})
    assert rule in rules("feed.json", body.encode())


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('version="2.0"', 'version="3"', "InvalidOPMLVersion"),
        (' text="World"', "", "MissingAttribute"),
        (' title="World"', "", "MissingTitleAttr"),
        (' type="rss"', "", "MissingOutlineType"),
        ('language="en"', 'language="english"', "InvalidLanguage"),
        ('xmlUrl="https:', 'xmlUrl="', "InvalidFullLink"),
        ("<body>", "<body/><!--", "MissingElement"),
    ],
)
def test_a_fault_of_opml_is_found(old: str, new: str, rule: str) -> None:
    body = next(opml.documents(press(), [WORLD])).body.decode()
    assert check_opml(body.encode()) == []
    spoilt = body.replace(old, new, 1)
    if new.endswith("<!--"):
        spoilt = spoilt.replace("</opml>", "--></opml>")
    assert rule in {finding.rule for finding in check_opml(spoilt.encode())}
