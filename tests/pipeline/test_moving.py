from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.config.settings import Source
from aggregator.model import Move, SourceState
from aggregator.pipeline.moving import after_answer, after_failure
from aggregator.pipeline.recall import whereabouts

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
B, C = "https://b.example/feed", "https://c.example/feed"


def after(*answers: tuple[float, str], known: bool = True) -> SourceState:
    """Return the state after answers, each on a day and with where permanent redirects led."""
    state = SourceState("paper")
    for day, moved_to in answers:
        now = NOW + timedelta(days=day)
        state = after_answer(state, moved_to, now, lambda since: known)
    return state


@pytest.mark.parametrize(
    ("answers", "address", "days"),
    [
        ([(0, B)], "", 1),
        ([(0, B), (1, B)], "", 2),
        ([(0, B), (1, B), (2, B)], B, 0),
        ([(0, B), (5, B), (9, B)], B, 0),
        ([(0, B), (0.1, B), (0.2, B), (0.3, B)], "", 1),
        ([(0, B), (0.49, B), (0.51, B)], "", 2),
        ([(0, B), (1, B), (2, "")], "", 0),
        ([(0, B), (1, B), (2, C)], "", 1),
        ([(0, B), (1, ""), (2, B), (3, B)], "", 2),
        ([(0, B), (1, B), (-300, B), (-299, B)], "", 2),
        ([(0, B), (1, B), (2, B), (3, ""), (4, "")], B, 0),
        ([(0, B), (1, B), (2, B), (3, C), (4, C)], B, 2),
        ([(0, B), (1, B), (2, B), (3, C), (4, C), (5, C)], C, 0),
    ],
)
def test_an_address_is_adopted_after_three_days_of_one_mind(
    answers: list[tuple[float, str]], address: str, days: int
) -> None:
    state = after(*answers)
    assert (state.address, state.move.days) == (address, days)


def test_a_place_without_anything_we_know_is_never_adopted() -> None:
    """What comes to be known of it afterwards came from there."""
    state = after(*((day, B) for day in range(9)), known=False)
    for day in range(9, 14):
        state = after_answer(state, B, NOW + timedelta(days=day), lambda since: True)
        assert state.address == ""


def test_what_was_not_believed_is_counted_anew_after_another_word() -> None:
    state = after(*((day, B) for day in range(3)), (3, ""), known=False)
    for day in range(4, 7):
        state = after_answer(state, B, NOW + timedelta(days=day), lambda since: True)
    assert state.address == B


def test_known_is_what_was_known_before_the_first_of_these_days() -> None:
    for first, since in ((False, NOW), (True, None)):
        state = SourceState("paper")
        for day in range(3):
            now, new = NOW + timedelta(days=day), first and not day
            state = after_answer(state, B, now, since.__eq__, first=new)
        assert state.address == B


def test_where_only_a_whole_document_can_tell_it_is_asked_for() -> None:
    state = replace(after((0, B), (1, B)), etag='"1"', body_hash="1")
    state = after_answer(state, B, NOW + timedelta(days=2), lambda since: None)
    assert (state.address, state.etag, state.body_hash) == ("", "", "")
    assert after_answer(state, B, NOW + timedelta(days=2), lambda since: True).address == B


def test_an_adopted_address_that_fails_is_dropped() -> None:
    assert after_failure(SourceState("paper", address=B)) == SourceState("paper")
    counting = SourceState("paper", move=Move(B, 2, "2026-11-22"))
    assert after_failure(counting) == counting


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("", {"X-Token"}),
        ("https://a.example/new", {"X-Token"}),
        ("http://a.example/feed", set()),
        ("https://a.example:8443/feed", set()),
        (B, set()),
    ],
)
def test_the_operators_headers_do_not_go_where_he_did_not_send_them(
    address: str, headers: set[str]
) -> None:
    source = Source(id="paper", url="https://u:p@A.example/feed", headers={"X-Token": "t"})
    asked = whereabouts(source, SourceState("paper", address=address))
    assert asked.url == (address or source.url)
    assert set(asked.headers) == headers
