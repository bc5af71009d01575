from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from aggregator.model import Hints, Rhythm
from aggregator.schedule.due import in_words, next_due

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class NoChance(Random):
    """Chance that never adds anything."""

    def random(self) -> float:
        return 0.0


def every(hours: float, count: int = 20) -> tuple[datetime, ...]:
    """Return the times of *count* articles, one each *hours* hours, the newest first."""
    return tuple(NOW - timedelta(hours=hours * number) for number in range(1, count + 1))


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("rhythm", "hints", "expected", "why"),
    [
        (Rhythm(30 * MINUTE), Hints(), 30 * MINUTE, "as configured"),
        (Rhythm(timedelta(seconds=30)), Hints(), timedelta(seconds=30), "every 30 s"),
        (Rhythm(None), Hints(), 30 * MINUTE, "until its rhythm is known"),
        (Rhythm(None, published=every(2)), Hints(), HOUR, "publishes about every 2 h"),
        (Rhythm(None, published=every(0.01)), Hints(), 5 * MINUTE, "every 5 min"),
        (Rhythm(None, published=every(24 * 30)), Hints(), 24 * HOUR, "every 1 d"),
        (Rhythm(None, published=every(2)), Hints(3 * 3600), 3 * HOUR, "the feed asks for"),
        (Rhythm(None, published=every(2)), Hints(60), HOUR, "publishes about every 2 h"),
        (Rhythm(None, published=every(2)), Hints(10**9), 24 * HOUR, "the feed asks for"),
        (Rhythm(5 * MINUTE), Hints(3600), 5 * MINUTE, "as configured"),
        (Rhythm(None, 1), Hints(), 5 * MINUTE, "failed once"),
        (Rhythm(None, 2), Hints(), 10 * MINUTE, "failed 2 times in a row"),
        (Rhythm(None, 5), Hints(), 80 * MINUTE, "failed 5 times in a row"),
        (Rhythm(None, 500), Hints(), 6 * HOUR, "trying again after 6 h"),
        (Rhythm(12 * HOUR, 1), Hints(), 12 * HOUR, "failed once"),
        (Rhythm(None, 1), Hints(retry_at=NOW + 2 * HOUR), 2 * HOUR, "the server asked"),
        (Rhythm(None, 1), Hints(retry_at=NOW + MINUTE), 5 * MINUTE, "failed once"),
        (Rhythm(None, 1), Hints(retry_at=NOW + 999 * HOUR), 168 * HOUR, "the server asked"),
    ],
)
def test_the_next_time_and_why(rhythm: Rhythm, hints: Hints, expected: timedelta, why: str) -> None:
    due = next_due(rhythm, hints, NOW, NoChance())
    assert due.at - NOW == pytest.approx(expected, abs=timedelta(milliseconds=1))
    assert why in due.why


def test_chance_adds_a_tenth_at_most_and_never_takes_away() -> None:
    rng = Random(7)
    waits = [next_due(Rhythm(HOUR), Hints(), NOW, rng).at - NOW for _ in range(1000)]
    assert min(waits) >= HOUR
    assert max(waits) <= HOUR * 1.1
    assert max(waits) - min(waits) > timedelta(minutes=5)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(30, "30 s"), (60, "1 min"), (90, "1.5 min"), (3600, "1 h"), (5400, "1.5 h"), (86400, "1 d")],
)
def test_spans_are_said_as_a_person_says_them(seconds: int, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words
