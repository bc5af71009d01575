"""A hard end for every exchange: name look-up, connection, TLS, headers and body together.

A time limit on the socket is none: it begins anew with every byte. Here one thread watches all
running exchanges and, when the time of one is up, breaks off whatever it waits for (it shuts its
socket down), upon which the waiting thread goes on and finds its deadline over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf

from aggregator.errors import FetchError


class Deadline:
    """The time one exchange has left. Its clock runs only inside `Watch.over`."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        # What the exchange is at, in words that continue «the source …».
        self.doing = "was not reached"
        self.over = False
        self.stopped = False  # over because the program stops
        self.ends = inf  # on time.monotonic()'s scale; inf while the clock stands
        self._left = seconds
        self._break_off: Callable[[], object] | None = None
        self._lock = threading.Lock()

    def left(self) -> float:
        """Return the seconds that are left, more than 0; raise TimeoutError if there are none."""
        left = self.ends - time.monotonic()
        if self.over or left <= 0:
            self.over = True
            raise TimeoutError
        return left

    def begin(self, doing: str, break_off: Callable[[], object]) -> None:
        """Name the next step and how another thread can end it; raise TimeoutError if too late."""
        with self._lock:
            self.doing = doing
            self._break_off = break_off
        self.left()

    def start(self) -> None:
        self.ends = time.monotonic() + self._left

    def stop(self) -> None:
        with self._lock:
            self._break_off = None
        self._left = self.ends - time.monotonic()
        self.ends = inf

    def cut(self) -> None:
        """End the exchange, from any thread."""
        with self._lock:
            self.over = True
            if self._break_off is not None:
                self._break_off()


class Watch:
    """The thread that cuts exchanges off when their time is up, and all of them at `close`."""

    def __init__(self) -> None:
        self._running: set[Deadline] = set()
        self._changed = threading.Condition()
        self._wakes = inf  # when the thread looks again of its own accord
        self._thread: threading.Thread | None = None
        self._closed = False

    @contextmanager
    def over(self, deadline: Deadline) -> Iterator[None]:
        """Let the clock of *deadline* run for the length of the block."""
        with self._changed:
            if self._closed:
                raise FetchError("was not asked: the program is stopping", code="E224")
            deadline.start()
            self._running.add(deadline)
            self._look_by(deadline.ends)
        try:
            yield
        finally:
            with self._changed:
                self._running.discard(deadline)
            deadline.stop()

    def close(self) -> None:
        """Cut off every running exchange and let no other begin."""
        with self._changed:
            self._closed = True
            for deadline in self._running:
                deadline.stopped = True
                deadline.cut()
            self._changed.notify()

    def _look_by(self, ends: float) -> None:
        """Make sure the thread looks no later than *ends*; it is woken only if it would be late."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._look, name="deadlines", daemon=True)
            self._thread.start()
        if ends < self._wakes:
            self._wakes = ends
            self._changed.notify()

    def _look(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                for deadline in [one for one in self._running if one.ends <= now]:
                    self._running.discard(deadline)
                    deadline.cut()
                self._wakes = min((one.ends for one in self._running), default=inf)
                self._changed.wait(None if self._wakes == inf else self._wakes - now)
