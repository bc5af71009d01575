"""From a host name to a connected socket, past the guard and within the deadline.

The address that was judged is the one connected to, so a name that changes its answer in between
(DNS rebinding) gains nothing; one that is remembered is judged again for each connection.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from ipaddress import ip_address

from aggregator.errors import FetchError
from aggregator.fetch.address import Permit, permitted, special
from aggregator.fetch.deadline import Deadline
from aggregator.fetch.names import Names

_ADDRESSES = 8  # of one name that are tried


@dataclass(slots=True)
class Exchange:
    """What a connection must know of the request it works for, and tells it."""

    deadline: Deadline
    permits: tuple[Permit, ...]
    names: Names
    reused: bool = False  # the connection had served before: it may have died in the meantime
    line: socket.socket | None = None
    certificate_until: datetime | None = None  # of the connection that was used last

    def attach(self, sock: socket.socket, doing: str) -> None:
        """Let the deadline end what happens on *sock* from now on.

        It gets a handle of its own: http.client lets go of the socket early and TLS wraps it anew,
        and a file number that was closed may be another connection's a moment later.
        """
        line = socket.socket(sock.family, sock.type, sock.proto, os.dup(sock.fileno()))
        before, self.line = self.line, line
        try:
            self.deadline.begin(doing, partial(_shut_down, line))
        finally:
            if before is not None:
                before.close()

    def close(self) -> None:
        """Let go of the last connection's handle, once the deadline no longer knows it."""
        if self.line is not None:
            self.line.close()


def connect(host: str, port: int, exchange: Exchange) -> tuple[socket.socket, str]:
    """Connect to the first of the host's allowed addresses that answers; return it with the socket.

    Each address has an equal share of the time that is left. Raises FetchError where the name does
    not resolve or nothing it stands for is allowed, OSError where nothing answers.
    """
    *others, last = _allowed(host, port, exchange)
    for place, address in enumerate(others):
        with suppress(OSError):
            share = exchange.deadline.left() / (len(others) + 1 - place)
            return _open(address, port, share, exchange.deadline), address
    try:
        return _open(last, port, exchange.deadline.left(), exchange.deadline), last
    except OSError:
        exchange.names.forget(host)
        raise


def admit(host: str, port: int, address: str, exchange: Exchange) -> None:
    """Raise FetchError where *address*, which *host* stands for, may not be reached."""
    if not permitted(host, port, address, exchange.permits):
        where = "is" if host == address else f"is at {address},"
        entry = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        raise FetchError(
            f"{where} a private address ({special(address)}); "
            f'if that is meant, add "{entry}" to allow_private',
            code="E202",
        )


def _shut_down(sock: socket.socket) -> None:
    """Wake whoever waits on the socket; it finds the connection ended."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _allowed(host: str, port: int, exchange: Exchange) -> Sequence[str]:
    found = _look_up(host, port, exchange)
    allowed = [one for one in found if permitted(host, port, one, exchange.permits)]
    if not allowed:
        exchange.names.forget(host)
        admit(host, port, found[0], exchange)
    return allowed[:_ADDRESSES]


def _look_up(host: str, port: int, exchange: Exchange) -> Sequence[str]:
    """Resolve in a thread of its own: a look-up cannot be given a time limit."""
    with suppress(ValueError):
        ip_address(host)
        return [host]
    if known := exchange.names.known(host):
        return known
    found: Future[Sequence[str]] = Future()
    exchange.deadline.begin(f'has a host name, "{host}", that was not resolved', found.cancel)
    work = partial(_resolve_into, found, exchange.names, host, port)
    threading.Thread(target=work, name="resolve", daemon=True).start()
    try:
        addresses = found.result()
    except CancelledError:
        raise TimeoutError from None
    except (OSError, UnicodeError) as error:
        raise FetchError(_unresolved(host, error), code="E204") from error
    if not addresses:
        raise FetchError(_unresolved(host, None), code="E204")
    return addresses


def _resolve_into(found: Future[Sequence[str]], names: Names, host: str, port: int) -> None:
    # Cancelled in the meantime, it takes neither result nor exception.
    with suppress(InvalidStateError):
        try:
            found.set_result(names.look_up(host, port))
        except Exception as error:
            found.set_exception(error)


def _unresolved(host: str, error: Exception | None) -> str:
    if isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN:
        return f'has a host name, "{host}", that no name server answers for now; is the network up?'
    return f'has a host name, "{host}", that does not resolve; check its spelling'


def _open(address: str, port: int, seconds: float, deadline: Deadline) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        deadline.begin("did not accept a connection", partial(_shut_down, sock))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(seconds)
        sock.connect((address, port))
    except BaseException:
        sock.close()
        raise
    return sock
