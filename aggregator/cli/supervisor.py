"""Telling systemd how the daemon is (sd_notify(3)): one datagram for each thing that is said.

The protocol is five lines and promised to stay; the library for it has not been kept since 2017.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

_SAFE = 4  # said so many times within the time after which systemd would lose patience


class Supervisor:
    """Who started the daemon and waits for its word; where nobody does, nothing is said.

    *environment* has NOTIFY_SOCKET, a path or `@name`, and WATCHDOG_USEC; *clock* is in seconds.
    """

    def __init__(
        self,
        environment: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "").replace("@", "\0", 1)
        self._patience = int(environment.get("WATCHDOG_USEC", "0")) / 1_000_000
        self._clock = clock
        self._said_alive = -self._patience

    def ready(self, status: str) -> None:
        """Say that the work goes on, for the first time or again; *status* is one line."""
        self._say(f"READY=1\nSTATUS={status}")

    def reloading(self) -> None:
        """Say that the configuration is being read again; `ready` follows."""
        microseconds = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._say(f"RELOADING=1\nMONOTONIC_USEC={microseconds}")

    def stopping(self) -> None:
        """Say that the end has begun."""
        self._say("STOPPING=1")

    def alive(self) -> None:
        """Say that the work does not hang; may be called as often as one likes."""
        now = self._clock()
        if self._patience and now - self._said_alive >= self._patience / _SAFE:
            self._said_alive = now
            self._say("WATCHDOG=1")

    def _say(self, words: str) -> None:
        if not self._address:
            return
        # Who does not listen any more is no reason to stop.
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way:
            way.settimeout(1)
            way.sendto(words.encode(), self._address)
