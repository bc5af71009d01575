from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from lxml import html

from aggregator.model import SourceState, Tally
from aggregator.publish.press import Supplier
from aggregator.publish.standing import Standing, all_facts, standings
from aggregator.publish.status_page import status_page
from tests.publish.desk import CHINESE, NOW, press

LATER = NOW + timedelta(hours=2)
OK = SourceState("ok", last_ok_at=NOW, next_due_at=LATER, why="every 2 h: so be it")
FAILING = replace(OK, id="failing", failures=3, error="answered 503", why="asked again after 2 h")
WEEK = (
    *((date(2022, 1, 11 + back), Tally(4, 0, 2)) for back in range(5)),
    (date(2022, 1, 16), Tally(1, 1, 0)),
    (date(2022, 1, 17), Tally()),
)


def all_of(*states: SourceState, private: bool = False) -> list[Standing]:
    suppliers = [
        Supplier(state.id, f"The {state.id} paper", private=private, site="https://paper.example/")
        for state in states
    ]
    known = {state.id: state for state in states if state.last_ok_at}
    return standings(suppliers, known, {"ok": 7}, {"ok": WEEK})


def page(found: list[Standing], site: dict[str, Any] | None = None) -> Any:
    made = press(site) if site else press()
    return html.document_fromstring(status_page(made, found, NOW).body.decode())


def cells(root: Any) -> list[list[str]]:
    return [
        [" ".join(cell.text_content().split()) for cell in row.cssselect("th, td")]
        for row in root.cssselect("tbody tr")
    ]


def test_the_worst_come_first() -> None:
    gone = replace(FAILING, id="gone", failures=9, gone=True)
    found = all_of(OK, SourceState("new"), FAILING, gone)
    assert [standing.word for standing in found] == ["gone", "failing", "new", "ok"]
    tiles = [" ".join(tile.text_content().split()) for tile in page(found).cssselect(".tiles li")]
    assert tiles == [
        "1 ✓ working",
        "2 ! failing",
        "1 · not asked yet",
        "7 articles kept",
        "10 new in seven days",
    ]


def test_a_source_is_shown_with_its_times_and_why() -> None:
    root = page(all_of(OK, FAILING, SourceState("new")))
    assert [row[:4] for row in cells(root)] == [
        [
            *("The failing paper", "! failing", "17 Jan 12:00"),
            "17 Jan 14:00 asked again after 2 h answered 503",
        ],
        ["The new paper", "· not asked yet", "never", "–"],
        ["The ok paper", "✓ working", "17 Jan 12:00", "17 Jan 14:00 every 2 h: so be it"],
    ]
    assert root.cssselect("header time")[0].get("datetime") == "2022-01-17T12:00:00+00:00"


def test_seven_days_are_drawn_and_told() -> None:
    drawing = page(all_of(OK)).cssselect("svg")[0]
    assert drawing.get("aria-label") == "21 ok, 1 failed, 10 new"
    days = drawing.cssselect("g")
    assert [len(day.cssselect("rect.ok")) for day in days] == [1, 1, 1, 1, 1, 1, 0]
    assert [len(day.cssselect("rect.failing")) for day in days] == [0, 0, 0, 0, 0, 1, 0]
    assert days[5].cssselect("title")[0].text == "16 Jan: 1 ok, 1 failed, 0 new"
    whole, half = (float(days[at].cssselect("rect.ok")[0].get("height")) for at in (0, 5))
    assert half == whole / 2


def test_nothing_is_told_that_may_name_a_private_place() -> None:
    secret = replace(FAILING, error="the file /home/me/posts is missing", address="http://nas/x")
    found = all_of(secret, private=True)
    assert cells(page(found))[0][3] == "17 Jan 14:00"
    row = all_facts(found)["sources"][0]  # type: ignore[index]
    assert (row["error"], row["why"], row["moved_to"]) == (None, "", None)


def test_programs_are_told_the_same() -> None:
    facts: Any = all_facts(all_of(OK))
    assert facts["articles"] == 7
    row = facts["sources"][0]
    days = row.pop("days")
    assert row == {
        "id": "ok",
        "state": "ok",
        "last_ok": "2022-01-17T12:00:00Z",
        "next_due": "2022-01-17T14:00:00Z",
        "why": "every 2 h: so be it",
        "error": None,
        "articles": 7,
        "bad": 0,
        "moved_to": None,
        "name": "The ok paper",
    }
    assert days[5] == {"day": "2022-01-16", "ok": 1, "failed": 1, "new": 0}


def test_the_times_are_those_of_the_site_and_the_words_too() -> None:
    root = page(all_of(OK), CHINESE)
    assert cells(root)[0][1:3] == ["✓ 正常", "1月17日 20:00"]
    assert root.cssselect("td small")[0].get("lang") == "en"


def test_a_site_without_sources_says_so() -> None:
    assert "Nothing here yet." in page([]).cssselect("main")[0].text_content()
