"""What the last editions of a feed held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.store import editions
from aggregator.store.editions import Editions
from aggregator.store.reader import Record
from aggregator.store.writer import Publication, Store
from tests.stores import new_store

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PATH = "world/rss.xml"
A, B, C, D = (letter * 8 for letter in (b"a", b"b", b"c", b"d"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "aggregator.db")
    yield made
    made.close()


def publish(store: Store, sha256: str, *marks: bytes, path: str = PATH) -> None:
    record = Record(path, "channel:world", sha256, NOW)
    with store.transaction():
        store.published(Publication(records=[record], entries={path: marks}))


def held(store: Store, *hashes: str, path: str = PATH) -> tuple[str, frozenset[bytes]] | None:
    reader = Editions(store.path)
    try:
        return reader.held(path, hashes)
    finally:
        reader.close()


def test_each_edition_is_remembered_with_what_it_had_of_the_present_one(store: Store) -> None:
    publish(store, "first", A)
    publish(store, "second", B, A)
    publish(store, "third", D, B)
    assert held(store, "first") == ("first", frozenset())
    assert held(store, "second") == ("second", frozenset([B]))
    assert held(store, "third") == ("third", frozenset([B, D]))
    assert held(store, "never") is None
    assert held(store, "second", path="world/atom.xml") is None
    assert held(store) is None


def test_of_several_editions_the_last_one_counts(store: Store) -> None:
    publish(store, "first", A)
    publish(store, "second", B, A)
    publish(store, "third", C, B, A)
    assert held(store, "first", "second", "other") == ("second", frozenset([A, B]))


def test_an_entry_that_comes_back_is_new(store: Store) -> None:
    publish(store, "first", A)
    publish(store, "second", B)
    publish(store, "third", B, A)
    assert held(store, "first") == ("first", frozenset())
    publish(store, "first", A)
    assert held(store, "first") == ("first", frozenset([A]))


def test_only_the_last_editions_are_remembered(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "KEPT", 3)
    for number in range(6):
        publish(store, f"edition {number}", A)
    remembered = [number for number in range(6) if held(store, f"edition {number}")]
    assert remembered == [3, 4, 5]


def test_a_feed_that_is_removed_is_forgotten(store: Store) -> None:
    publish(store, "first", A)
    publish(store, "first", A, path="all/rss.xml")
    with store.transaction():
        store.published(Publication(removed=[PATH]))
    assert held(store, "first") is None
    assert held(store, "first", path="all/rss.xml") is not None


@pytest.mark.parametrize("step", [0, 1, 60, -3600])
def test_a_document_that_changes_is_later_than_it_was_whatever_the_clock(
    store: Store, step: int
) -> None:
    for number in range(3):
        then = NOW + timedelta(seconds=step * number)
        record = Record(PATH, "channel:world", f"edition {number}", then)
        with store.transaction():
            store.published(Publication(records=[record]))
    last = store.record(PATH)
    assert last is not None
    assert last.changed_at - NOW == timedelta(seconds=2 * max(step, 1))
