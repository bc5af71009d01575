"""Readers of one address, as a process of its own: how soon they are answered.

    python -m tests.safety.load HOST PORT PATH SECONDS CONNECTIONS

Each connection asks again as soon as it is answered. Prints one JSON object: `requests`, `failed`
(any answer but 200, or none), and in milliseconds `p50`, `p99` and `longest`.
"""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import NamedTuple

from tests.command import ROOT, environment

_END = b"\r\n\r\n"


class Answers(NamedTuple):
    """What a load came to; times in milliseconds."""

    requests: int
    failed: int
    p50: float
    p99: float
    longest: float
    rate: float  # requests in a second


def ask(port: int, path: str, seconds: float, connections: int = 16) -> Answers:
    """Have readers ask for *path* in a process of their own; return what came of it."""
    ended = subprocess.run(
        [sys.executable, "-m", __name__, "127.0.0.1", str(port), path, str(seconds),
         str(connections)],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return Answers(**json.loads(ended.stdout))


@dataclass
class _Reader:
    """One connection: what is still to come of the answer, and since when it is awaited."""

    connection: socket.socket
    begun: float = 0.0
    head: bytes = b""
    left: int = 0


def main(host: str, port: str, path: str, seconds: str, connections: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    took: list[float] = []
    failed = 0
    buffer = memoryview(bytearray(1 << 18))
    with selectors.DefaultSelector() as selector:

        def begin() -> None:
            reader = _Reader(socket.create_connection((host, int(port))))
            selector.register(reader.connection, selectors.EVENT_READ, reader)
            again(reader)

        def again(reader: _Reader) -> None:
            reader.begun, reader.head, reader.left = time.perf_counter(), b"", 0
            reader.connection.sendall(request)

        for _ in range(int(connections)):
            begin()
        end = time.perf_counter() + float(seconds)
        while (now := time.perf_counter()) < end:
            for key, _ in selector.select(0.1):
                reader: _Reader = key.data
                try:
                    done = _read(reader, buffer)
                except (OSError, ValueError):
                    failed += 1
                    selector.unregister(reader.connection)
                    reader.connection.close()
                    begin()
                    continue
                if done:
                    now = time.perf_counter()
                    took.append(now - reader.begun)
                    again(reader)
    took.sort()
    answers = Answers(
        len(took), failed, _at(took, 0.5), _at(took, 0.99), _at(took, 1), len(took) / float(seconds)
    )
    print(json.dumps(answers._asdict()))  # noqa: T201 - its result


def _read(reader: _Reader, buffer: memoryview) -> bool:
    """Take what has come of an answer; return whether that was all. Raises where it is no 200."""
    count = reader.connection.recv_into(buffer)
    if not count:
        raise ConnectionError
    if reader.left:
        reader.left -= count
        return reader.left == 0
    reader.head += bytes(buffer[:count])
    head, found, body = reader.head.partition(_END)
    if not found:
        return False
    if not head.startswith(b"HTTP/1.1 200 "):
        raise ValueError(head)
    (length,) = (
        line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
    )
    reader.left = int(length.partition(b":")[2]) - len(body)
    return reader.left == 0


def _at(took: list[float], share: float) -> float:
    """Return the time below which *share* of them are."""
    return round(took[min(int(len(took) * share), len(took) - 1)] * 1000, 2) if took else 0.0


if __name__ == "__main__":
    main(*sys.argv[1:])
