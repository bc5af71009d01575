from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator.errors import FetchError
from aggregator.fetch import Fetched, NotModified, Request
from aggregator.fetch.exchange import hash_of
from tests.fetch.desk import fetching
from tests.fetch.server import Answer, Heard, Server, reply

DAY = "Mon, 06 May 2024 07:08:09 GMT"
BODY = b"<rss/>"


def exchanged(answer: Answer, request: Request) -> tuple[Fetched | NotModified, Heard]:
    with Server(lambda heard: answer) as server, fetching() as fetcher:
        outcome = fetcher.get(replace(request, url=server.url))
        return outcome, server.heard[0]


@pytest.mark.parametrize(
    "etag",
    ['"abc"', 'W/"abc"', 'w/"abc"', "abc", '"abc-gzip"', '"a"b"', '"a b, c"', "'abc'", '""', '"é"'],
)
def test_an_etag_is_sent_back_exactly_as_it_came(etag: str) -> None:
    raw = etag.encode("latin-1")
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nETag: " + raw + b"\r\n\r\n<rss/>"
    with Server(lambda heard: said) as server, fetching() as fetcher:
        first = fetcher.get(Request(server.url))
        assert isinstance(first, Fetched)
        fetcher.get(Request(server.url, etag=first.etag))
    assert server.heard[1].headers["if-none-match"].encode("latin-1") == raw
    assert "if-modified-since" not in server.heard[1].headers


def test_an_etag_that_would_stand_for_anything_is_none() -> None:
    outcome, _ = exchanged(reply(200, "ETag: *", body=BODY), Request(""))
    assert outcome.etag == ""


@pytest.mark.parametrize("date", [DAY, "Mon, 6 May 2024 07:08:09 +0000", "2024-05-06T07:08:09Z"])
def test_a_date_of_change_is_sent_back_exactly_as_it_came(date: str) -> None:
    _, heard = exchanged(reply(body=BODY), Request("", last_modified=date))
    assert heard.headers["if-modified-since"] == date
    assert "if-none-match" not in heard.headers


def test_nothing_known_asks_without_conditions() -> None:
    _, heard = exchanged(reply(body=BODY), Request("", body_hash="0"))
    assert not {"if-none-match", "if-modified-since"} & set(heard.headers)


def test_304_keeps_what_we_had() -> None:
    known = Request("", etag='"1"', last_modified=DAY, body_hash="abc")
    outcome, _ = exchanged(reply(304, length=False), known)
    assert isinstance(outcome, NotModified)
    assert (outcome.etag, outcome.last_modified, outcome.body_hash) == ('"1"', DAY, "abc")


def test_304_may_bring_new_validators() -> None:
    outcome, _ = exchanged(reply(304, 'ETag: "2"', length=False), Request("", etag='"1"'))
    assert isinstance(outcome, NotModified)
    assert outcome.etag == '"2"'


def test_304_may_announce_a_length_it_does_not_send() -> None:
    said = reply(304, "Content-Length: 5000", length=False)
    outcome, _ = exchanged(said, Request("", etag='"1"'))
    assert isinstance(outcome, NotModified)


def test_304_to_a_question_without_conditions_is_a_fault() -> None:
    with pytest.raises(FetchError, match="304 Not Modified to a question without") as caught:
        exchanged(reply(304, length=False), Request("", body_hash="abc"))
    assert caught.value.status == 304


def test_the_same_body_is_not_new_and_brings_its_new_validators() -> None:
    known = Request("", etag='"1"', last_modified=DAY, body_hash=hash_of(BODY))
    outcome, _ = exchanged(reply(200, 'ETag: "2"', body=BODY), known)
    assert isinstance(outcome, NotModified)
    assert (outcome.etag, outcome.last_modified) == ('"2"', "")
    assert outcome.body_hash == hash_of(BODY)


def test_200_without_validators_drops_those_we_had() -> None:
    outcome, _ = exchanged(reply(body=BODY), Request("", etag='"1"', last_modified=DAY))
    assert isinstance(outcome, Fetched)
    assert (outcome.etag, outcome.last_modified) == ("", "")


def test_a_document_comes_with_all_that_is_known_of_it() -> None:
    said = reply(
        200,
        'ETag: W/"7"',
        f"last-modified: {DAY}",
        "Content-Type: text/xml; charset=GB2312",
        "Cache-Control: max-age=60",
        "Cache-Control: public",
        "Set-Cookie: session=s3cret",
        body=BODY,
    )
    outcome, heard = exchanged(said, Request(""))
    assert isinstance(outcome, Fetched)
    assert (heard.method, heard.target) == ("GET", "/feed")
    assert outcome.body == BODY
    assert outcome.content_type == "text/xml; charset=GB2312"
    assert (outcome.etag, outcome.last_modified) == ('W/"7"', DAY)
    assert outcome.body_hash == hash_of(BODY)
    assert outcome.headers["cache-control"] == "max-age=60, public"
    assert "set-cookie" not in outcome.headers


def test_an_empty_document_is_a_document() -> None:
    outcome, _ = exchanged(reply(), Request(""))
    assert isinstance(outcome, Fetched)
    assert outcome.body == b""


def test_304_from_a_place_that_was_asked_without_conditions_is_a_fault() -> None:
    with Server(lambda _: reply(304, length=False)) as server, fetching() as fetcher:
        asked = Request(server.url, etag='"1"', document="https://other.test/feed")
        with pytest.raises(FetchError, match="without conditions"):
            fetcher.get(asked)
    assert "if-none-match" not in server.heard[0].headers
