"""Politeness: a page of a site is asked for so long after the one before it, whoever wants it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_SITES = 1000  # remembered before those are let go that may be asked at any time


class Pace:
    """Makes those wait who want pages. Safe in threads; *clock* gives seconds that only grow."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._opens: dict[str, float] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def wait(self, site: str, seconds: float) -> None:
        """Return when a page of *site* may be asked for; the next one may be *seconds* later."""
        with self._lock:
            now = self._clock()
            begins = max(self._opens.get(site, now), now)
            if len(self._opens) > _SITES:
                self._opens = {name: opens for name, opens in self._opens.items() if opens > now}
            self._opens[site] = begins + seconds
        if begins > now:
            self._closed.wait(begins - now)

    def close(self) -> None:
        """Have nobody wait any more."""
        self._closed.set()
