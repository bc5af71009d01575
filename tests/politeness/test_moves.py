from __future__ import annotations

from datetime import date

import pytest

from tests.fetch.server import reply
from tests.politeness.desk import adopted, answered_at, feed, paper
from tests.polling import Polling, source
from tests.web import rss


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_temporary_redirect_is_never_adopted(world: Polling, status: int) -> None:
    world.answers["/feed"] = reply(status, "Location: /new")
    world.answers["/new"] = feed()
    paper(world, 'every = "1d"')
    world.turn()
    for _ in range(5):
        assert answered_at(world) == ["/feed", "/new"]


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_adopted_after_three_days(world: Polling, status: int) -> None:
    world.answers["/feed"] = feed('ETag: "1"')
    paper(world, 'every = "12h"')
    world.turn()
    world.answers["/feed"] = reply(status, "Location: /new")
    world.answers["/new"] = feed('ETag: "1"')
    days: set[date] = set()
    while len(days) < 3:
        assert answered_at(world) == ["/feed", "/new"]
        days.add(world.now.date())
    world.wait_for()
    asked = world.turn()
    assert [heard.target for heard in asked] == ["/feed", "/new"]
    assert "if-none-match" not in asked[1].headers, "only the whole document tells what it holds"
    world.restart()
    for _ in range(2):
        assert answered_at(world) == ["/new"]
        assert "moved permanently to http://paper.test:" in world.state().why
        assert "change its url in config.toml" in world.state().why


def test_a_redirect_that_wavers_is_not_adopted(world: Polling) -> None:
    world.answers |= {"/new": feed(), "/newer": feed(), "/feed": feed()}
    paper(world, 'every = "1d"')
    world.turn()
    for place in ("/new", "/new", "/newer", "/new", "", "/new", "/new"):
        world.answers["/feed"] = reply(301, f"Location: {place}") if place else feed()
        assert answered_at(world)[0] == "/feed"
    assert world.state().address == ""


@pytest.mark.parametrize("changes", [True, False])
def test_a_place_without_known_entries_is_not_adopted(world: Polling, changes: bool) -> None:
    """What stands there is known from the second day on: it does not vouch for itself."""
    world.answers["/feed"] = feed()
    paper(world, 'every = "1d"')
    world.turn()
    world.answers["/feed"] = reply(301, "Location: /parked")
    for day in range(8):
        said = f"Buy {day}" if changes else "Buy"
        world.answers["/parked"] = feed('ETag: "p"', body=rss(said, site="https://parked.example"))
        assert answered_at(world) == ["/feed", "/parked"]


def test_an_adopted_address_that_fails_is_given_up_for_the_configured_one(world: Polling) -> None:
    adopted(world)
    world.answers |= {"/new": feed('ETag: "new"'), "/feed": feed()}
    world.turn("paper")
    world.answers["/new"] = reply(410)
    assert answered_at(world) == ["/new"]
    assert not world.state().gone
    world.wait_for()
    (heard,) = world.turn()
    assert heard.target == "/feed"
    assert "if-none-match" not in heard.headers, "that was for the other place"
    assert world.state().failures == 0


def test_another_url_in_the_configuration_forgets_the_adopted_one(world: Polling) -> None:
    adopted(world)
    world.answers["/other"] = feed()
    world.configure(source("paper", world.at("paper.test", "/other"), 'every = "1d"'))
    assert [heard.target for heard in world.turn()] == ["/other"]
    assert world.state().address == ""
