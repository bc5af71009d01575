"""What becomes an incident, how it goes on, and when it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from aggregator.health.condition import Health
from aggregator.health.disk import days_left
from aggregator.health.incident import Incident, Patience, follow, lasts, trouble, word
from aggregator.model import SourceState

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OK = SourceState("paper", last_ok_at=NOW)
FAILING = replace(OK, failures=3, error="answered 500", error_since=NOW - 2 * HOUR)
QUIET = Health("quiet", "entries", "it lists no entries", NOW - HOUR)


@pytest.mark.parametrize(
    ("state", "health", "held", "said"),
    [
        (SourceState("paper"), Health(), 0, "new"),
        (OK, Health(), 0, "ok"),
        (OK, QUIET, 0, "quiet"),
        (OK, QUIET, 3, "held"),
        (FAILING, QUIET, 3, "failing"),
        (replace(FAILING, gone=True), Health(), 0, "gone"),
    ],
)
def test_the_worst_of_a_source_is_its_state(
    state: SourceState, health: Health, held: int, said: str
) -> None:
    assert word(state, health, held) == said


@pytest.mark.parametrize(
    ("failures", "hours", "ripe"), [(2, 9, False), (3, 0.5, False), (3, 1, True), (9, 9, True)]
)
def test_a_failure_is_an_incident_when_it_has_lasted(
    failures: int, hours: float, ripe: bool
) -> None:
    state = replace(FAILING, failures=failures, error_since=NOW - hours * HOUR)
    found = trouble(state, Health(), 0, NOW)
    assert found is not None
    assert lasts(state, found, Patience(), NOW) is ripe


@pytest.mark.parametrize(
    ("state", "health", "held"),
    [(replace(FAILING, gone=True), Health(), 0), (OK, QUIET, 0), (OK, Health(), 7)],
)
def test_what_was_weighed_already_is_one_at_once(
    state: SourceState, health: Health, held: int
) -> None:
    found = trouble(state, health, held, NOW)
    assert found is not None
    assert lasts(replace(state, failures=1), found, Patience(), NOW)


def test_it_stays_one_incident_whatever_it_turns_into() -> None:
    failing, quiet = (trouble(state, QUIET, 0, NOW) for state in (FAILING, OK))
    assert follow("paper", None, failing, False, NOW) is None
    begun = follow("paper", None, failing, True, NOW)
    assert begun == Incident("paper", "failing", "answered 500", NOW - 2 * HOUR, NOW, NOW)
    later = NOW + HOUR
    assert follow("paper", begun, failing, True, later) == begun
    reworded = follow("paper", begun, replace(failing, why="answered 404"), True, later)  # type: ignore[type-var]
    assert reworded == replace(begun, why="answered 404")
    turned = follow("paper", begun, quiet, True, later)
    assert turned == replace(begun, word="quiet", why="it lists no entries", changed_at=later)
    ended = follow("paper", turned, None, False, later)
    assert ended == replace(turned, ended_at=later)
    assert follow("paper", None, None, False, later) is None


@pytest.mark.parametrize(
    ("sizes", "free", "days"),
    [
        ([], 100, None),
        ([10, 20], 100, None),
        ([10, 20, 30], 100, 10),
        ([10, 90, 20], 100, 20),
        ([30, 20, 10], 100, None),
        ([10, 10, 11], 10**9, 3_650),
        ([10, 20, 30], 0, 0),
    ],
)
def test_the_disk_lasts_as_long_as_growth_leaves_it(
    sizes: list[int], free: int, days: int | None
) -> None:
    first = date(2026, 11, 1)
    known = [(first + timedelta(days=number), size) for number, size in enumerate(sizes)]
    assert days_left(known, free) == days
