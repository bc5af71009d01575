from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from aggregator.schedule.scales import Scales, size_of
from aggregator.store.watcher import Watcher
from aggregator.store.writer import Store
from tests.articles import NAMING
from tests.test_daemon import until


def test_what_is_used_is_weighed_once_a_day(tmp_path: Path) -> None:
    store = Store(tmp_path / "aggregator.db", NAMING)
    folder = tmp_path / "feeds"
    (folder / "world").mkdir(parents=True)
    (folder / "world" / "rss.xml").write_bytes(b"x" * 1000)
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    scales = Scales(store, folder, lambda: now)
    watcher = Watcher(store.path)

    def used() -> int:
        scales.tick()
        room = watcher.room()
        return room.used if room else 0

    until(lambda: used() > 1000)
    first = used()
    (folder / "more").write_bytes(b"x" * 5000)
    assert used() == first
    now += timedelta(days=1)
    until(lambda: used() > first)
    store.close()


def test_a_folder_that_is_not_there_weighs_nothing(tmp_path: Path) -> None:
    assert size_of(tmp_path / "nothing") == 0
