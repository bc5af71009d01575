"""Starting and stopping inside another program."""

from __future__ import annotations

import signal
import socket
import sys
import threading
import time

import pytest
import requests

from aggregator.errors import ServeError
from aggregator.serve.app import create_app
from aggregator.serve.server import SWITCH_INTERVAL, WebServer
from tests.serve.conftest import Serve, Shelf, Site, eventually


def test_port_0_is_any_free_port_and_the_bound_one_is_told(site: Site) -> None:
    host, port = site.address
    assert host == "127.0.0.1"
    assert port > 0
    assert site.get("/").status_code == 200


def test_an_occupied_port_is_a_clear_error(site: Site, shelf: Shelf) -> None:
    host, port = site.address
    second = WebServer(create_app(shelf, shelf.directory), host, port)
    with pytest.raises(ServeError) as caught:
        second.start()
    assert str(caught.value) == (
        f"cannot listen on 127.0.0.1 port {port}: address already in use; "
        "stop what uses it, or give [serve] another address"
    )
    second.stop()


def test_a_host_that_is_not_ours_is_a_clear_error(shelf: Shelf) -> None:
    app = create_app(shelf, shelf.directory)
    for host in ("192.0.2.1", "no-such-host.invalid"):
        with pytest.raises(ServeError, match=f"^cannot listen on {host} port 0: [a-z]"):
            WebServer(app, host, 0).start()


def test_both_families_are_served_where_all_addresses_are_asked_for(shelf: Shelf) -> None:
    if not socket.has_dualstack_ipv6():
        pytest.skip("no IPv6 here")
    server = WebServer(create_app(shelf, shelf.directory), "::", 0)
    _, port = server.start()
    for host in ("127.0.0.1", "[::1]"):
        assert requests.get(f"http://{host}:{port}/", timeout=5).status_code == 200
    server.stop()


def test_stopping_closes_every_connection_and_ends_the_thread(serve: Serve) -> None:
    before = threading.active_count()
    site = serve()
    site.get("/healthz")
    with site.connect() as silent, site.connect() as half, site.connect() as idle:
        half.sendall(b"GET / HTTP/1.1\r\n")
        idle.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        idle.recv(65536)
        started = time.monotonic()
        site.server.stop()
        assert time.monotonic() - started < 1
        for connection in (silent, half, idle):
            assert connection.recv(65536) == b""
    with pytest.raises(ConnectionError):
        site.connect()
    assert eventually(lambda: threading.active_count() <= before)


def test_stopping_does_not_wait_for_who_does_not_read(serve: Serve, shelf: Shelf) -> None:
    shelf.put("large.html", b"x" * 20_000_000)
    site = serve()
    with site.connect() as connection:
        connection.sendall(b"GET /large.html HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.recv(1)
        started = time.monotonic()
        site.server.stop(timeout=0.2)
        assert time.monotonic() - started < 1


def test_stopping_lets_an_answer_get_out(serve: Serve, shelf: Shelf) -> None:
    shelf.put("large.html", b"x" * 20_000_000)
    site = serve()
    with site.connect() as connection:
        connection.sendall(b"GET /large.html HTTP/1.1\r\nHost: x\r\n\r\n")
        read = len(connection.recv(1))
        stopping = threading.Thread(target=site.server.stop, args=(5.0,))
        stopping.start()
        while piece := connection.recv(1 << 20):
            read += len(piece)
        stopping.join()
    assert read > 20_000_000


def test_the_port_is_free_again_after_stopping(serve: Serve, shelf: Shelf) -> None:
    site = serve()
    site.get("/")
    site.server.stop()
    again = WebServer(create_app(shelf, shelf.directory), *site.address)
    assert again.start() == site.address
    again.stop()


def test_the_program_keeps_its_signals(serve: Serve) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    serve().get("/")
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)] == before


def test_threads_that_compute_give_way_sooner_while_it_serves(serve: Serve) -> None:
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    site = serve()
    assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL)
    site.server.stop()
    assert sys.getswitchinterval() == pytest.approx(0.005)
    sys.setswitchinterval(before)


def test_stopping_what_never_started_does_nothing(shelf: Shelf) -> None:
    WebServer(create_app(shelf, shelf.directory), "127.0.0.1", 0).stop()
