"""What is said of incidents, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.health.incident import Incident
from aggregator.notify.message import Place, compose, is_ripe, next_try
from aggregator.notify.messenger import heard
from aggregator.store.incidents import Event, Listener

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLACE = Place("News", "https://news.example/status", 100)


def incident(
    number: int, source: str, word: str = "failing", why: str = "answered 500"
) -> Incident:
    return Incident(source, word, why, NOW - timedelta(hours=3), NOW, NOW, number=number)


def begun(*incidents: Incident) -> list[Event]:
    return [Event(one.number, one, False, NOW) for one in incidents]


def ended(*incidents: Incident) -> list[Event]:
    over = [replace(one, ended_at=NOW, changed_at=NOW) for one in incidents]
    return [Event(100 + one.number, one, True, NOW) for one in over]


ONE, TWO, THREE = (
    incident(1, "one"),
    incident(2, "two", "quiet", "it is silent"),
    incident(3, "three"),
)


@pytest.mark.parametrize(
    ("events", "title", "kind"),
    [
        (begun(ONE), "News: one is failing", "failure"),
        (begun(ONE, TWO, THREE), "News: 3 sources in trouble", "failure"),
        (ended(ONE), "News: one is well again", "success"),
        (ended(ONE, TWO), "News: 2 well again", "success"),
        (begun(ONE) + ended(TWO, THREE), "News: one is failing, 2 well again", "failure"),
        (begun(ONE) + ended(ONE) + begun(TWO), "News: two is quiet", "failure"),
    ],
)  # fmt: skip
def test_what_happened_together_is_one_message(events: list[Event], title: str, kind: str) -> None:
    message = compose(events, PLACE, 3)
    assert message is not None
    assert (message.title, message.kind) == (title, kind)


def test_each_source_has_a_line_with_its_reason() -> None:
    message = compose([*begun(ONE, TWO), *ended(THREE)], PLACE, 2)
    assert message is not None
    assert message.body.splitlines() == [
        "✗ one: failing since 2026-11-22 09:00 UTC: answered 500",
        "✗ two: quiet since 2026-11-22 09:00 UTC: it is silent",
        "✓ three: recovered after 3 h; it was failing: answered 500",
        "",
        "https://news.example/status",
    ]


def test_what_came_and_went_meanwhile_is_not_worth_a_word() -> None:
    assert compose(begun(ONE) + ended(ONE), PLACE, 0) is None


def test_many_are_counted_and_a_common_cause_is_named() -> None:
    many = [incident(number, f"source-{number}") for number in range(90)]
    message = compose(begun(*many), PLACE, 90)
    assert message is not None
    lines = message.body.splitlines()
    assert lines[0].startswith("Over half of all sources are in trouble")
    assert "… and 50 more" in lines
    assert len(lines) < 50


def test_others_that_happen_with_the_first_are_waited_for() -> None:
    minute = timedelta(minutes=1)
    assert not is_ripe([], minute, NOW)
    assert not is_ripe(begun(ONE), minute, NOW + timedelta(seconds=59))
    assert is_ripe(begun(ONE), minute, NOW + minute)


def test_a_listener_who_cannot_be_reached_is_tried_ever_less_often() -> None:
    waits = [next_try(failures, NOW) - NOW for failures in (1, 2, 3, 8, 9, 500)]
    assert [wait / timedelta(minutes=1) for wait in waits] == [1, 2, 4, 128, 256, 360]
    failed = heard(Listener("x", 7, 1), 9, False, NOW)
    assert failed == Listener("x", 7, 2, NOW + timedelta(minutes=2))
    assert heard(failed, 9, True, NOW) == Listener("x", 9)
