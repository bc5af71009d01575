"""Politeness: at most so many connections to one site at a time."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Slots:
    """Hands out *each* places for every site.

    Waiting is not bounded here: whoever holds a place works against a deadline of its own.
    """

    def __init__(self, each: int) -> None:
        self._each = each
        self._taken: Counter[str] = Counter()
        self._freed = threading.Condition()

    @contextmanager
    def hold(self, site: str) -> Iterator[None]:
        """Wait for a place at *site* and keep it for the length of the block."""
        with self._freed:
            self._freed.wait_for(lambda: self._taken[site] < self._each)
            self._taken[site] += 1
        try:
            yield
        finally:
            with self._freed:
                self._taken[site] -= 1
                if not self._taken[site]:
                    del self._taken[site]
                self._freed.notify_all()
