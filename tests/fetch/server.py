"""A server of plain sockets that says exactly what a test tells it to, and remembers what it heard.

    with Server(lambda heard: reply(body=b"<rss/>")) as server:
        ...  # server.url, server.heard, server.connections

An answer is bytes, or an iterator of bytes for one that is sent piece by piece. The connection
stays open after bytes unless they say `Connection: close`, and is closed after an iterator.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

Answer = bytes | Iterable[bytes]


@dataclass(frozen=True)
class Heard:
    """One request: `headers` has lower-case names, `connection` counts from 1."""

    method: str
    target: str
    headers: dict[str, str]
    connection: int


class Server:
    def __init__(
        self,
        answer: Callable[[Heard], Answer],
        *,
        host: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listening = socket.create_server((host, 0), family=family, backlog=64)
        self._answer = answer
        self._tls = tls
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self.host = host
        self.port: int = self._listening.getsockname()[1]
        self.heard: list[Heard] = []
        self.connections = 0
        self.open_now = 0
        self.open_most = 0

    @property
    def url(self) -> str:
        return self.at(f"[{self.host}]" if ":" in self.host else self.host)

    def at(self, host: str, path: str = "/feed") -> str:
        """Return this server's address under another name."""
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listening.close()
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                number = self.connections
                self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, plain: socket.socket, number: int) -> None:
        with self._lock:
            self.open_now += 1
            self.open_most = max(self.open_most, self.open_now)
        connection = plain
        with suppress(OSError):
            if self._tls:
                connection = self._tls.wrap_socket(plain, server_side=True)
            with connection, connection.makefile("rb") as lines:
                while (heard := _hear(lines, number)) and self._say(connection, heard):
                    pass
        with self._lock:
            self.open_now -= 1
            self._open.remove(plain)
        plain.close()

    def _say(self, connection: socket.socket, heard: Heard) -> bool:
        with self._lock:
            self.heard.append(heard)
        answer = self._answer(heard)
        if isinstance(answer, bytes):
            connection.sendall(answer)
            return b"connection: close" not in answer.lower()
        for piece in answer:
            connection.sendall(piece)
        return False


def _hear(lines: Iterable[bytes], number: int) -> Heard | None:
    head = []
    for line in lines:
        if line == b"\r\n":
            break
        head.append(line.decode("latin-1").rstrip("\r\n"))
    if not head or head[0].count(" ") != 2 or not all(":" in line for line in head[1:]):
        return None  # the beginning of TLS, say, whose bytes may hold anything
    method, target, _ = head[0].split(" ")
    pairs = (line.split(":", 1) for line in head[1:])
    return Heard(method, target, {name.lower(): value.strip() for name, value in pairs}, number)


def reply(status: int | str = 200, *headers: str, body: bytes = b"", length: bool = True) -> bytes:
    """Return a whole answer; *headers* are lines such as `ETag: "1"`."""
    lines = [f"HTTP/1.1 {status} Something", *headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def slowly(*pieces: bytes, pause: float = 0.05) -> Iterator[bytes]:
    """Send *pieces* one after the other."""
    for piece in pieces:
        yield piece
        time.sleep(pause)


def for_ever(first: bytes, again: bytes, pause: float = 0.05) -> Iterator[bytes]:
    """Send *first*, then *again* without end."""
    yield first
    while True:
        yield again
        time.sleep(pause)
