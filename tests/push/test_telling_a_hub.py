"""Telling somebody else's hub."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from tests.push.desk import Other, Site, other


@pytest.fixture
def hub() -> Iterator[Other]:
    with other() as made:
        yield made


def test_a_hub_is_told_once_of_each_feed_that_changed(tmp_path: Path, hub: Other) -> None:
    with Site(tmp_path, hub.at("/")) as site:
        site.publish(b"one", "all/atom.xml")
        site.publish(b"two", "all/atom.xml")
        site.publish(b"one", "all/rss.xml")
        assert site.until(lambda: len(hub.posts()) == 2)
        site.settle()
        told = sorted(parse_qs(heard.body.decode())["hub.url"][0] for heard in hub.posts())
        assert told == [site.topic("all/atom.xml"), site.topic("all/rss.xml")]
        assert parse_qs(hub.posts()[0].body.decode())["hub.mode"] == ["publish"]
        kind = hub.posts()[0].headers["content-type"]
        assert kind == "application/x-www-form-urlencoded"


def test_a_hub_that_is_away_is_told_later(tmp_path: Path, hub: Other) -> None:
    hub.status = 500
    with Site(tmp_path, hub.at("/")) as site:
        site.publish(b"one")
        assert site.until(hub.posts)
        site.settle()
        assert len(hub.posts()) == 1
        hub.status = 204
        site.restart()
        site.now += timedelta(minutes=1)
        assert site.until(lambda: len(hub.posts()) == 2)
        site.settle()
        site.now += timedelta(days=1)
        site.settle()
        assert len(hub.posts()) == 2


def test_a_hub_that_stays_away_is_given_up(tmp_path: Path) -> None:
    with Site(tmp_path, "http://127.0.0.1:1/") as site:
        site.publish(b"one")
        for _ in range(7):
            site.settle()
            site.now += timedelta(hours=6)
        assert site.store.push.due_pings(site.now + timedelta(days=1)) == []
