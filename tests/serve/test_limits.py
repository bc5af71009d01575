"""What one client may take, and that it takes it from nobody else."""

from __future__ import annotations

import contextlib
import socket
import time

import pytest

from tests.serve.conftest import Serve, Shelf, Site

HALF = b"GET /all/rss.xml HTTP/1.1\r\nHost: x\r\nX-Slow: "
WHOLE = b"GET /all/rss.xml HTTP/1.1\r\nHost: x\r\n\r\n"


def is_closed(connection: socket.socket, within: float) -> bool:
    """Return whether the other side ends *connection*, after whatever it still sends."""
    connection.settimeout(within)
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


def keep_sending(connection: socket.socket, data: bytes, pause: float) -> float:
    """Send *data* again and again; return for how many seconds the other side put up with it."""
    started = time.monotonic()
    with contextlib.suppress(ConnectionError):
        while time.monotonic() - started < 3:
            time.sleep(pause)
            connection.sendall(data)
    return time.monotonic() - started


def read_all(connection: socket.socket) -> int:
    """Return how many bytes still come."""
    read = 0
    with contextlib.suppress(ConnectionError):
        while piece := connection.recv(1 << 20):
            read += len(piece)
    return read


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"x" * 24_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Large: " + b"x" * 24_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Many: x\r\n" * 2_400 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Endless: " + b"x" * 24_000,
    ],
)
def test_a_head_that_is_too_large_is_refused(site: Site, head: bytes) -> None:
    with site.connect() as connection:
        connection.sendall(head)
        assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_a_head_of_an_ordinary_size_is_read(site: Site) -> None:
    head = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Long: " + b"x" * 8_000
    assert site.raw(head + b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")


def test_a_connection_that_says_nothing_ends(serve: Serve) -> None:
    site = serve(request_time=0.3)
    with site.connect() as connection:
        assert not is_closed(connection, 0.15)
        assert is_closed(connection, 2)


def test_a_head_that_comes_byte_by_byte_ends_its_connection(serve: Serve) -> None:
    site = serve(request_time=0.4)
    with site.connect() as connection:
        connection.sendall(HALF)
        sent_for = keep_sending(connection, b"x", pause=0.05)
        assert 0.3 < sent_for < 1.5


def test_a_second_head_that_comes_byte_by_byte_ends_its_connection(serve: Serve) -> None:
    site = serve(request_time=0.4)
    with site.connect() as connection:
        connection.sendall(WHOLE)
        time.sleep(0.1)
        connection.sendall(HALF)
        assert is_closed(connection, 2)


def test_an_idle_connection_is_kept_for_a_while_and_then_ends(serve: Serve) -> None:
    site = serve(request_time=0.2, idle_time=1)
    with site.connect() as connection:
        connection.sendall(WHOLE)
        assert not is_closed(connection, 0.6)
        connection.sendall(WHOLE)
        assert not is_closed(connection, 0.6)
        assert is_closed(connection, 2)


def test_a_reader_that_does_not_read_ends_its_connection(serve: Serve, shelf: Shelf) -> None:
    shelf.put("large.html", b"x" * 20_000_000)
    site = serve(answer_time=0.5, idle_time=1)
    with site.connect() as connection:
        connection.sendall(b"GET /large.html HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        time.sleep(1.2)
        assert read_all(connection) < 20_000_000


def test_a_slow_reader_within_the_time_gets_all(serve: Serve, shelf: Shelf) -> None:
    shelf.put("large.html", b"x" * 8_000_000)
    site = serve(answer_time=10, request_time=0.2, idle_time=1)
    with site.connect() as connection:
        connection.sendall(b"GET /large.html HTTP/1.1\r\nHost: x\r\n\r\n")
        read = 0
        for _ in range(10):
            time.sleep(0.15)
            read += len(connection.recv(500_000))
        connection.settimeout(3)
        assert read + read_all(connection) > 8_000_000


def test_slow_connections_keep_nobody_waiting(serve: Serve) -> None:
    site = serve()
    slow = [site.connect() for _ in range(200)]
    try:
        for connection in slow:
            connection.sendall(HALF)
        started = time.monotonic()
        for _ in range(20):
            assert site.get("/all/rss.xml").status_code == 200
        assert time.monotonic() - started < 2
    finally:
        for connection in slow:
            connection.close()


def test_the_quietest_connection_makes_room_for_a_new_one(serve: Serve) -> None:
    site = serve(connections=10)
    used = site.connect()
    time.sleep(0.05)
    quiet = site.connect()
    quiet.sendall(HALF)
    time.sleep(0.05)
    used.sendall(WHOLE)
    assert used.recv(65536).startswith(b"HTTP/1.1 200 ")
    others = [site.connect() for _ in range(8)]
    assert not is_closed(quiet, 0.1)
    others.append(site.connect())
    assert is_closed(quiet, 2)
    assert site.get("/all/rss.xml").status_code == 200
    for connection in (quiet, used, *others):
        connection.close()


def test_silent_connections_never_keep_others_out(serve: Serve) -> None:
    site = serve(connections=20)
    silent = [site.connect() for _ in range(100)]
    for _ in range(5):
        assert site.get("/all/rss.xml").status_code == 200
    for connection in silent:
        connection.close()


def test_readers_that_do_not_read_never_keep_others_out(serve: Serve, shelf: Shelf) -> None:
    shelf.put("large.html", b"x" * 5_000_000)
    site = serve(connections=20)
    with contextlib.ExitStack() as stack:
        used = stack.enter_context(site.connect())
        for _ in range(60):
            slow = stack.enter_context(site.connect())
            slow.sendall(b"GET /large.html HTTP/1.1\r\nHost: x\r\n\r\n")
            used.sendall(WHOLE.replace(b"GET", b"HEAD"))
            assert used.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_a_large_body_is_not_taken_in(site: Site) -> None:
    with site.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000000\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 405 ")
        assert keep_sending(connection, b"x" * 65536, pause=0) < 2


def test_a_body_that_breaks_off_in_nonsense_leaves_no_trace(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.raw(b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n")
    assert site.get("/").status_code == 200
    assert caplog.records == []
