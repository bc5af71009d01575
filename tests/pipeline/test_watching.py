"""What is written down of each attempt, and the incidents that come of it, with a real server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.model import Attempt, Status
from aggregator.store.attempts import KEPT
from aggregator.store.watcher import Watcher
from tests.fetch.server import reply
from tests.polling import NOW, Polling, polling, source
from tests.web import rss

NAMES = [f"one-{number}" for number in range(12)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Polling]:
    with polling(tmp_path) as made:
        made.configure(source("paper", made.at("paper.example"), 'every = "1h"'))
        made.answers["/feed"] = reply(200, body=rss(*NAMES))
        yield made


@pytest.fixture
def watcher(world: Polling) -> Watcher:
    return Watcher(world.store.path)


def ask(world: Polling, times: int = 1) -> None:
    for _ in range(times):
        world.turn("paper")
        world.wait(hours=1)


def test_each_attempt_is_kept_with_what_came_of_it(world: Polling, watcher: Watcher) -> None:
    ask(world)
    ask(world)
    world.answers["/feed"] = reply(503)
    ask(world)
    third, second, first = watcher.attempts("paper")
    error = "answered 503 Service Unavailable; the fault is the server's: it is asked again [E214]"
    assert first == Attempt(NOW, Status.OK, 200, first.ms, new=12)
    assert second == Attempt(NOW + timedelta(hours=1), Status.NOT_MODIFIED, 200, second.ms)
    assert third == Attempt(NOW + timedelta(hours=2), Status.FAILED, 503, third.ms, error=error)


def test_so_many_attempts_are_kept_and_no_more(world: Polling, watcher: Watcher) -> None:
    ask(world, KEPT + 7)
    attempts = watcher.attempts("paper")
    assert len(attempts) == KEPT
    assert attempts[0].at == NOW + timedelta(hours=KEPT + 6)


def test_an_attempt_costs_no_commit_of_its_own(world: Polling) -> None:
    ask(world)
    seen: list[str] = []
    world.store._writer.set_trace_callback(seen.append)
    ask(world)
    assert seen.count("COMMIT") == 1
    assert any("INTO attempt" in statement for statement in seen)


def test_how_long_publication_took_is_kept_with_the_attempt(
    world: Polling, watcher: Watcher
) -> None:
    ask(world)
    assert watcher.attempts("paper")[0].delay is None
    with world.store.transaction():
        world.store.watch.published(NOW + timedelta(seconds=3))
    assert watcher.attempts("paper")[0].delay == 3
    assert watcher.vitals()["paper"].delay == 3
    assert not world.store.watch.is_waiting_to_publish()


def test_a_failure_that_lasts_is_one_incident_until_it_is_over(
    world: Polling, watcher: Watcher
) -> None:
    ask(world)
    world.answers["/feed"] = reply(500)
    ask(world, 2)
    assert not watcher.open_incidents()
    ask(world, 2)
    begun = watcher.open_incidents()["paper"]
    assert (begun.word, begun.began_at) == ("failing", NOW + timedelta(hours=1))
    world.answers["/feed"] = reply(404)
    ask(world, 3)
    changed = watcher.open_incidents()["paper"]
    assert changed.number == begun.number
    assert "404" in changed.why
    world.answers["/feed"] = reply(200, body=rss(*NAMES))
    ask(world)
    assert not watcher.open_incidents()
    (ended,) = watcher.incidents(10)
    assert ended.ended_at == NOW + timedelta(hours=8)
    assert [(event.ended, event.incident.number) for event in watcher.events(0)] == [
        (False, begun.number), (True, begun.number),
    ]  # fmt: skip


def test_entries_that_vanish_make_a_source_quiet(world: Polling, watcher: Watcher) -> None:
    ask(world, 2)
    world.answers["/feed"] = reply(200, body=rss())
    ask(world, 2)
    incident = watcher.open_incidents()["paper"]
    assert (incident.word, incident.why) == (
        "quiet", "it lists no entries; usually there are 12",
    )  # fmt: skip
    assert world.state().failures == 0
    world.answers["/feed"] = reply(200, body=rss(*NAMES))
    ask(world)
    assert not watcher.open_incidents()


def test_dates_that_cannot_be_read_and_empty_texts_degrade_a_source(
    world: Polling, watcher: Watcher
) -> None:
    def becomes(body: bytes) -> tuple[str, str]:
        world.answers["/feed"] = reply(200, body=body)
        ask(world, 2)
        health = watcher.vitals()["paper"].health
        return health.word, health.cause

    long = rss(*NAMES).replace(b"Text of", b"A long text " * 20)
    assert becomes(long) == ("", "")
    assert becomes(long.replace(b"20 Nov 2026", b"Blursday")) == ("degraded", "dates")
    assert becomes(long) == ("", "")
    assert becomes(rss(*NAMES).replace(b"Text of", b"")) == ("degraded", "texts")


def test_ids_that_all_change_are_held_until_the_operator_has_spoken(
    world: Polling, watcher: Watcher
) -> None:
    ask(world, 2)
    others = [f"other-{number}" for number in range(12)]
    world.answers["/feed"] = reply(200, body=rss(*others))
    ask(world)
    incident = watcher.open_incidents()["paper"]
    assert (incident.word, watcher.held()) == ("held", {"paper": 12})
    with world.store.transaction():
        world.store.release("paper")
    ask(world)
    assert not watcher.open_incidents()


def test_what_is_expected_is_held_against_what_came(world: Polling, watcher: Watcher) -> None:
    world.configure(source("paper", world.at("paper.example"), 'every = "1h"', 'expect = "3/day"'))
    ask(world, 48)
    assert watcher.vitals()["paper"].health.word == ""
    ask(world, 3)
    health = watcher.vitals()["paper"].health
    assert (health.word, health.why) == ("quiet", "0 articles in 2 d, where 3/day are expected")


def test_who_is_no_source_any_more_has_no_incident(world: Polling, watcher: Watcher) -> None:
    world.answers["/feed"] = reply(410)
    ask(world)
    assert watcher.open_incidents()["paper"].word == "gone"
    with world.store.transaction():
        world.store.watch.leave_to({"other"}, world.now)
    assert not watcher.open_incidents()
    assert [event.ended for event in watcher.events(0)] == [False]


def test_incidents_are_forgotten_with_their_events_after_three_months(
    world: Polling, watcher: Watcher
) -> None:
    for _ in range(2):
        world.answers["/feed"] = reply(410)
        ask(world)
        world.answers["/feed"] = reply(200, body=rss(*NAMES))
        ask(world)
        world.wait(days=100)
    assert len(watcher.incidents(10)) == 1
    assert watcher.incident_total() == 2
    assert len(watcher.events(0)) == 2
