"""The quick reader says what feedparser's way says, or leaves the document to it."""

from __future__ import annotations

import random
import time
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import ParseError
from aggregator.model import Feed
from aggregator.parse import dialect, feed_xml, quick, vouched
from aggregator.parse.charset import decode
from aggregator.parse.document import read_xml
from tests.parse.restructured import Restructurer
from tests.parse.test_mutations import DATA, SEEDS, mutated
from tests.safety.poisoned import atom, rss
from tests.safety.scale import scaled
from tests.safety.vectors import SHAPES

URL = "https://rain.example/feed"
SHARED = Path(__file__).parents[3] / "shared"
FOLDERS = [DATA / "rss", DATA / "atom", DATA / "rdf"]
REAL = [SHARED / "corpus" / "feeds", SHARED / "ingest" / "files"]
FIXTURES = [path for folder in FOLDERS for path in sorted(folder.glob("*.xml"))]
REAL_FEEDS = [
    path
    for folder in REAL
    for path in sorted(folder.rglob("*"))
    if path.is_file() and path.suffix != ".json"
]
# In these is what is not vouched for: entities of their own, Base64, markup that is not escaped,
# another root; or they are no XML even when repaired.
_LEFT = """
atom_TestParseAtom03WithBase64Content.xml
atom_TestParseAtom03WithXMLContent.xml
atom_TestParseAtom03WithoutEntryTitleButWithXMLContent.xml
atom_TestParseEntryWithDuplicateEnclosureURL.xml
atom_TestParseEntryWithRelativeEnclosureURL.xml
atom_entry_1.xml
json_TestParseNullJSONFeed.xml
malformed_rss_namespaced.xml
osm-pl.xml
rss_TestParseEntryWithAuthorAndInnerHTML.xml
rss_TestParseItemTitleWithInnerHTML.xml
"""
LEFT_TO_FEEDPARSER = frozenset(_LEFT.split())
RESTRUCTURER = Restructurer([body for body in SEEDS if len(body) < 60_000])


def is_read_alike(text: str, url: str = URL) -> bool:
    """Return whether the quick reader reads *text*; fail where feedparser's way says otherwise."""
    try:
        document = read_xml(text)
    except ParseError:
        return False
    found = quick.read(document, url)
    if found is None:
        return False
    read = dialect.read(document, url)
    assert not read.truncated
    assert_same(feed_xml._feed(found, url), feed_xml._feed(read, url))
    return True


def assert_same(one: Feed, other: Feed) -> None:
    assert len(one.entries) == len(other.entries)
    for mine, theirs in zip(one.entries, other.entries, strict=True):
        for field in fields(mine):
            assert getattr(mine, field.name) == getattr(theirs, field.name), field.name
    for field in fields(one):
        assert getattr(one, field.name) == getattr(other, field.name), field.name


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_a_fixture_is_read_alike_both_ways(path: Path) -> None:
    is_read_alike(decode(path.read_bytes()))


def test_most_fixtures_are_read_quickly() -> None:
    found = [feed_xml.parse_quickly(path.read_bytes(), url=URL) for path in FIXTURES]
    assert sum(feed is not None for feed in found) > 0.8 * len(found)


@pytest.mark.skipif(not REAL_FEEDS, reason="the corpus is not beside this checkout")
@pytest.mark.parametrize("path", REAL_FEEDS, ids=lambda path: path.name)
def test_a_real_feed_is_read_alike_both_ways(path: Path) -> None:
    assert is_read_alike(decode(path.read_bytes())) == (path.name not in LEFT_TO_FEEDPARSER)


@settings(max_examples=scaled("RESTRUCTURED", 250), derandomize=True)
@given(st.integers(min_value=0, max_value=2**32), st.sampled_from([URL, ""]))
def test_a_restructured_feed_is_read_alike_or_left(chance: int, url: str) -> None:
    is_read_alike(RESTRUCTURER.document(random.Random(chance)), url)


@settings(max_examples=scaled("RESTRUCTURED", 250), derandomize=True)
@given(st.sampled_from(SEEDS), st.integers(min_value=0, max_value=2**32))
def test_a_mutated_feed_is_read_alike_or_left(body: bytes, chance: int) -> None:
    is_read_alike(decode(mutated(body, random.Random(chance))))


def test_feeds_full_of_attacks_are_read_quickly_and_alike() -> None:
    assert all(is_read_alike(decode(rss(number))) for number in range(len(SHAPES)))
    assert is_read_alike(decode(atom()))


def test_nothing_is_fetched_and_no_entity_is_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("rain")
    for declared in (
        f'x SYSTEM "{secret.as_uri()}"',
        f'% x SYSTEM "{secret.as_uri()}"',
        'x "rain"',
    ):
        text = f"<!DOCTYPE rss [<!ENTITY {declared}>]>{feed('<title>&x;</title>')}"
        found = quick.read(read_xml(text), URL)
        assert found is None or "rain" not in str(found)


@pytest.mark.parametrize(
    "inside",
    [
        "<skipDays><day>Saturday</day><day><language>en</language></day></skipDays>",
        '<item><source \u2122rl="https://storm.example/feed">Storm &amp; Sons</source></item>',
        "<item><r\u2122>Storm &amp; Sons</r\u2122></item>",
    ],
)
def test_what_feedparser_reads_in_its_own_way_is_left(inside: str) -> None:
    assert not is_read_alike(f'<rss version="2.0">{inside}</rss>')


def test_a_misspelt_namespace_of_rdf_is_left() -> None:
    item = '<item rdf:about="https://rain.example/1"><title>Rain</title></item>'
    spaces = 'xmlns:rdf="httpwww.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    assert not is_read_alike(f"<rdf:RDF {spaces}>{item}</rdf:RDF>")


def test_a_document_that_nests_without_end_is_left() -> None:
    deep = "<a>" * 300 + "</a>" * 300
    assert quick.read(read_xml(feed(deep)), URL) is None


def test_a_text_without_end_is_left() -> None:
    assert quick.read(read_xml(feed(f"<title>{'x' * 10_000_001}</title>")), URL) is None


@pytest.mark.parametrize(
    "piece",
    [
        "<category>c%d</category>", "<link>l%d</link>", "<author>a%d@b.example</author>",
        "<media:group xmlns:media='http://search.yahoo.com/mrss/'/>", "<n%d/>",
        "<x:y xmlns:x='u%d'/>",
        "<enclosure url='e%d'/>", "<description>d&lt;%d</description>", "<source/>", "&amp;&lt;a ",
        "<content type='xhtml'><div><br/></div></content>", "<guid a%d=''/>",
    ],
)  # fmt: skip
def test_a_piece_repeated_without_end_takes_no_time(piece: str) -> None:
    many = "".join(piece % number if "%d" in piece else piece for number in range(10_000))
    begun = time.thread_time()
    feed_xml.parse_quickly(feed(many).encode(), url=URL)
    assert time.thread_time() - begun < 2.0


@pytest.mark.parametrize("piece", ["src=a ", "src = ", "a='", " ", "<p>", "<img src=a>"])
def test_a_picture_without_end_for_a_description_takes_no_time(piece: str) -> None:
    said = f"<description><![CDATA[<img {piece * 50_000}]]></description>"
    begun = time.thread_time()
    feed_xml.parse_quickly(f"<rss><channel>{said}</channel></rss>".encode(), url=URL)
    assert time.thread_time() - begun < 2.0


@pytest.mark.parametrize("crowded", ["rss", "item"])
def test_attributes_without_end_are_left_to_who_can_be_killed(crowded: str) -> None:
    many = " ".join(f'a{number}="x"' for number in range(40_000))
    said = feed("<title>x</title>").replace(f"<{crowded}", f"<{crowded} {many}", 1)
    begun = time.thread_time()
    assert feed_xml.parse_quickly(said.encode(), url=URL) is None
    assert time.thread_time() - begun < 2.0


def test_names_that_are_made_up_are_not_remembered_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vouched, "_attributes", {})
    for document in range(4):
        made_up = " ".join(f'a{document}-{number}=""' for number in range(400))
        guid = f'<guid isPermaLink="false" {made_up} {"n" * 10_000}="">{URL}</guid>'
        read = feed_xml.parse_quickly(feed(guid).encode(), url=URL)
        assert read is not None
        assert not read.entries[0].permalink
    assert len(vouched._attributes) == 1000
    assert max(map(len, vouched._attributes)) < 200


def feed(inside: str) -> str:
    return f"<rss version='2.0'><channel><item>{inside}</item></channel></rss>"


@pytest.mark.parametrize(
    "attribute", ["lang='de'", "LANG='de'", "xml:lang='de'", "x:lang='de'", "xml:LANG='de'"]
)
@pytest.mark.parametrize("further", ["", "<category xml:lang='fr'>x</category>"])
def test_a_language_is_seen_wherever_it_stands(attribute: str, further: str) -> None:
    for inside in (f"<title {attribute}>Regen</title>", f"<content {attribute}>Regen</content>"):
        is_read_alike(feed(inside + further).replace("<rss", "<rss xmlns:x='urn:x'"))
    is_read_alike(feed(further).replace("<item>", f"<item {attribute}>"))
    is_read_alike(feed(further).replace("<channel>", f"<channel {attribute}>"))
    is_read_alike(feed(further).replace("<rss", f"<rss xmlns:x='urn:x' {attribute}"))


@pytest.mark.parametrize(
    "attribute", ["xml:base='https://b.example/'", "xml:BASE='https://b.example/'"]
)
def test_a_base_is_seen_wherever_it_stands(attribute: str) -> None:
    for inside in (
        "<link {}>a</link>",
        "<comments {}>a</comments>",
        "<image {}><url>a</url></image>",
    ):
        is_read_alike(feed(inside.format(attribute)))
    is_read_alike(feed("<link>a</link>").replace("<item>", f"<item {attribute}>"))
    is_read_alike(feed("<link>a</link>").replace("<channel>", f"<channel {attribute}>"))
    is_read_alike(feed("<link>a</link>").replace("<rss", f"<rss {attribute}"))


def test_what_feedparser_takes_for_the_title_of_a_source_is_left_to_it() -> None:
    for inside in ("<x:y xmlns:x='u' z=''>Snow</x:y>", "Snow<id>1</id>", "<id>1</id>Snow"):
        document = feed(f"<source><title>Rain</title>{inside}</source>")
        assert not is_read_alike(document)
