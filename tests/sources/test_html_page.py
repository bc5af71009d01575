"""Lists on pages made for people, and the pages of their articles."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.config.settings import Source
from aggregator.errors import FetchError, ForbiddenError, ParseError
from aggregator.fetch.exchange import Fetched, NotModified, Request
from aggregator.model import SourceState
from aggregator.sources import KINDS, Harvest
from tests.sources.desk import (
    LIST,
    NOTHING,
    ON_PAGE,
    Answers,
    article,
    collect,
    knows,
    page,
    source,
)

SITE = "https://rain.example"
KNOWN = SourceState("rain", etag='"1"', last_ok_at=datetime(2026, 11, 20, tzinfo=UTC))


def detailed(**keys: Any) -> Source:
    fields = {"title": ".title", "link": "a@href", "content": "detail.article"}
    given = {"items": "li", "fields": fields, "detail": "{+link}", "first": "all"} | keys
    return source("html", **given)


def site(*titles: str) -> Answers:
    pages = {f"{SITE}/{title}.html": article(title) for title in titles}
    return Answers({LIST: page(*titles)} | pages)


def contents(harvest: Harvest) -> dict[str, str]:
    return {entry.title: entry.content for entry in harvest.feed.entries}


def test_rows_become_entries_with_absolute_links() -> None:
    feed = collect(source("html", **ON_PAGE), site("rain", "snow")).feed
    assert [(entry.title, entry.link) for entry in feed.entries] == [
        ("rain", f"{SITE}/rain.html"),
        ("snow", f"{SITE}/snow.html"),
    ]
    assert (feed.title, feed.link) == ("Rain", LIST)


def test_a_page_on_which_nothing_matches_is_no_empty_list() -> None:
    answers = Answers({LIST: b"<title>Just a moment...</title><p>Checking"})
    with pytest.raises(ParseError) as refused:
        collect(source("html", **ON_PAGE), answers)
    assert str(refused.value) == (
        'nothing matches items = "li" on the page "Just a moment..."; the page may have changed'
    )


@pytest.mark.parametrize(("body", "words"), [(b"", "is empty"), (b'{"a": 1}', "a JSON document")])
def test_what_is_no_page_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(ParseError, match=f"{words}; expected an HTML page"):
        collect(source("html", **ON_PAGE), Answers({LIST: body}))


def test_a_row_that_names_nothing_is_bad_and_costs_the_others_nothing() -> None:
    body = b"<ul><li><hr></li>" + page("rain")
    feed = collect(source("html", **ON_PAGE), Answers({LIST: body})).feed
    assert [entry.title for entry in feed.entries] == ["rain"]
    assert [str(bad) for bad in feed.bad] == [
        "entry 'number 1': has no id, link or title; make items or fields more exact"
    ]


def test_only_pages_made_for_people_are_asked_for_as_such() -> None:
    answers = site("rain")
    collect(detailed(), answers)
    assert [request.page for request in answers.asked] == [True, True]


def test_each_entrys_page_is_fetched_once() -> None:
    first = collect(detailed(), site("rain", "snow"))
    assert contents(first) == {"rain": '<p>by <b class="by">Ada</b></p>'} | {
        "snow": '<p>by <b class="by">Ada</b></p>'
    }
    stored = {entry.guid: entry.fingerprint for entry in first.feed.entries}
    answers = site("hail", "rain", "snow")
    again = collect(detailed(), answers, state=KNOWN, known=knows(stored))
    assert answers.urls == [LIST, f"{SITE}/hail.html"]
    assert {entry.guid: entry.fingerprint for entry in again.feed.entries}.items() >= stored.items()


def test_a_date_in_words_that_goes_with_the_clock_is_no_change() -> None:
    origin = detailed(
        fields={"title": "b", "link": "a@href", "published": "i", "content": "detail.p"}
    )
    row = "<li><a href=/1><b>rain</b></a> <i>{}</i> <u>7 comments</u></li>"
    versions = [
        collect(origin, Answers({LIST: row.format(ago).encode(), f"{SITE}/1": b"<p>It rained."}))
        for ago in ("5 minutes ago", "an hour ago")
    ]
    (before,), (after,) = (version.feed.entries for version in versions)
    assert before.published == "5 minutes ago"
    assert before.fingerprint == after.fingerprint


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_holds_up_neither_the_others_nor_the_validators(status: int) -> None:
    answers = Failing(site("a", "b", "c", "d", "e"), status, "abcd")
    harvest = collect(detailed(), answers)
    assert list(contents(harvest)) == ["e"]
    assert len(harvest.feed.bad) == 4
    assert harvest.complete


def test_a_page_that_robots_txt_forbids_holds_up_nothing_either() -> None:
    harvest = collect(
        detailed(), Failing(site("a", "b"), ForbiddenError("must not be asked for"), "a")
    )
    assert list(contents(harvest)) == ["b"]
    assert harvest.complete


def test_a_page_that_is_another_one_than_meant_is_a_bad_entry() -> None:
    answers = site("rain", "snow")
    answers.documents[f"{SITE}/rain.html"] = b"<title>Just a moment...</title>"
    harvest = collect(detailed(), answers)
    assert list(contents(harvest)) == ["snow"]
    assert "nothing matches what is read there (content)" in str(harvest.feed.bad[0])


def test_a_server_that_fails_is_asked_three_times_and_then_left_alone() -> None:
    answers = Failing(site("a", "b", "c", "d", "e"), 503, "abcde")
    harvest = collect(detailed(), answers)
    assert len(answers.asked) == 1 + 3
    assert not harvest.complete


def test_of_a_new_source_only_the_pages_of_its_first_entries_are_asked_for() -> None:
    answers = site("a", "b", "c", "d")
    harvest = collect(detailed(first=2), answers)
    assert answers.urls == [LIST, f"{SITE}/a.html", f"{SITE}/b.html"]
    assert list(contents(harvest)) == ["a", "b"]
    assert list(harvest.passed_over) == [f"{SITE}/c.html", f"{SITE}/d.html"]
    assert harvest.complete


def test_what_was_passed_over_is_not_asked_for_later() -> None:
    harvest = collect(detailed(first=2), site("a", "b", "c", "d"))
    stored = {entry.guid: entry.fingerprint for entry in harvest.feed.entries}
    answers = site("new", "a", "b", "c", "d")
    known = knows({**stored, **harvest.passed_over})
    collect(detailed(first=2), answers, state=KNOWN, known=known)
    assert answers.urls == [LIST, f"{SITE}/new.html"]


def test_at_most_fifty_pages_are_asked_for_at_one_look_and_the_rest_at_the_next() -> None:
    titles = [f"t{number:03}" for number in range(70)]
    first = collect(detailed(), site(*titles), state=KNOWN)
    assert list(contents(first)) == titles[:50]
    assert not first.complete
    assert first.feed.bad == ()
    stored = {entry.guid: entry.fingerprint for entry in first.feed.entries}
    answers = site(*titles)
    second = collect(detailed(), answers, state=KNOWN, known=knows(stored))
    assert answers.urls[1:] == [f"{SITE}/{title}.html" for title in titles[50:]]
    assert second.complete


def test_a_page_may_not_name_a_file_of_this_machine() -> None:
    answers = Answers({LIST: b'<ul><li><a href="file:///etc/passwd"><b class=title>a</b></a></ul>'})
    harvest = collect(detailed(), answers)
    assert answers.urls == [LIST]
    assert "is a file of this machine" in str(harvest.feed.bad[0])


def test_the_list_is_asked_for_with_its_validators_and_the_pages_without() -> None:
    answers = site("rain")
    state = SourceState("rain", etag='"1"', last_modified="yesterday", body_hash="abc")
    KINDS["html"].collect(detailed(headers={"X-Key": "secret"}), state, answers, NOTHING)
    listed, own = answers.asked
    assert (listed.etag, listed.last_modified, listed.body_hash) == ('"1"', "yesterday", "abc")
    assert (own.etag, own.last_modified, own.body_hash) == ("", "", "")
    assert own.headers == {"X-Key": "secret"}


class Failing:
    """Answers, but not for the articles of some titles."""

    def __init__(self, answers: Answers, fault: int | FetchError, titles: str) -> None:
        self.asked = answers.asked
        self._answers = answers
        self._fault = fault if isinstance(fault, FetchError) else FetchError("failed", status=fault)
        self._failing = {f"{SITE}/{title}.html" for title in titles}

    def get(self, request: Request) -> Fetched | NotModified:
        answer = self._answers.get(request)
        if request.url in self._failing:
            raise self._fault
        return answer


@pytest.mark.parametrize(
    ("keys", "faults"),
    [
        ({}, []),
        ({"items": "li["}, [(("items",), "is not a CSS selector: ")]),
        ({"fields": {"title": "h2:x"}, "detail": None}, [(("fields", "title"), "is not a CSS")]),
        ({"fields": {"title": "detail.h2["}}, [(("fields", "title"), "is not a CSS")]),
        ({"detail": None}, [(("fields", "content"), "stands on the entry's own page; add detail")]),
        ({"next": "a["}, [(("next",), "is not a CSS"), (("next",), "is never followed")]),
        ({"next": "a.next", "history": True}, []),
        ({"next": "a.next", "pages": 3}, []),
        ({"next": "?p={page}", "pages": 3}, []),
        ({"next": "?p={page}&x={y}", "pages": 3}, [(("next",), "holds {y} too")]),
        ({"next": "?p={page}&x={", "pages": 3}, [(("next",), "'{' is not a field")]),
        ({"pages": 3}, [(("pages",), "needs to know where the next page is; add next")]),
        ({"history": True}, [(("history",), "needs to know where the next page is; add next")]),
    ],
)
def test_expressions_are_judged_before_anything_is_fetched(
    keys: dict[str, Any], faults: list[tuple[tuple[str, ...], str]]
) -> None:
    found = list(KINDS["html"].check(detailed(**keys)))
    assert [place for place, _ in found] == [place for place, _ in faults]
    for (_, said), (_, wanted) in zip(found, faults, strict=True):
        assert wanted in said
