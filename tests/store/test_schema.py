"""A store of an earlier version is brought up to date and loses nothing."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from aggregator.errors import StoreError
from aggregator.store.connection import open_writer
from aggregator.store.reader import Reader
from aggregator.store.schema import bring_up_to_date, migrations
from aggregator.store.version import NEWEST
from tests.articles import NAMING
from tests.store.papers import Paper, entry


def of_the_first_version(path: Path) -> None:
    """Make a store as the first version did, with one article that is there and one that left."""
    db = open_writer(path)
    migrations.apply(Database(db), stop_before="m0002_politeness")
    db.execute("INSERT INTO source (id, last_ok_at) VALUES ('paper', '2026-11-22T12:00:00Z')")
    for n, seen in ((1, "2026-11-22T12:00:00Z"), (2, "2026-01-01T12:00:00Z")):
        guid = f"http://paper.example/{n}"
        db.execute(
            "INSERT INTO identity (n, source, guid, id, public_id, fingerprint, first_seen_at)"
            " VALUES (?, 'paper', ?, ?, ?, ?, ?)",
            [n, guid, NAMING.article_id("paper", guid, 0), guid, f"old {n}", seen],
        )
    columns = [row[1] for row in db.execute("PRAGMA table_info(article)").fetchall()]
    values: dict[str, object] = dict.fromkeys(columns, "") | {
        "n": 1,
        "source": "paper",
        "title": entry(1).title,
        "link": "http://paper.example/1",
        "published": "2026-11-22T10:30:00Z",
        "updated": "2026-11-22T10:30:00Z",
        "publisher": "The Paper",
        **dict.fromkeys(("listed", "retired", "dirty", "unindexed"), 0),
    }
    marks = ", ".join(f":{name}" for name in values)
    db.execute(f"INSERT INTO article ({', '.join(values)}) VALUES ({marks})", values)
    db.close()


def test_the_version_is_known_by_the_last_migration() -> None:
    steps = [step.name for step in migrations.pending(Database(memory=True))]
    assert steps == sorted(steps)
    assert steps[-1] == NEWEST


def test_articles_of_the_first_version_are_recognised_after_the_update(tmp_path: Path) -> None:
    of_the_first_version(tmp_path / "aggregator.db")
    paper = Paper(tmp_path)
    assert paper.brings(entry(1, guid="http://paper.example/1")).changed == 1
    assert paper.brings(entry(2, guid="http://paper.example/2")).new == 0, "it has left by age"
    another = entry(
        3, guid="http://paper.example/1", link="https://paper.example/3", published=paper.now
    )
    paper.now += timedelta(hours=1)
    assert paper.brings(another).new == 1, "link and date of the one before it are known"
    paper.store.close()


def test_a_new_store_is_made_in_one_transaction(tmp_path: Path) -> None:
    said: list[str] = []
    with closing(open_writer(tmp_path / "aggregator.db")) as db:
        db.set_trace_callback(said.append)
        bring_up_to_date(db)
    assert said.count("COMMIT") == 1, "each waits for the disk"


def test_reading_an_earlier_version_says_what_to_do(tmp_path: Path) -> None:
    of_the_first_version(tmp_path / "aggregator.db")
    reader = Reader(tmp_path / "aggregator.db")
    with pytest.raises(StoreError, match=r"earlier version.*run `aggregator refresh`"):
        reader.held_counts()
    reader.close()
