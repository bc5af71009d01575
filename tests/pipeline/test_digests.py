"""A digest feed has one entry for each day or week that is over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import feedparser
import pytest
from lxml import etree, html

from aggregator.model import Article, Attribution
from aggregator.pipeline.publication import Publisher
from aggregator.pipeline.tasks import Task, do
from tests.articles import NOW, article
from tests.command import files
from tests.pipeline.test_publication import Press

BERLIN = ZoneInfo("Europe/Berlin")
ATOM = "{http://www.w3.org/2005/Atom}"
HOUR = timedelta(hours=1)
MINE = {"id": "mine", "title": "Mine", "digest": "daily"}


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    made = Press(tmp_path)
    made.now = NOW  # noon of Sunday, 22 November 2026, in UTC
    yield made
    made.store.close()


def dated(number: int, published: datetime, **changes: Any) -> Article:
    return article(number, published=published, updated=published, **changes)


def digest(press: Press, site: dict[str, str] | None = None, **keys: Any) -> None:
    press.settings = press.configured(site=site or {}, feed=[{**MINE, **keys}])
    press.publish()


def items(press: Press) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(body(press, "mine/feed.json"))["items"]
    return found


def body(press: Press, path: str) -> bytes:
    return (press.folder / "feeds" / path).read_bytes()


def listed(item: dict[str, Any]) -> list[str]:
    """Return the titles that a digest lists."""
    return [link.text for link in html.fromstring(item["content_html"]).iter("a")]


def test_each_day_that_is_over_and_had_articles_is_one_entry(press: Press) -> None:
    press.take_in(*(article(hours) for hours in (1, 13, 20, 70)))
    digest(press)
    assert [item["title"] for item in items(press)] == [
        "Mine · 21 November 2026",
        "Mine · 19 November 2026",
    ]
    assert [listed(item) for item in items(press)] == [["Title 13", "Title 20"], ["Title 70"]]
    assert items(press)[0]["date_published"] == "2026-11-22T00:00:00Z"
    assert items(press)[0]["id"] == "tag:127.0.0.1,2026:mine/daily/2026-11-21"


def test_an_article_is_listed_with_its_link_its_credit_and_an_excerpt(press: Press) -> None:
    text = "<p>The storks are back. " + "They stand on one leg. " * 20 + "</p>"
    press.take_in(
        article(
            13, title='Storks & "herons" <b>', content=text, share_link="https://a.example/?x=1&y=2"
        ),
        article(14, language="de", title="Störche", content="<p>Störche</p>"),
    )
    digest(press)
    (item,) = items(press)
    assert item["content_html"].startswith(
        '<ul><li><a href="https://a.example/?x=1&amp;y=2">Storks &amp; "herons" &lt;b&gt;</a>'
        " – The Paper<br><span>The storks are back. They stand on one leg."
    )
    assert len(html.fromstring(item["content_html"]).findtext(".//span") or "") <= 160
    assert item["content_html"].endswith(
        '<li><a href="https://paper.example/14" lang="de">Störche</a> – The Paper</li></ul>'
    )
    assert item["summary"] == '2 articles: Storks & "herons" <b> · Störche'


def test_several_categories_have_a_list_each(press: Press) -> None:
    press.take_in(article(13), article(14, categories=("Science",)), article(15))
    digest(press)
    content = html.fromstring(f"<div>{items(press)[0]['content_html']}</div>")
    assert [part.tag for part in content] == ["h2", "ul", "h2", "ul"]
    assert [part.text for part in content.iter("h2", "a")] == [
        "World", "Title 13", "Title 15", "Science", "Title 14",
    ]  # fmt: skip


def test_it_lists_no_more_of_an_article_than_may_be_published(press: Press) -> None:
    press.take_in(
        article(13, content="<p>Secret.</p>"), article(14, content="<p>Open.</p>", source="b")
    )
    source = {"id": "paper", "url": "https://paper.example/rss", "content": "link"}
    licences = {"none": "excerpt"}
    press.settings = press.configured(
        publish={"licences": licences}, source=[source], feed=[{**MINE, "content": "excerpt"}]
    )
    press.publish()
    assert "Secret" not in items(press)[0]["content_html"]
    assert "Open." in items(press)[0]["content_html"]


def test_its_link_leads_to_a_page_of_its_own_in_every_format(press: Press) -> None:
    press.take_in(article(13))
    digest(press)
    address = "http://127.0.0.1:8080/mine/2026/11/21/daily.html"
    page = html.fromstring(body(press, "mine/2026/11/21/daily.html"))
    assert page.findtext(".//h1") == "Mine · 21 November 2026"
    assert [link.get("href") for link in page.iterfind(".//div[@class='text']//a")] == [
        "https://paper.example/13"
    ]
    assert page.find(".//link[@rel='canonical']").get("href") == address
    assert page.find(".//meta[@name='robots']") is None
    assert items(press)[0]["url"] == address
    rss = etree.fromstring(body(press, "mine/rss.xml")).find("channel/item")
    assert rss.findtext("link") == address
    assert rss.findtext("guid") == "tag:127.0.0.1,2026:mine/daily/2026-11-21"
    assert rss.find("source") is None
    entry = etree.fromstring(body(press, "mine/atom.xml")).find(f"{ATOM}entry")
    (alternate,) = [link for link in entry.iter(f"{ATOM}link") if link.get("rel") == "alternate"]
    assert alternate.get("href") == address
    assert entry.findtext(f"{ATOM}published") == "2026-11-22T00:00:00Z"
    assert 'href="../mine/2026/11/21/daily.html"' in body(press, "mine/index.html").decode()
    post = body(press, "_posts/2026-11-21-mine.md").decode()
    assert "https://paper.example/13" in post
    for name in ("rss.xml", "atom.xml"):
        read = feedparser.parse(body(press, f"mine/{name}"))
        assert not read.bozo
        assert "Title 13" in read.entries[0].content[0].value


def test_a_feed_that_writes_no_pages_has_some_where_the_site_does(press: Press) -> None:
    press.take_in(article(13))
    digest(press, formats=["rss"])
    own = {path for path in press.paths() if path.startswith("mine/")}
    assert own == {"mine/rss.xml", "mine/2026/11/21/daily.html"}


def test_where_there_are_no_pages_its_link_is_a_place_in_its_feed(press: Press) -> None:
    press.take_in(article(13))
    press.settings = press.configured(publish={"formats": ["rss"]}, feed=[MINE])
    press.publish()
    rss = etree.fromstring(body(press, "mine/rss.xml"))
    assert rss.findtext("channel/item/link") == "http://127.0.0.1:8080/mine/rss.xml#2026-11-21"
    assert {path for path in press.paths() if path.startswith("mine/")} == {"mine/rss.xml"}


def test_it_speaks_the_language_of_its_feed(press: Press) -> None:
    press.take_in(article(13), article(14))
    digest(press, language="zh-CN")
    (item,) = items(press)
    assert item["title"] == "Mine · 2026年11月21日"
    assert item["summary"].startswith("2 篇文章：Title 13 · ")


def test_a_week_is_named_by_its_days(press: Press) -> None:
    press.take_in(article(13), article(24 * 8), article(24 * 9))
    digest(press, digest="weekly")
    (item,) = items(press)
    assert item["title"] == "Mine · 9 November 2026 – 15 November 2026"
    assert item["id"] == "tag:127.0.0.1,2026:mine/weekly/2026-11-15"
    assert item["url"].endswith("/mine/2026/11/15/weekly.html")
    assert len(listed(item)) == 2


@pytest.mark.parametrize(
    ("day", "hours"),
    [(datetime(2026, 3, 29), 23), (datetime(2026, 10, 25), 25), (datetime(2026, 11, 1), 24)],
    ids=["spring", "autumn", "plain"],
)
def test_a_day_is_that_of_its_zone_however_long_it_is(
    press: Press, day: datetime, hours: int
) -> None:
    begin = day.replace(tzinfo=BERLIN).astimezone(UTC)
    every = [dated(n, begin + n * HOUR, guid=f"g{n}") for n in range(-1, hours + 1)]
    press.take_in(*every)
    press.now = begin + 30 * HOUR
    digest(press, site={"timezone": "Europe/Berlin"})
    (item, _) = items(press)
    assert f"{day.day} {day:%B %Y}" in item["title"]
    assert listed(item) == [f"Title {n}" for n in reversed(range(hours))]


def test_it_comes_out_at_the_time_of_day_that_is_asked_for(press: Press) -> None:
    press.take_in(dated(1, datetime(2026, 11, 22, 6, 59, tzinfo=BERLIN), guid="a"))
    press.take_in(dated(2, datetime(2026, 11, 22, 7, 0, tzinfo=BERLIN), guid="b"))
    digest(press, timezone="Europe/Berlin", at="07:00")
    (item,) = items(press)
    assert listed(item) == ["Title 1"]
    assert item["title"] == "Mine · 22 November 2026"
    assert item["date_published"] == "2026-11-22T06:00:00Z"


def test_it_comes_out_when_its_day_is_over_though_nothing_else_does(press: Press) -> None:
    press.take_in(article(1))
    digest(press)
    assert items(press) == []
    press.now = NOW + timedelta(hours=11, minutes=59)
    assert press.publish() == set()
    press.now = NOW + timedelta(hours=12)
    assert "mine/feed.json" in press.publish()
    assert [listed(item) for item in items(press)] == [["Title 1"]]
    assert press.publish() == set()
    before = files(press.folder / "feeds")
    press.now += timedelta(hours=24)
    assert press.publish() == set(), "an empty day changes nothing"
    assert files(press.folder / "feeds") == before


def test_who_comes_late_is_listed_under_the_same_guid_and_date(press: Press) -> None:
    press.take_in(article(13))
    digest(press)
    (before,) = items(press)
    press.take_in(article(14, first_seen_at=NOW + HOUR))
    assert {"mine/feed.json", "mine/2026/11/21/daily.html"} <= press.publish()
    (after,) = items(press)
    assert listed(after) == ["Title 13", "Title 14"]
    changing = ("content_html", "summary")
    assert {key: value for key, value in after.items() if key not in changing} == {
        key: value for key, value in before.items() if key not in changing
    }


def test_what_is_removed_is_no_longer_listed(press: Press) -> None:
    press.take_in(article(13), article(14))
    digest(press)
    task = Task("takedown", (article(13).id,), "me", "a wish")
    do(task, press.settings, press.store, NOW)
    press.publish()
    assert [listed(item) for item in items(press)] == [["Title 14"]]
    assert b"deleted-entry" not in body(press, "mine/atom.xml"), "it was no entry of this feed"


def test_what_is_of_today_touches_no_digest(press: Press) -> None:
    press.take_in(article(13))
    digest(press)
    press.take_in(article(2))
    assert not any(path.startswith("mine/") for path in press.publish())


def test_an_edit_of_the_past_is_seen_even_after_a_crash(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.take_in(article(13))
    digest(press)
    press.take_in(article(13, title="Corrected"))
    real = type(press.store).published
    with monkeypatch.context() as patch:

        def articles_only(store: Any, publication: Any) -> None:
            if publication.channels:
                raise KeyboardInterrupt
            real(store, publication)

        patch.setattr(type(press.store), "published", articles_only)
        patch.setattr("aggregator.pipeline.output._OWNERS_AT_ONCE", 1)
        with pytest.raises(KeyboardInterrupt):
            press.publish()
    press.publish()
    assert listed(items(press)[0]) == ["Corrected"]


def test_the_same_rows_give_the_same_bytes(press: Press, tmp_path: Path) -> None:
    articles = [article(number, categories=(f"C{number % 3}",)) for number in range(1, 80)]
    press.take_in(*articles)
    digest(press)
    before = files(press.folder / "feeds")
    press.publish(everything=True)
    assert files(press.folder / "feeds") == before
    other = Press(tmp_path / "other")
    other.now = NOW + HOUR
    other.take_in(*reversed(articles))
    digest(other)
    for path in press.paths() - {"manifest.json"}:
        assert body(other, path) == body(press, path), path
    other.store.close()


def test_digests_leave_with_the_window_and_keep_their_pages(press: Press) -> None:
    press.take_in(*(article(24 * days + 13) for days in range(5)))
    press.settings = press.configured(publish={"window": "2d"}, feed=[MINE])
    press.publish()
    titles = ["Mine · 21 November 2026", "Mine · 20 November 2026"]
    assert [item["title"] for item in items(press)] == titles
    assert len([path for path in press.paths() if path.endswith("/daily.html")]) == 5
    publisher = Publisher(press.settings, press.store, clock=lambda: press.now)
    publisher.publish(everything=True)
    press.now = NOW + timedelta(hours=12, seconds=1)
    publisher.publish()
    assert [item["title"] for item in items(press)] == titles[:1]
    assert "old_post/2026-11-20-mine.md" in press.paths()


def test_what_a_running_process_remembers_of_its_digests_is_what_it_would_make_anew(
    press: Press,
) -> None:
    press.settings = press.configured(feed=[MINE])
    publisher = Publisher(press.settings, press.store, clock=lambda: press.now)
    for hours in (13, 14, 40, 70, 71):
        press.take_in(article(hours, first_seen_at=NOW))
        publisher.publish()
    press.take_in(article(40, title="Corrected", first_seen_at=NOW))
    publisher.publish()
    assert [listed(item) for item in items(press)] == [
        ["Title 13", "Title 14"],
        ["Corrected"],
        ["Title 70", "Title 71"],
    ]
    assert press.publish(everything=True) == set()


def test_a_digest_whose_articles_are_no_longer_all_kept_is_gone(press: Press) -> None:
    press.take_in(article(13), article(24 * 5))
    press.settings = press.configured(store={"keep": "3d"}, feed=[MINE])
    press.publish()
    assert [item["title"] for item in items(press)] == ["Mine · 21 November 2026"]


def test_of_each_day_it_lists_at_most_so_many(press: Press) -> None:
    press.take_in(*(article(hours) for hours in range(1, 80)))
    digest(press, digest="daily", max_per_day=2)
    assert [len(listed(item)) for item in items(press)] == [2, 2, 2]


def test_a_feed_that_is_no_digest_any_more_loses_its_pages(press: Press) -> None:
    press.take_in(article(13))
    digest(press)
    digest(press, digest=None)
    assert not any(path.endswith("daily.html") for path in press.paths())
    assert [item["title"] for item in items(press)] == ["Title 13"]


def test_who_makes_a_digest_is_the_site(press: Press) -> None:
    press.take_in(article(13, attribution=Attribution("The Paper")))
    digest(press, site={"title": "Island Reader"})
    (item,) = items(press)
    assert item["authors"] == [{"name": "Island Reader"}]
    assert "Source:" not in item["content_html"]
