"""When a refresh is a flood of old entries under new ids, and when it is only a lot of news."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aggregator.store.flood import Arrival, Remembered, held
from tests.articles import NOW
from tests.store.papers import SUBJECTS

HOUR = timedelta(hours=1)


def title(number: int) -> str:
    return f"News of {SUBJECTS[number % 10]} no. {number}"


def known(count: int, *, present: int = 0) -> list[Remembered]:
    """Return *count* known articles, an hour apart, of which the newest *present* are there."""
    return [Remembered(title(n), NOW - n * HOUR, n < present) for n in range(count)]


def old(count: int) -> list[Arrival]:
    """Return entries under new ids, with slightly other titles, older than what is known."""
    return [Arrival(f"new-{n}", f"{title(n)}!", NOW - (n + 0.5) * HOUR) for n in range(count)]


def news(count: int) -> list[Arrival]:
    """Return entries that are newer than everything that is known."""
    return [Arrival(f"news-{n}", f"Today {n}", NOW + (n + 1) * HOUR) for n in range(count)]


def undated(count: int, text: str = "{}!") -> list[Arrival]:
    return [Arrival(f"undated-{n}", text.format(title(n)), None) for n in range(count)]


def of_that_day(count: int, text: str) -> list[Arrival]:
    """Return entries whose date is that of the newest known article: a day is all there is."""
    return [Arrival(f"day-{n}", text.format(title(n)), NOW) for n in range(count)]


CASES = {
    "all old ones under new ids": (old(200), 200, known(200), 200),
    "over half of them": (old(15), 28, known(28, present=13), 15),
    "half of them": (old(14), 28, known(28, present=14), 0),
    "five are few": (old(5), 5, known(5), 0),
    "six are not": (old(6), 6, known(6), 6),
    "a day of news": (news(30), 30, known(30), 0),
    "a day of news, some of it late": (news(22) + old(8), 30, known(30), 0),
    "old ones, and news among them": (news(3) + old(27), 30, known(30), 27),
    "an archive that is opened": (old(80), 100, known(20, present=20), 0),
    "an archive that is opened, and some are gone": (old(80), 100, known(20, present=12), 0),
    "a source of which little is known": (old(40), 40, known(5), 0),
    "without dates, the same titles": (undated(20), 20, known(20), 20),
    "without dates, other titles": (undated(20, "Quite another subject"), 20, known(20), 0),
    "without dates, the next ones": (undated(20, "{}1"), 20, known(20), 0),
    "of that day, the same titles": (of_that_day(20, "{}"), 20, known(20), 20),
    "of that day, other titles": (of_that_day(20, "Something else"), 20, known(20), 0),
    "of that day, and older ones": (of_that_day(3, "{}?") + old(17), 20, known(20), 20),
    "nothing": ([], 30, known(30, present=30), 0),
}


@pytest.mark.parametrize(("arrivals", "size", "remembered", "count"), CASES.values(), ids=CASES)
def test_what_is_held(
    arrivals: list[Arrival], size: int, remembered: list[Remembered], count: int
) -> None:
    stopped = held(arrivals, size, remembered)
    assert len(stopped) == count
    assert not any(guid.startswith("news") for guid in stopped)


def test_a_large_document_without_dates_is_decided_quickly() -> None:
    assert len(held(undated(20_000), 20_000, known(1_000))) == 20_000
