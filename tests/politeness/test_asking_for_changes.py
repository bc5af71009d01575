from __future__ import annotations

import pytest

from aggregator.model import Status
from tests.fetch.server import reply
from tests.politeness.desk import HOUR, channel, feed, paper, portal
from tests.polling import Polling, source
from tests.web import rss


@pytest.mark.parametrize(
    "etag",
    [
        '"abc"',
        'W/"abc"',
        '"abc-gzip"',
        '"abc;gzip"',
        "abc",
        '"a b"',
        '""',
        'W/"a"b"',
        '"1", "2"',
        '"\xe9"',
    ],
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


def test_validators_go_to_the_place_that_they_came_from_and_to_no_other(world: Polling) -> None:
    world.answers |= {
        "/feed": reply(302, f"Location: {world.at('one.test', '/a?signed=1')}"),
        "/a?signed=1": feed('ETag: "1"'),
        "/a?signed=2": reply(304, length=False),
        "/b": feed('ETag: "1"', body=rss("three")),
    }
    paper(world)
    world.turn()
    world.restart()
    world.answers["/feed"] = reply(302, f"Location: {world.at('one.test', '/a?signed=2')}")
    first, second = world.turn("paper")
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == '"1"'
    world.answers["/feed"] = reply(302, f"Location: {world.at('two.test', '/b')}")
    assert all("if-none-match" not in heard.headers for heard in world.turn("paper"))
    assert world.titles() == {"one", "two", "three"}
    world.answers["/feed"] = feed('ETag: "1"')
    (heard,) = world.turn("paper")
    assert "if-none-match" not in heard.headers


def test_an_edit_of_which_no_article_is_made_asks_for_changes_only(world: Polling) -> None:
    world.answers["/feed"] = feed('ETag: "1"')
    paper(world, 'every = "1h"')
    world.turn()
    world.configure(
        source(
            "paper", world.at("paper.test"), 'every = "2h"', 'timeout = "9s"', 'max_size = "1MB"'
        ),
        fetch='[site]\ntitle = "Other news"\nauthor = "Ada"\ndescription = "All of it"',
    )
    (heard,) = world.turn("paper")
    assert heard.headers["if-none-match"] == '"1"'
    paper(world, 'every = "2h"', 'licence = "CC BY 4.0"')
    (heard,) = world.turn("paper")
    assert "if-none-match" not in heard.headers


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


def test_304_to_one_who_has_nothing_is_a_failure_and_no_validator(world: Polling) -> None:
    world.answers["/feed"] = reply(304, 'ETag: "1"', length=False)
    paper(world)
    world.turn()
    assert world.outcomes[0].status is Status.FAILED
    assert world.pause() >= HOUR
    world.answers["/feed"] = feed()
    (heard,) = world.turn("paper")
    assert "if-none-match" not in heard.headers
    assert world.titles() == {"one", "two"}


def test_the_first_look_at_a_feed_is_one_request(world: Polling) -> None:
    elsewhere = world.at("paper.test", "/never")
    rich = channel(
        f"<image><url>{elsewhere}</url></image><atom:link xmlns:atom='http://www.w3.org/2005/Atom'"
        f" rel='next' href='{elsewhere}'/><atom:icon xmlns:atom='http://www.w3.org/2005/Atom'>"
        f"{elsewhere}</atom:icon>"
    ).replace(b"<guid>", f"<enclosure url='{elsewhere}' type='audio/mpeg'/><guid>".encode())
    world.answers["/feed"] = feed(body=rich)
    paper(world)
    assert [heard.target for heard in world.turn()] == ["/feed"]
    assert world.titles() == {"one", "two"}


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
