"""`aggregator plan`: what an edit of the configuration would do, told before it does it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.inside import aggregator
from tests.command import files
from tests.web import Answer, document, rss, serving


class Desk:
    """A folder in which two sources were refreshed and published."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.base = f"http://127.0.0.1:{port}"
        self.write(self.source("paper"), self.source("post"))
        assert aggregator(folder, "refresh", "--all").status == 0

    def source(self, id_: str, *lines: str, path: str = "") -> str:
        address = f'url = "{self.base}/{path or id_}"'
        return "\n".join(("[[source]]", f'id = "{id_}"', address, *lines, ""))

    def write(self, *tables: str) -> None:
        port = self.base.rpartition(":")[2]
        head = f'[fetch]\nallow_private = ["127.0.0.1:{port}"]\nspacing = "0s"\n'
        (self.folder / "config.toml").write_text(head + "\n".join(tables), encoding="utf-8")

    def plan(self) -> Any:
        ended = aggregator(self.folder, "plan", "--json")
        assert ended.status == 0, ended.err
        return ended.json()

    def change(self, id_: str) -> Any:
        return next(one for one in self.plan()["sources"] if one["id"] == id_)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    answers: dict[str, Answer] = {
        "/paper": document(rss("Rates rise", "Rain falls")),
        "/post": document(rss("Cats sleep")),
    }
    with serving(answers) as port:
        yield Desk(tmp_path, port)


def test_where_nothing_is_changed_nothing_would_be(desk: Desk) -> None:
    assert aggregator(desk.folder, "plan", "--exit-code").status == 0
    assert aggregator(desk.folder, "plan").out == "nothing would change\n"
    told = desk.plan()
    assert told["sources"] == told["categories"] == []
    assert told["documents"] == {"new": [], "changed": [], "removed": [], "moved": {}}
    assert told["withdraws"] is told["everything"] is False
    assert told["articles"] == 3


def test_a_plan_writes_nothing(desk: Desk) -> None:
    desk.write(desk.source("paper"), '[publish]\nformats = ["atom"]\n[store]\nkeep = "1h"\n')
    before = files(desk.folder)
    assert desk.plan()["documents"]["removed"]
    after = files(desk.folder)  # SQLite's own beside the store come with whoever reads it
    assert {name: file for name, file in after.items() if ".db-" not in name} == before


def test_without_a_store_everything_is_new(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[[source]]\nid = "a"\nurl = "https://a.example/feed"\ncategory = "World"\n'
    )
    ended = aggregator(tmp_path, "plan", "--json")
    assert ended.status == 0, ended.err
    assert [one["change"] for one in ended.json()["sources"]] == ["new"]
    assert ended.json()["categories"] == ["World"]
    assert not (tmp_path / "aggregator.db").exists()


def test_sources_that_come_and_go_are_named(desk: Desk) -> None:
    desk.write(desk.source("paper"), desk.source("third", 'category = "Third"', path="third"))
    told = desk.plan()
    assert [(one["id"], one["change"]) for one in told["sources"]] == [
        ("third", "new"), ("post", "gone"),
    ]  # fmt: skip
    assert told["sources"][1]["articles"] == 1
    assert told["categories"] == ["Third"]


def test_a_source_under_a_new_id_is_told_from_a_new_one(desk: Desk) -> None:
    desk.write(desk.source("paper"), desk.source("mail", path="post"))
    change = desk.change("mail")
    assert (change["change"], change["was"], change["articles"]) == ("renamed", "post", 1)
    assert 'keep id = "post"' in aggregator(desk.folder, "plan").out


def test_changed_rules_are_tried_on_what_is_stored(desk: Desk) -> None:
    desk.write(
        desk.source("paper", "[[source.rule]]", 'field = "title"', 'match = "Rain"', "drop = true",
                    "[[source.rule]]", 'field = "title"', 'match = "rise"', 'replace = "fall"'),
        desk.source("post"),
    )  # fmt: skip
    change = desk.change("paper")
    assert (change["change"], change["dropped"], change["rewritten"]) == ("changed", 1, 1)
    assert "1 of 2 articles would be left out by rules" in aggregator(desk.folder, "plan").out


def test_articles_of_a_category_that_is_renamed_are_counted(desk: Desk) -> None:
    desk.write(desk.source("paper", 'category = "News"'), desk.source("post"))
    change = desk.change("paper")
    assert change["moving"] == {"paper": 2}
    assert change["category"] == "News"
    assert desk.plan()["categories"] == ["News"]


def test_documents_that_vanish_are_told_from_those_that_move(desk: Desk) -> None:
    desk.write(desk.source("paper"), desk.source("post"), '[publish]\nformats = ["atom"]\n')
    told = desk.plan()
    assert told["everything"] is told["withdraws"] is True
    assert {"paper/rss.xml", "post/feed.json"} <= set(told["documents"]["removed"])
    assert aggregator(desk.folder, "plan", "--exit-code").status == 1
    named = desk.source("post", 'category = "news"')
    desk.write(desk.source("paper"), named, '[category.news]\nformerly = ["post"]\n')
    moved = desk.plan()["documents"]["moved"]
    assert moved["post/rss.xml"] == "news/rss.xml"


def test_what_a_plan_says_comes_true(desk: Desk) -> None:
    desk.write(
        desk.source("paper"), desk.source("post"), '[publish]\nformats = ["atom", "html"]\n'
        '[[feed]]\nid = "rates"\ntitle = "Rates"\nmatch = "Rates"\n',
    )  # fmt: skip
    told = desk.plan()["documents"]
    before = set(files(desk.folder / "feeds"))
    assert aggregator(desk.folder, "publish").status == 0
    after = set(files(desk.folder / "feeds"))
    assert before - after == set(told["removed"])
    assert after - before == set(told["new"])
    assert "rates/atom.xml" in told["new"]


def test_what_leaves_by_age_is_counted(desk: Desk) -> None:
    desk.write(
        desk.source("paper"), desk.source("post"), '[store]\nkeep = "1ms"\n[publish]\nentries = 1\n'
    )
    time.sleep(1.1)  # ages are counted in whole seconds
    told = desk.plan()
    assert told["retired"] == 1  # the newest of each category stays
    assert any(path.startswith("paper/") for path in told["documents"]["removed"])
    assert "1 article of 3" in aggregator(desk.folder, "plan").out
