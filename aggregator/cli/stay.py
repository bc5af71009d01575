"""Waiting for the operator: for his signals, or until he has seen enough."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")

_LOOKS = 0.1  # seconds between two looks at what is waited for


class Bell:
    """What a signal rings and somebody waits for.

    A handler runs in the middle of whatever the main thread does: threading.Event, which takes a
    lock that is then held already, would stand still for ever. A SimpleQueue may be entered twice.
    """

    def __init__(self) -> None:
        self._rings: SimpleQueue[None] = SimpleQueue()

    def ring(self, *_: object) -> None:
        """Have who waits go on; from any thread, and from handlers of signals."""
        self._rings.put(None)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it rings, so long at most (None: for ever); say whether it rang since."""
        with suppress(Empty):
            self._rings.get(timeout=seconds)
            while not self._rings.empty():
                self._rings.get_nowait()
            return True
        return False


class Over(Exception):  # noqa: N818
    """It is to end: it was told to, or its time is up."""


class Stay:
    """Until Ctrl-C, SIGTERM, SIGHUP, or for *seconds*; None is until it is told."""

    def __init__(self, seconds: float | None) -> None:
        self._bell, self._told = Bell(), False
        self._end = None if seconds is None else time.monotonic() + seconds
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(one, self._tell)

    def wait(self, seconds: float | None = None) -> None:
        """Wait so long, None: to the end; raises Over when that has come."""
        waits = [limit for limit in (seconds, self._left()) if limit is not None]
        if not self._told:
            self._bell.wait(min(waits, default=None))
        if self._told or self._left() == 0:
            raise Over

    def until(self, look: Callable[[], T], seconds: float) -> T:
        """Wait until *look* sees something, so long at most; return what it saw last.

        Raises Over where the end comes before.
        """
        end = time.monotonic() + seconds
        while not (seen := look()) and time.monotonic() < end:
            self.wait(_LOOKS)
        return seen

    def _left(self) -> float | None:
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    def _tell(self, *_: object) -> None:
        self._told = True
        self._bell.ring()
