"""How publishers are treated, end to end: each row of docs/politeness.md has its test."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from aggregator.model import Status
from tests.command import aggregator
from tests.fetch.server import Answer, Heard, reply
from tests.polling import NOW, Polling, polling, source
from tests.web import document, rss, serving

SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3600, 86400))
LATE = "Sun, 22 Nov 2026 15:00:00 GMT"  # three hours from NOW
FEED = rss("one", "two")
RECENT = FEED.replace(b"20 Nov 2026 10", b"22 Nov 2026 11")  # asked about every half hour
ROOT = Path(__file__).parent.parent


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Polling]:
    with polling(tmp_path) as made:
        yield made


def feed(*headers: str, body: bytes = FEED) -> bytes:
    return reply(200, "Content-Type: application/rss+xml", *headers, body=body)


def channel(elements: str) -> bytes:
    """Return an RSS document with more elements in its channel."""
    return RECENT.replace(b"<item>", elements.encode() + b"<item>", 1)


def paper(world: Polling, *lines: str) -> None:
    world.configure(source("paper", world.at("paper.test"), *lines))


# ── conditional requests ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "etag", ['"abc"', 'W/"abc"', '"abc-gzip"', '"abc;gzip"', "abc", '"a b"', '""', 'W/"a"b"']
)
def test_validators_are_sent_back_exactly_as_they_came(world: Polling, etag: str) -> None:
    changed = "sunday, 22-Nov-26 10:00:00 GMT"
    world.answers["/feed"] = feed(f"ETag: {etag}", f"Last-Modified: {changed}")
    paper(world)
    (first,) = world.turn()
    assert not {"if-none-match", "if-modified-since"} & first.headers.keys()
    world.restart()
    (second,) = world.turn("paper")
    assert second.headers["if-none-match"] == etag
    assert second.headers["if-modified-since"] == changed


def test_validators_are_dropped_when_a_document_comes_without_them(world: Polling) -> None:
    world.answers["/feed"] = feed('ETag: "1"', "Last-Modified: yesterday")
    paper(world)
    world.turn()
    world.answers["/feed"] = feed('ETag: "2"')
    world.turn("paper")
    (third,) = world.turn("paper")
    assert third.headers["if-none-match"] == '"2"'
    assert "if-modified-since" not in third.headers
    world.answers["/feed"] = feed()
    world.turn("paper")
    (fifth,) = world.turn("paper")
    assert not {"if-none-match", "if-modified-since"} & fifth.headers.keys()


def test_304_wipes_nothing(world: Polling) -> None:
    world.answers["/feed"] = feed('ETag: "1"', "Last-Modified: then", "Cache-Control: max-age=7200")
    paper(world)
    world.turn()
    world.answers["/feed"] = reply(304, length=False)
    for _ in range(2):
        (heard,) = world.turn("paper")
        assert heard.headers["if-none-match"] == '"1"'
        assert heard.headers["if-modified-since"] == "then"
        assert world.outcomes[0].status is Status.NOT_MODIFIED
    assert world.titles() == {"one", "two"}
    assert world.state().hints.fresh == 7200


def test_304_may_bring_a_new_validator(world: Polling) -> None:
    world.answers["/feed"] = feed('ETag: "1"')
    paper(world)
    world.turn()
    world.answers["/feed"] = reply(304, 'ETag: W/"2"', length=False)
    world.turn("paper")
    assert world.turn("paper")[0].headers["if-none-match"] == 'W/"2"'


REFUSED: dict[str, bytes] = {
    "an HTML page": reply(
        200, 'ETag: "x"', "Content-Type: text/html", body=b"<!doctype html><title>Moved</title>"
    ),
    "a page called a feed": feed('ETag: "x"', body=b"<html><body>Checking your browser</body>"),
    "nothing": feed('ETag: "x"', body=b""),
    "a truncated document": feed('ETag: "x"', body=FEED[: len(FEED) // 2]),
    "a truncated gzip": reply(
        200, 'ETag: "x"', "Content-Encoding: gzip", body=gzip.compress(FEED)[:-20]
    ),
    "less than was announced": b'HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: 99999\r\n'
    b"Connection: close\r\n\r\n" + FEED,
    "no content": reply(204, 'ETag: "x"', length=False),
    "a fault": reply(500, 'ETag: "x"', body=FEED),
    "a challenge": reply(403, 'ETag: "x"', "cf-mitigated: challenge", body=FEED),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_refused_leaves_validators_and_articles_as_they_were(
    world: Polling, kind: str
) -> None:
    world.answers["/feed"] = feed('ETag: "good"')
    paper(world)
    world.turn()
    world.answers["/feed"] = REFUSED[kind]
    world.turn("paper")
    assert world.outcomes[0].status is Status.FAILED
    assert world.outcomes[0].error
    assert world.titles() == {"one", "two"}
    world.answers["/feed"] = reply(304, length=False)
    (heard,) = world.turn("paper")
    assert heard.headers["if-none-match"] == '"good"'
    assert world.state().failures == 0


def portal(world: Polling, detail_host: str = "paper.test") -> None:
    """Have the paper be a list of two rows, each with a detail document."""
    rows = b'{"rows": [{"id": "1", "title": "one"}, {"id": "2", "title": "two"}]}'
    world.answers |= {"/feed": feed('ETag: "1"', body=rows), "/1": reply(503), "/2": reply(503)}
    details = world.at(detail_host, "/{id}")
    fields = '[source.fields]\nid = "id"\ntitle = "title"\ncontent = "detail.text"'
    paper(world, 'kind = "json"', 'items = "rows"', f'detail = "{details}"', 'every = "1m"', fields)


def test_a_detail_that_fails_is_asked_for_again(world: Polling) -> None:
    portal(world)
    assert [heard.target for heard in world.turn()] == ["/feed", "/1", "/2"]
    world.answers |= {"/1": reply(body=b'{"text": "x"}'), "/2": reply(body=b'{"text": "y"}')}
    heard = world.turn("paper")
    assert [one.target for one in heard] == ["/feed", "/1", "/2"]
    assert "if-none-match" not in heard[0].headers
    assert world.titles() == {"one", "two"}
    (again,) = world.turn("paper")
    assert again.headers["if-none-match"] == '"1"'


# ── how fresh an answer is ────────────────────────────────────────────────────────────────────────


def pause_after(world: Polling, answer: Answer, *lines: str) -> timedelta:
    assert isinstance(answer, bytes)
    world.answers["/feed"] = answer
    paper(world, *lines)
    world.turn()
    assert world.outcomes[0].status is Status.OK, world.outcomes[0].error
    return world.pause()


@pytest.mark.parametrize(
    ("headers", "least"),
    [
        (["Cache-Control: max-age=10800"], 3 * HOUR),
        (["Cache-Control: public, MAX-AGE=10800"], 3 * HOUR),
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


# ── Retry-After ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [404, 429, 503])
@pytest.mark.parametrize("value", ["10800", LATE])
def test_retry_after_is_kept_to(world: Polling, status: int, value: str) -> None:
    world.answers["/feed"] = reply(status, f"Retry-After: {value}")
    paper(world, 'every = "1m"')
    world.turn()
    assert world.pause() >= 3 * HOUR
    assert "asked not to be asked before 2026-11-22 15:00 UTC" in world.state().why
    world.wait(hours=2, minutes=59, seconds=59)
    world.restart()
    assert world.turn() == []
    world.wait_for()
    assert len(world.turn()) == 1


@pytest.mark.parametrize("value", ["0", "-5", "soon", "1.5", "", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_retry_after_that_says_nothing_is_passed_over(world: Polling, value: str) -> None:
    world.answers["/feed"] = reply(503, f"Retry-After: {value}")
    paper(world, 'every = "10m"')
    world.turn()
    assert 20 * MINUTE <= world.pause() <= 22 * MINUTE


@pytest.mark.parametrize("value", ["99999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_an_absurd_retry_after_is_cut_to_a_week(world: Polling, value: str) -> None:
    world.answers["/feed"] = reply(503, f"Retry-After: {value}")
    paper(world)
    world.turn()
    assert 7 * DAY <= world.pause() <= 7 * DAY + 16 * MINUTE


def test_retry_after_is_for_every_source_of_the_host_and_for_no_other(world: Polling) -> None:
    world.answers["/busy"] = reply(429, "Retry-After: 3600")
    world.answers["/feed"] = feed()
    world.configure(
        source("busy", world.at("paper.test", "/busy")),
        source("same", world.at("paper.test")),
        source("other", world.at("other.test")),
    )
    world.turn("busy")
    assert [heard.headers["host"].split(":")[0] for heard in world.turn("same", "other")] == [
        "other.test"
    ]
    waiting = next(outcome for outcome in world.outcomes if outcome.id == "same")
    assert waiting.status is Status.WAITING
    assert "wants to be left alone until 2026-11-22 13:00 UTC" in waiting.error
    assert world.state("same").failures == 0
    assert "asked not to be asked before" in world.state("same").why
    world.restart()
    assert world.turn("same", "busy") == [], "an order of the operator's is no reason either"
    world.wait(hours=1, minutes=7)
    assert len(world.turn()) >= 2
    assert world.state("same").last_ok_at is not None


def test_the_rest_of_a_host_is_left_alone_from_the_first_429_on(world: Polling) -> None:
    world.answers["/feed"] = reply(429)
    world.configure(
        *(source(f"s{number}", world.at("paper.test")) for number in range(20)),
        fetch="per_host = 1",
    )
    assert len(world.turn()) == 1
    assert [outcome.status for outcome in world.outcomes].count(Status.WAITING) == 19


def test_a_redirect_to_a_host_that_wants_peace_is_not_followed(world: Polling) -> None:
    world.answers["/busy"] = reply(503, "Retry-After: 3600")
    world.answers["/away"] = reply(302, f"Location: {world.at('paper.test')}")
    world.answers["/feed"] = feed()
    world.configure(
        source("busy", world.at("paper.test", "/busy")),
        source("away", world.at("other.test", "/away")),
    )
    world.turn("busy")
    assert [heard.target for heard in world.turn("away")] == ["/away"]
    assert world.outcomes[0].status is Status.WAITING


def test_retry_after_of_a_detail_is_for_its_host(world: Polling) -> None:
    portal(world, "details.test")
    world.answers["/1"] = reply(429, "Retry-After: 3600")
    assert [heard.target for heard in world.turn()] == ["/feed", "/1"]
    world.wait_for()
    assert [heard.target for heard in world.turn()] == ["/feed"]
    world.wait(hours=2)
    assert [heard.target for heard in world.turn()] == ["/feed", "/1"]


def test_retry_after_on_a_redirect_is_for_the_next_time(world: Polling) -> None:
    world.answers["/feed"] = reply(302, "Location: /new", "Retry-After: 7200")
    world.answers["/new"] = feed()
    paper(world, 'every = "1m"')
    assert [heard.target for heard in world.turn()] == ["/feed", "/new"]
    assert world.pause() >= 2 * HOUR


# ── redirects ─────────────────────────────────────────────────────────────────────────────────────


def answered_at(world: Polling) -> list[str]:
    """Ask the paper and return the paths that were asked, after letting its time come."""
    world.wait_for()
    return [heard.target for heard in world.turn()]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_temporary_redirect_is_never_adopted(world: Polling, status: int) -> None:
    world.answers["/feed"] = reply(status, "Location: /new")
    world.answers["/new"] = feed()
    paper(world, 'every = "1d"')
    world.turn()
    for _ in range(5):
        assert answered_at(world) == ["/feed", "/new"]


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_adopted_after_three_days(world: Polling, status: int) -> None:
    world.answers["/feed"] = feed('ETag: "1"')
    paper(world, 'every = "12h"')
    world.turn()
    world.answers["/feed"] = reply(status, "Location: /new")
    world.answers["/new"] = feed('ETag: "1"')
    days: set[date] = set()
    while len(days) < 3:
        assert answered_at(world) == ["/feed", "/new"]
        days.add(world.now.date())
    world.restart()
    for _ in range(2):
        assert answered_at(world) == ["/new"]
        assert "moved permanently to http://paper.test:" in world.state().why
        assert "change its url in config.toml" in world.state().why


def test_a_redirect_that_wavers_is_not_adopted(world: Polling) -> None:
    world.answers |= {"/new": feed(), "/newer": feed(), "/feed": feed()}
    paper(world, 'every = "1d"')
    world.turn()
    for place in ("/new", "/new", "/newer", "/new", "", "/new", "/new"):
        world.answers["/feed"] = reply(301, f"Location: {place}") if place else feed()
        assert answered_at(world)[0] == "/feed"
    assert world.state().address == ""


def test_a_place_without_known_entries_is_not_adopted(world: Polling) -> None:
    world.answers["/feed"] = feed()
    paper(world, 'every = "1d"')
    world.turn()
    world.answers["/feed"] = reply(301, "Location: /parked")
    for day in range(6):
        world.answers["/parked"] = feed(body=rss(f"Buy {day}", site="https://parked.example"))
        assert answered_at(world) == ["/feed", "/parked"]


def adopted(world: Polling, *lines: str) -> None:
    """Have the paper adopt `/new`."""
    world.answers |= {"/feed": reply(301, "Location: /new"), "/new": feed()}
    paper(world, 'every = "1d"', *lines)
    world.turn()
    for _ in range(3):
        answered_at(world)
    assert world.state().address.endswith("/new")


def test_an_adopted_address_that_fails_is_given_up_for_the_configured_one(world: Polling) -> None:
    adopted(world)
    world.answers |= {"/new": reply(410), "/feed": feed()}
    assert answered_at(world) == ["/new"]
    assert not world.state().gone
    assert answered_at(world) == ["/feed"]
    assert world.state().failures == 0


def test_another_url_in_the_configuration_forgets_the_adopted_one(world: Polling) -> None:
    adopted(world)
    world.answers["/other"] = feed()
    world.configure(source("paper", world.at("paper.test", "/other"), 'every = "1d"'))
    assert [heard.target for heard in world.turn()] == ["/other"]
    assert world.state().address == ""


# ── failures ──────────────────────────────────────────────────────────────────────────────────────


def test_what_is_gone_is_not_asked_until_it_is_told_to(world: Polling) -> None:
    world.answers["/feed"] = reply(410)
    paper(world)
    world.turn()
    assert world.state().next_due_at is None
    assert "gone for good (410): not asked any more" in world.state().why
    world.wait(days=400)
    world.restart()
    assert world.turn() == []
    assert world.all_but_gone() == []
    world.answers["/feed"] = feed()
    assert len(world.turn("paper")) == 1
    assert world.state().next_due_at is not None
    assert world.all_but_gone() == ["paper"]


def test_what_is_gone_is_asked_when_its_configuration_has_changed(world: Polling) -> None:
    world.answers["/feed"] = reply(410)
    paper(world)
    world.turn()
    paper(world, 'title = "The Paper"')
    assert world.all_but_gone() == ["paper"]
    assert len(world.turn()) == 1
    paper(world, 'title = "The Paper"', "[[rule]]", 'drop = true\nmatch = "x"')
    assert world.turn() == []


@pytest.mark.parametrize(("status", "gone"), [(301, True), (302, False)])
def test_gone_behind_a_redirect_is_gone_if_that_is_permanent(
    world: Polling, status: int, gone: bool
) -> None:
    world.answers["/feed"] = reply(status, "Location: /old")
    world.answers["/old"] = reply(410)
    paper(world)
    world.turn()
    assert world.state().gone is gone


def pauses(world: Polling, count: int, *lines: str) -> list[timedelta]:
    paper(world, *lines)
    found = []
    for _ in range(count):
        world.turn()
        found.append(world.pause())
        world.wait_for()
    return found


@pytest.mark.parametrize("status", [500, 502, 503, 408])
def test_failures_of_the_server_are_waited_out_longer_and_longer(
    world: Polling, status: int
) -> None:
    world.answers["/feed"] = reply(status)
    found = pauses(world, 12, 'every = "10m"')
    assert found[:5] == sorted(found[:5])
    assert 20 * MINUTE <= found[0] < 30 * MINUTE
    assert max(found) <= 6 * HOUR + 16 * MINUTE
    world.answers["/feed"] = feed()
    world.turn()
    assert world.state().failures == 0
    assert world.pause() <= 11 * MINUTE


@pytest.mark.parametrize("status", [401, 403, 404, 451])
def test_refusals_are_asked_about_more_slowly_and_never_given_up(
    world: Polling, status: int
) -> None:
    world.answers["/feed"] = reply(status)
    found = pauses(world, 12, 'every = "10m"')
    assert 40 * MINUTE <= found[0] < HOUR
    assert found[:4] == sorted(found[:4])
    assert all(DAY <= pause <= DAY + 16 * MINUTE for pause in found[5:])
    world.answers["/feed"] = feed()
    world.turn()
    assert world.pause() <= 11 * MINUTE


def test_no_answer_is_a_failure_like_others(world: Polling) -> None:
    def hangs(heard: Heard) -> Answer:
        time.sleep(0.5)
        return feed()

    world.answers |= {"/hangs": hangs, "/cut": lambda heard: iter([])}
    world.configure(
        source("unknown", world.at("nowhere.test")),
        source("closed", "http://127.0.0.1:9/"),
        source("tls", world.at("tls.test").replace("http:", "https:"), 'timeout = "200ms"'),
        source("hangs", world.at("paper.test", "/hangs"), 'timeout = "100ms"'),
        source("cut", world.at("paper.test", "/cut")),
    )
    world.turn()
    assert len(world.outcomes) == 5
    for outcome in world.outcomes:
        assert outcome.status is Status.FAILED
        assert HOUR <= world.pause(outcome.id) <= 1.1 * HOUR + SECOND


def test_sources_that_fail_together_do_not_come_back_together(world: Polling) -> None:
    world.answers["/feed"] = reply(500)
    world.configure(*(source(f"s{number}", world.at("paper.test")) for number in range(10)))
    world.turn()
    assert len({world.state(f"s{number}").next_due_at for number in range(10)}) > 7


def test_a_source_that_fails_at_first_is_still_new_when_it_comes(world: Polling) -> None:
    world.answers["/feed"] = reply(500)
    paper(world, "first = 1")
    world.turn()
    world.answers["/feed"] = feed()
    world.wait_for()
    world.turn()
    assert world.titles() == {"two"}


# ── when, and how many at a time ──────────────────────────────────────────────────────────────────


def test_a_restart_asks_nobody_before_their_time(world: Polling) -> None:
    world.answers["/feed"] = feed()
    paper(world)
    assert len(world.turn()) == 1
    for _ in range(3):
        world.restart()
        assert world.turn() == []
    world.wait_for()
    world.restart()
    assert len(world.turn()) == 1


def test_a_clock_that_is_set_back_delays_nothing_and_brings_nothing_forward(
    world: Polling,
) -> None:
    world.answers["/feed"] = feed()
    world.now = NOW + 365 * DAY
    paper(world, 'every = "1h"')
    world.turn()
    world.now = NOW
    world.restart()
    assert world.turn() == []
    assert HOUR <= world.pause() <= 1.1 * HOUR
    world.wait(minutes=67)
    assert len(world.turn()) == 1


def busiest(world: Polling, hosts: list[str], fetch: str = "") -> tuple[int, list[float]]:
    """Ask twenty sources at once; return how many were answered at a time, and when each came."""
    now, most, came = 0, 0, []

    def answer(heard: Heard) -> Answer:
        nonlocal now, most
        came.append(time.monotonic())
        now += 1
        most = max(most, now)
        time.sleep(0.02)
        now -= 1
        return feed()

    world.answers["/feed"] = answer
    world.configure(
        *(source(f"s{n}", world.at(hosts[n % len(hosts)])) for n in range(20)), fetch=fetch
    )
    assert len(world.turn()) == 20
    return most, came


def test_no_more_connections_to_a_domain_than_allowed_even_after_a_long_sleep(
    world: Polling,
) -> None:
    hosts = ["a.paper.example.com", "b.paper.example.com", "www.example.com"]
    assert busiest(world, hosts, 'spacing = "0s"')[0] <= 2
    world.wait(days=3)
    assert len(world.turn()) == 20
    assert world.server.open_most <= 6, "kept connections: two for each of three hosts"


def test_sources_of_a_domain_are_asked_apart_from_each_other(world: Polling) -> None:
    _, came = busiest(world, ["a.example.com", "b.example.com"], 'spacing = "30ms"')
    gaps = [later - earlier for earlier, later in pairwise(came)]
    assert sum(gaps) > 19 * 0.03 * 0.9
    assert min(gaps) > 0.01


def test_the_distance_is_kept_across_a_restart(world: Polling) -> None:
    world.answers["/feed"] = feed()
    sources = [source(name, world.at(f"{name}.example.com")) for name in ("a", "b")]
    world.configure(*sources, fetch='spacing = "300ms"')
    world.turn("a")
    world.restart()
    began = time.monotonic()
    world.turn("b")
    assert time.monotonic() - began > 0.2


def test_a_host_of_ones_own_is_asked_as_fast_as_it_answers(world: Polling) -> None:
    _, came = busiest(world, ["nas.test"], 'spacing = "10s"')
    assert came[-1] - came[0] < 5


def test_a_site_that_is_slow_holds_up_nobody_else(world: Polling) -> None:
    def slow(heard: Heard) -> Answer:
        time.sleep(0.3)
        return feed()

    done: dict[str, float] = {}

    def quick(heard: Heard) -> Answer:
        done[heard.headers["host"]] = time.monotonic()
        return feed()

    world.answers |= {"/slow": slow, "/feed": quick}
    world.configure(
        *(source(f"slow{n}", world.at("slow.test", "/slow")) for n in range(6)),
        *(source(f"quick{n}", world.at(f"quick{n}.test")) for n in range(6)),
        fetch="workers = 3",
    )
    began = time.monotonic()
    world.turn()
    assert max(done.values()) - began < 0.3


def test_a_file_of_ones_own_is_looked_at_every_minute_also_when_it_is_missing(
    world: Polling, tmp_path: Path
) -> None:
    world.configure(source("paper", "file:feed.xml"))
    for _ in range(4):
        world.turn()
        assert world.outcomes[0].status is Status.FAILED
        assert world.pause() <= 1.1 * MINUTE + SECOND
        world.wait_for()
    (tmp_path / "feed.xml").write_bytes(FEED)
    world.turn()
    assert world.titles() == {"one", "two"}


# ── who asks ──────────────────────────────────────────────────────────────────────────────────────


def test_a_request_names_us_and_gives_nothing_away(world: Polling) -> None:
    world.answers["/feed"] = reply(302, "Location: /next", "Set-Cookie: id=1; Path=/")
    world.answers["/next"] = feed("Set-Cookie: id=2; Path=/")
    world.configure(
        source("paper", world.at("paper.test")), fetch='contact = "https://me.example/about"'
    )
    for heard in [*world.turn(), *world.turn("paper")]:
        assert heard.headers["user-agent"] == "aggregator/1.2.3 (+https://me.example/about)"
        assert heard.headers["accept-encoding"] == "gzip, deflate, br, zstd"
        assert "application/rss+xml" in heard.headers["accept"]
        assert not {"cookie", "referer"} & heard.headers.keys()


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


# ── in words ──────────────────────────────────────────────────────────────────────────────────────


def test_status_says_in_words_why_nothing_is_asked(tmp_path: Path) -> None:
    with serving({"/gone": document(b"gone", "text/plain", 410), "/feed": document(FEED)}) as port:
        (tmp_path / "config.toml").write_text(
            f'[fetch]\nallow_private = ["127.0.0.1:{port}"]\n'
            f'[[source]]\nid = "gone"\nurl = "http://127.0.0.1:{port}/gone"\n'
            f'[[source]]\nid = "good"\nurl = "http://127.0.0.1:{port}/feed"\nevery = "1h"\n'
        )
        assert aggregator(tmp_path, "refresh").status == 1
    gone, good = aggregator(tmp_path, "status", "--json").json()["sources"]
    assert (gone["id"], gone["state"], gone["next_due"]) == ("gone", "gone", None)
    assert gone["why"] == "gone for good (410): not asked any more; remove it, or change its url"
    assert good["why"] == "every 1 h, as configured"
    assert "410 Gone" in gone["error"]
    shown = aggregator(tmp_path, "status").out
    assert "not asked any more" in shown


def test_check_says_where_a_source_has_moved_to(tmp_path: Path) -> None:
    with polling(tmp_path) as world:
        adopted(world)
        address = world.state().address
    ended = aggregator(tmp_path, "check")
    assert ended.status == 0
    assert f'source "paper": moved permanently to {address}' in ended.out


# ── the document ──────────────────────────────────────────────────────────────────────────────────


def documented() -> list[str]:
    text = (ROOT / "docs" / "politeness.md").read_text(encoding="utf-8")
    return re.findall(r"`(test_\w+)`", text)


def test_every_test_that_the_document_names_exists() -> None:
    named = documented()
    assert len(named) > 40
    defined = set(
        re.findall(
            r"^def (test_\w+)\(",
            "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")),
            re.MULTILINE,
        )
    )
    assert sorted(set(named) - defined) == []


def test_every_test_here_is_named_by_the_document() -> None:
    here = re.findall(r"^def (test_\w+)\(", Path(__file__).read_text("utf-8"), re.MULTILINE)
    about_itself = {name for name in here if "document" in name and "test_every" in name}
    assert sorted(set(here) - about_itself - set(documented())) == []
