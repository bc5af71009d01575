"""The socket at which the server listens."""

from __future__ import annotations

import errno
import socket
import time

from aggregator.errors import ServeError

_AGAIN = 0.05  # seconds


def listen(host: str, port: int, patience: float = 0.0) -> socket.socket:
    """Return a socket that listens at *host* (a name or an IP address) and *port* (0: any).

    `::` is every address of both families. So many seconds of *patience* are for an address that
    is about to become free. Raises ServeError where it cannot be bound.
    """
    end = time.monotonic() + patience
    while True:
        try:
            return _bound(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() >= end:
                raise _failure(host, port, error) from error
        time.sleep(_AGAIN)


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    both = host == "::" and socket.has_dualstack_ipv6()
    return socket.create_server((host, port), family=family, dualstack_ipv6=both)


def _failure(host: str, port: int, error: OSError) -> ServeError:
    reason = str(error.strerror).partition(" (")[0].lower()
    return ServeError(
        f"cannot listen on {host} port {port}: {reason}; stop what uses it, "
        "or give [serve] another address"
    )
