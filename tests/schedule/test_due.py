from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from aggregator.model import Hints, Rhythm, SourceState
from aggregator.schedule.due import GONE, moved_in_words, next_due, postponed

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3600, 86400))
EVERY_30_S = Rhythm(30 * SECOND)


class Chance(Random):
    """Chance that always gives the same."""

    def __init__(self, value: float = 0.0) -> None:
        super().__init__()
        self._value = value

    def random(self) -> float:
        return self._value


def every(hours: float, count: int = 20) -> Rhythm:
    """Return the rhythm of *count* articles, one each *hours* hours, the newest one just now."""
    return Rhythm(published=tuple(NOW - timedelta(hours=hours * n) for n in range(count)))


def wait(state: SourceState, rhythm: Rhythm, chance: float = 0.0) -> timedelta:
    due = next_due(state, rhythm, NOW, Chance(chance))
    assert due.at is not None
    return due.at - NOW


def asked(fresh: int = 0, interval: int = 0) -> SourceState:
    return SourceState("paper", hints=Hints(fresh, interval))


def failed(times: int, status: int | None = None, fresh: int = 0) -> SourceState:
    return SourceState("paper", failures=times, status=status, hints=Hints(fresh))


@pytest.mark.parametrize(
    ("state", "rhythm", "expected", "why"),
    [
        (asked(), Rhythm(30 * MINUTE), 30 * MINUTE, "every 30 min, as configured"),
        (asked(), EVERY_30_S, 30 * SECOND, "every 30 s, as configured"),
        (asked(fresh=3600, interval=7200), EVERY_30_S, 30 * SECOND, "as configured"),
        (asked(), Rhythm(), 30 * MINUTE, "its rhythm is not known yet"),
        (asked(), every(2), HOUR, "every 1 h: it publishes about every 2 h"),
        (asked(fresh=10800), every(2), 3 * HOUR, "as its server (Cache-Control, Expires) asks"),
        (asked(interval=10800), every(2), 3 * HOUR, "as its feed (ttl, sy) asks"),
        (asked(fresh=10800, interval=7200), every(2), 3 * HOUR, "every 3 h, as its server"),
        (asked(fresh=60), every(2), HOUR, "it publishes about every"),
        (asked(fresh=10**8), every(2), DAY, "every 1 d, as its server"),
        (asked(interval=10**8), every(2), DAY, "every 1 d, as its feed"),
        (asked(), Rhythm(local=True), MINUTE, "it is a file of this machine"),
        (failed(9), Rhythm(local=True), MINUTE, "it is a file of this machine"),
        (failed(1), Rhythm(), HOUR, "failed once: asked again after 1 h"),
        (failed(2), Rhythm(), 2 * HOUR, "failed 2 times in a row"),
        (failed(500), Rhythm(), 6 * HOUR, "asked again after 6 h"),
        (failed(1, 503), Rhythm(), HOUR, "failed once (503)"),
        (failed(1, 404), Rhythm(), 2 * HOUR, "failed once (404): asked again after 2 h"),
        (failed(2, 404), Rhythm(), 8 * HOUR, "failed 2 times in a row (404)"),
        (failed(500, 404), Rhythm(), DAY, "asked again after 1 d"),
        (failed(1, 403), Rhythm(), 2 * HOUR, "failed once (403)"),
        (failed(1, 408), Rhythm(), HOUR, "failed once (408)"),
        (failed(1), EVERY_30_S, MINUTE, "failed once"),
        (failed(5), EVERY_30_S, 16 * MINUTE, "failed 5 times in a row"),
        (failed(1, 404), EVERY_30_S, 2 * MINUTE, "failed once (404)"),
        (failed(1), Rhythm(12 * HOUR), 12 * HOUR, "failed once"),
        (failed(3), Rhythm(3 * DAY), 3 * DAY, "asked again after 3 d"),
        (failed(1, fresh=36000), Rhythm(), 10 * HOUR, "asked again after 10 h"),
    ],
)
def test_the_next_time_and_why(
    state: SourceState, rhythm: Rhythm, expected: timedelta, why: str
) -> None:
    assert wait(state, rhythm) == pytest.approx(expected, abs=SECOND)
    assert why in next_due(state, rhythm, NOW, Chance()).why


@pytest.mark.parametrize("rhythm", [EVERY_30_S, Rhythm(), every(1)])
@pytest.mark.parametrize("state", [asked(), asked(fresh=60), failed(1, 429), failed(4, 503)])
def test_nothing_comes_sooner_than_retry_after(state: SourceState, rhythm: Rhythm) -> None:
    until = NOW + 30 * HOUR
    due = next_due(state, Rhythm(rhythm.every, rhythm.published, until), NOW, Chance(0.5))
    assert due.at is not None
    assert until < due.at < until + 16 * MINUTE
    assert due.why == "the server asked not to be asked before 2026-11-23 18:00 UTC"


def test_retry_after_does_not_bring_anything_forward() -> None:
    soon = Rhythm(HOUR, retry_at=NOW + MINUTE)
    assert wait(asked(), soon) == HOUR


def test_no_server_puts_us_off_for_longer_than_a_week() -> None:
    assert wait(failed(1, 503), Rhythm(HOUR, retry_at=NOW + 4000 * DAY)) == 7 * DAY


def test_what_is_gone_is_not_asked_any_more() -> None:
    due = next_due(SourceState("paper", failures=1, status=410, gone=True), Rhythm(), NOW, Chance())
    assert (due.at, due.why) == (None, GONE)


def test_a_fraction_of_a_second_is_waited_for_whole() -> None:
    late = NOW + timedelta(microseconds=1)
    assert next_due(asked(fresh=7200), Rhythm(), late, Chance()).at == NOW + 2 * HOUR + SECOND
    assert postponed(late + HOUR, NOW, Chance()).at == NOW + HOUR + SECOND


def test_the_operators_interval_counts_from_the_asking_and_others_from_the_answer() -> None:
    slow = SourceState("paper", last_attempt_at=NOW - 20 * SECOND)
    assert wait(slow, EVERY_30_S) == 10 * SECOND
    assert wait(slow, Rhythm()) == 30 * MINUTE
    slow = SourceState("paper", last_attempt_at=NOW - 20 * SECOND, failures=1)
    assert wait(slow, EVERY_30_S) == MINUTE


# ── chance ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("state", "rhythm", "least", "most"),
    [
        (asked(), Rhythm(HOUR), HOUR, 1.1 * HOUR),
        (asked(), Rhythm(10 * HOUR), 10 * HOUR, 10 * HOUR + 15 * MINUTE),
        (failed(4), Rhythm(HOUR), 6 * HOUR, 6.5 * HOUR),
        (asked(fresh=86400), every(1), DAY, DAY + 15 * MINUTE),
        (asked(), every(24 * 30), DAY - 15 * MINUTE, DAY),
    ],
)
def test_chance_spreads_the_times_within_bounds(
    state: SourceState, rhythm: Rhythm, least: timedelta, most: timedelta
) -> None:
    waits = [wait(state, rhythm, chance / 100) for chance in range(101)]
    assert least <= min(waits)
    assert max(waits) <= most + SECOND
    assert max(waits) - min(waits) > 5 * MINUTE


# ── hours and days ────────────────────────────────────────────────────────────────────────────────


def skipping(hours: str = "", days: str = "", interval: int = 0) -> SourceState:
    skipped = [frozenset(map(int, text.split())) for text in (hours, days)]
    return SourceState("paper", hints=Hints(0, interval, *skipped))


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (skipping("12 13"), "Sun 14:00"),
        (skipping("13"), "Sun 12:30"),
        (skipping(" ".join(map(str, range(12, 24)))), "Mon 00:00"),
        (skipping("", "6"), "Mon 00:00"),
        (skipping("0 1 2", "6"), "Mon 03:00"),
        (skipping("12", interval=3600), "Sun 13:00"),
        (skipping("", "0 1 2 3 4 5 6"), "Sun 12:30"),
        (skipping(" ".join(map(str, range(24)))), "Sun 12:30"),
        (skipping(" ".join(map(str, range(23))), "0 1 2 3 4 6"), "Sat 23:00"),
    ],
)
def test_hours_and_days_that_a_feed_minds_are_left_out(state: SourceState, expected: str) -> None:
    due = next_due(state, Rhythm(), NOW, Chance())
    assert f"{due.at:%a %H:%M}" == expected
    minds = "does not want to be asked at that hour" in due.why
    assert minds == (expected not in ("Sun 12:30", "Sun 13:00"))


def test_after_skipped_hours_not_all_come_at_the_stroke() -> None:
    due = next_due(skipping("12"), Rhythm(), NOW, Chance(0.5))
    assert f"{due.at:%H:%M:%S}" == "13:07:30"


def test_the_operators_interval_is_not_bound_by_hours_and_days() -> None:
    assert wait(skipping("12", "6"), EVERY_30_S) == 30 * SECOND


# ── elsewhere ─────────────────────────────────────────────────────────────────────────────────────


def test_a_moved_source_says_where_to_in_every_sentence() -> None:
    state = SourceState("paper", address="https://new.example/feed?token=s3cret#x")
    words = "moved permanently to https://new.example/feed?…: change its url in config.toml"
    assert next_due(state, EVERY_30_S, NOW, Chance()).why == f"every 30 s, as configured; {words}"
    assert moved_in_words(SourceState("paper")) == ""


def test_what_was_put_off_does_not_come_back_all_at_once() -> None:
    ends = {postponed(NOW + HOUR, NOW, Random(seed)).at for seed in range(20)}
    assert len(ends) > 15
    assert all(at is not None and NOW + HOUR <= at <= NOW + 1.1 * HOUR + SECOND for at in ends)
