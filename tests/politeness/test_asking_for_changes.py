from __future__ import annotations

import pytest

from aggregator.model import Status
from tests.fetch.server import reply
from tests.politeness.desk import feed, paper, portal
from tests.polling import Polling


@pytest.mark.parametrize(
    "etag", ['"abc"', 'W/"abc"', '"abc-gzip"', '"abc;gzip"', "abc", '"a b"', '""', 'W/"a"b"']
)
def test_validators_are_sent_back_exactly_as_they_came(world: Polling, etag: str) -> None:
    changed = "sunday, 22-Nov-26 10:00:00 GMT"
    world.answers["/feed"] = feed(f"ETag: {etag}", f"Last-Modified: {changed}")
    paper(world)
    (first,) = world.turn()
    assert not {"if-none-match", "if-modified-since"} & first.headers.keys()
    world.restart()
    (second,) = world.turn("paper")
    assert second.headers["if-none-match"] == etag
    assert second.headers["if-modified-since"] == changed


def test_validators_are_dropped_when_a_document_comes_without_them(world: Polling) -> None:
    world.answers["/feed"] = feed('ETag: "1"', "Last-Modified: yesterday")
    paper(world)
    world.turn()
    world.answers["/feed"] = feed('ETag: "2"')
    world.turn("paper")
    (third,) = world.turn("paper")
    assert third.headers["if-none-match"] == '"2"'
    assert "if-modified-since" not in third.headers
    world.answers["/feed"] = feed()
    world.turn("paper")
    (fifth,) = world.turn("paper")
    assert not {"if-none-match", "if-modified-since"} & fifth.headers.keys()


def test_304_wipes_nothing(world: Polling) -> None:
    world.answers["/feed"] = feed('ETag: "1"', "Last-Modified: then", "Cache-Control: max-age=7200")
    paper(world)
    world.turn()
    world.answers["/feed"] = reply(304, length=False)
    for _ in range(2):
        (heard,) = world.turn("paper")
        assert heard.headers["if-none-match"] == '"1"'
        assert heard.headers["if-modified-since"] == "then"
        assert world.outcomes[0].status is Status.NOT_MODIFIED
    assert world.titles() == {"one", "two"}
    assert world.state().hints.fresh == 7200


def test_304_may_bring_a_new_validator(world: Polling) -> None:
    world.answers["/feed"] = feed('ETag: "1"')
    paper(world)
    world.turn()
    world.answers["/feed"] = reply(304, 'ETag: W/"2"', length=False)
    world.turn("paper")
    assert world.turn("paper")[0].headers["if-none-match"] == 'W/"2"'


def test_a_detail_that_fails_is_asked_for_again(world: Polling) -> None:
    portal(world)
    assert [heard.target for heard in world.turn()] == ["/feed", "/1", "/2"]
    world.answers |= {"/1": reply(body=b'{"text": "x"}'), "/2": reply(body=b'{"text": "y"}')}
    heard = world.turn("paper")
    assert [one.target for one in heard] == ["/feed", "/1", "/2"]
    assert "if-none-match" not in heard[0].headers
    assert world.titles() == {"one", "two"}
    (again,) = world.turn("paper")
    assert again.headers["if-none-match"] == '"1"'
