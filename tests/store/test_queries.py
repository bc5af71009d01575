"""What is asked for again and again is found by an index: no statement walks through a table."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.edition import marks
from aggregator.model import SourceState, Tally
from aggregator.store.archives import Archives
from aggregator.store.asides import Asides
from aggregator.store.fragments import Key
from aggregator.store.intake import Intake
from aggregator.store.reader import Reader, Record
from aggregator.store.writer import ChannelState, Publication, Store
from tests.articles import NOW, article
from tests.stores import new_store

# Those that grow with the articles; the others have a row for each source, channel or host.
GROWING = {
    *("alias", "archive_mark", "article", "correction", "document", "edition", "fragment"),
    *("identity", "placement", "provenance", "removal", "revision", "signature", "story"),
    "tombstone",
}

# Indexes of a few rows: of what is yet to be done, or stands nowhere else.
PARTIAL = {
    *("article_dirty", "article_held", "article_leaving", "article_original"),
    *("article_retired", "article_unindexed"),
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(new_store(tmp_path / "aggregator.db")) as made:
        take_in(made, 1, 40)
        yield made


def take_in(store: Store, first: int, last: int) -> None:
    articles = tuple(article(number) for number in range(first, last))
    with store.transaction():
        store.take_in(Intake(SourceState("paper", last_ok_at=NOW), articles))
        store.count("paper", NOW.date(), Tally(1, 0, len(articles)))


@contextmanager
def watched(reader: Reader) -> Iterator[list[str]]:
    """Gather what is asked in the block, with its values."""
    said: list[str] = []
    connection = reader._connection
    connection.set_trace_callback(said.append)
    try:
        yield said
    finally:
        connection.set_trace_callback(None)


def scans(connection: sqlite3.Connection, statements: list[str]) -> list[str]:
    """Return which statements walk through a table that grows, or through an index of all of it."""
    found = []
    for statement in dict.fromkeys(statements):
        if not statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT", "\n")):
            continue
        for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}"):
            words = row[3].split()
            if words[0] == "SCAN" and words[1] in GROWING and not PARTIAL.intersection(words):
                found.append(f"{row[3]}: {' '.join(statement.split())[:200]}")
    return found


def a_tick(store: Store) -> None:
    store.due(NOW)
    store.heal_clock(NOW)
    store.dirty_channels(NOW)
    store.has_dirty_articles()
    store.meta("rendering")


def a_refresh(store: Store) -> None:
    take_in(store, 30, 50)
    store.publishing_times("paper")
    store.fingerprints("paper", ["https://paper.example/1"])
    store.index_text(str)


def a_publication(store: Store) -> None:
    found = store.newest("world", 10, NOW - timedelta(days=3))
    list(store.walk_dirty())
    list(store.walk_between(NOW - timedelta(hours=3), NOW))
    store.fragments("en", [one.id for one in found])
    owner, path = f"article:{found[0].id}", "world/rss.xml"
    store.records([owner, "channel:world"])
    store.owners([path])
    with store.transaction():
        store.published(
            Publication(
                records=[Record(path, "channel:world", "0" * 64, NOW)],
                removed=["world/atom.xml"],
                article_ids=[found[0].id],
                channels={"world": ChannelState()},
                entries={path: marks(b"<item>1</item>")},
                fragments={Key(found[0].id, "en"): b"1"},
            )
        )


def what_stands_beside(store: Store) -> None:
    archives, asides = Archives(store.path), Asides(store.path)
    for reader in (archives, asides):
        reader._local.connection = store._connection  # to be watched with the others
    archives.archive("world")
    archives.archive_marks("world")
    archives.published_beyond("world", 10)
    archives.published_from("world", None)
    archives.count_between("world", NOW - timedelta(days=3), NOW)
    archives.stretch("world", NOW - timedelta(days=3), NOW, 5, 10)
    archives.originals()
    asides.removed("world", 10)
    asides.corrections("world", 10)


@pytest.mark.parametrize("work", [a_tick, a_refresh, a_publication, what_stands_beside])
def test_no_statement_walks_through_a_table_that_grows(
    store: Store, work: Callable[[Store], None]
) -> None:
    with watched(store) as said:
        work(store)
    assert len(said) > 3
    assert scans(store._connection, said) == []


def test_what_comes_back_is_looked_up_by_the_entries_and_not_by_the_source(store: Store) -> None:
    with watched(store) as said:
        take_in(store, 45, 50)
    (asked,) = {one for one in said if "guid = value" in one}
    plan = [row[3] for row in store._connection.execute(f"EXPLAIN QUERY PLAN {asked}")]
    assert any("identity" in step and "source=? AND guid=?" in step for step in plan), plan
