"""Which category a label names, whoever comes first: an archive's spelling or a paper's name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.config.selection import Selection
from aggregator.model import SourceState
from aggregator.normalise.slugs import propose
from aggregator.store.intake import Intake
from aggregator.store.reader import EVERYTHING
from aggregator.store.writer import ChannelState, Publication, Store
from tests.articles import NAMING, NOW, article


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "aggregator.db", replace(NAMING, slug=propose))
    yield opened
    opened.close()


def take_in(store: Store, *labels: str) -> None:
    """Take in an article under each of *labels*, the one after the other."""
    for number, label in enumerate(labels, store.article_total() + 1):
        one = article(number, categories=(label,), published=NOW - timedelta(hours=number))
        with store.transaction():
            store.take_in(Intake(SourceState("paper", last_ok_at=NOW), (one,)))


def shelves(store: Store, *labels: str) -> dict[str, list[str]]:
    """Return slug → titles of what is there."""
    slugs = {store.categories()[label].slug for label in labels}
    return {slug: [one.title for one in store.newest(slug, 10)] for slug in slugs}


@pytest.mark.parametrize(
    ("written", "label", "slug"),
    [
        ("nanchangribao", "南昌日报", "nanchangribao"),
        ("anxinguojizhengquan(xianggang)", "安信国际证券(香港)", "anxinguojizhengquan-xianggang"),
        ("anxinguojizhengquan-xianggang", "安信国际证券(香港)", "anxinguojizhengquan-xianggang"),
        (
            "21shijijingjibaodao 21caijingAPP",
            "21世纪经济报道 21财经APP",
            "21shijijingjibaodao-21caijingapp",
        ),
        ("world", "World", "world"),
        ("science-fiction", "Science Fiction", "science-fiction"),
    ],
)
@pytest.mark.parametrize("first", ["the spelling", "the label"])
def test_a_label_and_how_it_is_written_out_are_one_category_that_shows_the_label(
    store: Store, written: str, label: str, slug: str, first: str
) -> None:
    take_in(store, *((written, label) if first == "the spelling" else (label, written)))
    assert shelves(store, written, label) == {slug: ["Title 1", "Title 2"]}
    assert store.categories()[written] == store.categories()[label]
    assert store.categories()[label].label == label
    take_in(store, written, label)
    assert len(store.newest(slug, 10)) == 4


@pytest.mark.parametrize(
    ("labels", "slugs"),
    [
        (("TechWeb", "Techweb"), ["techweb", "techweb-2"]),
        (("南昌日报", "南昌日抱"), ["nanchangribao", "nanchangribao-2"]),
        (("C++", "c"), ["c", "c-2"]),
        (("c", "C++"), ["c", "c-2"]),
        ((".NET", "net"), ["net", "net-2"]),
        (("news", "news 2", "News-2"), ["news", "news-2", "news-2-2"]),
    ],
)
def test_labels_that_are_only_written_alike_are_categories_of_their_own(
    store: Store, labels: tuple[str, ...], slugs: list[str]
) -> None:
    for _ in range(2):
        take_in(store, *labels)
    found = store.categories()
    assert [found[label].slug for label in labels] == slugs
    assert [found[label].label for label in labels] == list(labels)


def test_of_two_papers_that_are_spelled_alike_the_first_one_takes_an_archives_category(
    store: Store,
) -> None:
    take_in(store, "nanchangribao", "南昌日报", "南昌日抱", "nanchangribao")
    assert shelves(store, "nanchangribao", "南昌日抱") == {
        "nanchangribao": ["Title 1", "Title 2", "Title 4"],
        "nanchangribao-2": ["Title 3"],
    }


def test_what_shows_a_category_is_written_again_when_its_label_comes(store: Store) -> None:
    take_in(store, "nanchangribao", "World")
    with store.transaction():
        ids = [found.id for found, _ in store.walk_listed()]
        channels = dict.fromkeys(store.channels(), ChannelState())
        store.published(Publication(article_ids=ids, channels=channels))
    take_in(store, "南昌日报")
    assert [found.title for found, _ in store.walk_dirty()] == ["Title 1", "Title 3"]
    assert store.dirty_channels(NOW) == {"nanchangribao", EVERYTHING}


def test_a_selection_finds_a_category_by_each_of_its_labels(store: Store) -> None:
    take_in(store, "nanchangribao", "南昌日报")
    for name in ("nanchangribao", "南昌日报"):
        wanted = Selection.model_validate({"id": "x", "title": "X", "categories": [name]})
        assert len(store.choice(wanted).newest(10)) == 2


def test_a_label_that_was_not_committed_is_forgotten(store: Store) -> None:
    take_in(store, "nanchangribao")
    one = article(2, categories=("南昌日报",))
    with suppress(ZeroDivisionError), store.transaction():
        store.take_in(Intake(SourceState("paper", last_ok_at=NOW), (one,)))
        raise ZeroDivisionError
    assert set(store.categories()) == {"nanchangribao"}
    take_in(store, "南昌日报")
    assert store.categories()["nanchangribao"].label == "南昌日报"
