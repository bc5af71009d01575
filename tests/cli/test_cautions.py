"""What `check` warns of that no single value shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.inside import aggregator
from tests.web import Answer, document, rss, serving

SOURCE = '[[source]]\nid = "a"\nlicence = "own"\nurl = "https://news.bbc.co.uk/feed"\n'


def warned(folder: Path, text: str, mode: int = 0o644) -> list[tuple[str, int]]:
    """Return code and line of every warning about a configuration."""
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    ended = aggregator(folder, "check", "--json")
    assert ended.status == 0, ended.out
    return [(one["code"], one["line"]) for one in ended.json()["warnings"]]


def test_where_nothing_is_to_be_thought_about_nothing_is_said(tmp_path: Path) -> None:
    assert warned(tmp_path, SOURCE + 'share_link = "{+link}"\nevery = "5m"\n') == []


@pytest.mark.parametrize(
    "line",
    [
        'share_link = "https://x.example/{infoCode}"',
        'share_link = "www.x.example/{id}"',
        'category = "{medianame}"',
        'publisher = "{medianame}"',
    ],
)
def test_a_template_that_is_never_filled_is_warned_of(tmp_path: Path, line: str) -> None:
    assert warned(tmp_path, SOURCE + line) == [("W105", 5)]


@pytest.mark.parametrize(
    "lines",
    [
        'share_link = "https://x.example/{infoCode?}"',
        'share_link = "https://x.example/{code}"\nextract.code = { selector = "b" }',
        'share_link = "https://x.example/{code}"\nrule = [{ set = { code = "1" } }]',
        'kind = "jekyll"\nshare_link = "https://x.example/{code}"\nurl = "posts"',
    ],
)
def test_one_that_may_be_filled_is_not(tmp_path: Path, lines: str) -> None:
    source = SOURCE if "url" not in lines else SOURCE.rpartition("url")[0]
    assert warned(tmp_path, f"{source}{lines}\n") == []


def test_an_impolite_interval_is_warned_of_on_public_sites_alone(tmp_path: Path) -> None:
    assert warned(tmp_path, SOURCE + 'every = "30s"\n') == [("W109", 5)]
    own = SOURCE.replace("https://news.bbc.co.uk", "http://nas.lan")
    assert warned(tmp_path, own + 'every = "30s"\n') == []


def test_one_address_under_two_ids_is_warned_of(tmp_path: Path) -> None:
    other = SOURCE.replace('"a"', '"b"').replace("https", "http").replace("/feed", "/feed/")
    assert warned(tmp_path, SOURCE + other) == [("W108", 8)]


@pytest.mark.parametrize(
    ("address", "is_secret"),
    [
        ("https://bob:pw@news.bbc.co.uk/feed", True),
        ("https://news.bbc.co.uk/feed?user=1&api_key=abc", True),
        ("https://news.bbc.co.uk/feed?token=", False),
        ("https://news.bbc.co.uk/feed?keyword=x", False),
    ],
)
def test_a_secret_in_an_address_is_warned_of_where_others_may_read_it(
    tmp_path: Path, address: str, is_secret: bool
) -> None:
    text = SOURCE.replace("https://news.bbc.co.uk/feed", address)
    assert warned(tmp_path, text) == ([("W110", 4)] if is_secret else [])
    assert warned(tmp_path, text, mode=0o600) == []


def test_a_secret_is_not_shown_by_the_warning(tmp_path: Path, capfd: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    text = SOURCE + 'headers = { Authorization = "Bearer hunter2" }\n'
    assert warned(tmp_path, text) == [("W110", 5)]
    ended = aggregator(tmp_path, "check")
    assert '5 | headers = { Authorization = "…"' in ended.err
    assert "hunter2" not in ended.err + ended.out


# ── with a store ──────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def port() -> Iterator[int]:
    answers: dict[str, Answer] = {"/feed": document(rss("one", "two", "three"))}
    with serving(answers) as number:
        yield number


def written(port: int, id_: str = "paper", rest: str = "", head: str = "") -> str:
    source = f'[[source]]\nid = "{id_}"\nlicence = "own"\nurl = "http://127.0.0.1:{port}/feed"\n'
    return f'{head}[fetch]\nallow_private = ["127.0.0.1:{port}"]\n{source}{rest}'


def refreshed(folder: Path, text: str) -> None:
    (folder / "config.toml").write_text(text, encoding="utf-8")
    assert aggregator(folder, "refresh", "--all").status == 0


def test_a_source_under_a_new_id_is_warned_of(tmp_path: Path, port: int) -> None:
    refreshed(tmp_path, written(port))
    assert warned(tmp_path, written(port)) == []
    assert warned(tmp_path, written(port, "journal")) == [("W107", 4)]
    assert 'keep id = "paper"' in aggregator(tmp_path, "check").err


def test_a_category_with_a_new_name_is_warned_of_until_readers_are_led_there(
    tmp_path: Path, port: int
) -> None:
    refreshed(tmp_path, written(port, rest='category = "World"\n'))
    renamed = 'category = "Globe"\n'
    assert warned(tmp_path, written(port, rest=renamed)) == [("W106", 7)]
    assert 'formerly = ["world"]' in aggregator(tmp_path, "check").err
    led = f'{renamed}[category.globe]\nformerly = ["world"]\n'
    assert warned(tmp_path, written(port, rest=led)) == []


def test_a_feed_over_a_category_is_warned_of(tmp_path: Path, port: int) -> None:
    refreshed(tmp_path, written(port, rest='category = "Globe World"\n'))
    feed = 'category = "Globe World"\n[[feed]]\nid = "globe-world"\ntitle = "Globe"\n'
    assert warned(tmp_path, written(port, rest=feed)) == [("W111", 9)]


def test_feeds_that_hold_less_than_a_day_are_warned_of(tmp_path: Path, port: int) -> None:
    few = "[publish]\nentries = 2\n"
    refreshed(tmp_path, written(port, head=few))
    assert warned(tmp_path, written(port, head=few)) == [("W104", 2)]
    assert warned(tmp_path, written(port)) == []


def test_a_large_feed_is_warned_of(tmp_path: Path, port: int) -> None:
    refreshed(tmp_path, written(port))
    with (tmp_path / "feeds/paper/atom.xml").open("ab") as feed:
        feed.truncate(1_500_000)
    assert warned(tmp_path, written(port)) == [("W103", 1)]
    assert "/paper/atom.xml has 1.5 MB" in aggregator(tmp_path, "check").err


def test_check_gives_faults_to_programs_with_place_and_code(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[site]\nlanguage = 5\n")
    ended = aggregator(tmp_path, "check", "--json")
    assert ended.status == 2
    (problem,) = ended.json()["problems"]
    assert (problem["line"], problem["column"], problem["code"]) == (2, 1, "E107")
    assert problem["file"] == "config.toml"
