"""The program as a library: what docs/library.md promises."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from contextlib import chdir
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import feedparser
import pytest

import aggregator
from aggregator import (
    AlreadyRunningError,
    Article,
    ConfigError,
    Outcome,
    Settings,
    Status,
    StoreError,
    articles,
    load_config,
    publish_changes,
    refresh,
    render_feed,
    search,
)
from aggregator.schedule.lock import alone
from aggregator.store.reader import Reader
from tests.command import ROOT
from tests.web import rss

GUIDE = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")

SIGNATURES = {
    "articles": "(settings: 'Settings', category: 'str' = 'all', *,"
    " since: 'datetime | None' = None, limit: 'int' = 100) -> 'list[Article]'",
    "load_config": "(path: 'str | PathLike[str]' = 'config.toml') -> 'Settings'",
    "publish_changes": "(settings: 'Settings', *, everything: 'bool' = False) -> 'list[str]'",
    "refresh": "(settings: 'Settings', *sources: 'str', publish: 'bool' = True) -> 'list[Outcome]'",
    "render_feed": "(settings: 'Settings', entries: 'Iterable[Article]', *,"
    " format: 'FeedFormat' = 'atom', name: 'str' = 'all', title: 'str' = '',"
    " description: 'str' = '') -> 'bytes'",
    "search": "(settings: 'Settings', query: 'str', *, limit: 'int' = 20) -> 'list[Article]'",
}
RECORDS = {
    *("AggregatorError", "AlreadyRunningError", "Article", "Attribution", "ConfigError"),
    *("Enclosure", "Outcome", "Person", "PublishError", "Settings", "Source", "Status"),
    "StoreError",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "feed.xml").write_bytes(rss("one", "two", "three"))
    (tmp_path / "config.toml").write_text(
        '[[source]]\nid = "paper"\nurl = "feed.xml"\ncategory = "world"\n'
        '[[source]]\nid = "gone"\nurl = "none.xml"\n'
    )
    return load_config(tmp_path / "config.toml")


def test_its_names_and_signatures_stay() -> None:
    functions = {name: str(inspect.signature(getattr(aggregator, name))) for name in SIGNATURES}
    assert functions == SIGNATURES
    assert set(aggregator.__all__) == RECORDS | SIGNATURES.keys()
    assert set(aggregator.__all__) <= set(dir(aggregator))
    assert all(getattr(aggregator, name) for name in aggregator.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = aggregator.nothing


def test_the_guide_names_what_there_is() -> None:
    for name, signature in SIGNATURES.items():
        (shown,) = re.findall(rf"\| `{name}\((.*?)\)` \|", GUIDE)
        names = re.findall(r"[*\w]+(?=: ')|\*(?=,)", signature)
        assert [re.sub(r"=.*", "", part) for part in shown.split(", ")] == names
    for record in (Article, Outcome):
        (shown,) = re.findall(rf"\| `{record.__name__}` \| (.*?) \|", GUIDE)
        named = set(re.findall(r"`([a-z_]+)`", shown))
        assert named <= {field.name for field in fields(record)}


def test_to_import_it_costs_nothing_until_it_is_used() -> None:
    seen = "import sys, aggregator; print(sorted(m for m in sys.modules if 'aggregator' in m))"
    ended = subprocess.run([sys.executable, "-c", seen], cwd=ROOT, capture_output=True, text=True)
    assert ended.stdout == "['aggregator']\n"


def test_the_example_of_the_guide_works(settings: Settings, tmp_path: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    with chdir(tmp_path):
        exec(compile(example, "library.md", "exec"), {})
    assert b"<title>Short news</title>" in (tmp_path / "short.xml").read_bytes()


def test_what_is_refreshed_can_be_read_and_searched(settings: Settings, tmp_path: Path) -> None:
    outcomes = {outcome.id: outcome for outcome in refresh(settings)}
    assert (outcomes["paper"].status, outcomes["paper"].new) == (Status.OK, 3)
    assert outcomes["gone"].status is Status.FAILED
    assert [one.title for one in articles(settings)] == ["three", "two", "one"]
    assert [one.title for one in articles(settings, "world", limit=1)] == ["three"]
    noon = datetime(2026, 11, 20, 10, 1, tzinfo=UTC)
    assert [one.title for one in articles(settings, since=noon)] == ["three", "two"]
    assert [one.title for one in search(settings, "two")] == ["two"]
    assert (tmp_path / "feeds" / "world" / "atom.xml").exists()
    assert publish_changes(settings) == []
    (tmp_path / "feeds" / "world" / "atom.xml").unlink()
    assert publish_changes(settings, everything=True) == ["world/atom.xml"]


@pytest.fixture
def crowded(tmp_path: Path) -> Settings:
    """Return a configuration whose one source has just brought 2,500 articles."""
    (tmp_path / "config.toml").write_text(
        '[[source]]\nid = "paper"\nurl = "feed.xml"\nfirst = "all"\n'
    )
    settings = load_config(tmp_path / "config.toml")
    (tmp_path / "feed.xml").write_bytes(rss(*(f"no{number} rare" for number in range(2_500))))
    refresh(settings, "paper", publish=False)
    return settings


def test_a_search_finds_what_a_large_refresh_has_left_to_it(crowded: Settings) -> None:
    reader = Reader(crowded.store.path)
    assert 1_000 <= reader.search_count("rare", 2_500) < 1_500
    with alone(crowded.store.path):  # it is for whoever works there to go on
        assert len(search(crowded, "rare", limit=2_500)) < 1_500
    assert len(search(crowded, "rare", limit=2_500)) == 2_500
    assert reader.is_indexed()


def test_the_next_refresh_that_brings_little_indexes_the_rest(crowded: Settings) -> None:
    reader = Reader(crowded.store.path)
    assert not reader.is_indexed()
    refresh(crowded, "paper", publish=False)
    assert reader.search_count("rare", 2_500) == 2_500


@pytest.fixture
def refreshed(settings: Settings) -> Settings:
    refresh(settings, "paper", publish=False)
    return settings


def test_a_feed_is_made_of_any_articles(refreshed: Settings, tmp_path: Path) -> None:
    chosen = [one for one in articles(refreshed) if one.title != "two"]
    formats: tuple[Literal["atom", "rss"], ...] = ("atom", "rss")
    for one in formats:
        feed = feedparser.parse(render_feed(refreshed, chosen, format=one, title="Mine"))
        assert feed.feed.title == "Mine"
        assert [entry.title for entry in feed.entries] == ["three", "one"]
    atom = render_feed(refreshed, chosen, name="mine")
    assert b'href="http://127.0.0.1:8080/mine/atom.xml"' in atom
    assert atom == render_feed(refreshed, chosen, name="mine")
    assert b'"title":"three"' in render_feed(refreshed, chosen, format="json")
    assert not (tmp_path / "feeds").exists()


def test_faults_are_of_one_family(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match='there is no source "nobody"'):
        refresh(settings, "nobody")
    with pytest.raises(StoreError):
        articles(settings)
    (tmp_path / "bad.toml").write_text("[[source]]\n")
    with pytest.raises(ConfigError) as raised:
        load_config(tmp_path / "bad.toml")
    assert len(raised.value.problems) > 0
    assert issubclass(AlreadyRunningError, aggregator.AggregatorError)
