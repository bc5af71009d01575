"""No guid twice in one document, whatever the publisher does."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.model import Enclosure, Entry, Feed, Person
from aggregator.parse import feed_xml
from aggregator.sources.kind import distinct, finish
from tests.sources.desk import source

DATA = Path(__file__).parent.parent / "data"


def guids(*entries: Entry) -> list[str]:
    return [entry.guid for entry in distinct(entries)]


def test_ids_of_their_own_stay() -> None:
    assert guids(Entry(id="1"), Entry(id="2", link="https://rain.example/2")) == ["1", "2"]


def test_a_repetition_is_dropped_and_the_first_kept() -> None:
    first, second = Entry(id="1", link="/1", title="new"), Entry(id="1", link="/1", title="old")
    assert distinct([first, second, first]) == [first]


def test_one_id_for_different_links_gives_way_to_the_links() -> None:
    entries = Entry(id="x", link="/1"), Entry(id="x", link="/2"), Entry(id="x", link="/1")
    assert guids(*entries) == ["/1", "/2"]


def test_one_id_without_links_gives_way_to_the_titles() -> None:
    rain, snow = Entry(id="x", title="rain"), Entry(id="x", title="snow")
    assert len(guids(rain, snow, rain)) == 2
    assert guids(rain, snow) == list(reversed(guids(snow, rain)))


def test_entries_without_ids_are_told_apart_by_link_then_by_title() -> None:
    entries = Entry(link="/1"), Entry(link="/2"), Entry(title="rain"), Entry(title="snow")
    assert len(set(guids(*entries))) == 4


def test_one_id_with_one_link_for_some_gives_way_to_link_and_title() -> None:
    rain = Entry(id="x", link="/1", title="rain")
    snow = Entry(id="x", link="/1", title="snow")
    other = Entry(id="x", link="/2", title="hail")
    assert len(set(guids(rain, snow, other, rain))) == 3
    assert set(guids(rain, snow, other)) == set(guids(other, snow, rain))


def test_entries_of_nothing_but_a_file_are_told_apart_by_it() -> None:
    one, two = (Entry(enclosures=(Enclosure(f"/{n}.mp3"),)) for n in (1, 2))
    assert guids(one, two, one) == [one.guid, two.guid]
    assert one.guid != two.guid


def test_entries_of_nothing_but_authors_are_told_apart_by_them() -> None:
    ada, bob = Entry(authors=(Person("Ada"),)), Entry(authors=(Person("Bob"),))
    assert len(set(guids(ada, bob, ada))) == 2


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("rdf/entry_-_rdf_item_whole", "ae54b8e1ad1ef060b91817899fb8d179"),
        ("atom/entry_content_-_atom_entry_content_xhtml", "e53717aece3c689db22d38ace9595244"),
        ("rss/entry_content_-_rss_item_content_encoded", "11d577c645db65743ab8f115418984e7"),
    ],
)
def test_an_entry_has_the_fingerprint_that_stores_know_it_by(name: str, known: str) -> None:
    feed = feed_xml.parse((DATA / f"{name}.xml").read_bytes(), url="https://rain.example/feed")
    found = finish(feed, source()).entries
    assert [entry.fingerprint for entry in found] == [known], "stored articles would look edited"


def test_a_title_of_megabytes_is_cut_before_anything_is_made_of_it() -> None:
    feed = Feed(entries=(Entry(id="1", title="<b>a</b> " * 1_000_000), Entry(id="2", title="b")))
    long, short = finish(feed, source()).entries
    assert len(long.title) == 50_000
    assert short.title == "b"
