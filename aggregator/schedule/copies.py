"""The daily copy of the store, made beside everything else that the daemon does."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from aggregator.errors import StoreError
from aggregator.store.backup import Backups

log = logging.getLogger(__name__)

_TRY_AGAIN = timedelta(hours=1)


class DailyCopy:
    """Makes the copy of the day when it is due; `tick` is cheap and never waits for it."""

    def __init__(
        self, backups: Backups, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._backups = backups
        self._clock = clock
        self._thread: threading.Thread | None = None
        self._tried_at: datetime | None = None

    def tick(self) -> None:
        """Begin a copy where one is due and none is being made; after a failure, an hour later."""
        now = self._clock()
        if self._thread is not None and self._thread.is_alive():
            return
        lately = self._tried_at is not None and abs(now - self._tried_at) < _TRY_AGAIN
        if not lately and self._backups.is_due(now):
            self._tried_at = now
            # It may be dropped at any moment: what is not whole is no copy.
            self._thread = threading.Thread(target=self._make, args=(now,), daemon=True)
            self._thread.start()

    def _make(self, now: datetime) -> None:
        try:
            log.info("copied the store to %s", self._backups.make(now))
        except StoreError as error:
            log.error("no daily copy: %s", error.coded)
