from __future__ import annotations

from datetime import timedelta

import pytest

from aggregator.errors import FetchError, PausedError
from aggregator.fetch import Fetched, NotModified, Request
from aggregator.fetch.exchange import hash_of
from aggregator.fetch.site import host_of
from tests.fetch.desk import NOW, fetching
from tests.fetch.server import Answer, Heard, Server, reply

HOUR = timedelta(hours=1)


def test_a_host_to_be_avoided_is_not_asked() -> None:
    with Server(lambda heard: reply(body=b"x")) as server, fetching() as fetcher:
        avoid = {host_of(server.at("feeds.test")): NOW + HOUR}
        with pytest.raises(PausedError, match="wants to be left alone until 2024-05-06 08:08"):
            fetcher.get(Request(server.at("feeds.test"), avoid=avoid))
        assert server.heard == []
        assert isinstance(fetcher.get(Request(server.at("other.test"), avoid=avoid)), Fetched)


def test_a_host_to_be_avoided_is_not_asked_by_way_of_a_redirect() -> None:
    def answer(heard: Heard) -> Answer:
        return reply(302, f"Location: {server.at('feeds.test', '/next')}")

    with Server(answer) as server, fetching() as fetcher:
        avoid = {host_of(server.at("feeds.test")): NOW + HOUR}
        with pytest.raises(PausedError, match=r"redirects to feeds\.test, which wants") as caught:
            fetcher.get(Request(server.at("other.test"), avoid=avoid))
    assert caught.value.retry_at == NOW + HOUR
    assert len(server.heard) == 1


@pytest.mark.parametrize("status", [200, 304])
def test_an_answer_may_ask_for_a_pause_too(status: int) -> None:
    with (
        Server(lambda heard: reply(status, "Retry-After: 3600", body=b"")) as server,
        fetching() as fetcher,
    ):
        answer = fetcher.get(Request(server.url, etag='"1"'))
    assert answer.retry_at == NOW + HOUR


def test_an_answer_without_a_document_says_which_of_the_two_it_was() -> None:
    with Server(lambda heard: reply(body=b"x")) as server, fetching() as fetcher:
        answer = fetcher.get(Request(server.url, body_hash=hash_of(b"x")))
    assert isinstance(answer, NotModified)
    assert answer.status == 200
    with Server(lambda heard: reply(304, length=False)) as server, fetching() as fetcher:
        answer = fetcher.get(Request(server.url, etag='"1"'))
    assert isinstance(answer, NotModified)
    assert answer.status == 304


@pytest.mark.parametrize(
    ("statuses", "permanent"),
    [([], True), ([301], True), ([308, 301], True), ([302], False), ([301, 307], False)],
)
def test_a_fault_says_where_it_arose_and_whether_that_place_is_for_good(
    statuses: list[int], permanent: bool
) -> None:
    """The paths are the hops: `/0` is redirected with the first status to `/1`, and so on."""

    def answer(heard: Heard) -> Answer:
        number = int(heard.target.removeprefix("/"))
        if number == len(statuses):
            return reply(410)
        return reply(statuses[number], f"Location: /{number + 1}")

    with Server(answer) as server, fetching() as fetcher, pytest.raises(FetchError) as caught:
        fetcher.get(Request(server.at("feeds.test", "/0")))
    assert caught.value.status == 410
    assert caught.value.url == server.at("feeds.test", f"/{len(statuses)}")
    assert caught.value.permanent is permanent
