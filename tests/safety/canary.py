"""A canary inside the network: it notes who connects to it, and every attempt to connect at all."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Canary:
    """`connections` came in; `tried` are the (host, port) that anything here tried to reach."""

    port: int
    connections: list[str] = field(default_factory=list)
    tried: list[tuple[str, int]] = field(default_factory=list)

    def tried_besides(self, port: int) -> list[tuple[str, int]]:
        """Return what was tried to be reached but what listens at *port*."""
        return [place for place in self.tried if place[1] not in (port, 0)]


_listening: list[Canary] = []


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and _listening and isinstance(arguments[1], tuple):
        _listening[-1].tried.append(arguments[1][:2])


sys.addaudithook(_note)  # it cannot be taken away again, so there is one for all


@contextmanager
def canary() -> Iterator[Canary]:
    """Listen on every address of this machine, IPv6 where it has that."""
    with ExitStack() as stack:
        four = stack.enter_context(socket.create_server(("0.0.0.0", 0)))
        made = Canary(four.getsockname()[1])
        sockets = [four]
        with suppress(OSError):
            six = socket.create_server(("::", made.port), family=socket.AF_INET6)
            sockets.append(stack.enter_context(six))
        for listening in sockets:
            threading.Thread(target=_listen, args=(listening, made), daemon=True).start()
        _listening.append(made)
        stack.callback(_listening.remove, made)
        stack.callback(_wake, sockets)
        yield made


def _listen(listening: socket.socket, made: Canary) -> None:
    while True:
        try:
            connection, address = listening.accept()
        except OSError:
            return
        made.connections.append(address[0])
        connection.close()


def _wake(sockets: list[socket.socket]) -> None:
    """End the threads that wait in accept."""
    for listening in sockets:
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
