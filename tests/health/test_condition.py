"""How a source is, by what it brought before: tables of histories and what is said of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from aggregator.health.condition import Health, Seen, after_answer, after_failure, usual_rate
from aggregator.health.history import History, Measure
from aggregator.health.rate import Rate, read_rate

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GOOD = Measure(entries=20, made=20, dated=20, filled=20, length=900)
ONE = replace(GOOD, made=1, dated=1, filled=1)
Step = Measure | None | str


def live(steps: Iterable[Step], health: Health | None = None, every: timedelta = HOUR) -> Health:
    """Return how a source is after these answers: a document, None (304), "failed"."""
    health = health or Health()
    now = health.since or NOW
    for step in steps:
        now += every
        if isinstance(step, str):
            health = after_failure(health)
        else:
            health = after_answer(health, Seen(step), now)
    return health


USUAL = live([GOOD, *[ONE] * 12])


@pytest.mark.parametrize(
    ("document", "word", "why"),
    [
        (GOOD, "", ""),
        (replace(GOOD, entries=0, made=0), "quiet", "it lists no entries; usually there are 20"),
        (replace(GOOD, entries=2, made=0), "quiet", "it lists 2 entries; usually there are 20"),
        (replace(GOOD, entries=8, made=0), "", ""),
        (replace(GOOD, dated=0), "degraded",
         "none of its newest 20 articles have a date that can be read; usually 100% do"),
        (replace(GOOD, dated=12), "", ""),
        (replace(GOOD, filled=3), "degraded",
         "3 of its newest 20 articles have both title and link; usually 100% do"),
        (replace(GOOD, length=0), "degraded",
         "its newest texts are empty; usually there are 900 characters"),
        (replace(GOOD, length=100), "degraded",
         "its newest texts have 100 characters; usually there are 900 characters"),
        (replace(GOOD, length=300), "", ""),
        (replace(GOOD, bad=15, made=5, dated=5, filled=5), "degraded",
         "15 of its 20 entries cannot be read"),
        (replace(GOOD, bad=4), "", ""),
        (replace(ONE, length=0), "", ""),
    ],
)  # fmt: skip
def test_a_document_is_held_against_what_is_usual(document: Measure, word: str, why: str) -> None:
    once = live([document], USUAL)
    assert once.word == "", "one answer may be an accident"
    for again in (document, None):
        twice = live([again], once)
        assert (twice.word, twice.why) == (word, why)


def test_what_is_amiss_is_seen_in_the_second_document_of_a_source() -> None:
    for broken in (replace(GOOD, length=0), replace(GOOD, entries=0, made=0)):
        assert live([GOOD, broken, None]).word


def test_a_few_new_articles_at_a_time_tell_together() -> None:
    blank = replace(ONE, length=0)
    words = [live([blank] * count, USUAL).word for count in range(1, 9)]
    assert words[:3] == [""] * 3
    assert words[3:] == ["degraded"] * 5


def test_who_is_ill_is_well_only_when_that_is_clear() -> None:
    ill = live([replace(GOOD, length=0), None], USUAL)
    assert live([replace(GOOD, length=300)], ill).word == "degraded", "above the first bound"
    assert live([replace(GOOD, length=500)], ill).word == "", "above the second one"
    assert live([None] * 50, ill).word == "degraded", "nothing new is no recovery"
    assert live([ONE], ill).word == "degraded", "one article tells little"


def test_what_is_amiss_never_becomes_usual_before_a_month_has_passed() -> None:
    broken = replace(GOOD, length=0)
    ill = live([broken] * 400, USUAL)
    assert ill.word == "degraded"
    assert live([GOOD], ill).word == ""
    assert live([broken] * 32, ill, every=DAY).word == "", "it is like that now"


def test_answers_between_two_states_do_not_flap() -> None:
    swaying = [replace(GOOD, length=length) for length in (170, 190) * 20]
    words, health = [], USUAL
    for document in swaying:
        health = live([document], health)
        words.append(health.word)
    assert sum(one != other for one, other in pairwise(words)) <= 1


def test_another_recipe_makes_other_articles_and_is_no_fault() -> None:
    later = NOW + 100 * HOUR
    health = USUAL
    for _ in range(3):
        seen = Seen(replace(GOOD, length=0), recipe="other")
        health = after_answer(health, seen, later)
    assert health.word == ""


def test_another_recipe_alone_makes_nobody_well() -> None:
    ill = live([replace(GOOD, length=0), None], USUAL)
    later = NOW + 100 * HOUR
    assert after_answer(ill, Seen(replace(GOOD, length=0), recipe="other"), later).word
    assert after_answer(ill, Seen(GOOD, recipe="other"), later).word == ""


def test_who_answers_now_and_then_is_degraded_until_he_is_steady() -> None:
    swaying = live([GOOD, *["failed", None] * 9])
    assert (swaying.word, swaying.cause) == ("degraded", "steady")
    assert "of the last 24 attempts failed" in swaying.why
    assert live([None] * 5, swaying).word == "degraded"
    assert live([None] * 20, swaying).word == ""
    assert live([GOOD, *["failed"] * 3, *[None] * 5]).word == ""


# ── rates ─────────────────────────────────────────────────────────────────────────────────────────


def under(rate: str, came: tuple[int, int], health: Health | None = None) -> Health:
    health = health or Health(met_at=NOW - 60 * DAY)
    for _ in range(2):
        health = after_answer(health, Seen(expected=read_rate(rate), came=came), NOW)
    return health


@pytest.mark.parametrize(
    ("rate", "came", "word"),
    [
        ("3/day", (0, 0), "quiet"),
        ("3/day", (1, 2), "quiet"),
        ("3/day", (0, 3), ""),
        ("1/week", (0, 0), "quiet"),
        ("1/week", (0, 1), ""),
        ("100/hour", (40, 90), "quiet"),
        ("100/hour", (40, 110), ""),
    ],
)
def test_half_of_what_is_expected_in_two_periods_is_enough(
    rate: str, came: tuple[int, int], word: str
) -> None:
    assert under(rate, came).word == word


def test_who_was_quiet_is_well_again_with_a_whole_period() -> None:
    quiet = under("4/day", (0, 1))
    assert quiet.why == "1 articles in 2 d, where 4/day are expected"
    assert under("4/day", (2, 4), quiet).word == "quiet"
    assert under("4/day", (4, 4), quiet).word == ""
    assert under("4/day", (3, 6), quiet).word == ""


def test_nothing_is_expected_before_two_periods_have_passed() -> None:
    assert under("1/week", (0, 0), Health(met_at=NOW - 13 * DAY)).word == ""
    assert under("1/week", (0, 0), Health(met_at=NOW - 15 * DAY)).word == "quiet"


@pytest.mark.parametrize("text", ["", "3", "0/day", "3/year", "-1/day", "3/days", "a/day"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a rate"):
        read_rate(text)


def test_rates_are_written_as_they_are_read() -> None:
    assert [str(read_rate(text)) for text in ("3/day", "1 / week")] == ["3/day", "1/week"]
    assert Rate(14, timedelta(weeks=1)).per_day == 2


# ── silence ───────────────────────────────────────────────────────────────────────────────────────


def silent(days: float, gap: float, met: float = 100, **also: object) -> Health:
    """Return how a source is that published each *gap* days, and nothing for so many."""
    times = tuple(NOW - timedelta(days=days + gap * back) for back in range(20))
    health = Health(met_at=NOW - timedelta(days=met))
    for _ in range(2):
        health = after_answer(health, Seen(published=times, **also), NOW)  # type: ignore[arg-type]
    return health


@pytest.mark.parametrize(
    ("days", "gap", "word"),
    [
        (3, 0.01, ""),
        (5, 0.01, "quiet"),
        (5, 3, ""),
        (10, 3, "quiet"),
        (20, 7, ""),
        (22, 7, "quiet"),
    ],
)
def test_silence_is_held_against_its_own_habit(days: float, gap: float, word: str) -> None:
    assert silent(days, gap).word == word


def test_who_was_silent_when_he_was_met_is_not_called_quiet() -> None:
    assert silent(50, 1, met=40).word == ""
    assert silent(50, 1, met=60).word == "quiet"


def test_a_file_of_ones_own_and_a_rate_are_not_held_against_habit() -> None:
    assert silent(50, 1, local=True).word == ""
    assert silent(50, 1, expected=Rate(1, 60 * DAY), came=(1, 1)).word == ""


def test_the_usual_rate_is_that_of_the_newest_articles() -> None:
    assert usual_rate([NOW - HOUR * 6 * back for back in range(20)]) == pytest.approx(4)
    assert usual_rate([NOW] * 20) == 19
    assert usual_rate([]) is None


def test_a_document_that_teaches_nothing_is_not_remembered() -> None:
    history = History().remember(GOOD, sick=False)
    assert history.remember(replace(GOOD, made=0), sick=False) is history
    for _ in range(100):
        history = history.remember(ONE, sick=False)
    assert len(history.usual) + len(history.lately) <= 25
