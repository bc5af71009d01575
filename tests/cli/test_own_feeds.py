"""Whose address it is where a [[feed]] and a category are called the same: whoever came first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.cli.inside import aggregator
from tests.command import files
from tests.test_daemon import Site, running, until
from tests.web import document, rss, serving

FEED = '[[feed]]\nid = "rates"\ntitle = "Interest rates"\nmatch = "Rates"\n'
RULE = '[[source.rule]]\nmatch = "{word}"\ncategory = "Rates"\n'


class Desk(Site):
    """A site whose articles may be put into the category Rates, beside that of their source."""

    def write(self, *tables: str) -> None:
        self.configure(self.source_port, "1h")
        with (self.folder / "config.toml").open("a", encoding="utf-8") as config:
            config.write("".join(tables))

    def refresh(self) -> str:
        ended = aggregator(self.folder, "refresh", "--all")
        assert ended.status == 0
        return ended.err

    def at(self, folder: str) -> dict[str, tuple[int, bytes]]:
        return files(self.folder / "feeds" / folder)

    def titles_at(self, folder: str) -> list[str]:
        feed = json.loads((self.folder / "feeds" / folder / "feed.json").read_bytes())
        return [item["title"] for item in feed["items"]]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    made.answers["/feed"] = document(rss("Rates rise", "Rain falls"))
    with serving(made.answers) as port:
        made.configure(port)
        yield made


def test_a_category_that_comes_later_leaves_the_feed_its_address(desk: Desk) -> None:
    desk.write(FEED)
    desk.refresh()
    assert desk.titles_at("rates") == ["Rates rise"]
    desk.write(RULE.format(word="Rain"), FEED)
    assert "E408" not in desk.refresh()
    assert desk.titles_at("rates") == ["Rates rise"]
    assert desk.titles_at("rates-2") == ["Rain falls"]


def test_a_feed_that_comes_later_leaves_the_category_its_address(desk: Desk) -> None:
    desk.write(RULE.format(word="Rain"))
    desk.refresh()
    before = desk.at("rates")
    desk.write(RULE.format(word="Rain"), FEED)
    said = desk.refresh()
    assert '"rates" is not published: the category "Rates" stands at /rates/' in said
    assert said.count("[E408]") == 1
    assert {path: body for path, (_, body) in desk.at("rates").items()} == {
        path: body for path, (_, body) in before.items()
    }
    assert "Interest rates" not in (desk.folder / "feeds/feeds.opml").read_text()
    assert "[W111]" in aggregator(desk.folder, "check").err
    desk.write(RULE.format(word="Rain"), FEED.replace('"rates"', '"interest"'))
    assert "E408" not in desk.refresh()
    assert (desk.titles_at("interest"), desk.titles_at("rates")) == (["Rates rise"], ["Rain falls"])


def test_the_daemon_starts_all_the_same_and_says_so(desk: Desk) -> None:
    desk.write(RULE.format(word="Rain"))
    desk.refresh()
    desk.write(RULE.format(word="Rain"), FEED)
    with running(desk) as daemon:
        until(lambda: desk.titles("rates") == ["Rain falls"])
        with urlopen(f"http://127.0.0.1:{desk.port}/rates/atom.xml", timeout=5) as answer:
            assert b"Interest rates" not in answer.read()
        daemon.terminate()
        _, said = daemon.communicate(timeout=20)
    assert said.count("[E408]") == 1
