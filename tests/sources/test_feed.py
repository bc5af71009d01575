from __future__ import annotations

import gzip
from typing import Any

import pytest

from aggregator.errors import ParseError
from aggregator.model import SourceState
from aggregator.sources import KINDS
from aggregator.workers import Workers, employed
from tests.sources.desk import LIST, NOTHING, Answers, collect, rss, source

JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Rain",
    "items": [{"id": "1", "title": "rain", "url": "/1"}],
}


def test_xml_and_json_are_told_apart_by_what_came() -> None:
    for document in (rss("rain"), JSON_FEED):
        feed = collect(source(), Answers({LIST: document})).feed
        assert (feed.title, feed.entries[0].title) == ("Rain", "rain")
        assert feed.entries[0].link.startswith("https://rain.example/")


def test_a_feed_that_is_a_gzip_file_is_unfolded_whatever_its_server_says() -> None:
    packed = gzip.compress(rss("rain"))
    assert collect(source(), Answers({LIST: packed})).feed.entries[0].title == "rain"
    with pytest.raises(ParseError, match="the first part of a gzip file"):
        collect(source(), Answers({LIST: packed[:-9]}))


def test_validators_headers_and_limits_go_with_the_request() -> None:
    answers = Answers({LIST: rss("rain")})
    origin = source(
        headers={"X-Key": "secret"}, timeout="7s", max_size="2MB", allow_private=["nas.lan"]
    )
    state = SourceState("rain", etag='W/"1"', last_modified="yesterday", body_hash="abc")
    KINDS["feed"].collect(origin, state, answers, NOTHING)
    request = answers.asked[0]
    assert (request.url, request.etag, request.last_modified) == (LIST, 'W/"1"', "yesterday")
    assert request.body_hash == "abc"
    assert request.headers == {"X-Key": "secret"}
    assert (request.timeout, request.max_size) == (7, 2_000_000)
    assert request.allow_private == ("nas.lan",)


def test_a_source_without_wishes_leaves_the_limits_to_the_fetcher() -> None:
    answers = Answers({LIST: rss("rain")})
    collect(source(), answers)
    assert (answers.asked[0].timeout, answers.asked[0].max_size) == (None, None)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"<!doctype html><title>Rain</title>", 'is an HTML page ("Rain")'),
        (b"", "is empty"),
        (rss("rain")[:-40], "ends in the middle"),
        (b'{"records": []}', "is JSON but no JSON Feed"),
        (b'{"version": "https://jsonfeed.org/ver', "first part"),
    ],
)
def test_what_is_no_feed_is_refused_in_words(document: bytes, words: str) -> None:
    with pytest.raises(ParseError) as refused:
        collect(source(), Answers({LIST: document}))
    assert words in str(refused.value)


class Counted(Workers):
    """Workers that count what they are given."""

    given = 0

    def run(self, function: Any, *arguments: Any, **options: Any) -> Any:
        self.given += 1
        return super().run(function, *arguments, **options)


WORDS = "rain and wind " * 5000


@pytest.mark.parametrize(
    ("document", "apart"),
    [
        (rss(WORDS), 0),
        (rss("rain").replace(b"<item>", b"<item>" + b"<a></a>" * 10_000), 1),
        (rss(WORDS * 10), 1),
        (rss(WORDS).replace(b"</item>", b"</itme>"), 1),
        (JSON_FEED | {"title": WORDS}, 1),
    ],
    ids=["well-formed", "many tags", "large", "ill-formed", "json"],
)
def test_a_feed_that_could_take_long_is_read_in_another_process(document: Any, apart: int) -> None:
    workers = Counted(1)
    with employed(workers):
        found = collect(source(), Answers({LIST: document}))
    assert found.feed.entries
    assert workers.given == apart
