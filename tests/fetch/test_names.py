from __future__ import annotations

import socket
from collections.abc import Sequence

import pytest

from aggregator.errors import FetchError
from aggregator.fetch import Request
from aggregator.fetch.names import Names
from tests.fetch.desk import fetching
from tests.fetch.server import Server, reply

FEED = reply(200, "Connection: close", body=b"<rss/>")


class Service:
    """A name service that counts, and a clock."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)
        self.asked: list[str] = []
        self.now = 1000.0

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if not self.addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return self.addresses


def test_an_answer_is_remembered_for_a_minute() -> None:
    service = Service("192.0.2.1", "192.0.2.2")
    names = Names(service.resolve, lambda: service.now)
    assert names.known("a.test") == ()
    assert names.look_up("a.test", 80) == ("192.0.2.1", "192.0.2.2")
    service.now += 59
    assert names.known("a.test") == ("192.0.2.1", "192.0.2.2")
    assert names.known("b.test") == ()
    service.now += 1
    assert names.known("a.test") == ()


def test_a_fault_is_not_remembered() -> None:
    service = Service()
    names = Names(service.resolve, lambda: service.now)
    with pytest.raises(OSError, match="not known"):
        names.look_up("a.test", 80)
    assert names.known("a.test") == ()


def test_connections_to_one_host_share_a_look_up() -> None:
    service = Service("127.0.0.1")
    with Server(lambda heard: FEED) as server, fetching(resolve=service.resolve) as fetcher:
        for number in range(3):
            fetcher.get(Request(server.at("nas.test", f"/{number}")))
        assert server.connections == 3
    assert service.asked == ["nas.test"]


def test_what_is_remembered_is_judged_for_each_connection() -> None:
    service = Service("127.0.0.1")
    with (
        Server(lambda heard: FEED) as server,
        fetching(allow=(), resolve=service.resolve) as fetcher,
    ):
        url = server.at("nas.test")
        fetcher.get(Request(url, allow_private=("127.0.0.1",)))
        with pytest.raises(FetchError, match="private address"):
            fetcher.get(Request(url))
        assert server.connections == 1
    assert service.asked == ["nas.test"]


def test_a_host_that_does_not_answer_is_looked_up_anew() -> None:
    service = Service("127.0.0.2")  # nothing listens there
    with Server(lambda heard: FEED) as server, fetching(resolve=service.resolve) as fetcher:
        with pytest.raises(FetchError, match="refused the connection"):
            fetcher.get(Request(server.at("moved.test")))
        service.addresses = ["127.0.0.1"]
        fetcher.get(Request(server.at("moved.test")))
    assert service.asked == ["moved.test", "moved.test"]
