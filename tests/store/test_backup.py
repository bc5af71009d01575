from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.errors import StoreError
from aggregator.model import SourceState
from aggregator.store.backup import Backups, back_up, faults, restore
from aggregator.store.intake import Intake
from aggregator.store.reader import Reader
from aggregator.store.writer import Store
from tests.articles import NAMING, article

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "aggregator.db", NAMING)
    yield opened
    opened.close()


def fill(store: Store, *guids: str) -> None:
    with store.transaction():
        articles = tuple(
            article(guid=guid, title=guid, link=f"https://p.example/{guid}") for guid in guids
        )
        store.take_in(Intake(SourceState("paper", last_ok_at=NOW), articles))


def total(path: Path) -> int:
    with closing(Reader(path)) as reader:
        return reader.article_total()


def test_a_copy_holds_what_is_committed_while_the_store_is_open(
    store: Store, tmp_path: Path
) -> None:
    fill(store, "a", "b")
    copy = tmp_path / "elsewhere" / "copy.db"
    back_up(store.path, copy)
    fill(store, "c")
    assert (total(copy), total(store.path)) == (2, 3)
    assert [file.name for file in copy.parent.iterdir()] == ["copy.db"]
    assert faults(copy, thorough=True) == []


def test_a_copy_is_whole_though_the_store_is_written_meanwhile(
    store: Store, tmp_path: Path
) -> None:
    stop = threading.Event()

    def keep_writing() -> None:
        number = 0
        while not stop.is_set():
            fill(store, f"n{number}")
            number += 1

    thread = threading.Thread(target=keep_writing)
    thread.start()
    try:
        for number in range(5):
            back_up(store.path, tmp_path / f"{number}.db")
    finally:
        stop.set()
        thread.join()
    assert [faults(tmp_path / f"{number}.db", thorough=True) for number in range(5)] == [[]] * 5


def test_a_copy_replaces_an_older_one_only_when_it_is_whole(store: Store, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    back_up(store.path, copy)
    before = copy.read_bytes()
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    with pytest.raises(StoreError, match="broken"):
        back_up(broken, copy)
    assert copy.read_bytes() == before
    assert not list(tmp_path.glob(".*"))


def test_a_restored_store_is_the_copy_and_the_old_one_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "aggregator.db"
    with closing(Store(path, NAMING)) as store:
        fill(store, "a")
        back_up(path, tmp_path / "copy.db")
        fill(store, "b", "c")
    kept = restore(tmp_path / "copy.db", path)
    assert kept is not None
    assert (total(path), total(kept)) == (1, 3)
    with closing(Store(path, NAMING)) as store:
        fill(store, "b")
    assert total(path) == 2


@pytest.mark.parametrize("body", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 8000])
def test_what_is_no_backup_changes_nothing(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "aggregator.db"
    with closing(Store(path, NAMING)) as store:
        fill(store, "a")
    bad = tmp_path / "bad.db"
    bad.write_bytes(body)
    with pytest.raises(StoreError):
        restore(bad, path)
    assert total(path) == 1
    assert not path.with_name("aggregator.db.before-restore").exists()


def test_another_programs_database_is_not_taken_for_a_store(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE article (n)")
    with pytest.raises(StoreError, match="no store of articles"):
        restore(other, tmp_path / "aggregator.db")


def test_damage_is_found(store: Store) -> None:
    fill(store, "a")
    assert faults(store.path, thorough=True) == []
    with closing(sqlite3.connect(store.path)) as db, db:
        db.execute("UPDATE placement SET n = 99 WHERE slug = 'all'")
        db.execute("UPDATE article SET published = '2999-01-01T00:00:00Z'")
    found = " · ".join(faults(store.path))
    assert "placement points to what is not in article" in found
    assert "1 articles are dated later than their change" in found


def test_damaged_pages_are_found(store: Store, tmp_path: Path) -> None:
    fill(store, *(f"n{number}" for number in range(200)))
    copy = tmp_path / "copy.db"
    back_up(store.path, copy)
    body = bytearray(copy.read_bytes())
    body[4096 * 20 : 4096 * 24] = b"\xaa" * 4096 * 4
    copy.write_bytes(body)
    try:
        found = faults(copy, thorough=True)
    except StoreError as error:
        found = [str(error)]
    assert found


def test_the_newest_copies_of_so_many_days_are_kept(store: Store) -> None:
    backups = Backups(store.path, keep=2)
    for day in range(4):
        now = NOW + timedelta(days=day)
        assert backups.is_due(now)
        backups.make(now)
        assert not backups.is_due(now)
    assert [path.name for path in backups.all()] == ["2026-11-24.db", "2026-11-25.db"]
    assert backups.make_room() > 0
    assert [path.name for path in backups.all()] == ["2026-11-25.db"]


def test_no_copies_are_made_where_none_are_wanted(store: Store) -> None:
    assert not Backups(store.path, keep=0).is_due(NOW)


def test_a_store_is_never_missing_while_another_takes_its_place(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, "a")
    back_up(store.path, tmp_path / "copy.db")
    fill(store, "b")
    store.close()

    def killed(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        restore(tmp_path / "copy.db", store.path)
    assert total(store.path) == 2
    monkeypatch.undo()
    kept = restore(tmp_path / "copy.db", store.path)
    assert kept is not None
    assert (total(store.path), total(kept)) == (1, 2)
