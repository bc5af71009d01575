from __future__ import annotations

from typing import Any

import pytest

from aggregator.config.settings import Source
from aggregator.errors import ParseError
from aggregator.model import SourceState
from aggregator.sources import KINDS, Harvest
from tests.sources.desk import LIST, NOTHING, Answers, collect, knows, rows, source

DETAIL = "https://rain.example/detail?id="


def detailed(**keys: Any) -> Source:
    fields = {"id": "code", "title": "head", "content": "detail.text"}
    given = {"items": "rows", "detail": DETAIL + "{code}", "fields": fields} | keys
    return source("json", **given)


def newsroom(*titles: str, **documents: Any) -> Answers:
    details = {f"{DETAIL}N-{title}": {"text": f"<p>{title}</p>"} for title in titles}
    return Answers({LIST: rows(*titles)} | details | documents)


def contents(harvest: Harvest) -> dict[str, str]:
    return {entry.guid: entry.content for entry in harvest.feed.entries}


def test_each_row_gets_its_detail() -> None:
    answers = newsroom("rain", "snow")
    harvest = collect(detailed(), answers)
    assert contents(harvest) == {"N-rain": "<p>rain</p>", "N-snow": "<p>snow</p>"}
    assert answers.urls == [LIST, f"{DETAIL}N-rain", f"{DETAIL}N-snow"]
    assert harvest.complete


def test_a_detail_is_fetched_once() -> None:
    first = collect(detailed(), newsroom("rain", "snow"))
    stored = {entry.guid: entry.fingerprint for entry in first.feed.entries}
    answers = newsroom("hail", "rain", "snow")
    again = collect(detailed(), answers, known=knows(stored))
    assert answers.urls == [LIST, f"{DETAIL}N-hail"]
    assert contents(again) == {"N-hail": "<p>hail</p>", "N-rain": "", "N-snow": ""}
    assert {entry.guid: entry.fingerprint for entry in again.feed.entries}.items() >= stored.items()


def test_a_row_that_changed_gets_its_detail_again() -> None:
    answers = newsroom("rain")
    stored = {entry.guid: "another" for entry in collect(detailed(), answers).feed.entries}
    assert contents(collect(detailed(), newsroom("rain"), known=knows(stored))) == {
        "N-rain": "<p>rain</p>"
    }


def test_the_order_of_a_rows_keys_is_no_change() -> None:
    one = collect(source("json", fields={"id": "a"}), Answers({LIST: [{"a": 1, "b": 2}]}))
    other = collect(source("json", fields={"id": "a"}), Answers({LIST: [{"b": 2, "a": 1}]}))
    assert one.feed.entries == other.feed.entries


def test_a_detail_that_fails_is_a_bad_entry_and_the_harvest_is_not_complete() -> None:
    answers = newsroom("rain", "snow")
    del answers.documents[f"{DETAIL}N-rain"]
    harvest = collect(detailed(), answers)
    assert list(contents(harvest)) == ["N-snow"]
    assert not harvest.complete
    assert [str(bad) for bad in harvest.feed.bad] == [
        "entry 'N-rain': detail: answered 404 Not Found"
    ]


def test_a_detail_that_is_no_json_is_a_bad_entry_too() -> None:
    answers = newsroom("rain", **{f"{DETAIL}N-rain": b"<html><title>Sign in</title></html>"})
    harvest = collect(detailed(), answers)
    assert [bad.reason for bad in harvest.feed.bad] == [
        'detail: is an HTML page ("Sign in"); expected JSON'
    ]
    assert not harvest.complete


def test_after_three_failures_in_a_row_the_rest_is_left_for_the_next_time() -> None:
    titles = ("a", "b", "c", "d", "e")
    answers = Answers({LIST: rows(*titles)})
    harvest = collect(detailed(), answers)
    assert len(answers.asked) == 1 + 3
    assert len(harvest.feed.bad) == len(titles)
    assert harvest.feed.bad[-1].reason == "detail: not asked for, since the ones before it failed"
    assert not harvest.complete


def test_a_row_without_what_the_address_needs_is_bad_for_good() -> None:
    answers = newsroom("rain", **{LIST: {"rows": [{"head": "snow"}, *rows("rain")["rows"]]}})
    harvest = collect(detailed(), answers)
    assert list(contents(harvest)) == ["N-rain"]
    assert "has no 'code'" in harvest.feed.bad[0].reason
    assert harvest.complete


def test_rows_that_are_no_objects_are_bad_and_cost_the_others_nothing() -> None:
    answers = Answers({LIST: {"rows": ["x", None, *rows("rain")["rows"]]}})
    feed = collect(source("json", items="rows", fields={"id": "code"}), answers).feed
    assert [entry.id for entry in feed.entries] == ["N-rain"]
    assert [str(bad) for bad in feed.bad] == [
        "entry 'number 1': is no object but \"x\"",
        "entry 'number 2': is no object but null",
    ]


@pytest.mark.parametrize(
    ("detail", "secret"),
    [
        ("https://rain.example/detail?id={code}", True),
        ("/detail?id={code}", True),
        ("https://other.example/detail?id={code}", False),
        ("http://rain.example/detail?id={code}", False),
        ("https://rain.example:8443/detail?id={code}", False),
    ],
)
def test_the_operators_headers_stay_with_the_lists_origin(detail: str, secret: bool) -> None:
    answers = newsroom("rain")
    collect(detailed(detail=detail, headers={"X-Key": "secret"}), answers)
    assert answers.asked[0].headers == {"X-Key": "secret"}
    assert answers.asked[1].headers == ({"X-Key": "secret"} if secret else {})


def test_a_detail_is_asked_for_without_validators() -> None:
    answers = newsroom("rain")
    state = SourceState("rain", etag='"1"', last_modified="yesterday", body_hash="abc")
    KINDS["json"].collect(detailed(), state, answers, NOTHING)
    request = answers.asked[1]
    assert (request.etag, request.last_modified, request.body_hash) == ("", "", "")


def test_relative_addresses_of_a_detail_are_relative_to_it() -> None:
    entry = collect(detailed(), newsroom("rain")).feed.entries[0]
    assert entry.base == f"{DETAIL}N-rain"


def test_an_answer_without_the_list_is_refused() -> None:
    answers = Answers({LIST: {"code": 403, "message": "denied"}})
    with pytest.raises(ParseError, match="has no list at items"):
        collect(detailed(), answers)
