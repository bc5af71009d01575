from __future__ import annotations

import gzip
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest

from aggregator.errors import FetchError
from aggregator.fetch import Fetched, Request
from tests.fetch.desk import fetching
from tests.fetch.server import Answer, Heard, Server, reply

FEED = reply(body=b"<rss/>")


def test_a_request_says_who_asks_and_what_it_can_read() -> None:
    with Server(lambda heard: FEED) as server, fetching(contact="https://me.test/") as fetcher:
        fetcher.get(Request(server.url))
    headers = server.heard[0].headers
    assert headers["user-agent"] == "aggregator/1.2.3 (+https://me.test/)"
    assert headers["accept-encoding"] == "gzip, deflate, br, zstd"
    for kind in ("application/atom+xml", "application/rss+xml", "application/feed+json"):
        assert kind in headers["accept"]
    assert headers["accept"].endswith("*/*;q=0.1")
    assert set(headers) == {"host", "user-agent", "accept", "accept-encoding"}


@pytest.mark.parametrize(
    ("contact", "agent"),
    [
        ("", "aggregator/1.2.3"),
        ("mailto:me@me.test", "aggregator/1.2.3 (+mailto:me@me.test)"),
        ("https://me.test/\r\nX-Evil: 1", "aggregator/1.2.3 (+https://me.test/X-Evil:1)"),
        ("联系", "aggregator/1.2.3"),
    ],
)
def test_the_contact_cannot_break_the_header(contact: str, agent: str) -> None:
    with Server(lambda heard: FEED) as server, fetching(contact=contact) as fetcher:
        fetcher.get(Request(server.url))
    assert server.heard[0].headers["user-agent"] == agent


def test_the_operators_headers_go_before_ours() -> None:
    mine = {"X-Token": "t0p", "user-agent": "Mine/1", "ACCEPT": "application/json"}
    with Server(lambda heard: FEED) as server, fetching() as fetcher:
        fetcher.get(Request(server.url, headers=mine))
    headers = server.heard[0].headers
    assert headers["x-token"] == "t0p"
    assert headers["user-agent"] == "Mine/1"
    assert headers["accept"] == "application/json"


def test_no_cookie_comes_back_and_no_referrer_is_sent() -> None:
    def answer(heard: Heard) -> Answer:
        if heard.target == "/feed":
            return reply(302, "Location: /next", "Set-Cookie: a=b; Path=/")
        return reply(200, "Set-Cookie: c=d; Path=/", body=b"x")

    with Server(answer) as server, fetching() as fetcher:
        for _ in range(2):
            fetcher.get(Request(server.at("feeds.test")))
    assert len(server.heard) == 4
    assert not any({"cookie", "referer"} & set(heard.headers) for heard in server.heard)


def test_the_environment_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine feeds.test login me password s3cret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with Server(lambda heard: FEED) as server, fetching() as fetcher:
        assert isinstance(fetcher.get(Request(server.at("feeds.test"))), Fetched)
    assert "authorization" not in server.heard[0].headers


def test_user_info_becomes_basic_credentials() -> None:
    with Server(lambda heard: FEED) as server, fetching() as fetcher:
        answer = fetcher.get(Request(server.at("m%40e:w%C3%B6rd@feeds.test")))
    assert isinstance(answer, Fetched)
    assert server.heard[0].headers["authorization"] == "Basic bUBlOnfDtnJk"
    assert answer.url == server.at("feeds.test")


# ── connections ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["200", "304", "404", "chunked", "gzip"])
def test_a_connection_serves_again(kind: str) -> None:
    answers = {
        "200": FEED,
        "304": reply(304, length=False),
        "404": reply(404, body=b"<html>" * 100),
        "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        "gzip": reply(200, "Content-Encoding: gzip", body=gzip.compress(b"x")),
    }
    with Server(lambda heard: answers[kind]) as server, fetching() as fetcher:
        for _ in range(3):
            with pytest.raises(FetchError) if kind == "404" else nullcontext():
                fetcher.get(Request(server.url, etag='"1"'))
    assert len(server.heard) == 3
    assert server.connections == 1


@pytest.mark.parametrize("said", [reply(101, length=False), reply(404, body=b"x" * 100_000)])
def test_a_connection_with_an_answer_left_on_it_does_not_serve_again(said: bytes) -> None:
    with Server(lambda heard: said) as server, fetching() as fetcher:
        for _ in range(2):
            with pytest.raises(FetchError):
                fetcher.get(Request(server.url))
    assert server.connections == 2


def test_a_kept_connection_that_died_is_replaced_unnoticed() -> None:
    """The server answers once on each connection and hangs up when it is asked again."""
    served: set[int] = set()

    def once(heard: Heard) -> Answer:
        if heard.connection in served:
            return iter([])
        served.add(heard.connection)
        return FEED

    with Server(once) as server, fetching() as fetcher:
        for _ in range(3):
            assert isinstance(fetcher.get(Request(server.url)), Fetched)
    assert server.connections == 3
    assert len(server.heard) == 5


@pytest.mark.parametrize("per_host", [1, 2, 5])
def test_a_host_is_never_asked_more_than_so_much_at_a_time(per_host: int) -> None:
    busy, most, lock = 0, 0, threading.Lock()

    def answer(heard: Heard) -> Answer:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        time.sleep(0.05)
        with lock:
            busy -= 1
        return FEED

    with (
        Server(answer) as server,
        fetching(per_host=per_host) as fetcher,
        ThreadPoolExecutor(12) as pool,
    ):
        answers = list(pool.map(lambda _: fetcher.get(Request(server.url)), range(12)))
    assert len(answers) == 12
    assert most == per_host
    assert server.open_most <= per_host


def test_waiting_for_a_place_is_not_counted_as_the_hosts_slowness() -> None:
    def answer(heard: Heard) -> Answer:
        time.sleep(0.15)
        return FEED

    with (
        Server(answer) as server,
        fetching(per_host=1, timeout=0.4) as fetcher,
        ThreadPoolExecutor(5) as pool,
    ):
        answers = list(pool.map(lambda _: fetcher.get(Request(server.url)), range(5)))
    assert all(isinstance(one, Fetched) for one in answers)


def test_a_slow_host_does_not_hold_up_another() -> None:
    release = threading.Event()

    def answer(heard: Heard) -> Answer:
        release.wait(5)
        return FEED

    with (
        Server(answer) as slow,
        Server(lambda heard: FEED) as quick,
        fetching() as fetcher,
        ThreadPoolExecutor(8) as pool,
    ):
        waiting = [pool.submit(fetcher.get, Request(slow.at("slow.test"))) for _ in range(6)]
        began = time.monotonic()
        for _ in range(20):
            fetcher.get(Request(quick.at("quick.test")))
        assert time.monotonic() - began < 1
        assert not any(one.done() for one in waiting)
        release.set()
        for one in waiting:
            one.result(5)


def test_one_fetcher_serves_many_threads() -> None:
    def answer(heard: Heard) -> Answer:
        return reply(body=heard.target.encode())

    with Server(answer) as server, fetching(per_host=8) as fetcher:

        def fetch(number: int) -> bool:
            answer = fetcher.get(Request(server.at("feeds.test", f"/{number}")))
            return isinstance(answer, Fetched) and answer.body == f"/{number}".encode()

        with ThreadPoolExecutor(16) as pool:
            assert all(pool.map(fetch, range(200)))
    assert server.connections <= 8
