from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest
import trustme

from aggregator.errors import FetchError
from aggregator.fetch import Fetched, Request
from tests.fetch.desk import fetching
from tests.fetch.server import Answer, Heard, Server, for_ever, reply, slowly

SECONDS = 0.3
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@contextmanager
def ending_in_time(saying: str, seconds: float = SECONDS) -> Iterator[None]:
    """Expect a failure when *seconds* are over, which a busy machine may be slow to see."""
    began = time.monotonic()
    with pytest.raises(FetchError) as caught:
        yield
    assert time.monotonic() - began < seconds + 2
    assert saying in str(caught.value)
    assert f"within {seconds:g} s" in str(caught.value)


@contextmanager
def deaf(address: str, port: int) -> Iterator[int]:
    """Listen without ever accepting, the queue already full: a connection attempt just waits."""
    with ExitStack() as stack:
        full = stack.enter_context(socket.create_server((address, port), backlog=0))
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        yield full.getsockname()[1]


NO_ANSWER: dict[str, Callable[[Heard], Answer]] = {
    "nothing at all": lambda heard: for_ever(b"", b"", 0.05),
    "a status line in drops": lambda heard: for_ever(b"H", b"T"),
    "100 Continue for ever": lambda heard: for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0),
    "103 Early Hints for ever": lambda heard: for_ever(b"", b"HTTP/1.1 103 Hints\r\n\r\n", 0),
    "headers in drops": lambda heard: for_ever(b"HTTP/1.1 200 OK\r\n", b"X-A: 1\r\n"),
    "one header without end": lambda heard: for_ever(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
}
A_PART: dict[str, Callable[[Heard], Answer]] = {
    "a body in drops": lambda heard: for_ever(
        b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"<"
    ),
    "a body in drops that ends with the connection": lambda heard: for_ever(
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"<"
    ),
    "an HTTP/1.0 body in drops": lambda heard: for_ever(b"HTTP/1.0 200 OK\r\n\r\n", b"<"),
    "chunks in drops": lambda heard: for_ever(CHUNKED, b"1\r\n<\r\n"),
    "a chunk size in drops": lambda heard: for_ever(CHUNKED, b"0"),
    "a chunk extension in drops": lambda heard: for_ever(CHUNKED + b"1;", b"x"),
    "trailers without end": lambda heard: for_ever(CHUNKED + b"0\r\n", b"X-A: 1\r\n", 0),
    "a body that never comes": lambda heard: for_ever(
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", b""
    ),
}


@pytest.mark.parametrize("answer", NO_ANSWER.values(), ids=NO_ANSWER)
def test_headers_that_do_not_come_end_in_time(answer: Callable[[Heard], Answer]) -> None:
    with (
        Server(answer) as server,
        fetching(timeout=SECONDS) as fetcher,
        ending_in_time("gave no answer"),
    ):
        fetcher.get(Request(server.url))


def test_the_end_comes_soon_after_its_time() -> None:
    took = []
    with Server(A_PART["a body in drops"]) as server, fetching(timeout=SECONDS) as fetcher:
        for _ in range(3):
            began = time.monotonic()
            with pytest.raises(FetchError):
                fetcher.get(Request(server.url))
            took.append(time.monotonic() - began)
    assert min(took) < SECONDS + 0.5  # the machine may be busy, but not each time


@pytest.mark.parametrize("answer", A_PART.values(), ids=A_PART)
def test_a_body_that_does_not_come_ends_in_time(answer: Callable[[Heard], Answer]) -> None:
    with (
        Server(answer) as server,
        fetching(timeout=SECONDS) as fetcher,
        ending_in_time("sent only a part of its answer"),
    ):
        fetcher.get(Request(server.url))


def test_a_time_that_is_up_before_anything_was_asked_is_said_in_words() -> None:
    with (
        fetching(timeout=1e-9) as fetcher,
        pytest.raises(FetchError, match="was not reached"),
    ):
        fetcher.get(Request("http://127.0.0.1:9/"))


def test_redirects_share_one_deadline() -> None:
    def on_and_on(heard: Heard) -> Answer:
        step = int(heard.target.strip("/") or 0)
        time.sleep(0.12)
        return reply(302, f"Location: /{step + 1}")

    with (
        Server(on_and_on) as server,
        fetching(timeout=SECONDS) as fetcher,
        ending_in_time("redirects to 127.0.0.1, which gave no answer"),
    ):
        fetcher.get(Request(server.at("127.0.0.1", "/")))


def test_a_short_deadline_holds_beside_a_long_one() -> None:
    drops = A_PART["a body in drops"]
    with Server(drops) as server, fetching() as fetcher, ThreadPoolExecutor(1) as pool:
        long = pool.submit(fetcher.get, Request(server.at("long.test"), timeout=0.9))
        while not server.heard:
            time.sleep(0.01)
        with ending_in_time("sent only a part of its answer"):
            fetcher.get(Request(server.at("short.test"), timeout=SECONDS))
        assert not long.done()
        with pytest.raises(FetchError, match=r"within 0\.9 s"):
            long.result()


def test_the_body_of_an_error_does_not_delay_for_ever() -> None:
    with (
        Server(
            lambda heard: for_ever(b"HTTP/1.1 404 No\r\nContent-Length: 9000\r\n\r\n", b"x")
        ) as server,
        fetching(timeout=SECONDS) as fetcher,
        pytest.raises(FetchError, match="answered 404 Not Found"),
    ):
        fetcher.get(Request(server.url))


def test_a_name_server_that_does_not_answer_ends_in_time() -> None:
    released = threading.Event()

    def hanging(host: str, port: int) -> list[str]:
        released.wait(5)
        return ["127.0.0.1"]

    with (
        fetching(timeout=SECONDS, resolve=hanging) as fetcher,
        ending_in_time('has a host name, "slow.test", that was not resolved'),
    ):
        fetcher.get(Request("http://slow.test/"))
    released.set()


def test_a_connection_that_is_not_accepted_ends_in_time() -> None:
    with (
        deaf("127.0.0.1", 0) as port,
        fetching(timeout=SECONDS) as fetcher,
        ending_in_time("did not accept a connection"),
    ):
        fetcher.get(Request(f"http://127.0.0.1:{port}/"))


def test_an_address_that_does_not_answer_leaves_time_for_the_next() -> None:
    """127.0.0.2 is this machine too, on Linux."""
    both = ["127.0.0.2", "127.0.0.1"]
    with (
        Server(lambda heard: reply(body=b"x")) as server,
        deaf("127.0.0.2", server.port),
        fetching(timeout=2 * SECONDS, resolve=lambda host, port: both) as fetcher,
    ):
        assert isinstance(fetcher.get(Request(server.at("both.test"))), Fetched)


def test_a_tls_handshake_that_does_not_come_ends_in_time() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as mute,
        fetching(timeout=SECONDS, trust=ssl.create_default_context()) as fetcher,
        ending_in_time("did not complete the TLS handshake"),
    ):
        fetcher.get(Request(f"https://127.0.0.1:{mute.getsockname()[1]}/"))


def test_a_body_in_drops_over_tls_ends_in_time() -> None:
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("slow.test").configure_cert(tls)
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    with (
        Server(A_PART["a body in drops"], tls=tls) as server,
        fetching(timeout=SECONDS, trust=trust) as fetcher,
        ending_in_time("sent only a part of its answer"),
    ):
        fetcher.get(Request(server.at("slow.test")))


def test_a_source_may_be_given_more_time() -> None:
    late = slowly(b"HTTP/1.0 200 OK\r\n\r\n", b"<rss/>", pause=0.3)
    with Server(lambda heard: late) as server, fetching(timeout=0.1) as fetcher:
        answer = fetcher.get(Request(server.url, timeout=5))
    assert isinstance(answer, Fetched)
    assert answer.body == b"<rss/>"


def test_closing_breaks_off_what_runs() -> None:
    faults: list[str] = []
    with Server(NO_ANSWER["nothing at all"]) as server:
        with fetching(timeout=30, per_host=1) as fetcher:

            def fetch() -> None:
                try:
                    fetcher.get(Request(server.url))
                except FetchError as error:
                    faults.append(str(error))

            threads = [threading.Thread(target=fetch) for _ in range(2)]
            for thread in threads:
                thread.start()
            while not server.heard:
                time.sleep(0.01)
        for thread in threads:
            thread.join(1)
    assert sorted(faults) == [
        "was left unfinished: the program is stopping",
        "was not asked: the program is stopping",
    ]


def test_the_watching_thread_ends_with_the_fetcher() -> None:
    before = set(threading.enumerate())  # a command that another test has called may have left one
    with Server(lambda heard: reply()) as server, fetching() as fetcher:
        fetcher.get(Request(server.url))
        begun = set(threading.enumerate()) - before
        (watching,) = (one for one in begun if one.name == "deadlines")
    watching.join(1)
    assert not watching.is_alive()
