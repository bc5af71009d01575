from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fetch.server import Answer, Heard, reply
from tests.politeness.desk import (
    DAY,
    HOUR,
    LATE,
    MINUTE,
    RECENT,
    SECOND,
    channel,
    feed,
    paper,
    pause_after,
)
from tests.polling import NOW, Polling


@pytest.mark.parametrize(
    ("headers", "least"),
    [
        (["Cache-Control: max-age=10800"], 3 * HOUR),
        (["Cache-Control: public, MAX-AGE=10800"], 3 * HOUR),
        (["Cache-Control: immutable, private", "Cache-Control: max-age=10800"], 3 * HOUR),
        (["Cache-Control: max-age=10800, must-revalidate, stale-while-revalidate=9"], 3 * HOUR),
        (['Cache-Control: no-cache="Set-Cookie", max-age="10800"'], 3 * HOUR),
        ([f"Expires: {LATE}", "Age: 3600"], 2 * HOUR),
        (["Cache-Control: max-age=10800", "Age: 3600"], 2 * HOUR),
        (["Cache-Control: max-age=10800", "Expires: 0"], 3 * HOUR),
        ([f"Expires: {LATE}"], 3 * HOUR),
        ([f"Expires: {LATE}", "Date: Sun, 22 Nov 2026 14:00:00 GMT"], HOUR),
        (["Cache-Control: s-maxage=10800"], MINUTE),
        (["Cache-Control: max-age=99999999999"], DAY),
    ],
)
def test_a_fresh_answer_is_not_asked_for_again(
    world: Polling, headers: list[str], least: timedelta
) -> None:
    pause = pause_after(world, feed(*headers, body=RECENT))
    assert least <= pause <= max(least * 1.1, HOUR) + SECOND
    world.now += min(least, pause - SECOND)
    assert world.turn() == []


@pytest.mark.parametrize(
    "headers",
    [
        ["Cache-Control: max-age=0"],
        ["Cache-Control: no-cache"],
        ["Cache-Control: no-store, max-age=7200"],
        ["Expires: 0"],
        ["Expires: Thu, 01 Jan 1970 00:00:00 GMT"],
        ["Cache-Control: max-age=60", "Age: 3600"],
        ["Pragma: no-cache"],
    ],
)
def test_an_answer_that_is_not_to_be_kept_is_not_asked_for_at_once(
    world: Polling, headers: list[str]
) -> None:
    assert 5 * MINUTE <= pause_after(world, feed(*headers, body=RECENT)) <= HOUR


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [([], 10800), (["Cache-Control: max-age=3600"], 3600), (["Cache-Control: no-cache"], 0)],
)
def test_304_brings_freshness_up_to_date(world: Polling, headers: list[str], fresh: int) -> None:
    pause_after(world, feed('ETag: "1"', "Cache-Control: max-age=10800"))
    world.answers["/feed"] = reply(304, *headers, length=False)
    world.wait_for()
    world.restart()
    assert len(world.turn()) == 1
    assert world.state().hints.fresh == fresh
    assert world.pause() >= timedelta(seconds=fresh)


# ── what a feed asks for ──────────────────────────────────────────────────────────────────────────

SY = "<sy:updatePeriod xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>{}</sy:updatePeriod>"
FREQUENCY = (
    "<sy:updateFrequency xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>{}"
    "</sy:updateFrequency>"
)


@pytest.mark.parametrize(
    ("elements", "least"),
    [
        ("<ttl>180</ttl>", 3 * HOUR),
        ("<ttl>999999</ttl>", DAY),
        ("<ttl>0</ttl>", 5 * MINUTE),
        ("<ttl>soon</ttl>", 5 * MINUTE),
        ("<ttl>-180</ttl>", 5 * MINUTE),
        ("<ttl>\n  180.0\n</ttl>", 3 * HOUR),
        ("<ttl>180 minutes</ttl>", 3 * HOUR),
        (SY.format("\n\tDaily\t\n") + FREQUENCY.format("\n 4 \n"), 6 * HOUR),
        (SY.format("hourly") + FREQUENCY.format("0.25"), 4 * HOUR),
        (SY.format("fortnightly") + FREQUENCY.format("2"), 5 * MINUTE),
        (FREQUENCY.format("6"), 4 * HOUR),
        (SY.format("daily") + FREQUENCY.format("0"), DAY),
        (SY.format("daily") + FREQUENCY.format("4"), 6 * HOUR),
        (SY.format("daily"), DAY),
        (SY.format("weekly"), DAY),
        ("<ttl>60</ttl>" + SY.format("daily") + FREQUENCY.format("8"), 3 * HOUR),
    ],
)
def test_a_feed_is_not_asked_more_often_than_it_wants(
    world: Polling, elements: str, least: timedelta
) -> None:
    pause = pause_after(world, feed('ETag: "1"', body=channel(elements)))
    assert least <= pause <= max(least * 1.1, HOUR) + SECOND
    world.answers["/feed"] = reply(304, length=False)
    world.wait_for()
    world.restart()
    assert len(world.turn()) == 1
    assert world.pause() >= least


def test_hours_and_days_a_feed_minds_are_kept_also_after_304(world: Polling) -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24) if hour != 3)
    skips = f"<skipHours>{hours}</skipHours><skipDays><day>Monday</day></skipDays>"
    pause_after(world, feed('ETag: "1"', body=channel(skips)))
    assert f"{world.state().next_due_at:%a %H}" == "Tue 03"
    assert "does not want to be asked" in world.state().why
    world.answers["/feed"] = reply(304, length=False)
    world.wait_for()
    world.restart()
    world.turn()
    assert f"{world.state().next_due_at:%a %H}" == "Wed 03"


@pytest.mark.parametrize(
    ("skips", "expected"),
    [
        ("<skipHours><hour> 13 </hour><hour>012</hour></skipHours>", "Sun 14"),
        ("<skiphours><hour>12</hour><hour>25</hour><hour>x</hour></skiphours>", "Sun 13"),
        ("<skipDays><day>SUNDAY</day><day>Mon</day><day>Someday</day></skipDays>", "Tue 00"),
        ("<skipHours></skipHours><skipDays/>", "Sun 12"),
        ("".join(f"<skipDays><day>{day}</day></skipDays>" for day in ("sun", "tue")), "Mon 00"),
    ],
)
def test_hours_and_days_may_be_oddly_written(world: Polling, skips: str, expected: str) -> None:
    pause_after(world, feed(body=channel(skips)))
    assert f"{world.state().next_due_at:%a %H}" == expected


def test_the_longest_of_several_wishes_counts(world: Polling) -> None:
    answer = feed("Cache-Control: max-age=3600", body=channel("<ttl>300</ttl>"))
    assert pause_after(world, answer) >= 5 * HOUR


def test_the_operators_interval_is_his_word_but_for_retry_after(world: Polling) -> None:
    answer = feed("Cache-Control: max-age=10800", body=channel("<ttl>300</ttl>"))
    assert pause_after(world, answer, 'every = "10m"') <= 11 * MINUTE
    world.answers["/feed"] = reply(503, "Retry-After: 7200")
    world.wait_for()
    world.turn()
    assert world.pause() >= 2 * HOUR


# ── auto ──────────────────────────────────────────────────────────────────────────────────────────


def test_auto_follows_a_source_that_falls_silent_and_wakes_up(world: Polling) -> None:
    hours: list[int] = []

    def answer(heard: Heard) -> Answer:
        items = "".join(
            f"<item><guid>{hour}</guid><title>{hour}</title><pubDate>"
            f"{NOW + timedelta(hours=hour):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
            for hour in hours[-20:]
        )
        return feed(body=f'<rss version="2.0"><channel>{items}</channel></rss>'.encode())

    world.answers["/feed"] = answer
    paper(world)

    def asked_through(end: int, publishing: bool) -> int:
        """Let the time pass until hour *end*; return how often the source was asked."""
        count = 0
        while world.now < NOW + timedelta(hours=end):
            if publishing:
                passed = range((world.now - NOW) // HOUR + 1)
                hours.extend(hour for hour in passed if hour > (hours[-1] if hours else -1))
            count += len(world.turn())
            world.wait_for()
        return count

    asked_through(24, publishing=True)
    assert 40 <= asked_through(48, publishing=True) <= 50, "twice for each article"
    asked_through(24 * 10, publishing=False)
    assert asked_through(24 * 11, publishing=False) <= 4, "eight days silent: every six to seven h"
    hours[:] = range(24 * 11 - 3, 24 * 11)
    asked_through(24 * 11 + 24, publishing=True)
    assert 40 <= asked_through(24 * 13, publishing=True) <= 50
