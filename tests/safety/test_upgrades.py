"""Stores of every earlier version, brought up to date, also where that is cut short."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from aggregator.errors import StoreError
from aggregator.model import SourceState
from aggregator.store.intake import Intake
from aggregator.store.schema import migrations
from aggregator.store.writer import Store
from tests.articles import NAMING, article
from tests.safety.scale import scaled
from tests.safety.wholeness import damage

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
with closing(sqlite3.connect(":memory:")) as empty:
    STEPS = [step.name for step in migrations.pending(Database(empty))]
OLD = (
    (
        "INSERT INTO identity VALUES"
        " (1, 'paper', 'old', 'abcdefghjk', 'tag:x,2026:1', 'f', '2026-11-01T00:00:00Z')"
    ),
    (
        "INSERT INTO article VALUES (1, 'paper', 'Old news', '', '', '2026-11-01T00:00:00Z',"
        " '2026-11-01T00:00:00Z', '', '<p>Old text.</p>', 'en', '', 'Paper', '', '', '', '',"
        " '[\"paper\"]', '', '', '', '', 1, 0, 0, 1)"
    ),
    "INSERT INTO slug VALUES ('paper', 'category', 'paper', 'paper')",
    "INSERT INTO placement VALUES ('paper', '2026-11-01T00:00:00Z', 'abcdefghjk', 1)",
    "INSERT INTO placement VALUES ('all', '2026-11-01T00:00:00Z', 'abcdefghjk', 1)",
    "INSERT INTO source (id, etag) VALUES ('paper', '\"e\"')",
)


def make(path: Path, steps: int) -> None:
    """Make a store as the program made it that knew the first *steps* migrations, with news."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        db = Database(connection)
        migrations.apply(db, stop_before=STEPS[1])
        for statement in OLD:
            connection.execute(statement)
        if steps < len(STEPS):
            migrations.apply(db, stop_before=STEPS[steps])
        else:
            migrations.apply(db)


def is_in_order(path: Path) -> None:
    """Check that the store is whole, has the old article and takes a new one."""
    with closing(Store(path, NAMING)) as store:
        assert [one.title for one in store.newest("paper", 10)] == ["Old news"]
        assert store.state("paper").etag == '"e"'
        with store.transaction():
            store.take_in(Intake(SourceState("paper", last_ok_at=NOW), (article(1),)))
        assert store.article_total() == 2
    assert damage(path) == []


@pytest.mark.parametrize("steps", range(1, len(STEPS) + 1))
def test_a_store_of_every_earlier_version_is_brought_up_to_date(tmp_path: Path, steps: int) -> None:
    make(tmp_path / "aggregator.db", steps)
    is_in_order(tmp_path / "aggregator.db")


def statements(path: Path) -> int:
    """Return how many statements bring the store up to date."""
    seen: list[str] = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.set_trace_callback(seen.append)
        migrations.apply(Database(connection))
    return len(seen)


def test_a_migration_that_is_cut_short_anywhere_is_done_the_next_time(tmp_path: Path) -> None:
    first = tmp_path / "first.db"
    make(first, 1)
    counted = tmp_path / "counted.db"
    counted.write_bytes(first.read_bytes())
    total = statements(counted)
    assert total > len(STEPS)
    for number in range(0, total, scaled("UPGRADE_EVERY", 7)):
        path = tmp_path / f"{number}.db"
        path.write_bytes(first.read_bytes())
        cut_short(path, number)
        is_in_order(path)


def cut_short(path: Path, after: int) -> None:
    """Begin to bring a store up to date, and end like a killed process after some statements."""
    left = after

    def count(*_: Any) -> int:
        nonlocal left
        left -= 1
        return sqlite3.SQLITE_DENY if left < 0 else sqlite3.SQLITE_OK

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.set_authorizer(count)
        with pytest.raises(sqlite3.DatabaseError):
            migrations.apply(Database(connection))
        connection.set_authorizer(None)


def test_a_store_of_a_later_version_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "aggregator.db"
    make(path, len(STEPS))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('aggregator', 'm9999_future', '2030-01-01')"
        )
    before = contents(path)
    with pytest.raises(StoreError, match="later version"):
        Store(path, NAMING)
    assert contents(path) == before


def contents(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())
