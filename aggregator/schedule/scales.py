"""How much room the store and the published folder take: weighed once a day, beside everything."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from aggregator.store.writer import Store


class Scales:
    """Weighs when a new day has begun; `tick` is cheap, never waits, and writes what was found."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._folder = folder
        self._clock = clock
        self._day: date | None = None
        self._found: tuple[date, int] | None = None

    def tick(self) -> None:
        """Keep what was weighed; begin to weigh where that was not done today."""
        if self._found is not None:
            found, self._found = self._found, None
            with self._store.transaction():
                self._store.watch.note_room(*found)
        today = self._clock().date()
        if self._day != today:
            self._day = today
            threading.Thread(target=self._weigh, args=(today,), daemon=True).start()

    def _weigh(self, today: date) -> None:
        store = self._store.path
        files = (store, store.with_name(f"{store.name}-wal"))
        size = sum(file.stat().st_size for file in files if file.exists())
        self._found = (today, size + size_of(self._folder))


def size_of(folder: Path) -> int:
    """Return how many bytes the files below *folder* take, as far as they can be seen."""
    size = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    size += size_of(Path(entry.path))
                else:
                    size += entry.stat(follow_symlinks=False).st_size
    except OSError:  # it has gone meanwhile
        return size
    return size
