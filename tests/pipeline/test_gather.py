"""A source with very many entries: all of them become articles, in the order they came in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.cli.composition import Invocation, fetcher, load, working_on
from aggregator.model import Status
from aggregator.normalise import slugs
from aggregator.pipeline.gather import Desk, Gathered, gather
from aggregator.store.intake import Intake
from aggregator.store.reader import Reader
from aggregator.workers import Workers, employed
from tests.articles import NOW

CONFIG = """
[site]
url = "https://reader.example"
[[source]]
id = "paper"
url = "paper.xml"
first = "all"
category = "{publisher}"
publisher = "南昌日报"
[[source.rule]]
field = "title"
match = "^drop"
drop = true
"""
COUNT = 1_201


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    items = "".join(
        f"<item><guid>{number}</guid><title>{'drop' if number % 100 == 0 else 'News'} {number}"
        f"</title><description>Text {number}</description></item>"
        for number in range(COUNT)
    )
    (tmp_path / "paper.xml").write_text(f'<rss version="2.0"><channel>{items}</channel></rss>')
    return tmp_path


@pytest.fixture
def gathered(folder: Path) -> Iterator[Gathered]:
    settings = load(Invocation(folder / "config.toml"))
    with working_on(settings) as store, fetcher(settings) as network:
        desk = Desk(settings, network, Reader(store.path))
        yield gather(settings.source[0], store.state("paper"), desk, NOW)


def test_every_entry_becomes_an_article_in_the_order_they_came_in(gathered: Gathered) -> None:
    assert gathered.status is Status.OK, gathered.reason
    kept = [number for number in range(COUNT) if number % 100]
    assert [article.title for article in gathered.articles] == [f"News {n}" for n in kept]
    assert set(gathered.provenance) == {str(number) for number in kept}
    assert gathered.unchanged == frozenset()


def test_what_is_known_is_no_article_again(folder: Path) -> None:
    settings = load(Invocation(folder / "config.toml"))
    with working_on(settings) as store, fetcher(settings) as network:
        desk = Desk(settings, network, Reader(store.path))
        first = gather(settings.source[0], store.state("paper"), desk, NOW)
        with store.transaction():
            store.take_in(Intake(first.state, first.articles[:600]))
        (folder / "paper.xml").write_text((folder / "paper.xml").read_text() + "\n")
        again = gather(settings.source[0], store.state("paper"), desk, NOW)
    assert len(again.unchanged) == 600
    assert [one.guid for one in again.articles] == [one.guid for one in first.articles[600:]]


def test_names_come_along_for_categories_that_are_new(folder: Path) -> None:
    settings = load(Invocation(folder / "config.toml"))
    with working_on(settings) as store, fetcher(settings) as network:
        desk = Desk(settings, network, Reader(store.path))
        with employed(Workers(1)):
            first = gather(settings.source[0], store.state("paper"), desk, NOW)
        assert first.names == {"南昌日报": ("nanchangribao", "nanchangribao")}
        with store.transaction():
            store.take_in(Intake(first.state, first.articles, names={"南昌日报": ("nc", "Nc")}))
        assert store.categories()["南昌日报"].slug == "nc", "taken as they were proposed"
        assert store.unnamed(["南昌日报", "World"]) == ["World"]


def test_only_labels_in_chinese_are_read_apart() -> None:
    assert slugs.dear(["World", "南昌日报", "Новости"]) == ["南昌日报"]
