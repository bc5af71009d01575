from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.articles import NOW, article
from tests.pipeline.test_publication import Press

LONG = "<p>" + "One sentence of many. " * 30 + "</p>"


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    made = Press(tmp_path)
    yield made
    made.store.close()


def feed(press: Press, **keys: Any) -> None:
    own = {"id": "mine", "title": "Mine", **keys}
    press.settings = press.configured(feed=[own])
    press.publish()


def document(press: Press, path: str) -> bytes:
    return (press.folder / "feeds" / path).read_bytes()


def test_a_feed_speaks_its_own_language(press: Press) -> None:
    press.take_in(article(1))
    feed(press, language="zh-CN")
    assert json.loads(document(press, "mine/feed.json"))["language"] == "zh-CN"
    assert etree.fromstring(document(press, "mine/rss.xml")).findtext("channel/language") == "zh-CN"
    page = document(press, "mine/index.html").decode()
    assert '<html lang="zh-CN">' in page
    assert "订阅" in page
    assert 'language="zh-CN"' in document(press, "feeds.opml").decode()


@pytest.mark.parametrize(("content", "most"), [("excerpt", 310), ("link", 60)])
def test_a_feed_may_show_less_than_the_others(press: Press, content: str, most: int) -> None:
    press.take_in(article(1, content=LONG))
    press.settings = press.configured(publish={"credit": ""})
    feed(press, content=content)
    (own,) = json.loads(document(press, "mine/feed.json"))["items"]
    (everybodys,) = json.loads(document(press, "world/feed.json"))["items"]
    assert len(own["content_html"].partition("<p class")[0]) < most
    assert LONG in everybodys["content_html"]


def test_of_each_day_a_feed_takes_those_that_came_first(press: Press) -> None:
    press.take_in(*(article(hours) for hours in range(1, 40)))
    feed(press, max_per_day=2)
    first = [11, 12, 35, 36, 38, 39]  # hours before noon
    assert press.titles("mine") == [f"Title {hours}" for hours in first]


def test_who_came_first_stays_whoever_comes_later(press: Press) -> None:
    press.take_in(article(5), article(6))
    feed(press, max_per_day=2)
    later = NOW + timedelta(minutes=10)
    press.take_in(article(1, first_seen_at=later), article(7, first_seen_at=later))
    press.publish()
    assert press.titles("mine") == ["Title 5", "Title 6"]


def test_a_day_is_that_of_the_zone(press: Press) -> None:
    midnight = datetime(2026, 11, 21, 16, tzinfo=UTC)  # in Shanghai
    before, after = (
        article(n, guid=f"g{n}", published=midnight + timedelta(minutes=n)) for n in (-1, 1)
    )
    press.take_in(before, after)
    feed(press, max_per_day=1)
    assert len(press.titles("mine")) == 1
    feed(press, max_per_day=1, timezone="Asia/Shanghai")
    assert len(press.titles("mine")) == 2


def test_days_without_articles_are_passed_over(press: Press) -> None:
    press.take_in(*(article(24 * 30 * n) for n in range(1, 5)))
    feed(press, max_per_day=1, entries=3)
    assert press.titles("mine") == ["Title 720", "Title 1440", "Title 2160"]


def test_the_window_counts_for_a_feed_of_so_many_a_day_too(press: Press) -> None:
    press.take_in(*(article(hours) for hours in (1, 20, 30)))
    press.settings = press.configured(
        publish={"window": "1d"}, feed=[{"id": "mine", "title": "Mine", "max_per_day": 5}]
    )
    press.publish()
    assert press.titles("mine") == ["Title 1", "Title 20"]
