from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aggregator.config.settings import Source
from aggregator.model import SourceState
from aggregator.pipeline.recall import configured
from aggregator.schedule.turn import all_but_gone, due, unmet

PAPER = Source(id="paper", url="https://paper.example/feed")
KNOWN = SourceState(
    "paper", next_due_at=datetime(2026, 11, 22, tzinfo=UTC), configured=configured(PAPER)
)
OTHERWISE = configured(Source(id="paper", url="https://paper.example/other"))


@pytest.mark.parametrize(
    ("state", "met"),
    [
        (None, False),
        (KNOWN, True),
        (replace(KNOWN, configured=OTHERWISE), False),
        (replace(KNOWN, configured=""), True),
        (replace(KNOWN, next_due_at=None), False),
        (replace(KNOWN, next_due_at=None, gone=True), True),
        (replace(KNOWN, next_due_at=None, gone=True, configured=OTHERWISE), False),
    ],
)
def test_who_has_no_time_of_its_own_in_the_store_is_asked_at_once(
    state: SourceState | None, met: bool
) -> None:
    states = {"paper": state} if state else {}
    assert unmet([PAPER], states) == (set() if met else {"paper"})
    assert due([PAPER], states, passed=()) == ([] if met else [PAPER])


def test_whose_time_has_come_is_asked_if_it_is_still_configured() -> None:
    assert due([PAPER], {"paper": KNOWN}, passed={"paper", "removed"}) == [PAPER]


@pytest.mark.parametrize(
    ("state", "asked"),
    [
        (None, True),
        (KNOWN, True),
        (replace(KNOWN, gone=True), False),
        (replace(KNOWN, gone=True, configured=OTHERWISE), True),
    ],
)
def test_all_is_everybody_but_what_is_gone_for_good(state: SourceState | None, asked: bool) -> None:
    assert all_but_gone([PAPER], {"paper": state} if state else {}) == ([PAPER] if asked else [])


def test_a_default_that_is_spelled_out_is_no_change() -> None:
    assert configured(Source(id="paper", url=PAPER.url, every="auto", first=20)) == KNOWN.configured
