"""The archive of a channel holds all that its feed shows no more (RFC 5005 §4)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from aggregator.model import Article
from aggregator.pipeline import archives
from aggregator.pipeline.upkeep import keep_house
from aggregator.publish import archive
from aggregator.store.archives import Archives
from tests.articles import NOW, article
from tests.command import files
from tests.pipeline.test_publication import Press

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
BASE = "http://127.0.0.1:8080/"
DAY = timedelta(days=1)
SHORT = {"entries": 4, "formats": ["rss", "atom"]}


@pytest.fixture
def press(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Press]:
    """Return a press whose feeds have four entries and whose archives three in a document."""
    monkeypatch.setattr(archive, "PART", 3)
    monkeypatch.setattr(archives, "PART", 3)
    made = Press(tmp_path)
    made.settings = made.configured(publish=SHORT)
    yield made
    made.store.close()


def dated(number: int, published: datetime, **changes: Any) -> Article:
    return article(number, published=published, updated=published, **changes)


def days(*back: int) -> list[Article]:
    """Return an article for each number of days before now, named by that number."""
    return [dated(number, NOW - number * DAY) for number in back]


def read(press: Press, address: str) -> Any:
    assert address.startswith(BASE)
    return etree.parse(press.folder / "feeds" / address.removeprefix(BASE)).getroot()


def linked(feed: Any, rel: str) -> str:
    found = [link.get("href") for link in feed.iterfind(f"{ATOM}link") if link.get("rel") == rel]
    assert len(found) <= 1
    return found[0] if found else ""


def ids(feed: Any) -> list[str]:
    return [entry.findtext(f"{ATOM}id") for entry in feed.iterfind(f"{ATOM}entry")]


def history(press: Press, slug: str = "world") -> dict[str, str]:
    """Return id → title of all that a client finds that follows the archive to its end.

    It keeps the first of two entries with one id, as the newer document is read first (RFC 5005
    §4).
    """
    found: dict[str, str] = {}
    address = f"{BASE}{slug}/atom.xml"
    later = ""
    while address:
        feed = read(press, address)
        assert linked(feed, "self") == address
        assert linked(feed, "next-archive") == (later if later.endswith(".atom.xml") else "")
        assert (feed.find(f"{HISTORY}archive") is not None) == bool(later)
        for entry in feed.iterfind(f"{ATOM}entry"):
            found.setdefault(entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}title"))
        address, later = linked(feed, "prev-archive"), address
    return found


def archived(paths: set[str], slug: str = "world") -> set[str]:
    """Return the names of the archive's documents among *paths*."""
    start, end = f"{slug}/archive/", ".atom.xml"
    return {path.removeprefix(start).removesuffix(end) for path in paths if path.startswith(start)}


def test_nothing_is_archived_that_the_feed_shows(press: Press) -> None:
    press.take_in(*days(0, 10, 40, 80))
    press.publish()
    assert archived(press.paths()) == set()
    assert linked(read(press, f"{BASE}world/atom.xml"), "prev-archive") == ""


def test_a_month_is_archived_when_the_feed_does_not_show_all_of_it(press: Press) -> None:
    press.take_in(*days(0, 1, 2, 30, 40, 41, 200))
    press.publish()
    assert archived(press.paths()) == {"2026-10", "2026-05"}
    october = read(press, f"{BASE}world/archive/2026-10.atom.xml")
    assert ids(october) == [f"https://paper.example/{number}" for number in (30, 40, 41)]


def test_a_document_of_the_archive_says_what_it_is_and_links_its_neighbours(press: Press) -> None:
    press.take_in(*days(0, 1, 2, 3, 40, 80, 120))
    press.publish()
    feed = read(press, f"{BASE}world/archive/2026-09.atom.xml")
    assert feed.find(f"{HISTORY}archive") is not None
    assert feed.findtext(f"{ATOM}id") == f"{BASE}world/atom.xml", "it is the same feed"
    assert [(link.get("rel"), link.get("href")) for link in feed.iterfind(f"{ATOM}link")] == [
        ("self", f"{BASE}world/archive/2026-09.atom.xml"),
        ("prev-archive", f"{BASE}world/archive/2026-07.atom.xml"),
        ("next-archive", f"{BASE}world/archive/2026-10.atom.xml"),
        ("current", f"{BASE}world/atom.xml"),
        ("alternate", BASE),
    ]
    assert feed.findtext(f"{ATOM}updated") == "2026-09-03T12:00:00Z"


def test_both_xml_feeds_link_the_newest_document_of_the_archive(press: Press) -> None:
    press.take_in(*days(0, 1, 2, 3, 40, 80))
    press.publish()
    rss = read(press, f"{BASE}world/rss.xml").find("channel")
    newest = f"{BASE}world/archive/2026-10.atom.xml"
    assert linked(rss, "prev-archive") == newest
    assert linked(read(press, f"{BASE}world/atom.xml"), "prev-archive") == newest


def test_the_current_month_is_archived_up_to_the_day_of_the_newest_article(press: Press) -> None:
    press.take_in(*(dated(number, NOW - number * timedelta(hours=5)) for number in range(6)))
    press.publish()
    november = read(press, f"{BASE}world/archive/2026-11.atom.xml")
    assert ids(november) == [f"https://paper.example/{number}" for number in (3, 4, 5)]
    assert len(history(press)) == 6


def test_the_archive_changes_once_a_day(press: Press) -> None:
    press.take_in(*days(1, 2, 3, 4, 5, 6))
    press.publish()
    today = [dated(100 + number, NOW + number * timedelta(hours=1)) for number in range(3)]
    touched = []
    for one in today:
        press.take_in(one)
        touched.append(archived(press.publish()))
    assert touched[1:] == [set(), set()]
    assert touched[0] == {"2026-11-2"}
    assert len(history(press)) == 9


@pytest.mark.parametrize("minutes", [30, 3, 0])
def test_where_a_day_has_more_than_the_feed_shows_nothing_is_missed(
    press: Press, minutes: int
) -> None:
    for number in range(12):
        press.take_in(dated(number, NOW + number * timedelta(minutes=minutes)))
        press.publish()
        assert len(history(press)) == number + 1
    if minutes == 30:
        press.take_in(dated(99, NOW + timedelta(hours=5, minutes=40)))
        assert archived(press.publish()) == set(), "it changes once an hour"


def test_a_full_document_stays_as_it_is(press: Press) -> None:
    press.take_in(*days(*range(30)))
    press.publish()
    press.take_in(*(dated(100 + number, NOW + number * DAY) for number in range(1, 5)))
    touched = archived(press.publish())
    assert {"2026-11", "2026-11-2", "2026-11-3", "2026-11-4"}.isdisjoint(touched)
    assert touched
    assert len(history(press)) == 34


def test_what_comes_late_changes_its_month_alone(press: Press) -> None:
    press.take_in(*days(0, 1, 2, 3, 40, 41, 80, 81, 120))
    press.publish()
    press.take_in(*days(82))
    assert archived(press.publish()) == {"2026-09"}
    press.take_in(dated(100, datetime(2026, 9, 30, tzinfo=UTC)))
    assert archived(press.publish()) == {"2026-09", "2026-09-2", "2026-10"}, "October links it"
    assert len(history(press)) == 11


def test_an_edit_changes_the_one_document_that_has_it(press: Press) -> None:
    press.take_in(*days(0, 1, 2, 3, 30, 31, 32, 33, 34, 35, 36))
    press.publish()
    assert archived(press.paths()) == {"2026-10", "2026-10-2", "2026-10-3"}
    press.take_in(replace(days(33)[0], title="Corrected"))
    assert archived(press.publish()) == {"2026-10-2"}
    assert history(press)["https://paper.example/33"] == "Corrected"


def test_an_article_that_moves_leaves_the_archive_it_was_in(press: Press) -> None:
    press.take_in(*days(0, 1, 2, 3, 40))
    press.publish()
    press.take_in(replace(days(40)[0], categories=("Science",)))
    press.publish()
    assert archived(press.paths()) == set()
    assert archived(press.paths(), "all") == {"2026-10"}
    assert linked(read(press, f"{BASE}world/atom.xml"), "prev-archive") == ""


def test_what_the_store_forgets_leaves_the_archive(press: Press) -> None:
    press.settings = press.configured(publish=SHORT, store={"keep": "30d"})
    press.take_in(*days(0, 1, 2, 3, 40, 80))
    press.publish()
    later = NOW + 31 * DAY
    press.take_in(replace(dated(99, later), first_seen_at=later))
    keep_house(press.settings, press.store, later)
    press.publish()
    assert archived(press.paths()) == set(), "the newest four stay, and the feed shows them"
    assert len(history(press)) == 4


def test_without_atom_there_is_no_archive(press: Press) -> None:
    press.take_in(*days(0, 1, 2, 3, 40))
    press.publish()
    press.settings = press.configured(publish={**SHORT, "formats": ["rss"]})
    press.publish()
    assert archived(press.paths()) == set()
    assert linked(read(press, f"{BASE}world/rss.xml").find("channel"), "prev-archive") == ""


def test_months_are_those_of_the_sites_zone(press: Press) -> None:
    zone = {"timezone": "Asia/Shanghai"}
    press.settings = press.configured(publish={**SHORT, "entries": 1}, site=zone)
    press.take_in(*days(0), dated(9, datetime(2026, 10, 31, 18, tzinfo=UTC)))
    press.publish()
    assert archived(press.paths()) == {"2026-11"}


def test_articles_beyond_the_window_are_in_the_archive(press: Press) -> None:
    press.settings = press.configured(publish={**SHORT, "window": "1d"})
    press.take_in(*days(0, 2, 3))
    press.publish()
    assert len(history(press)) == 3
    press.now += 3 * DAY
    press.publish()
    assert ids(read(press, f"{BASE}world/atom.xml")) == []
    assert len(history(press)) == 3, "the feed is empty, and nothing is lost"


def test_the_store_tells_a_channels_months_and_how_many_entries_they_have(press: Press) -> None:
    press.take_in(*days(0, 1, 2, 3, 40, 41, 80))
    press.publish()
    months = Archives(press.store.path).archive("world").months
    assert [(month.name, month.entries) for month in months] == [("2026-09", 1), ("2026-10", 2)]


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 10))]
)
def test_step_by_step_gives_what_publishing_everything_gives(press: Press, seed: int) -> None:
    chance = random.Random(seed)
    known: list[Article] = []
    moment = NOW - 200 * DAY
    for number in range(40):
        moment += chance.choice([timedelta(0), timedelta(minutes=20), DAY, 9 * DAY])
        deed = chance.random()
        if deed < 0.6 or not known:
            late = chance.choice([timedelta(0)] * 3 + [timedelta(hours=5), 40 * DAY])
            known.append(dated(number, moment - late))
            press.take_in(known[-1])
        else:
            place = chance.randrange(len(known))
            other = {"title": f"Edit {number}"} if deed < 0.8 else {"categories": ("Science",)}
            known[place] = replace(known[place], **other)
            press.take_in(known[place])
        if chance.random() < 0.7:
            press.publish()
            here = {one.public_id: one.title for one in known if one.categories == ("World",)}
            assert history(press) == here
    press.publish()
    assert history(press, "all") == {one.public_id: one.title for one in known}
    before = files(press.folder / "feeds")
    assert press.publish(everything=True) == set()
    assert files(press.folder / "feeds") == before
