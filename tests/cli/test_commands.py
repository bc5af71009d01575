"""The command line as other programs and people rely on it: words, shapes, exit statuses."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.inside import aggregator
from tests.command import aggregator as in_a_process
from tests.command import files
from tests.web import Answer, document, rss, serving

COMMANDS = (
    "init", "check", "add", "preview", "refresh", "publish", "run", "serve", "status", "search",
    "explain", "import", "export",
    "explain", "release",
)  # fmt: skip


class Desk:
    """A folder with a configuration of one good source."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.feed = f"http://127.0.0.1:{port}/feed"
        self.write(f'[[source]]\nid = "paper"\nurl = "{self.feed}"\n')

    def write(self, sources: str) -> None:
        port = self.feed.split(":")[2].split("/")[0]
        text = f'[fetch]\nallow_private = ["127.0.0.1:{port}"]\n{sources}'
        (self.folder / "config.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def answers() -> dict[str, Answer]:
    return {"/feed": document(rss("one", "two"))}


@pytest.fixture
def desk(tmp_path: Path, answers: dict[str, Answer]) -> Iterator[Desk]:
    with serving(answers) as port:
        yield Desk(tmp_path, port)


def test_help_names_every_command_and_each_has_an_example(tmp_path: Path) -> None:
    shown = aggregator(tmp_path, "--help")
    assert shown.status == 0
    assert "--install-completion" not in shown.out, "the command completion is there for it"
    for name in COMMANDS:
        assert f" {name} " in shown.out
        arguments = (name, "opml", "--help") if name in ("export", "import") else (name, "--help")
        assert "Example: aggregator " in aggregator(tmp_path, *arguments).out, name


def test_the_version_is_printed(tmp_path: Path) -> None:
    from aggregator import __version__

    assert in_a_process(tmp_path, "--version").out == f"aggregator {__version__}\n"


@pytest.mark.parametrize("arguments", [["nonsense"], ["refresh", "--nonsense"], ["search"]])
def test_wrong_usage_ends_with_2(tmp_path: Path, arguments: list[str]) -> None:
    ended = in_a_process(tmp_path, *arguments)
    assert ended.status == 2
    assert ended.out == ""


@pytest.mark.parametrize("name", ["check", "refresh", "publish", "run", "serve", "status"])
def test_without_a_configuration_a_command_says_how_to_make_one(tmp_path: Path, name: str) -> None:
    ended = aggregator(tmp_path, name)
    assert ended.status == 2
    assert "aggregator init" in ended.err
    assert "Traceback" not in ended.err


def test_init_writes_a_configuration_that_checks_and_never_overwrites(tmp_path: Path) -> None:
    made = aggregator(tmp_path, "init", "site")
    assert made.status == 0, made.err
    assert "1." in made.out
    assert aggregator(tmp_path / "site", "check").status == 0
    before = files(tmp_path)
    again = aggregator(tmp_path, "init", "site")
    assert again.status == 2
    assert "Traceback" not in again.err
    assert files(tmp_path) == before


def test_five_mistakes_are_five_lines_each_with_its_place(desk: Desk) -> None:
    desk.write(
        '[site]\nlanguage = 5\ntimezone = "Asia/Shangai"\n'
        '[publish]\nformats = ["rss", "atomm"]\n'
        '[[source]]\nid = "a"\nurl = "https://a.example/"\nintervall = "5m"\n'
        '[[source]]\nid = "a"\nurl = "https://b.example/"\n'
    )
    ended = aggregator(desk.folder, "check")
    assert ended.status == 2
    places = [line.split(": ")[1].split(":")[:2] for line in ended.err.splitlines()]
    lines = [int(line) for name, line in places if name == "config.toml"]
    assert lines == [4, 5, 7, 11, 13]
    assert 'did you mean "every"' in ended.err
    assert 'did you mean "Asia/Shanghai"' in ended.err


def test_check_says_what_the_configuration_means(desk: Desk) -> None:
    ended = aggregator(desk.folder, "check")
    assert ended.status == 0
    assert "1 source" in ended.out


def test_check_warns_of_full_text_without_a_licence_and_calls_it_no_fault(desk: Desk) -> None:
    ended = aggregator(desk.folder, "check")
    assert 'warning: source "paper": re-publishes full text' in ended.err
    ended = aggregator(desk.folder, "check", "--json")
    assert ended.status == 0
    (warning,) = ended.json()["warnings"]
    assert warning["file"] == "config.toml"
    assert f"config.toml:{warning['line']}:1: " in aggregator(desk.folder, "check").err


def test_check_net_asks_every_source(desk: Desk, answers: dict[str, Answer]) -> None:
    assert aggregator(desk.folder, "check", "--net").status == 0
    answers["/feed"] = document(b"gone", "text/plain", 410)
    ended = aggregator(desk.folder, "check", "--net", "--json")
    assert ended.status == 1
    assert "410" in ended.json()["faults"]["paper"]


def test_refresh_json_has_the_shape_that_programs_read(desk: Desk) -> None:
    ended = in_a_process(desk.folder, "refresh", "--json")
    assert ended.status == 0
    result = ended.json()
    assert set(result) == {"sources", "published"}
    (row,) = result["sources"]
    assert {name: row[name] for name in ("id", "status", "new", "changed", "unchanged", "bad")} == {
        "id": "paper", "status": "ok", "new": 2, "changed": 0, "unchanged": 0, "bad": 0,
    }  # fmt: skip
    assert row["error"] is None
    assert {"paper/rss.xml", "paper/atom.xml", "paper/feed.json"} <= set(result["published"])
    assert all((desk.folder / "feeds" / path).is_file() for path in result["published"])


def test_refresh_takes_only_those_due_unless_they_are_named(desk: Desk) -> None:
    assert len(aggregator(desk.folder, "refresh", "--json").json()["sources"]) == 1
    assert aggregator(desk.folder, "refresh", "--json").json()["sources"] == []
    assert len(aggregator(desk.folder, "refresh", "paper", "--json").json()["sources"]) == 1
    assert len(aggregator(desk.folder, "refresh", "--all", "--json").json()["sources"]) == 1


def test_a_source_that_is_not_configured_cannot_be_refreshed(desk: Desk) -> None:
    ended = aggregator(desk.folder, "refresh", "nonsense")
    assert ended.status == 2
    assert 'no source "nonsense"' in ended.err


@pytest.mark.parametrize("command", ["refresh", "status", "release"])
def test_a_source_that_is_misspelled_is_told_from_one_that_may_be_meant(
    desk: Desk, command: str
) -> None:
    told = aggregator(desk.folder, command, "papr")
    assert told.status == 2
    assert 'there is no source "papr"; did you mean "paper"? [E118]' in told.err
    assert "see `aggregator status`" in aggregator(desk.folder, command, "xyz").err


def test_no_publish_only_stores(desk: Desk) -> None:
    ended = aggregator(desk.folder, "refresh", "--no-publish", "--json")
    assert ended.json()["published"] == []
    assert not (desk.folder / "feeds").exists()
    assert aggregator(desk.folder, "publish", "--json").json()["published"] != []


def test_a_dry_run_says_what_would_be_written_and_writes_nothing(desk: Desk) -> None:
    aggregator(desk.folder, "refresh", "--no-publish")
    shown = aggregator(desk.folder, "publish", "--dry-run", "--json").json()
    assert not (desk.folder / "feeds" / "paper").exists()
    done = aggregator(desk.folder, "publish", "--json").json()
    assert set(shown["published"]) == set(done["published"])
    assert aggregator(desk.folder, "publish", "--dry-run", "--json").json()["published"] == []


def test_publish_all_puts_back_what_is_missing_or_damaged(desk: Desk) -> None:
    aggregator(desk.folder, "refresh")
    before = {path: body for path, (_, body) in files(desk.folder / "feeds").items()}
    (desk.folder / "feeds" / "paper" / "rss.xml").unlink()
    (desk.folder / "feeds" / "paper" / "atom.xml").write_text("damaged")
    ended = aggregator(desk.folder, "publish", "--all", "--json")
    assert sorted(ended.json()["published"]) == ["paper/atom.xml", "paper/rss.xml"]
    after = {path: body for path, (_, body) in files(desk.folder / "feeds").items()}
    del before["manifest.json"], after["manifest.json"]
    assert after == before


def test_a_format_that_is_no_longer_wanted_leaves_the_folder(desk: Desk) -> None:
    aggregator(desk.folder, "refresh")
    config = desk.folder / "config.toml"
    config.write_text(config.read_text() + '\n[publish]\nformats = ["rss"]\n')
    aggregator(desk.folder, "publish")
    kept = [path for path in files(desk.folder / "feeds") if path.startswith("paper/")]
    assert kept == ["paper/rss.xml"]


def test_a_changed_rule_takes_effect_on_what_is_already_stored(desk: Desk) -> None:
    aggregator(desk.folder, "refresh")
    config = desk.folder / "config.toml"
    config.write_text(config.read_text() + '[[source.rule]]\nmatch = "one"\nreplace = "eins"\n')
    row = aggregator(desk.folder, "refresh", "--all", "--json").json()["sources"][0]
    assert (row["new"], row["changed"], row["unchanged"]) == (0, 1, 1)
    assert "eins" in (desk.folder / "feeds" / "paper" / "rss.xml").read_text()


def test_status_json_has_the_shape_that_programs_read(desk: Desk) -> None:
    fresh = aggregator(desk.folder, "status", "--json").json()
    assert fresh["articles"] == 0
    assert fresh["sources"][0]["state"] == "new"
    aggregator(desk.folder, "refresh")
    known = aggregator(desk.folder, "status", "--json").json()
    (row,) = known["sources"]
    assert known["articles"] == row["articles"] == 2
    assert (row["id"], row["state"], row["error"]) == ("paper", "ok", None)
    assert row["last_ok"].endswith("Z")
    assert row["next_due"] > row["last_ok"]
    assert row["why"]


def test_search_finds_articles_and_ends_with_1_where_there_is_none(desk: Desk) -> None:
    aggregator(desk.folder, "refresh")
    (found,) = aggregator(desk.folder, "search", "two", "--json").json()
    assert found["title"] == "two"
    assert found["link"] == "https://paper.example/two"
    assert "https://paper.example/two" in aggregator(desk.folder, "search", "two").out
    none = aggregator(desk.folder, "search", "nothing")
    assert (none.status, none.out, none.err) == (1, "", "no article has all of these words\n")


def test_export_opml_lists_the_sources(desk: Desk) -> None:
    ended = aggregator(desk.folder, "export", "opml")
    assert ended.status == 0
    (outline,) = ET.fromstring(ended.out.encode()).iter("outline")
    assert outline.attrib["xmlUrl"] == desk.feed
    assert outline.attrib["text"] == outline.attrib["title"] == "paper"


def test_a_store_that_is_no_database_ends_with_3(desk: Desk) -> None:
    (desk.folder / "aggregator.db").write_text("no database" * 1000)
    ended = aggregator(desk.folder, "refresh")
    assert ended.status == 3
    assert "Traceback" not in ended.err


def test_preview_of_a_file_uses_the_facts_of_its_transport(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(rss("one", "two", "three"))
    ended = aggregator(
        tmp_path, "preview", "--json", "--kind", "feed", "--base", "https://paper.example/feed",
        "--content-type", "application/rss+xml", "--limit", "2", "feed.xml",
    )  # fmt: skip
    assert ended.status == 0, ended.err
    seen = ended.json()
    assert seen["feed"]["title"] == "The Paper"
    assert seen["feed"]["link"] == "https://paper.example/"
    assert [entry["title"] for entry in seen["entries"]] == ["one", "two"]
    assert set(seen["entries"][0]) == {
        "id", "title", "link", "share_link", "published", "updated", "authors", "author", "summary",
        "comments",
        "content", "categories", "tags", "enclosures", "publisher", "source", "rights", "language",
    }  # fmt: skip
    assert seen["entries"][0]["published"] == "2026-11-20T10:00:00Z"


def test_preview_has_a_line_of_json_for_each_argument_and_1_where_one_is_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / "good.xml").write_bytes(rss("one"))
    (tmp_path / "page.html").write_text("<!doctype html><html><title>Hello</title></html>")
    ended = aggregator(tmp_path, "preview", "--json", "good.xml", "page.html")
    assert ended.status == 1
    good, bad = ended.out.splitlines()
    assert '"entries"' in good
    assert '"error"' in bad


def test_preview_of_a_source_shows_it_and_stores_nothing(desk: Desk) -> None:
    ended = aggregator(desk.folder, "preview", "paper")
    assert ended.status == 0
    assert "The Paper: 2 entries" in ended.out
    assert not (desk.folder / "aggregator.db").exists()


def test_control_characters_of_a_source_do_not_reach_the_terminal(
    desk: Desk, answers: dict[str, Answer]
) -> None:
    answers["/feed"] = document(b"<html><title>\x1b[31mred\x07</title></html>", "text/html")
    ended = aggregator(desk.folder, "refresh")
    assert ended.status == 1
    assert "\x1b" not in ended.out + ended.err
    assert "\x07" not in ended.out + ended.err


def test_preview_says_which_rule_did_what(desk: Desk) -> None:
    desk.write(
        f'[[source]]\nid = "paper"\nurl = "{desk.feed}"\n'
        '[[source.rule]]\nmatch = "one"\nreplace = "eins"\n'
        '[[source.rule]]\nmatch = "two"\ndrop = true\n'
    )
    shown = aggregator(desk.folder, "preview", "paper").out
    assert 'replaced by the rule match = "one", replace = "eins": eins' in shown
    assert 'dropped by the rule match = "two", drop = true' in shown
    assert "two: left out by a rule" in shown


def test_a_template_that_is_none_is_a_fault_and_one_that_fails_costs_no_feed(desk: Desk) -> None:
    own = desk.folder / "own" / "article.html.jinja"
    own.parent.mkdir()
    with (desk.folder / "config.toml").open("a") as config:
        config.write('[publish]\ntemplates = "own"\n')
    own.write_text("{% if %}", encoding="utf-8")
    for command in ("check", "refresh"):
        ended = aggregator(desk.folder, command)
        assert ended.status == 2
        assert f"{own}:1:1: " in ended.err
    own.write_text("{{ nonesuch }}", encoding="utf-8")
    ended = aggregator(desk.folder, "refresh")
    assert ended.status == 1
    assert f"{own}:1: 'nonesuch' is undefined; ours is used instead" in ended.err
    assert (desk.folder / "feeds" / "paper" / "rss.xml").exists()
    assert aggregator(desk.folder, "publish", "--all").status == 1
