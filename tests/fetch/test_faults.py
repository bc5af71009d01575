from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from requests import RequestException

from aggregator.errors import FetchError
from aggregator.fetch import Fetched, Request
from aggregator.fetch.deadline import Deadline
from aggregator.fetch.faults import fetch_error
from tests.fetch.desk import fetching
from tests.fetch.server import Server, reply

AUTHORITY = trustme.CA()


def tls_of(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@pytest.fixture
def trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


def fault_at(url: str, trust: ssl.SSLContext | None = None) -> str:
    with fetching(trust=trust) as fetcher, pytest.raises(FetchError) as caught:
        fetcher.get(Request(url))
    return str(caught.value)


@contextmanager
def one_connection(serve: Callable[[socket.socket], object]) -> Iterator[int]:
    """Accept one connection, wait for its first bytes, *serve* it and close it; give the port."""

    def accept() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            serve(connection)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=accept)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


# ── addresses ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("url", ["feeds.test/rss", "/rss", "", "ftp://feeds.test/", "mailto:a@b.c"])
def test_what_is_no_address_is_reported(url: str) -> None:
    assert "is not an http, https or file address" in fault_at(url)


@pytest.mark.parametrize(
    "url", ["http://", "http:///rss", "http://feeds.test:99999/", "http://[::/", "http://*.test/"]
)
def test_an_address_that_cannot_be_read_is_reported(url: str) -> None:
    assert fault_at(url) == "is not a valid address; check its host and port"


def test_an_international_host_name_is_asked_for_in_ascii() -> None:
    with Server(lambda heard: reply(body=b"x")) as server, fetching() as fetcher:
        answer = fetcher.get(Request(server.at("新闻.test", "/日报?词=一")))
    assert isinstance(answer, Fetched)
    assert server.heard[0].headers["host"] == f"xn--efvy88h.test:{server.port}"
    assert server.heard[0].target == "/%E6%97%A5%E6%8A%A5?%E8%AF%8D=%E4%B8%80"


# ── connections ───────────────────────────────────────────────────────────────────────────────────


def test_a_refused_connection_is_reported() -> None:
    assert fault_at(f"http://127.0.0.1:{free_port()}/") == (
        "refused the connection; check host and port"
    )


def test_an_unreachable_network_is_reported() -> None:
    with (
        fetching(allow=("240.0.0.0/4",), timeout=1) as fetcher,
        pytest.raises(FetchError) as caught,
    ):
        fetcher.get(Request("http://255.255.255.255/"))
    assert str(caught.value) == "cannot be reached from here; check the network"


def test_a_connection_that_is_reset_is_reported() -> None:
    def reset(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with one_connection(reset) as port:
        assert fault_at(f"http://127.0.0.1:{port}/") == (
            "broke the connection off; it is asked again"
        )


JUNK: dict[str, bytes] = {
    "another protocol": b"SSH-2.0-OpenSSH_9.2p1\r\n",
    "a page without a status line": b"<html><body>hello</body></html>\r\n\r\n",
    "a status that is none": b"HTTP/1.1 20x OK\r\n\r\n",
    "another HTTP": b"HTTP/3.7 200 OK\r\n\r\n",
    "a line without end": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
    "a thousand headers": b"HTTP/1.1 200 OK\r\n" + b"X-A: 1\r\n" * 1000 + b"\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello",
}


@pytest.mark.parametrize("said", JUNK.values(), ids=JUNK)
def test_what_is_not_http_is_reported(said: bytes) -> None:
    with Server(lambda heard: iter([said])) as server:
        assert fault_at(server.url) == "does not answer in proper HTTP; check the address"


def test_a_connection_closed_without_an_answer_is_reported() -> None:
    with Server(lambda heard: iter([])) as server:
        assert fault_at(server.url) == "closed the connection without an answer; it is asked again"


def test_lines_that_are_no_headers_are_borne() -> None:
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nno colon here\r\nX: 1\r\n\r\n<rss/>"
    with Server(lambda heard: iter([said])) as server, fetching() as fetcher:
        answer = fetcher.get(Request(server.url))
    assert isinstance(answer, Fetched)
    assert answer.body == b"<rss/>"


# ── certificates ──────────────────────────────────────────────────────────────────────────────────


def test_a_trusted_certificate_of_the_right_host_is_accepted(trust: ssl.SSLContext) -> None:
    tls = tls_of(AUTHORITY.issue_cert("feeds.test", "127.0.0.1"))
    with (
        Server(lambda heard: reply(body=b"x"), tls=tls) as server,
        fetching(trust=trust) as fetcher,
    ):
        assert isinstance(fetcher.get(Request(server.at("feeds.test"))), Fetched)
        assert isinstance(fetcher.get(Request(server.at("feeds.test."))), Fetched)
        assert isinstance(fetcher.get(Request(server.at("127.0.0.1"))), Fetched)


def test_the_name_is_told_to_the_server_although_an_address_is_connected_to(
    trust: ssl.SSLContext,
) -> None:
    told: list[str] = []
    tls = tls_of(AUTHORITY.issue_cert("feeds.test"))
    tls.sni_callback = lambda _socket, name, _context: told.append(name)
    with (
        Server(lambda heard: reply(body=b"x"), tls=tls) as server,
        fetching(trust=trust) as fetcher,
    ):
        fetcher.get(Request(server.at("feeds.test")))
    assert told == ["feeds.test"]


YESTERDAY = datetime.now(UTC) - timedelta(days=1)
CERTIFICATES: dict[str, tuple[Callable[[], trustme.LeafCert], str]] = {
    "expired": (
        lambda: AUTHORITY.issue_cert(
            "feeds.test", not_before=YESTERDAY - timedelta(days=9), not_after=YESTERDAY
        ),
        "shows a certificate that has expired",
    ),
    "early": (
        lambda: AUTHORITY.issue_cert("feeds.test", not_before=YESTERDAY + timedelta(days=9)),
        "shows a certificate that is not valid yet",
    ),
    "wrong host": (
        lambda: AUTHORITY.issue_cert("other.test"),
        "shows a certificate that is for another host",
    ),
    "unknown authority": (
        lambda: trustme.CA().issue_cert("feeds.test"),
        "shows a certificate that comes from an authority that is not trusted here",
    ),
}


@pytest.mark.parametrize(("issue", "message"), CERTIFICATES.values(), ids=CERTIFICATES)
def test_a_bad_certificate_is_reported(
    issue: Callable[[], trustme.LeafCert], message: str, trust: ssl.SSLContext
) -> None:
    with Server(lambda heard: reply(), tls=tls_of(issue())) as server:
        assert fault_at(server.at("feeds.test"), trust) == message
    assert server.heard == []


def test_until_when_a_certificate_is_good_is_told_with_each_answer(trust: ssl.SSLContext) -> None:
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(days=40)
    certificate = AUTHORITY.issue_cert("feeds.test", not_after=end)
    with (
        Server(lambda heard: reply(), tls=tls_of(certificate)) as server,
        Server(lambda heard: reply()) as plain,
        fetching(trust=trust) as fetcher,
    ):
        answers = [fetcher.get(Request(server.at("feeds.test"))) for _ in range(2)]
        assert [answer.certificate_until for answer in answers] == [end, end]
        assert server.connections == 1, "the second one asks over the same connection"
        assert fetcher.get(Request(plain.url)).certificate_until is None


def test_a_certificate_for_another_address_is_reported(trust: ssl.SSLContext) -> None:
    with Server(lambda heard: reply(), tls=tls_of(AUTHORITY.issue_cert("feeds.test"))) as server:
        assert fault_at(server.url, trust) == "shows a certificate that is for another address"


def test_nobody_here_trusts_an_authority_of_its_own_making() -> None:
    with Server(lambda heard: reply(), tls=tls_of(AUTHORITY.issue_cert("feeds.test"))) as server:
        assert "not trusted here" in fault_at(server.at("feeds.test"))


def test_https_asked_of_a_plain_server_is_reported() -> None:
    with one_connection(lambda connection: connection.sendall(reply(400))) as port:
        assert fault_at(f"https://127.0.0.1:{port}/") == (
            "does not speak TLS on this port; write http:// or another port"
        )


# ── the border itself ─────────────────────────────────────────────────────────────────────────────


def test_a_fault_nobody_thought_of_is_a_sentence_without_its_text() -> None:
    fault = fetch_error(RequestException("http://feeds.test/?token=s3cret"), Deadline(1))
    assert str(fault) == "could not be fetched, for a reason that is not known; it is asked again"
