"""What is remembered of sources and of hosts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.model import Hints, Move, Pause, SourceState
from aggregator.store.intake import Intake
from aggregator.store.writer import Store
from tests.articles import NOW
from tests.stores import new_store

HOUR = timedelta(hours=1)
WHOLE = SourceState(
    "paper",
    etag='W/"é-gzip"',
    last_modified="yesterday",
    body_hash="hash",
    document="https://paper.example/feed",
    next_due_at=NOW + HOUR,
    why="because",
    last_attempt_at=NOW,
    last_ok_at=NOW,
    failures=3,
    status=404,
    gone=True,
    error="answered 404",
    error_since=NOW,
    bad=2,
    hints=Hints(60, 3600, frozenset({0, 23}), frozenset({5, 6})),
    address="https://new.example/feed?a=b",
    move=Move("https://newer.example/feed", 2, "2026-11-22"),
    recipe="recipe",
    configured="table",
    hub="https://hub.example/",
    topic="https://paper.example/feed",
    title="The Paper",
    site="https://paper.example/",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = new_store(tmp_path / "aggregator.db")
    yield opened
    opened.close()


def put(store: Store, *states: SourceState) -> None:
    with store.transaction():
        for state in states:
            store.take_in(Intake(state))


def test_a_state_comes_back_as_it_went_in(store: Store) -> None:
    blank = SourceState("paper")
    same = [
        field.name
        for field in fields(WHOLE)
        if getattr(WHOLE, field.name) == getattr(blank, field.name)
    ]
    assert same == ["id"], "every other field differs from its default"
    put(store, WHOLE, SourceState("other"))
    assert store.states() == {"paper": WHOLE, "other": SourceState("other")}
    put(store, replace(blank, next_due_at=NOW))
    assert store.state("paper") == replace(blank, next_due_at=NOW)


@pytest.mark.parametrize("at", [NOW + HOUR, None])
def test_the_next_time_is_remembered_with_the_rest(store: Store, at: datetime | None) -> None:
    put(store, WHOLE)
    with store.transaction():
        store.remember([replace(WHOLE, next_due_at=at, why="so")])
    assert store.state("paper") == replace(WHOLE, next_due_at=at, why="so")
    assert store.due(NOW + HOUR) == ({"paper"} if at else set())
    assert store.due(NOW) == set()


def test_sources_that_are_known_and_new_ones_are_remembered_together(store: Store) -> None:
    put(store, WHOLE)
    states = [SourceState("mail", why="new"), replace(WHOLE, why="known"), SourceState("echo")]
    with store.transaction():
        store.remember(states)
        store.remember([])
    assert store.states() == {state.id: state for state in states}


def test_of_two_states_of_one_source_the_later_one_is_remembered(store: Store) -> None:
    first, second = SourceState("echo", why="first"), SourceState("echo", why="second")
    with store.transaction():
        store.remember([first, second])
    assert store.state("echo") == second
    with store.transaction():
        store.remember([SourceState("mail"), first])
    assert store.states() == {"mail": SourceState("mail"), "echo": first}


def test_pauses_are_kept_until_they_are_over(store: Store) -> None:
    first = Pause("a.example", NOW + HOUR, NOW)
    second = Pause("b.example:8080", NOW + 2 * HOUR, NOW)
    with store.transaction():
        store.note_pauses([first, second], NOW)
    assert store.pauses() == [first, second]
    longer = replace(second, until=NOW + 3 * HOUR)
    with store.transaction():
        store.note_pauses([longer], NOW + HOUR)
    assert store.pauses() == [longer]


def asked(at: datetime, wait: timedelta | None, name: str) -> SourceState:
    return SourceState(name, last_attempt_at=at, next_due_at=at + wait if wait else None)


def test_sources_asked_in_the_future_wait_as_long_from_now(store: Store) -> None:
    year = timedelta(days=365)
    put(
        store,
        asked(NOW + year, HOUR, "ahead"),
        asked(NOW + year, None, "gone"),
        asked(NOW + timedelta(seconds=30), HOUR, "corrected"),
        asked(NOW - HOUR, 2 * HOUR, "well"),
        SourceState("new"),
    )
    before = store.states()
    store.heal_clock(NOW)
    assert store.states() == before | {
        "ahead": asked(NOW, HOUR, "ahead"),
        "gone": asked(NOW, None, "gone"),
    }
