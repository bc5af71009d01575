"""Which entry is which article: tables of what publishers do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.store.likeness import alike, titles_alike
from aggregator.store.recognition import Look, is_another, is_same, may_be_another, same_address
from tests.articles import NOW

HOUR = timedelta(hours=1)
STORKS = "<p>The storks have come back to the valley, a week earlier than last year.</p>"
RATES = "<p>The central bank leaves its rates where they are, to nobody's surprise.</p>"

OLD = Look(
    guid="1",
    link="https://paper.example/storks",
    title="Storks return",
    text=STORKS,
    published=NOW - 24 * HOUR,
    first_seen_at=NOW - 23 * HOUR,
)


def seen(**changes: Any) -> Look:
    """Return the old article as it looks now, with *changes*; seen for the first time now."""
    return replace(OLD, first_seen_at=NOW, **changes)


UNDATED = {"published": NOW}
OTHER = {"title": "Rates stay", "text": RATES, "published": NOW - HOUR}

SAME_GUID = {
    "as it was": ({}, False),
    "another title": ({"title": "Storks are back"}, False),
    "rewritten at its address": ({**OTHER}, False),
    "a live page, under https": ({**OTHER, "link": "http://www.paper.example/storks"}, False),
    "moved": ({"link": "https://paper.example/2026/storks"}, False),
    "moved and renamed": (
        {"link": "https://paper.example/birds", "title": "Birds return", "published": NOW - HOUR},
        False,
    ),
    "moved and rewritten, at its date": (
        {"link": "https://paper.example/birds", "title": "Birds return", "text": RATES},
        False,
    ),
    "moved and rewritten, without a date": (
        {"link": "https://paper.example/birds", "title": "Birds", "text": RATES, **UNDATED},
        False,
    ),
    "without a link": ({**OTHER, "link": ""}, False),
    "something else, younger": ({**OTHER, "link": "https://paper.example/rates"}, True),
    "the next episode": (
        {
            "title": "Storks return 2",
            "link": "https://paper.example/2",
            "text": RATES,
            "published": NOW - HOUR,
        },
        True,
    ),
    "something else, older": (
        {
            **OTHER,
            "link": "https://paper.example/rates",
            "published": NOW - 48 * HOUR,
        },
        False,
    ),
}


@pytest.mark.parametrize(("changes", "another"), SAME_GUID.values(), ids=SAME_GUID)
def test_what_a_guid_means_when_it_comes_again(changes: dict[str, Any], another: bool) -> None:
    now = seen(**changes)
    assert (may_be_another(OLD, now) and is_another(OLD, now)) == another


def test_what_left_the_store_is_another_only_at_another_address_and_younger() -> None:
    gone = replace(OLD, title=None, text="")
    elsewhere = seen(link="https://paper.example/rates", title="Rates stay", text=RATES)
    assert not is_another(gone, elsewhere)
    assert not may_be_another(gone, seen(title="Rates stay", text=RATES, published=NOW - HOUR))
    younger = replace(elsewhere, published=NOW - HOUR)
    assert may_be_another(gone, younger)
    assert is_another(gone, younger)


# The guid is another one, and guid, link or text gave an alias in common.
ALIAS = {
    "as it was": ({}, True),
    "edited": ({"text": STORKS.replace("week", "month")}, True),
    "now whole": ({"text": STORKS + RATES * 5}, True),
    "another title": ({"title": "Welcome back"}, True),
    "rewritten under its title": ({"text": RATES}, True),
    "rewritten with another title": ({"title": "Rates stay", "text": RATES}, False),
    "tomorrow's briefing": ({"published": NOW - HOUR, "text": RATES}, False),
    "tomorrow's briefing with the same words": ({"published": NOW - HOUR}, False),
    "without its date": (UNDATED, True),
    "a briefing without a date": ({**UNDATED, "text": RATES}, False),
    "a headline without text and date": ({**UNDATED, "text": ""}, True),
    "another headline without text": ({"title": "Rates stay", "text": ""}, False),
}


@pytest.mark.parametrize(("changes", "same"), ALIAS.values(), ids=ALIAS)
def test_what_another_guid_means_with_an_alias_in_common(
    changes: dict[str, Any], same: bool
) -> None:
    assert is_same(OLD, seen(guid="2", **changes)) == same


def test_an_article_that_gets_its_date_later_was_published_before_it_was_seen() -> None:
    undated = replace(OLD, published=OLD.first_seen_at)
    assert is_same(undated, seen(guid="2", published=OLD.first_seen_at - HOUR))
    assert not is_same(undated, seen(guid="2", published=OLD.first_seen_at + HOUR))


def test_a_guid_that_only_moved_to_https_needs_no_other_evidence() -> None:
    old = replace(OLD, guid="http://paper.example/1")
    new = seen(guid="https://www.paper.example/1", title="Rates stay", text=RATES)
    assert is_same(old, new)
    younger = replace(new, link="https://paper.example/rates", published=NOW - HOUR)
    assert not is_same(old, younger), "unless it is of those that mean another article each time"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.example/1", "https://a.example/1", True),
        ("http://www.a.example/1", "https://A.example/1".lower(), True),
        ("https://a.example/1", "https://b.example/1", False),
        ("https://a.example/1", "https://a.example/2", False),
        ("tag:a,2026:1", "tag:a,2026:1", True),
    ],
)
def test_addresses_are_the_same_but_for_scheme_and_www(one: str, other: str, same: bool) -> None:
    assert same_address(one, other) == same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Storks return", "Storks return!", True),
        ("Storks return", "UPDATE: Storks return to the valley", True),
        ("Storks return", "Rates stay", False),
        ("Episode 12", "Episode 13", False),
        ("Title 1", "Title 11", False),
        ("央行开展逆回购操作", "快讯：央行开展逆回购操作", True),
        ("央行开展逆回购操作", "央行暂停逆回购操作", False),
        ("Public hearing on Mill Street", "Public hearing on Church Street", False),
        ("央行开展逆回购操作", "工作会议在南昌召开", False),
        ("", "", False),
        ("Hi", "Hi", True),
        ("!", "!", False),
    ],
)
def test_titles_are_alike_when_one_is_the_other_reworded(one: str, other: str, same: bool) -> None:
    assert titles_alike(one, other) == same
    assert titles_alike(other, one) == same


def test_texts_are_alike_without_their_markup_and_when_one_is_cut() -> None:
    assert alike(STORKS, "The storks have come back to the valley, a week earlier")
    assert alike("<b>" + STORKS, STORKS.replace("<p>", "<div class='x'>"))
    assert not alike(STORKS, RATES)
    assert not alike(STORKS, "")


def test_unrelated_texts_of_one_newspaper_are_not_alike() -> None:
    frame = "By our own reporter in the valley. {} Read more in our paper of tomorrow."
    first = frame.format("The storks are back, and so are those who count them every year.")
    second = frame.format("Nobody was surprised when the central bank left its rates alone.")
    assert not alike(first, second)
