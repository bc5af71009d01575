from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from aggregator.errors import FetchError
from aggregator.fetch import Request
from tests.fetch.desk import fetching
from tests.fetch.server import Answer, Heard, Server, for_ever, reply

SECRET = "s3cret"
ANSWERS: dict[str, Callable[[Heard], Answer]] = {
    "404": lambda heard: reply(404),
    "401": lambda heard: reply(401),
    "not http": lambda heard: iter([b"junk\r\n\r\n"]),
    "nothing": lambda heard: iter([]),
    "no headers": lambda heard: iter([b"HTTP/1.1 500 No\r\nno colon\r\nfoo bar\r\n\r\n"]),
    "too late": lambda heard: for_ever(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "cut short": lambda heard: iter([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"]),
    "too large": lambda heard: reply(body=b"x" * 2_000_000),
    "no gzip": lambda heard: reply(200, "Content-Encoding: gzip", body=b"x" * 99),
    "a circle": lambda heard: reply(302, f"Location: {heard.target}"),
    "ftp": lambda heard: reply(302, f"Location: ftp://me:{SECRET}@feeds.test/?{SECRET}"),
    "private": lambda heard: reply(302, f"Location: http://me:{SECRET}@10.0.0.1/?t={SECRET}"),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_no_secret_is_in_a_message_nor_in_a_log(
    answer: Callable[[Heard], Answer], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with Server(answer) as server, fetching(timeout=0.3) as fetcher:
        request = Request(
            server.at(f"me:{SECRET}@feeds.test", f"/feed?token={SECRET}"),
            headers={"X-Token": SECRET},
        )
        with pytest.raises(FetchError) as caught:
            fetcher.get(request)
    assert SECRET not in str(caught.value)
    assert SECRET not in caplog.text


def test_a_header_that_cannot_be_sent_is_named_and_its_value_is_not() -> None:
    with fetching() as fetcher:
        headers = {"X-Token": f"{SECRET}\r\nX: y", "X Token": SECRET, "X": f"新{SECRET}"}
        for name, value in headers.items():
            with pytest.raises(FetchError, match="cannot be sent the header") as caught:
                fetcher.get(Request("http://feeds.test/", headers={name: value}))
            assert SECRET not in str(caught.value)
            assert repr(name) in str(caught.value)
