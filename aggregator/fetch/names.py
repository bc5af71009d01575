"""What host names stand for, remembered for a minute: the sources of a host share a look-up.

It is not for judging: whoever connects judges the address, whether it was remembered or not.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Sequence

_FRESH = 60.0  # seconds; the system does not say for how long an answer is good
_MOST = 4096  # names

Resolver = Callable[[str, int], Sequence[str]]
"""Turn a host name and a port into addresses, best first; raises OSError as getaddrinfo does."""


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Ask the operating system."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[4][0]) for address in found))


class Names:
    """Asks *resolve*, and remembers what it answered. Safe in threads.

    *clock* gives seconds that only grow. Faults are not remembered.
    """

    def __init__(self, resolve: Resolver, clock: Callable[[], float] = time.monotonic) -> None:
        self._resolve = resolve
        self._clock = clock
        self._known: dict[str, tuple[float, tuple[str, ...]]] = {}
        self._lock = threading.Lock()

    def known(self, host: str) -> Sequence[str]:
        """Return the addresses that are remembered, best first; none where none are."""
        with self._lock:
            until, addresses = self._known.get(host, (0.0, ()))
            return addresses if until > self._clock() else ()

    def look_up(self, host: str, port: int) -> Sequence[str]:
        """Ask what *host* stands for; raises OSError as getaddrinfo does."""
        addresses = tuple(self._resolve(host, port))
        with self._lock:
            if len(self._known) >= _MOST:
                self._known.clear()
            if addresses:
                self._known[host] = self._clock() + _FRESH, addresses
        return addresses

    def forget(self, host: str) -> None:
        """Have *host* looked up anew: what it stood for does not answer, or may not be asked."""
        with self._lock:
            self._known.pop(host, None)
