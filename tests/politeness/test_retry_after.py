from __future__ import annotations

from datetime import timedelta

import pytest

from aggregator.model import Status
from tests.fetch.server import reply
from tests.politeness.desk import DAY, HOUR, LATE, MINUTE, feed, paper, portal
from tests.polling import Polling, source


@pytest.mark.parametrize("status", [404, 429, 503])
@pytest.mark.parametrize("value", ["10800", LATE])
def test_retry_after_is_kept_to(world: Polling, status: int, value: str) -> None:
    world.answers["/feed"] = reply(status, f"Retry-After: {value}")
    paper(world, 'every = "1m"')
    world.turn()
    assert world.pause() >= 3 * HOUR
    assert "asked not to be asked before 2026-11-22 15:00 UTC" in world.state().why
    world.wait(hours=2, minutes=59, seconds=59)
    world.restart()
    assert world.turn() == []
    world.wait_for()
    assert len(world.turn()) == 1


@pytest.mark.parametrize("value", ["0", "-5", "soon", "1.5", "", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_retry_after_that_says_nothing_is_passed_over(world: Polling, value: str) -> None:
    world.answers["/feed"] = reply(503, f"Retry-After: {value}")
    paper(world, 'every = "10m"')
    world.turn()
    assert 20 * MINUTE <= world.pause() <= 22 * MINUTE


@pytest.mark.parametrize("value", ["99999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_an_absurd_retry_after_is_cut_to_a_week(world: Polling, value: str) -> None:
    world.answers["/feed"] = reply(503, f"Retry-After: {value}")
    paper(world)
    world.turn()
    assert 7 * DAY <= world.pause() <= 7 * DAY + 16 * MINUTE


@pytest.mark.parametrize("status", [200, 304, 403, 500])
def test_retry_after_is_kept_to_with_whatever_it_comes(world: Polling, status: int) -> None:
    world.answers["/feed"] = feed('ETag: "1"')
    paper(world, 'every = "1m"')
    world.turn()
    wish = "Retry-After: 10800"
    world.answers["/feed"] = (
        feed('ETag: "2"', wish) if status == 200 else reply(status, wish, length=status != 304)
    )
    world.wait_for()
    assert len(world.turn()) == 1
    assert 3 * HOUR <= world.pause() <= 3 * HOUR + 16 * MINUTE
    assert world.turn("paper") == []


def test_retry_after_is_for_every_source_of_the_host_and_for_no_other(world: Polling) -> None:
    world.answers["/busy"] = reply(429, "Retry-After: 3600")
    world.answers["/feed"] = feed()
    world.configure(
        source("busy", world.at("paper.test", "/busy")),
        source("same", world.at("paper.test")),
        source("other", world.at("other.test")),
    )
    world.turn("busy")
    assert [heard.headers["host"].split(":")[0] for heard in world.turn("same", "other")] == [
        "other.test"
    ]
    waiting = next(outcome for outcome in world.outcomes if outcome.id == "same")
    assert waiting.status is Status.WAITING
    assert "wants to be left alone until 2026-11-22 13:00 UTC" in waiting.error
    assert world.state("same").failures == 0
    assert "asked not to be asked before" in world.state("same").why
    world.restart()
    assert world.turn("same", "busy") == [], "an order of the operator's is no reason either"
    world.answers["/busy"] = feed()
    world.wait(hours=1, minutes=7)
    assert len(world.turn()) >= 2
    assert world.state("same").last_ok_at is not None


def test_the_rest_of_a_host_is_left_alone_from_the_first_429_on(world: Polling) -> None:
    world.answers["/feed"] = reply(429)
    world.configure(
        *(source(f"s{number}", world.at("paper.test")) for number in range(20)),
        fetch="per_host = 1",
    )
    assert len(world.turn()) == 1
    assert [outcome.status for outcome in world.outcomes].count(Status.WAITING) == 19


def test_a_redirect_to_a_host_that_wants_peace_is_not_followed(world: Polling) -> None:
    world.answers["/busy"] = reply(503, "Retry-After: 3600")
    world.answers["/away"] = reply(302, f"Location: {world.at('paper.test')}")
    world.answers["/feed"] = feed()
    world.configure(
        source("busy", world.at("paper.test", "/busy")),
        source("away", world.at("other.test", "/away")),
    )
    world.turn("busy")
    assert [heard.target for heard in world.turn("away")] == ["/away"]
    assert world.outcomes[0].status is Status.WAITING


def test_retry_after_of_a_detail_is_for_its_host(world: Polling) -> None:
    portal(world, "details.test")
    world.answers["/1"] = reply(429, "Retry-After: 3600")
    assert [heard.target for heard in world.turn()] == ["/feed", "/1"]
    world.wait_for()
    assert [heard.target for heard in world.turn()] == ["/feed"]
    world.wait(hours=2)
    assert [heard.target for heard in world.turn()] == ["/feed", "/1"]


def test_retry_after_on_a_redirect_is_for_the_next_time(world: Polling) -> None:
    world.answers["/feed"] = reply(302, "Location: /new", "Retry-After: 7200")
    world.answers["/new"] = feed()
    paper(world, 'every = "1m"')
    assert [heard.target for heard in world.turn()] == ["/feed", "/new"]
    assert world.pause() >= 2 * HOUR


@pytest.mark.parametrize(("said", "pause"), [("Retry-After: 3600", HOUR), ("X: y", 5 * MINUTE)])
def test_a_robots_txt_that_asks_for_a_pause_is_a_word_for_its_host(
    world: Polling, said: str, pause: timedelta
) -> None:
    world.answers |= {"/robots.txt": reply(429, said), "/page": reply(body=b"<li>one</li>")}
    rows = ('kind = "html"', 'items = "li"', 'fields = { title = "li" }')
    world.configure(
        source("page", world.at("paper.test", "/page"), *rows),
        source("paper", world.at("paper.test")),
    )
    assert [heard.target for heard in world.turn("page")] == ["/robots.txt"]
    assert "robots.txt of paper.test answered 429" in world.outcomes[0].error
    assert world.turn("paper") == []
    assert world.outcomes[0].status is Status.WAITING
    assert world.pause() >= pause
