"""`aggregator add`: a home page, a feed, a page without one; each ends well or with a sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.inside import aggregator
from tests.command import Ended
from tests.web import Answer, document, redirect, rss, serving

DEED = "https://creativecommons.org/licenses/by-sa/4.0/"
HOME = f"""<!doctype html><html lang="en-GB"><head><title>The Paper, home</title>
<link rel="alternate" type="application/rss+xml" title="All comments" href="/comments.xml">
<link rel="alternate" type="application/rss+xml" title="The Paper" href="feed">
</head><body><p>News <a rel="license" href="{DEED}">CC</a></body></html>""".encode()
PLAIN = b"<!doctype html><html><title>Nothing here</title><p>No feed.</html>"
CONFIG = """# mine, with   odd   spaces
[fetch]
allow_private = ["127.0.0.1:{port}"]   # for the tests

[[feed]]
id = "the-paper"
title = "Another thing of that name"
# the end"""


class Desk:
    """A folder with a configuration, and a web server that may be reached."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.site = f"http://127.0.0.1:{port}"
        self.before = CONFIG.format(port=port)
        self.config = folder / "config.toml"
        self.config.write_text(self.before, encoding="utf-8")

    def add(self, url: str, *options: str) -> Ended:
        return aggregator(self.folder, "add", url, *options)

    def sources(self) -> list[dict[str, Any]]:
        text = self.config.read_text(encoding="utf-8")
        assert text.startswith(self.before)
        found: list[dict[str, Any]] = tomllib.loads(text).get("source", [])
        return found


@pytest.fixture
def answers() -> dict[str, Answer]:
    return {
        "/": document(HOME, "text/html"),
        "/feed": document(rss("one", "two")),
        "/comments.xml": document(rss("first!")),
    }


@pytest.fixture
def desk(tmp_path: Path, answers: dict[str, Answer]) -> Iterator[Desk]:
    with serving(answers) as port:
        yield Desk(tmp_path, port)


def test_the_home_page_of_a_site_becomes_a_source_that_works(desk: Desk) -> None:
    ended = desk.add(f"{desk.site}/")
    assert ended.status == 0, ended.err
    assert '"The Paper", 2 entries read' in ended.out
    assert f"also there: {desk.site}/comments.xml  All comments" in ended.out
    (source,) = desk.sources()
    assert source == {
        "id": "the-paper-2",
        "url": f"{desk.site}/feed",
        "category": "the-paper-2",
        "publisher": "The Paper",
        "publisher_url": "https://paper.example/",
        "language": "en-GB",
        "licence": "CC BY-SA 4.0",
    }
    shown = aggregator(desk.folder, "preview", "the-paper-2")
    assert shown.status == 0
    assert "The Paper: 2 entries" in shown.out


def test_a_feed_itself_becomes_one_under_the_names_that_are_given(desk: Desk) -> None:
    ended = desk.add(f"{desk.site}/feed", "--id", "paper", "--category", "World", "--json")
    assert ended.status == 0, ended.err
    result = ended.json()
    assert (result["written"], result["entries"], result["error"]) == (True, 2, None)
    assert desk.sources() == [result["source"]]
    assert (result["source"]["id"], result["source"]["category"]) == ("paper", "World")


def test_an_address_without_scheme_and_a_moved_feed_are_found(
    desk: Desk, answers: dict[str, Answer]
) -> None:
    answers["/old"] = redirect("/feed", 301)
    assert desk.add(f"{desk.site}/old".removeprefix("http://")).status == 0
    assert desk.sources()[0]["url"] == f"{desk.site}/feed"


def test_a_page_without_a_feed_ends_in_a_sentence_that_says_what_to_do(
    desk: Desk, answers: dict[str, Answer]
) -> None:
    answers.clear()
    answers["/plain"] = document(PLAIN, "text/html")
    ended = desk.add(f"{desk.site}/plain")
    assert ended.status == 1
    assert ended.out == ""
    assert len(ended.err.splitlines()) == 1
    assert "leads to no feed" in ended.err
    assert "[[source]]" in ended.err
    assert "error" in desk.add(f"{desk.site}/plain", "--json").json()
    assert desk.sources() == []


def test_a_site_without_a_feed_becomes_a_source_by_its_sitemap(
    desk: Desk, answers: dict[str, Answer]
) -> None:
    answers.clear()
    answers["/"] = document(PLAIN, "text/html")
    answers["/sitemap.xml"] = document(
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>'
        + desk.site.encode()
        + b"/1.html</loc></url></urlset>"
    )
    answers["/1.html"] = document(b"<!doctype html><title>One</title><p>Text.", "text/html")
    ended = desk.add(desk.site)
    assert ended.status == 0, ended.err
    assert "(the site's sitemap)" in ended.out
    (source,) = desk.sources()
    assert (source["kind"], source["url"]) == ("sitemap", f"{desk.site}/sitemap.xml")


def test_what_is_a_source_already_is_not_added_again(desk: Desk) -> None:
    desk.add(desk.site)
    before = desk.config.read_bytes()
    for url in (desk.site, f"{desk.site}/", f"{desk.site}/feed", f"{desk.site}/feed/"):
        ended = desk.add(url)
        assert (ended.status, ended.err) == (0, "")
        assert "already" in ended.out
    assert desk.add(desk.site, "--json").json()["existing"] == "the-paper-2"
    assert desk.config.read_bytes() == before


def test_a_dry_run_shows_it_and_writes_nothing(desk: Desk) -> None:
    ended = desk.add(desk.site, "--dry-run")
    assert ended.status == 0
    assert "[[source]]" in ended.out
    assert desk.sources() == []
    assert desk.add(desk.site, "--dry-run", "--json").json()["written"] is False


def test_names_of_the_feed_cannot_break_the_configuration(
    desk: Desk, answers: dict[str, Answer]
) -> None:
    answers["/feed"] = document(rss("one").replace(b"The Paper", b'{x} "y" \\ &lt;b>z&lt;/b>'))
    assert desk.add(f"{desk.site}/feed").status == 0
    assert desk.sources()[0]["publisher"] == '(x) "y" \\ z'
    assert aggregator(desk.folder, "check").status == 0


def test_a_feed_none_of_whose_entries_is_taken_is_not_added(desk: Desk) -> None:
    desk.before += '\n[defaults]\nshare_link = "{+code}"\n'
    desk.config.write_text(desk.before, encoding="utf-8")
    ended = desk.add(f"{desk.site}/feed")
    assert ended.status == 1
    assert "none of its 2 entries" in ended.err
    assert "'code'" in ended.err
    assert desk.sources() == []


def test_a_private_address_is_not_asked_before_the_operator_allows_it(desk: Desk) -> None:
    desk.before = "[fetch]\nallow_private = []\n"
    desk.config.write_text(desk.before, encoding="utf-8")
    ended = desk.add(desk.site)
    assert ended.status == 1
    assert "allow_private" in ended.err


@pytest.mark.parametrize(
    ("argument", "words"),
    [("http://127.0.0.1:{port}/none", "404"), (".", "on this machine"), ("ftp://x/", "http")],
)
def test_what_cannot_be_asked_is_said_in_one_line(desk: Desk, argument: str, words: str) -> None:
    ended = desk.add(argument.format(port=desk.site.rpartition(":")[2]))
    assert ended.status == 1
    assert len(ended.err.splitlines()) == 1
    assert words in ended.err
    assert desk.sources() == []


def test_an_id_that_is_taken_is_refused(desk: Desk) -> None:
    desk.add(desk.site, "--id", "paper")
    ended = desk.add(f"{desk.site}/comments.xml", "--id", "paper")
    assert ended.status == 2
    assert '"paper" is taken' in ended.err
    assert len(desk.sources()) == 1


def test_without_a_configuration_it_says_how_to_make_one(tmp_path: Path) -> None:
    ended = aggregator(tmp_path, "add", "https://paper.example/")
    assert ended.status == 2
    assert "aggregator init" in ended.err
    assert list(tmp_path.iterdir()) == []
