"""Tasks that a worker may be given, kind and unkind."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from aggregator.errors import FetchError, TruncatedError
from aggregator.model import Feed


def pid() -> int:
    return os.getpid()


def pid_for(_: int) -> int:
    return os.getpid()


def same(value: int) -> int:
    return value


def leave_at(value: int, end: int) -> int:
    if value == end:
        os._exit(3)
    return value


def never_end() -> None:
    while True:
        pass


def take(size: int) -> int:
    return len(bytearray(size))


def crash() -> None:
    ctypes.string_at(0)


def leave() -> None:
    os._exit(3)


def sleep_then(seconds: float, value: int) -> int:
    time.sleep(seconds)
    return value


def truncated() -> None:
    raise TruncatedError("ends in the middle", Feed(title="what came"))


def refused() -> None:
    raise FetchError("answered 503", status=503)


def connect(port: int) -> None:
    socket.create_connection(("127.0.0.1", port))


def resolve() -> None:
    socket.getaddrinfo("localhost", 80)


def start_a_program() -> None:
    subprocess.run([sys.executable, "-c", ""], check=True)


def fork() -> None:
    os.fork()


def write(path: str) -> None:
    Path(path).write_text("written")
