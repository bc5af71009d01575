from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from aggregator.errors import FetchError
from aggregator.fetch import Fetched, Request
from aggregator.fetch.answer import retry_at
from tests.fetch.desk import NOW, fetching
from tests.fetch.server import Server, reply


def refused(status: int, *headers: str, body: bytes = b"") -> FetchError:
    answer = reply(status, *headers, body=body, length=status not in (101, 204))
    with (
        Server(lambda heard: answer) as server,
        fetching() as fetcher,
        pytest.raises(FetchError) as caught,
    ):
        fetcher.get(Request(server.url))
    return caught.value


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "answered 401 Unauthorized; {credentials}"),
        (403, "answered 403 Forbidden; it refuses this program or this network"),
        (404, "answered 404 Not Found; check the address"),
        (410, "answered 410 Gone; it was withdrawn for good: remove the source"),
        (429, "answered 429 Too Many Requests; ask it less often"),
        (451, "answered 451 Unavailable For Legal Reasons; {legal}"),
        (500, "answered 500 Internal Server Error; the fault is the server's: it is asked again"),
        (503, "answered 503 Service Unavailable; the fault is the server's: it is asked again"),
        (799, "answered 799; the fault is the server's: it is asked again"),
        (418, "answered 418 I'm a Teapot; a document was expected (200)"),
        (202, "answered 202 Accepted; a document was expected (200)"),
        (204, "answered 204 No Content; a document was expected (200)"),
        (205, "answered 205 Reset Content; a document was expected (200)"),
        (206, "answered 206 Partial Content; a document was expected (200)"),
        (226, "answered 226 IM Used; a document was expected (200)"),
        (300, "answered 300, a redirect, without saying where to"),
        (101, "answered 101 Switching Protocols; a document was expected (200)"),
    ],
)
def test_a_status_without_a_document_is_said_in_words(status: int, message: str) -> None:
    fault = refused(status, body=b"" if status in (101, 204) else b"<html>sorry</html>")
    assert str(fault) == message.format(
        credentials="it wants credentials: give it headers, or user:password@ in the address",
        legal="it may not be shown here for legal reasons",
    )
    assert fault.status == status
    assert fault.retry_at is None


def test_words_that_come_before_an_answer_are_passed_over() -> None:
    early = b"HTTP/1.1 %d Something\r\nLink: </style.css>; rel=preload\r\nContent-Length: 5\r\n\r\n"
    answer = b"".join(early % status for status in (100, 103, 102, 103, 100)) + reply(
        body=b"<rss/>"
    )
    with Server(lambda heard: answer) as server, fetching() as fetcher:
        for _ in range(2):
            fetched = fetcher.get(Request(server.url))
            assert isinstance(fetched, Fetched)
            assert fetched.body == b"<rss/>"
    assert server.connections == 1


def test_203_is_a_document() -> None:
    with Server(lambda heard: reply(203, body=b"<rss/>")) as server, fetching() as fetcher:
        assert isinstance(fetcher.get(Request(server.url)), Fetched)


def test_the_servers_own_phrase_is_not_repeated() -> None:
    answer = b"HTTP/1.1 404 \x1b[31mRED\r\nContent-Length: 0\r\n\r\n"
    with (
        Server(lambda heard: answer) as server,
        fetching() as fetcher,
        pytest.raises(FetchError) as caught,
    ):
        fetcher.get(Request(server.url))
    assert str(caught.value) == "answered 404 Not Found; check the address"


@pytest.mark.parametrize("status", [429, 503, 403])
def test_a_pause_that_is_asked_for_is_reported(status: int) -> None:
    fault = refused(status, "Retry-After: 3600")
    assert fault.retry_at == NOW + timedelta(hours=1)
    assert str(fault).endswith("; it asks for a pause until 2024-05-06 08:08 UTC")


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("120", NOW + timedelta(minutes=2)),
        (" 120 ", NOW + timedelta(minutes=2)),
        ("9" * 5000, NOW + timedelta(days=7)),
        ("120, 120", NOW + timedelta(minutes=2)),
        ("604801", NOW + timedelta(days=7)),
        ("Mon, 06 May 2024 08:08:09 GMT", NOW + timedelta(hours=1)),
        ("Mon, 06 May 2024 10:08:09 +0200", NOW + timedelta(hours=1)),
        ("Monday, 06-May-24 08:08:09 GMT", NOW + timedelta(hours=1)),
        ("Mon May  6 08:08:09 2024", NOW + timedelta(hours=1)),
        ("Fri, 06 May 2044 08:08:09 GMT", NOW + timedelta(days=7)),
        ("Fri, 31 Dec 9999 23:59:59 -2359", NOW + timedelta(days=7)),
        ("Mon, 06 May 2024 07:08:09 GMT", None),
        ("Mon, 06 May 2014 07:08:09 GMT", None),
        ("Mon, 06 May 99999999999999999999 08:08:09 GMT", None),
        ("Mon, 06 May 2024 08:08:09 +99999999999999999999", None),
        ("0", None),
        ("-5", None),
        ("1.5", None),
        ("１２０", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str, moment: datetime | None) -> None:
    assert retry_at({"retry-after": value}, NOW) == moment


@pytest.mark.parametrize(
    ("date", "minutes"),
    [
        ("Mon, 06 May 2024 05:08:09 GMT", 180),  # its clock is two hours behind ours
        ("Mon, 06 May 2024 08:00:09 GMT", 8),
        ("Mon, 06 May 2024 09:08:09 GMT", None),
        ("now", 60),
        ("", 60),
    ],
)
def test_a_date_to_wait_for_is_by_the_servers_own_clock(date: str, minutes: int | None) -> None:
    headers = {"retry-after": "Mon, 06 May 2024 08:08:09 GMT", "date": date}
    moment = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert retry_at(headers, NOW) == moment
