from __future__ import annotations

import time
from datetime import timedelta

import pytest

from aggregator.model import Status
from tests.fetch.server import Answer, Heard, reply
from tests.politeness.desk import DAY, HOUR, MINUTE, SECOND, feed, paper
from tests.polling import Polling, source


def test_what_is_gone_is_not_asked_until_it_is_told_to(world: Polling) -> None:
    world.answers["/feed"] = reply(410)
    paper(world)
    world.turn()
    assert world.state().next_due_at is None
    assert "gone for good (410): not asked any more" in world.state().why
    world.wait(days=400)
    world.restart()
    assert world.turn() == []
    assert world.all_but_gone() == []
    world.answers["/feed"] = feed()
    assert len(world.turn("paper")) == 1
    assert world.state().next_due_at is not None
    assert world.all_but_gone() == ["paper"]


def test_what_is_gone_is_asked_when_its_configuration_has_changed(world: Polling) -> None:
    world.answers["/feed"] = reply(410)
    paper(world)
    world.turn()
    paper(world, 'title = "The Paper"')
    assert world.all_but_gone() == ["paper"]
    assert len(world.turn()) == 1
    paper(world, 'title = "The Paper"', "[[rule]]", 'drop = true\nmatch = "x"')
    assert world.turn() == []


@pytest.mark.parametrize(("status", "gone"), [(301, True), (302, False)])
def test_gone_behind_a_redirect_is_gone_if_that_is_permanent(
    world: Polling, status: int, gone: bool
) -> None:
    world.answers["/feed"] = reply(status, "Location: /old")
    world.answers["/old"] = reply(410)
    paper(world)
    world.turn()
    assert world.state().gone is gone


def pauses(world: Polling, count: int, *lines: str) -> list[timedelta]:
    paper(world, *lines)
    found = []
    for _ in range(count):
        world.turn()
        found.append(world.pause())
        world.wait_for()
    return found


@pytest.mark.parametrize("status", [500, 502, 503, 408, 421, 425])
def test_failures_of_the_server_are_waited_out_longer_and_longer(
    world: Polling, status: int
) -> None:
    world.answers["/feed"] = reply(status)
    found = pauses(world, 12, 'every = "10m"')
    assert found[:5] == sorted(found[:5])
    assert 20 * MINUTE <= found[0] < 30 * MINUTE
    assert max(found) <= 6 * HOUR + 16 * MINUTE
    world.answers["/feed"] = feed()
    world.turn()
    assert world.state().failures == 0
    assert world.pause() <= 11 * MINUTE


@pytest.mark.parametrize("status", [401, 403, 404, 418, 451, 999])
def test_refusals_are_asked_about_more_slowly_and_never_given_up(
    world: Polling, status: int
) -> None:
    world.answers["/feed"] = reply(status)
    found = pauses(world, 12, 'every = "10m"')
    assert 40 * MINUTE <= found[0] < HOUR
    assert found[:4] == sorted(found[:4])
    assert all(DAY <= pause <= DAY + 16 * MINUTE for pause in found[5:])
    world.answers["/feed"] = feed()
    world.turn()
    assert world.pause() <= 11 * MINUTE


@pytest.mark.parametrize(("status", "kept"), [(400, 0), (412, 0), (431, 0), (404, 1), (500, 1)])
def test_a_server_that_may_trip_over_conditions_is_asked_without_them(
    world: Polling, status: int, kept: int
) -> None:
    world.answers["/feed"] = feed('ETag: "1"', "Last-Modified: then")
    paper(world)
    world.turn()
    world.answers["/feed"] = reply(status)
    (heard,) = world.turn("paper")
    assert "if-none-match" in heard.headers
    world.restart()
    (heard,) = world.turn("paper")
    assert len({"if-none-match", "if-modified-since"} & heard.headers.keys()) == 2 * kept


def test_no_answer_is_a_failure_like_others(world: Polling) -> None:
    def hangs(heard: Heard) -> Answer:
        time.sleep(0.5)
        return feed()

    world.answers |= {"/hangs": hangs, "/cut": lambda heard: iter([])}
    world.configure(
        source("unknown", world.at("nowhere.test")),
        source("closed", "http://127.0.0.1:9/"),
        source("tls", world.at("tls.test").replace("http:", "https:"), 'timeout = "200ms"'),
        source("hangs", world.at("paper.test", "/hangs"), 'timeout = "100ms"'),
        source("cut", world.at("paper.test", "/cut")),
    )
    world.turn()
    assert len(world.outcomes) == 5
    for outcome in world.outcomes:
        assert outcome.status is Status.FAILED
        assert HOUR <= world.pause(outcome.id) <= 1.1 * HOUR + SECOND


def test_sources_that_fail_together_do_not_come_back_together(world: Polling) -> None:
    world.answers["/feed"] = reply(500)
    world.configure(*(source(f"s{number}", world.at("paper.test")) for number in range(10)))
    world.turn()
    assert len({world.state(f"s{number}").next_due_at for number in range(10)}) > 7


def test_a_source_that_fails_at_first_is_still_new_when_it_comes(world: Polling) -> None:
    world.answers["/feed"] = reply(500)
    paper(world, "first = 1")
    world.turn()
    world.answers["/feed"] = feed()
    world.wait_for()
    world.turn()
    assert world.titles() == {"two"}


def test_https_that_fails_is_never_given_up_for_http(world: Polling) -> None:
    world.answers["/feed"] = feed()
    address = world.at("paper.test").replace("http:", "https:")
    world.configure(source("paper", address, 'timeout = "200ms"'))
    for _ in range(3):
        assert world.turn() == []
        assert world.outcomes[0].status is Status.FAILED
        world.wait_for()


@pytest.mark.parametrize("places", [("/feed",), ("/a", "/feed"), ("/a", "/b", "/a"), ("",)])
def test_redirects_that_lead_nowhere_are_a_failure_and_no_move(
    world: Polling, places: tuple[str, ...]
) -> None:
    for path, place in zip(("/feed", *places), places, strict=False):
        world.answers[path] = reply(301, f"Location: {place}" if place else "X: y")
    paper(world, 'every = "1d"')
    for _ in range(4):
        world.turn()
        assert world.outcomes[0].status is Status.FAILED
        world.wait_for()
    assert world.state().address == world.state().move.to == ""
