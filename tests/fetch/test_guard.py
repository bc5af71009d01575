from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence

import pytest

from aggregator.errors import FetchError
from aggregator.fetch import Fetched, Request
from aggregator.fetch.names import system_resolver
from tests.fetch.desk import fetching, names
from tests.fetch.server import Heard, Server, reply

FEED = reply(body=b"<rss/>")


@pytest.fixture
def canary() -> Iterator[Server]:
    with Server(lambda heard: FEED) as server:
        yield server


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0x7f000001",
        "0177.0.0.1",
        "０x7f.1",
        "①②⑦.0.0.1",
        "localhost",
        "LOCALHOST.",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "user:word@127.0.0.1",
        "example.org@127.0.0.1",
    ],
)
def test_loopback_is_refused_however_it_is_written(canary: Server, host: str) -> None:
    with (
        fetching(allow=(), resolve=system_resolver) as fetcher,
        pytest.raises(FetchError, match=r"private address|does not resolve|valid address"),
    ):
        fetcher.get(Request(canary.at(host)))
    assert canary.connections == 0


def test_a_refusal_says_what_to_add() -> None:
    with fetching(allow=()) as fetcher:
        with pytest.raises(FetchError) as literal:
            fetcher.get(Request("http://127.0.0.1:8080/feed"))
        with pytest.raises(FetchError) as named:
            fetcher.get(Request("http://nas.test/feed"))
    assert str(literal.value) == (
        'is a private address (loopback); if that is meant, add "127.0.0.1:8080" to allow_private'
    )
    assert str(named.value) == (
        "is at 127.0.0.1, a private address (loopback); "
        'if that is meant, add "nas.test:80" to allow_private'
    )


@pytest.mark.parametrize("entry", ["127.0.0.0/8", "127.0.0.1", "nas.test", "nas.test:{port}"])
def test_what_is_allowed_is_reached(canary: Server, entry: str) -> None:
    with fetching(allow=(entry.format(port=canary.port),)) as fetcher:
        assert isinstance(fetcher.get(Request(canary.at("nas.test"))), Fetched)


def test_a_source_may_be_allowed_more_than_the_others(canary: Server) -> None:
    with fetching(allow=()) as fetcher:
        fetcher.get(Request(canary.url, allow_private=("127.0.0.1",)))
        assert canary.connections == 1
        with pytest.raises(FetchError, match="private address"):
            fetcher.get(Request(canary.url))


def test_a_kept_connection_lends_its_permission_to_nobody(canary: Server) -> None:
    with fetching(allow=()) as fetcher:
        for _ in range(3):
            fetcher.get(Request(canary.url, allow_private=("127.0.0.1",)))
            with pytest.raises(FetchError, match="private address"):
                fetcher.get(Request(canary.url))
    assert len(canary.heard) == 3


def test_a_redirect_into_the_network_is_refused(canary: Server) -> None:
    hosts = ("127.0.0.1", "nas.test", "[::ffff:127.0.0.1]", "2130706433")

    def send_there(heard: Heard) -> bytes:
        return reply(302, f"Location: {canary.at(hosts[int(heard.target[1:])])}")

    with Server(send_there) as outside, fetching(allow=(f"127.0.0.1:{outside.port}",)) as fetcher:
        for number in range(len(hosts)):
            with pytest.raises(FetchError, match=r"^redirects to .*, which (is .*private|has)"):
                fetcher.get(Request(outside.at("127.0.0.1", f"/{number}")))
    assert len(outside.heard) == len(hosts)
    assert canary.connections == 0


def test_a_name_that_changes_its_answer_gains_nothing(canary: Server) -> None:
    answers = iter((["192.0.2.1"], ["127.0.0.1"]))

    def flipping(host: str, port: int) -> Sequence[str]:
        return next(answers)

    with fetching(allow=("192.0.2.0/24",), timeout=0.3, resolve=flipping) as fetcher:
        for _ in range(2):
            with pytest.raises(FetchError):
                fetcher.get(Request(canary.at("flip.test")))
    assert canary.connections == 0


def test_a_name_is_looked_up_once_for_a_connection(canary: Server) -> None:
    asked: list[str] = []

    def counting(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with fetching(resolve=counting) as fetcher:
        for _ in range(3):
            fetcher.get(Request(canary.at("nas.test")))
    assert asked == ["nas.test"]


def test_internal_answers_of_a_name_are_passed_over(canary: Server) -> None:
    def several(host: str, port: int) -> Sequence[str]:
        return ["10.0.0.1", "fe80::1", "127.0.0.1"]

    with fetching(allow=("127.0.0.1",), resolve=several) as fetcher:
        fetcher.get(Request(canary.at("mixed.test")))
    assert canary.connections == 1


def test_the_next_address_is_tried_when_one_does_not_answer(canary: Server) -> None:
    def several(host: str, port: int) -> Sequence[str]:
        return ["::1", "127.0.0.1"]  # nothing listens on ::1 at this port

    with fetching(resolve=several) as fetcher:
        assert isinstance(fetcher.get(Request(canary.at("both.test"))), Fetched)


def test_an_ipv6_address_is_connected_to() -> None:
    try:
        server = Server(lambda heard: FEED, host="::1")
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    with server, fetching(resolve=lambda host, port: ["::1"]) as fetcher:
        fetcher.get(Request(server.url))
        fetcher.get(Request(server.at("six.test")))
    assert [heard.headers["host"] for heard in server.heard] == [
        f"[::1]:{server.port}",
        f"six.test:{server.port}",
    ]


def test_a_name_without_an_answer_is_an_error() -> None:
    with fetching(resolve=lambda host, port: []) as fetcher, pytest.raises(FetchError) as caught:
        fetcher.get(Request("http://nowhere.test/feed"))
    assert str(caught.value) == (
        'has a host name, "nowhere.test", that does not resolve; check its spelling'
    )


def test_no_name_server_is_told_from_no_such_name() -> None:
    def mute(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with fetching(resolve=mute) as fetcher, pytest.raises(FetchError, match="no name server"):
        fetcher.get(Request("http://feeds.test/"))
    with fetching(resolve=names) as fetcher, pytest.raises(FetchError, match="does not resolve"):
        fetcher.get(Request("http://feeds.invalid/"))


def test_a_label_too_long_for_a_name_is_an_error() -> None:
    with (
        fetching(resolve=system_resolver) as fetcher,
        pytest.raises(FetchError, match=r"does not resolve|not a valid address"),
    ):
        fetcher.get(Request(f"http://{'x' * 70}.invalid/"))
