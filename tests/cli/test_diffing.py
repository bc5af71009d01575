"""`aggregator diff`: what an edit of an article changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.cli.diffing import Piece, pieces
from tests.cli.inside import aggregator
from tests.web import Answer, document, serving


def feed(title: str, text: str) -> Answer:
    item = (
        f"<item><guid>https://a.example/1</guid><link>https://a.example/1</link>"
        f"<title>{title}</title><description>{text}</description>"
        "<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate></item>"
    )
    rss = f'<rss version="2.0"><channel><title>A</title>{item}</channel></rss>'
    return document(rss.encode())


VERSIONS = (
    ("Rates rise", "The bank has raised its rates to two percent on Friday."),
    ("Rates rise", "The bank has raised its rates to three percent on Friday."),
    ("Rates rise again", "The bank has raised its rates to three percent."),
)


@pytest.fixture
def edited(tmp_path: Path) -> Iterator[Path]:
    """Give a folder with an article that was edited twice."""
    answers: dict[str, Answer] = {}
    with serving(answers) as port:
        (tmp_path / "config.toml").write_text(
            f'[fetch]\nallow_private = ["127.0.0.1:{port}"]\n'
            f'[[source]]\nid = "paper"\nurl = "http://127.0.0.1:{port}/feed"\n'
        )
        for version in VERSIONS:
            answers["/feed"] = feed(*version)
            assert aggregator(tmp_path, "refresh", "paper").status == 0
        yield tmp_path


ARTICLE = "https://a.example/1"


def test_the_last_edit_is_shown_word_by_word(edited: Path) -> None:
    ended = aggregator(edited, "diff", ARTICLE)
    assert ended.status == 0, ended.err
    head, title, text = ended.out.splitlines()
    assert head.endswith("version 2 → 3 of 3")
    assert title == "title: Rates rise{+ again+}"
    assert text == "content: The bank has raised its rates to three percent[- on Friday-]."


def test_all_since_a_version_is_shown_and_between_two(edited: Path) -> None:
    since = aggregator(edited, "diff", ARTICLE, "1").out
    assert "[-two-]{+three+}" in since
    assert "{+ again+}" in since
    between = aggregator(edited, "diff", ARTICLE, "1", "2").out
    assert "[-two-]{+three+}" in between
    assert "again" not in between


def test_programs_get_the_pieces(edited: Path) -> None:
    told = aggregator(edited, "diff", ARTICLE, "--json").json()
    assert (told["from"], told["to"], told["versions"]) == (2, 3, 3)
    assert told["fields"]["title"] == [
        {"change": "same", "text": "Rates rise"}, {"change": "added", "text": " again"},
    ]  # fmt: skip


@pytest.mark.parametrize("version", ["0", "4"])
def test_a_version_that_is_not_there_is_an_error(edited: Path, version: str) -> None:
    ended = aggregator(edited, "diff", ARTICLE, version)
    assert ended.status == 1
    assert "there are 1 to 3 [E423]" in ended.err


def test_explain_numbers_the_versions_and_gives_addresses(edited: Path) -> None:
    said = aggregator(edited, "explain", ARTICLE).out
    assert "  versions     1 until " in said
    assert "3 is the present one; `aggregator diff " in said
    told = aggregator(edited, "explain", ARTICLE, "--json").json()
    assert "http://127.0.0.1:8080/paper/atom.xml" in told["feeds"]
    assert "http://127.0.0.1:8080/all/feed.json" in told["feeds"]
    assert [f"http://127.0.0.1:8080/{path}" for path in told["documents"]] == told["addresses"]


def test_chinese_is_compared_character_by_character() -> None:
    assert pieces("央行上调利率", "央行下调利率") == [
        Piece("same", "央行"),
        Piece("removed", "上"),
        Piece("added", "下"),
        Piece("same", "调利率"),
    ]


@pytest.mark.parametrize(("old", "new"), [("", "a"), ("a", ""), ("a b", "c d"), ("a", "a")])
def test_both_texts_can_be_put_together_again(old: str, new: str) -> None:
    found = pieces(old, new)
    assert "".join(one.text for one in found if one.change != "added") == old
    assert "".join(one.text for one in found if one.change != "removed") == new
