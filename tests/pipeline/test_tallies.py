"""What is counted of each source, day by day, and what it calls itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from aggregator.model import Tally
from aggregator.store.tallies import Tallies
from tests.fetch.server import reply
from tests.polling import NOW, Polling, polling, source
from tests.web import rss

TODAY = NOW.date()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Polling]:
    with polling(tmp_path) as made:
        made.configure(source("paper", made.at("paper.example")))
        made.answers["/feed"] = reply(200, body=rss("one", "two"))
        yield made


def week(world: Polling, last: date = TODAY) -> dict[date, Tally]:
    return dict(Tallies(world.store.path).week(last).get("paper", {}))


def test_what_came_of_each_day_is_counted(world: Polling) -> None:
    world.turn()
    world.turn("paper")
    world.answers["/feed"] = reply(500)
    world.turn("paper")
    assert week(world) == {TODAY: Tally(ok=2, failed=1, new=2, same=1)}
    world.wait(days=1)
    world.turn("paper")
    assert week(world, TODAY + timedelta(days=1)) == {
        TODAY: Tally(ok=2, failed=1, new=2, same=1),
        TODAY + timedelta(days=1): Tally(failed=1),
    }


def test_who_is_not_asked_is_not_counted(world: Polling) -> None:
    world.answers["/feed"] = reply(503, "Retry-After: 3600")
    world.turn()
    world.turn("paper")
    assert week(world) == {TODAY: Tally(failed=1)}


def test_a_week_is_remembered(world: Polling) -> None:
    for _ in range(9):
        world.turn("paper")
        world.wait(days=1)
    last = TODAY + timedelta(days=8)
    assert sorted(week(world, last)) == [last - timedelta(days=back) for back in range(6, -1, -1)]
    assert week(world) == dict.fromkeys(week(world), Tally(ok=1))


def test_what_a_source_calls_itself_is_remembered_while_it_has_nothing_new(world: Polling) -> None:
    world.turn()
    names = {"paper": ("The Paper", "https://paper.example/")}
    assert world.store.names() == names
    world.answers["/feed"] = reply(304)
    world.turn("paper")
    world.answers["/feed"] = reply(500)
    world.turn("paper")
    assert world.store.names() == names


def test_another_name_is_a_matter_for_the_sites_own_pages(world: Polling) -> None:
    with world.store.transaction():
        world.store.soil([""])
    world.turn()
    world.store._writer.execute("UPDATE channel SET dirty = 0")
    world.turn("paper")
    assert world.store.dirty_channels(NOW) == set()
    world.answers["/feed"] = reply(200, body=rss("one").replace(b"The Paper", b"The Sheet"))
    world.turn("paper")
    assert "" in world.store.dirty_channels(NOW)
