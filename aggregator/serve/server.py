"""The listening side: uvicorn in a thread of its own, and the limits it does not have itself.

uvicorn bounds the size of a request's head and the idle time between two requests. But it waits for
ever for a head that comes byte by byte and for a reader that does not read, and at its limit of
connections it refuses everybody, so that a few hundred silent ones would shut us: `_Connection`.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from functools import partial
from threading import Thread
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from aggregator.record import record
from aggregator.serve import headers
from aggregator.serve.listening import listen

log = logging.getLogger(__name__)

# So long a thread that has something to do waits for one that computes. Python's own 5 ms, at each
# read and write, would make the server the slowest part of a busy process.
SWITCH_INTERVAL = 0.0005  # seconds
_PIECE = 4096  # bytes handed on at a time; h11 looks at a head's size only where more is to come


@record(frozen=True, slots=True)
class Limits:
    """What one client may take; times in seconds."""

    connections: int = 512  # open at once; well below the 1,024 file handles a process usually has
    head_size: int = 16_384  # bytes of a request's first line and headers
    request_time: float = 10.0  # from a request's first byte until it is answered
    answer_time: float = 120.0  # until an answer is taken away, however slowly
    idle_time: int = 15  # without another request


class WebServer:
    """Serves an ASGI application on one address, in a thread, so that the main one has the signals.

    *host* is a name or an IP address (`::` is every address of both families), *port* 0 is any free
    one. It installs no signal handler and leaves logging as it is.
    """

    def __init__(self, app: ASGIApp, host: str, port: int, limits: Limits | None = None) -> None:
        self._address = (host, port)
        self._server = _Server(_config(app, limits or Limits()))
        self._thread = Thread(target=self._run, name="serve", daemon=True)
        self._switch_interval = sys.getswitchinterval()
        self._listener: socket.socket | None = None

    def start(self, listener: socket.socket | None = None) -> tuple[str, int]:
        """Listen, and return the address that is bound; requests are answered from now on.

        *listener* is a socket that listens already, if there is one. Raises ServeError where the
        address cannot be bound. A server starts once.
        """
        self._listener = listener or listen(*self._address)
        host, port = self._listener.getsockname()[:2]
        sys.setswitchinterval(min(self._switch_interval, SWITCH_INTERVAL))
        self._thread.start()
        log.info("serving address=%s port=%d", host, port)
        return host, port

    def stop(self, timeout: float = 0.5) -> None:
        """Stop listening and close every connection; answers under way have *timeout* seconds."""
        if self._listener is None:
            return
        self._server.grace = timeout
        self._server.should_exit = True
        self._thread.join(timeout + 1.0)
        self._listener.close()
        sys.setswitchinterval(self._switch_interval)

    def _run(self) -> None:
        self._server.run(sockets=[cast("socket.socket", self._listener)])


def _config(app: ASGIApp, limits: Limits) -> uvicorn.Config:
    return uvicorn.Config(
        cast("Any", app),
        http=cast("type[asyncio.Protocol]", partial(_Connection, limits)),
        ws="none",
        lifespan="off",
        log_config=None,  # logging is the program's, not the server's
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=limits.idle_time,
        h11_max_incomplete_event_size=limits.head_size,
    )


class _Server(uvicorn.Server):
    """uvicorn's server, whose end does not wait for whoever does not read."""

    grace = 0.0  # seconds for the answers under way at the end

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().call_later(self.grace, self._cut_off)
        await super().shutdown(sockets)

    def _cut_off(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()


class _Connection(H11Protocol):
    """One client's connection, which ends when it takes more time or room than its limits say.

    At most one deadline runs: for the request, from its first byte (or from connecting) until it is
    answered, then for the answer to be taken. Beyond the number of connections, the one that was
    answered longest ago makes room: those that say nothing, or do not read, keep nobody out.
    """

    def __init__(self, limits: Limits, **by_uvicorn: Any) -> None:
        super().__init__(**by_uvicorn)
        self._limits = limits
        self._receiving = False
        self._deadline: asyncio.TimerHandle | None = None
        self._quiet_since = self.loop.time()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._within(self._limits.request_time)
        if len(self.connections) > self._limits.connections:
            self._make_room()

    def data_received(self, data: bytes) -> None:
        if not self._receiving:
            self._receiving = True
            self._within(self._limits.request_time)
        for start in range(0, len(data), _PIECE):
            if not self.transport.is_closing():
                super().data_received(data[start : start + _PIECE])

    def on_response_complete(self) -> None:
        self._receiving = False
        self._quiet_since = self.loop.time()
        self._within(self._limits.answer_time)
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._deadline:
            self._deadline.cancel()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request, or has too large a head, as we answer everything else."""
        self.transport.write(_BAD_REQUEST)
        self.transport.close()

    def _within(self, seconds: float) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self.transport.abort)

    def _make_room(self) -> None:
        others = cast("set[_Connection]", self.connections) - {self}
        quietest = min(others, key=lambda one: one._quiet_since)
        self.connections.discard(quietest)
        quietest.transport.abort()


def _bad_request() -> bytes:
    text = "400 Bad Request"
    described = headers.safety("text/plain") | {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(text) + 1),
        "Connection": "close",
    }
    head = "\r\n".join(f"{name}: {value}" for name, value in described.items())
    return f"HTTP/1.1 {text}\r\n{head}\r\n\r\n{text}\n".encode("ascii")


_BAD_REQUEST = _bad_request()
