"""Entries that a source had before it was ours: known, and never taken in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from aggregator.model import SourceState
from aggregator.store.intake import Intake
from aggregator.store.reader import EVERYTHING
from aggregator.store.writer import Store
from tests.articles import NOW, article
from tests.stores import new_store

OLD = {"https://paper.example/1": "v1", "https://paper.example/2": "v1"}


def met(folder: Path) -> Store:
    """Return a store that has met a source, and was told which of its entries are old."""
    store = new_store(folder / "aggregator.db")
    state = SourceState("paper", last_ok_at=NOW)
    with store.transaction():
        counts = store.take_in(Intake(state, (article(9),), passed_over=OLD))
    assert (counts.new, counts.unchanged) == (1, 0)
    return store


def test_what_was_passed_over_is_known_and_nowhere_to_be_seen(tmp_path: Path) -> None:
    store = met(tmp_path)
    assert store.fingerprints("paper", list(OLD)) == OLD
    assert store.fingerprints("other", list(OLD)) == {}
    assert [found.id for found in store.newest(EVERYTHING, 10)] == [article(9).id]
    assert store.article_counts() == {"paper": 1}


def test_it_is_no_news_when_it_changes_nor_under_https(tmp_path: Path) -> None:
    store = met(tmp_path)
    later = NOW + timedelta(days=1)
    changed = [
        replace(article(number), guid=guid, link=guid, fingerprint="v2", first_seen_at=later)
        for number, guid in ((1, "https://paper.example/1"), (2, "http://paper.example/2"))
    ]
    with store.transaction():
        counts = store.take_in(Intake(SourceState("paper", last_ok_at=later), tuple(changed)))
    assert counts.new == 0
    assert [found.id for found in store.newest(EVERYTHING, 10)] == [article(9).id]
    assert store.fingerprints("paper", ["https://paper.example/1"]) == {
        "https://paper.example/1": "v2"
    }


def test_being_told_twice_changes_nothing(tmp_path: Path) -> None:
    store = met(tmp_path)
    with store.transaction():
        store.take_in(Intake(SourceState("paper", last_ok_at=NOW), passed_over=OLD))
    assert store.fingerprints("paper", list(OLD)) == OLD
