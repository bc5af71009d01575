from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.schedule.rhythm import LATEST, SOONEST, UNKNOWN, in_words, own

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def ago(*spans: timedelta) -> list[datetime]:
    return [NOW - span for span in spans]


def steady(gap: timedelta, silence: timedelta = timedelta(0), count: int = 20) -> list[datetime]:
    return ago(*(silence + number * gap for number in range(count)))


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (steady(2 * HOUR), HOUR),
        (steady(HOUR), HOUR / 2),
        (steady(MINUTE), SOONEST),
        (steady(DAY), 12 * HOUR),
        (steady(30 * DAY), LATEST),
        ([], UNKNOWN),
        (ago(HOUR), UNKNOWN),
        (ago(HOUR) * 20, UNKNOWN),
        (ago(14 * DAY), 12 * HOUR),
        (ago(*[MINUTE] * 20), UNKNOWN),
        ([NOW + DAY] * 5, UNKNOWN),
        ([NOW + DAY, NOW - HOUR, NOW - 2 * HOUR], HOUR / 2),
        ([datetime(1990, 1, 1, tzinfo=UTC)] * 2, LATEST),
    ],
)
def test_a_source_is_asked_twice_as_often_as_it_publishes(
    published: Iterable[datetime], expected: timedelta
) -> None:
    assert own(list(published), NOW)[0] == pytest.approx(expected, abs=timedelta(seconds=1))


def test_one_that_falls_silent_is_asked_less_and_less() -> None:
    silences = [HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 365 * DAY]
    waits = [own(steady(HOUR, silence), NOW)[0] for silence in silences]
    assert waits == sorted(waits)
    assert waits[4] >= 6 * HOUR
    assert waits[5] >= 12 * HOUR
    assert waits[6] == waits[7] == LATEST
    assert own(steady(HOUR, 90 * DAY), NOW)[1] == "it has published nothing for 90 d"


def test_one_that_wakes_up_is_soon_heard() -> None:
    asleep = steady(HOUR, 10 * DAY)
    waking = [own([*steady(HOUR, count=count), *asleep], NOW)[0] for count in range(6)]
    assert waking[0] > 8 * HOUR
    assert waking[5] == HOUR / 2
    assert waking == sorted(waking, reverse=True)


def test_a_burst_does_not_keep_a_weekly_source_busy() -> None:
    weekly = [
        NOW - week * 7 * DAY - 6 * HOUR - number * MINUTE
        for week in range(4)
        for number in range(5)
    ]
    assert own(weekly, NOW)[0] > HOUR / 2


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(30, "30 s"), (60, "1 min"), (90, "1.5 min"), (3600, "1 h"), (5400, "1.5 h"), (86400, "1 d")],
)
def test_spans_are_said_as_a_person_says_them(seconds: int, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words
