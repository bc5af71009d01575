"""How moments are written in the store."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from aggregator.store.rows import read_time, write_time


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    first = datetime(2025, 10, 26, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert write_time(first) == "2025-10-26T00:30:00Z"
    assert write_time(first.replace(fold=1)) == "2025-10-26T01:30:00Z"


def test_a_moment_comes_back_in_utc_without_its_fraction() -> None:
    moment = datetime(2026, 1, 17, 12, 30, 1, 999_999, tzinfo=UTC)
    assert read_time(write_time(moment)) == moment.replace(microsecond=0)
