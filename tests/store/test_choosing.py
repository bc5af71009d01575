from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from aggregator.config.selection import Selection
from aggregator.model import Article, SourceState
from aggregator.periods import Calendar
from aggregator.store.choosing import Choice, Span
from aggregator.store.intake import Intake
from aggregator.store.writer import Store
from tests.articles import NOW, article
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "aggregator.db")
    yield made
    made.close()


def take_in(store: Store, *articles: Article) -> None:
    with store.transaction():
        for one in articles:
            store.take_in(Intake(SourceState(one.source, last_ok_at=NOW), (one,)))


def choice(store: Store, **wanted: Any) -> Choice:
    return store.choice(Selection.model_validate({"id": "x", "title": "X", **wanted}))


def titles(articles: list[Article]) -> list[str]:
    return [one.title for one in articles]


def test_without_leaves_out_what_meets_one_of_its_keys(store: Store) -> None:
    take_in(
        store,
        article(1, title="Advertisement"),
        article(2, tags=("sponsored", "rates")),
        article(3, categories=("Sport",)),
        article(4, source="other", title="Other"),
        article(5, title="Five"),
    )

    def left(**without: Any) -> list[str]:
        return titles(choice(store, without=without).newest(10))

    assert left(match="(?i)advert") == ["Title 2", "Title 3", "Other", "Five"]
    assert left(tags=["sponsored"], categories=["sport"]) == ["Advertisement", "Other", "Five"]
    assert left(sources=["other", "nobody"], match="Five") == [
        "Advertisement",
        "Title 2",
        "Title 3",
    ]


def test_both_what_is_wanted_and_what_is_not_has_to_be_right(store: Store) -> None:
    take_in(store, article(1, tags=("a", "b")), article(2, tags=("a",)), article(3))
    assert titles(choice(store, tags=["a"], without={"tags": ["b"]}).newest(10)) == ["Title 2"]


def test_it_looks_as_far_back_as_it_takes_to_find_enough(store: Store) -> None:
    take_in(store, *(article(n, title="Rare" if n % 7 == 0 else "Common") for n in range(1, 40)))
    found = choice(store, match="Rare").newest(3)
    assert [one.guid.rpartition("/")[2] for one in found] == ["7", "14", "21"]


def test_a_span_begins_with_its_first_moment_and_ends_before_its_last(store: Store) -> None:
    take_in(store, *(article(n) for n in range(1, 6)))
    span = Span(NOW - timedelta(hours=4), NOW - timedelta(hours=2))
    assert titles(choice(store).newest(10, span)) == ["Title 3", "Title 4"]


def test_periods_without_articles_are_passed_over(store: Store) -> None:
    take_in(store, article(1), article(2), article(100), article(5000, tags=("a",)))
    calendar = Calendar(ZoneInfo("UTC"))
    days = [str(period.first) for period in choice(store).periods(calendar)]
    assert days == ["2026-11-22", "2026-11-18", "2026-04-28"]
    assert list(choice(store).periods(calendar, Span(NOW))) == []
    assert len(list(choice(store, tags=["a"]).periods(calendar))) == 1


def test_the_first_are_those_that_came_first_whatever_their_dates(store: Store) -> None:
    later = NOW + timedelta(minutes=5)
    take_in(store, article(1), article(2), article(3, first_seen_at=later))
    assert titles(choice(store).first(2)) == ["Title 1", "Title 2"]
    take_in(store, article(4, first_seen_at=later))
    assert titles(choice(store).first(2)) == ["Title 1", "Title 2"]


def test_a_pattern_that_never_ends_ends_its_own_feed_alone(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    take_in(store, *(article(n, title="No", content="a" * 5000) for n in range(1, 6)))
    assert choice(store, match=r"(a|aa)+b").newest(5) == []
    assert len(caplog.records) == 1
    assert "feed x: pattern" in caplog.text
