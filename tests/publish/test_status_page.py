from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from lxml import etree, html

from aggregator.health.condition import Health
from aggregator.health.incident import Incident
from aggregator.health.rate import Rate
from aggregator.health.sight import Room, Sight, Vitals
from aggregator.model import Attempt, SourceState, Status, Tally
from aggregator.publish.incidents_feed import incidents_feed
from aggregator.publish.standing import Standing, all_facts, standings
from aggregator.publish.status_page import SHOWN, source_page, status_page
from aggregator.publish.supplier import Supplier
from tests.publish.desk import CHINESE, NOW, press

LATER = NOW + timedelta(hours=2)
DAY = timedelta(days=1)
OK = SourceState("ok", last_ok_at=NOW, next_due_at=LATER, why="every 2 h: so be it")
FAILING = replace(
    OK, id="failing", failures=3, error="answered 503", why="asked again after 2 h",
    error_since=NOW - DAY,
)  # fmt: skip
WEEK = (
    *((date(2022, 1, 11 + back), Tally(4, 0, 2, 3)) for back in range(5)),
    (date(2022, 1, 16), Tally(1, 1, 0)),
    (date(2022, 1, 17), Tally()),
)
EMPTY = Health("degraded", "texts", "its newest texts are empty", NOW - 2 * DAY)
VITALS = Vitals(usual_rate=2.5, certificate_until=NOW + 9 * DAY, delay=3)
ODD = replace(VITALS, health=EMPTY)
INCIDENT = Incident("failing", "failing", "answered 503", NOW - DAY, NOW - DAY, NOW - DAY, number=4)
ENDED = replace(INCIDENT, number=3, ended_at=NOW, changed_at=NOW)


def all_of(
    *states: SourceState, private: bool = False, rates: dict[str, Rate] | None = None
) -> list[Standing]:
    suppliers = [
        Supplier(state.id, f"The {state.id} paper", private=private, site="https://paper.example/")
        for state in states
    ]
    sight = Sight(
        {state.id: state for state in states if state.last_ok_at},
        {"ok": 7},
        {"ok": dict(WEEK)},
        {"ok": VITALS, "odd": ODD},
        {"ok": 14},
        {"held": 12},
        {"failing": INCIDENT},
    )
    return standings(suppliers, sight, NOW.date(), rates)


def page(found: list[Standing], site: dict[str, Any] | None = None, **how: Any) -> Any:
    made = press(site) if site else press()
    return html.document_fromstring(status_page(made, found, NOW, **how).body.decode())


def words(element: Any) -> str:
    for title in element.cssselect("svg"):
        title.drop_tree()
    return " ".join(element.text_content().split())


def cells(root: Any) -> list[list[str]]:
    return [[words(cell) for cell in row.cssselect("th, td")] for row in root.cssselect("tbody tr")]


def test_the_worst_come_first() -> None:
    gone = replace(FAILING, id="gone", gone=True)
    worse = replace(FAILING, id="worse", failures=9)
    held, odd = replace(OK, id="held"), replace(OK, id="odd")
    found = all_of(OK, SourceState("new"), odd, FAILING, held, worse, gone)
    assert [standing.state.id for standing in found] == [
        "gone", "worse", "failing", "held", "odd", "new", "ok",
    ]  # fmt: skip
    assert [standing.word for standing in found] == [
        "gone", "failing", "failing", "held", "degraded", "new", "ok",
    ]  # fmt: skip
    root = page(found, room=Room(1, 2, 400))
    assert words(root.cssselect("h1")[0]) == "2 of 7 sources are well"
    assert [words(tile) for tile in root.cssselect(".tiles li")] == [
        "1 ✓ working",
        "3 ✗ failing",
        "2 ◐ odd or quiet",
        "1 · not asked yet",
        "7 articles kept",
        "10 new in seven days",
        "400 days until the disk is full",
    ]


def test_a_source_is_shown_with_what_is_amiss_since_when_and_what_is_next() -> None:
    odd = replace(OK, id="odd")
    assert cells(page(all_of(OK, FAILING, SourceState("new"), odd))) == [
        ["The failing paper answered 503", "✗ failing since 16 Jan 12:00", "–", "17 Jan 12:00",
         "17 Jan 14:00 asked again after 2 h"],
        ["The odd paper its newest texts are empty",
         "◐ degraded since 15 Jan 12:00 certificate ends in 9 days", "–",
         "17 Jan 12:00 published in 3 s", "17 Jan 14:00 every 2 h: so be it"],
        ["The new paper", "· not asked yet", "–", "never", "–"],
        ["The ok paper", "✓ working certificate ends in 9 days", "2 a day, usually 2.5",
         "17 Jan 12:00 71% unchanged, published in 3 s", "17 Jan 14:00 every 2 h: so be it"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (Rate(20, DAY), "2 a day of 20 expected"),
        (Rate(3, 7 * DAY), "14 a week of 3 expected"),
        (Rate(2, 30 * DAY), "60 a month of 2 expected"),
    ],
)
def test_what_came_is_told_beside_what_is_expected(rate: Rate, said: str) -> None:
    assert cells(page(all_of(OK, rates={"ok": rate})))[0][2] == said


def test_seven_days_are_drawn_and_told() -> None:
    drawing = page(all_of(OK)).cssselect("table svg")[0]
    assert drawing.get("aria-label") == "21 ok, 1 failed, 10 new"
    days = drawing.cssselect("g")
    assert [len(day.cssselect("rect.ok")) for day in days] == [1, 1, 1, 1, 1, 1, 0]
    assert [len(day.cssselect("rect.failing")) for day in days] == [0, 0, 0, 0, 0, 1, 0]
    assert days[5].cssselect("title")[0].text == "16 Jan: 1 ok, 1 failed, 0 new"
    most, least = (float(days[at].cssselect("rect.ok")[0].get("height")) for at in (0, 5))
    assert most > least > 0


def test_the_parts_of_all_sources_fill_the_whole() -> None:
    many = [replace(OK, id=f"more-{number}") for number in range(300)]
    parts = page(all_of(FAILING, *many)).cssselect("svg.share rect")
    assert sum(float(part.get("width")) for part in parts) == pytest.approx(100, abs=0.1)
    assert all(float(part.get("width")) > 0.5 for part in parts)


def test_of_many_that_are_well_some_are_shown_and_all_that_are_not() -> None:
    many = [replace(OK, id=f"ok-{number}") for number in range(SHOWN + 40)]
    root = page(all_of(FAILING, *many))
    assert len(root.cssselect("tbody tr")) == SHOWN
    assert words(root.cssselect(".rest")[0]) == "Show 41 more that are well"
    assert len(page(all_of(FAILING, *many), everything=True).cssselect("tbody tr")) == SHOWN + 41
    ill = [replace(FAILING, id=f"ill-{number}") for number in range(SHOWN + 40)]
    assert len(page(all_of(*ill)).cssselect("tbody tr")) == SHOWN + 40


def test_nothing_is_told_that_may_name_a_private_place() -> None:
    secret = replace(FAILING, error="the file /home/me/posts is missing", address="http://nas/x")
    found = all_of(secret, private=True)
    assert cells(page(found))[0][0] == "The failing paper"
    row = all_facts(found, None, NOW)["sources"][0]  # type: ignore[index]
    assert (row["error"], row["why"], row["moved_to"], row["reason"]) == (None, "", None, None)


def test_of_a_private_source_it_is_told_what_the_code_of_its_error_stands_for() -> None:
    error = "/home/me/posts on nas.lan cannot be read: no such file [E220]"
    found = all_of(replace(FAILING, error=error), private=True)
    row = all_facts(found, None, NOW)["sources"][0]  # type: ignore[index]
    assert (row["error"], row["code"]) == ("a file cannot be read", "E220")
    incident = replace(INCIDENT, why=error)
    attempt = Attempt(NOW, Status.FAILED, None, 9, error=error)
    root = page(found)
    assert cells(root)[0][0] == "The failing paper a file cannot be read [E220]"
    feed = incidents_feed(press(), [incident], {"failing": found[0]}).body
    one = source_page(press(), found[0], [attempt], [incident], NOW).body
    for told in (json.dumps(row).encode(), feed, one):
        assert b"a file cannot be read" in told
        assert b"/home/me" not in told
        assert b"nas.lan" not in told


def test_where_a_source_leads_inside_is_not_told() -> None:
    error = 'redirects to 10.1.2.3, which is a private address (x); add "10.1.2.3:80" to y [E200]'
    found = all_of(replace(FAILING, error=error))
    assert cells(page(found))[0][0] == "The failing paper leads to a private address [E200]"
    incident, attempt = (
        replace(INCIDENT, why=error),
        Attempt(NOW, Status.FAILED, None, 9, error=error),
    )
    one = source_page(press(), found[0], [attempt], [incident], NOW).body
    feed = incidents_feed(press(), [incident], {"failing": found[0]}).body
    assert b"10.1.2.3" not in one + feed
    facts: Any = all_facts(found, None, NOW)["sources"]
    assert (facts[0]["error"], facts[0]["code"]) == ("leads to a private address", "E200")


def test_programs_are_told_the_same() -> None:
    facts: Any = all_facts(all_of(OK, FAILING), Room(10, 30, None), NOW)
    assert (facts["articles"], facts["incidents"]) == (7, 1)
    assert facts["disk"] == {"used_bytes": 10, "free_bytes": 30, "days_left": None}
    failing, row = facts["sources"]
    days = row.pop("days")
    assert row == {
        "id": "ok",
        "state": "ok",
        "condition": "ok",
        "last_ok": "2022-01-17T12:00:00Z",
        "next_due": "2022-01-17T14:00:00Z",
        "why": "every 2 h: so be it",
        "error": None,
        "code": None,
        "articles": 7,
        "bad": 0,
        "moved_to": None,
        "name": "The ok paper",
        "since": None,
        "reason": None,
        "failures": 0,
        "incident": None,
        "seen_per_day": 2.0,
        "expected_per_day": 2.5,
        "not_modified_share": 0.714,
        "publish_delay_seconds": 3,
        "certificate_days": 9,
    }
    assert days[5] == {"day": "2022-01-16", "ok": 1, "failed": 1, "new": 0, "not_modified": 0}
    assert (failing["incident"], failing["since"]) == (4, "2022-01-16T12:00:00Z")


def test_the_times_are_those_of_the_site_and_the_words_too() -> None:
    root = page(all_of(OK), CHINESE)
    assert words(root.cssselect("h1")[0]) == "全部 1 个来源正常"
    assert cells(root)[0][1:4] == [
        "✓ 正常 证书还有 9 天到期", "每天 2 篇，通常 2.5 篇", "1月17日 20:00 71% 未变, 3 秒后发布",
    ]  # fmt: skip
    assert root.cssselect("td small[lang]")[0].get("lang") == "en"


def test_a_site_without_sources_says_so() -> None:
    assert "Nothing here yet." in page([]).cssselect("main")[0].text_content()


# ── one source ────────────────────────────────────────────────────────────────────────────────────


def test_one_source_is_shown_in_depth() -> None:
    attempts = [
        Attempt(NOW, Status.FAILED, 503, 900, error="answered 503"),
        Attempt(NOW - DAY, Status.NOT_MODIFIED, 304, 40),
        Attempt(NOW - 2 * DAY, Status.OK, 200, 80, new=2, changed=1, delay=3),
    ]
    (standing,) = all_of(FAILING)
    body = source_page(press(), standing, attempts, [INCIDENT, ENDED], NOW).body.decode()
    root = html.document_fromstring(body)
    assert root.cssselect(".times")[0].get("aria-label") == (
        "The last 3 attempts: 1 failed, the median took 80 ms"
    )
    kinds = [stroke.get("class") for stroke in root.cssselect(".times rect")]
    assert kinds == ["ok", "same", "failing"]
    assert cells(root) == [
        ["17 Jan 12:00", "failed 503 answered 503", "900", "", "", ""],
        ["16 Jan 12:00", "unchanged 304", "40", "", "", ""],
        ["15 Jan 12:00", "changed 200", "80", "2", "1", "3 s"],
    ]
    assert [words(case) for case in root.cssselect(".cases li")] == [
        "✗ failing 16 Jan 12:00 – lasts answered 503",
        "✓ failing 16 Jan 12:00 – 17 Jan 12:00 answered 503",
    ]


def test_a_source_that_was_never_asked_has_a_page() -> None:
    (standing,) = all_of(SourceState("new/ly"))
    document = source_page(press(), standing, [], [], NOW)
    assert document.path == "status/new%2Fly"
    assert "None." in document.body.decode()


# ── incidents ─────────────────────────────────────────────────────────────────────────────────────


def feed_of(*incidents: Incident) -> Any:
    known = {standing.state.id: standing for standing in all_of(OK, FAILING)}
    return etree.fromstring(incidents_feed(press(), incidents, known).body)


def said(element: Any, name: str) -> list[str]:
    return [one.text for one in element.iter(f"{{http://www.w3.org/2005/Atom}}{name}")]


def test_an_incident_is_one_entry_which_is_changed_in_its_place() -> None:
    lasts, over = feed_of(INCIDENT), feed_of(replace(INCIDENT, ended_at=NOW, changed_at=NOW))
    assert said(lasts, "id") == said(over, "id")
    assert said(lasts, "title")[1:] == ["✗ The failing paper: failing"]
    assert said(over, "title")[1:] == ["✓ The failing paper: recovered"]
    assert said(lasts, "published") == said(over, "published")
    assert said(lasts, "updated") == ["2022-01-16T12:00:00Z"] * 2
    assert said(over, "updated") == ["2022-01-17T12:00:00Z"] * 2
    assert said(lasts, "content") == ["failing: answered 503\nBegan: 16 Jan 12:00\nEnded: lasts"]


def test_what_is_no_source_any_more_is_not_told_of() -> None:
    assert said(feed_of(replace(INCIDENT, source="former")), "entry") == []
    assert said(feed_of(), "updated") == ["1990-01-01T00:00:00Z"]
