"""Every error has a code, every code is raised somewhere, and each can be looked up."""

from __future__ import annotations

import ast
import builtins
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from aggregator.cli import codes
from aggregator.errors import AggregatorError, ConfigError, FetchError, Problem, coded, parted
from aggregator.meanings import meanings
from tests.cli.inside import aggregator

PACKAGE = Path(__file__).parents[2] / "aggregator"
CODE = re.compile(r"[EW]\d{3}")


@cache
def nodes() -> list[tuple[str, ast.AST]]:
    """Return every node of the program's syntax with the name of its file."""
    return [
        (path.name, node)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]


def constants() -> set[str]:
    """Return every code that stands in the program."""
    return {
        node.value
        for _, node in nodes()
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
    }


def subclasses(one: type[AggregatorError]) -> Iterator[type[AggregatorError]]:
    yield one
    for below in one.__subclasses__():
        yield from subclasses(below)


def raised() -> Iterator[tuple[str, str]]:
    """Yield (place, class) of whatever is raised by name."""
    for path, node in nodes():
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            name = node.exc.func
            if isinstance(name, ast.Name) and name.id.endswith("Error"):
                yield f"{path}:{node.lineno}", name.id


def test_every_code_in_the_program_has_its_meaning_and_every_meaning_its_use() -> None:
    assert constants() == set(meanings())


def defined() -> dict[str, set[str]]:
    """Return every class of the program and the names of those it is made of."""
    return {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for _, node in nodes()
        if isinstance(node, ast.ClassDef)
    }


def test_whatever_is_raised_has_a_code_by_its_class_or_is_no_error_of_ours() -> None:
    classes, ours = defined(), {"AggregatorError"}
    while more := {name for name, bases in classes.items() if bases & ours} - ours:
        ours |= more
    for one in subclasses(AggregatorError):
        assert CODE.fullmatch(one.code), one
    known = {"NewConnectionError", "IntentError", "_CutShortError", *vars(builtins)}
    assert {name for _, name in raised()} <= ours | known


def test_a_code_stands_for_one_thing_and_is_explained_whole() -> None:
    titles = [meaning.title for meaning in meanings().values()]
    assert len(set(titles)) == len(titles)
    for code, meaning in meanings().items():
        for words in meaning:
            assert words == words.strip() != "", code
        for sentence in meaning[1:]:
            assert sentence.endswith((".", "?")), (code, sentence)


def test_the_table_is_in_the_order_of_its_codes() -> None:
    text = files("aggregator.meanings").joinpath("en.toml").read_text(encoding="utf-8")
    assert list(tomllib.loads(text)) == sorted(tomllib.loads(text))


def test_the_document_is_up_to_date() -> None:
    document = PACKAGE.parent / "docs" / "errors.md"
    assert document.read_text(encoding="utf-8") == codes.reference(), "run `make docs`"
    for code in meanings():
        assert f"\n### {code}: " in codes.reference()


def test_a_code_at_the_end_of_a_line_can_be_taken_off_again() -> None:
    assert coded("answered 404", "E211") == "answered 404 [E211]"
    assert parted("answered 404 [E211]") == ("answered 404", "E211")
    assert parted("answered 404") == ("answered 404", "")
    assert coded("", "E211") == ""


def test_where_an_error_is_raised_its_code_can_be_known_better() -> None:
    assert FetchError("no").coded == "no [E200]"
    assert FetchError("no", code="E203").coded == "no [E203]"
    assert AggregatorError("no").code == "E900"
    faults = ConfigError([Problem("c", 1, 2, "a", "E105"), Problem("c", 3, 4, "b")])
    assert faults.coded == "c:1:2: a [E105]\nc:3:4: b [E100]"
    assert faults.code == "E105"


def test_an_error_keeps_its_code_on_the_way_between_processes() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(FetchError("no", status=404, code="E211")))
    assert (error.code, error.status, str(error)) == ("E211", 404, "no")


@pytest.mark.parametrize("subject", ["E204", "e204", "[E204]", " E204 "])
def test_explain_says_what_a_code_means_without_a_configuration(
    tmp_path: Path, subject: str
) -> None:
    ended = aggregator(tmp_path, "explain", subject)
    assert ended.status == 0
    assert ended.out.startswith("E204: the host name is not found\n")
    assert all(len(line) <= 80 for line in ended.out.splitlines())


def test_explain_gives_a_code_to_programs(tmp_path: Path) -> None:
    told = aggregator(tmp_path, "explain", "E204", "--json").json()
    assert set(told) == {"code", "title", "means", "why", "do"}
    assert told["code"] == "E204"


def test_a_code_that_does_not_exist_is_an_error_with_one_that_does(tmp_path: Path) -> None:
    ended = aggregator(tmp_path, "explain", "E999")
    assert ended.status == 1
    assert ended.err.endswith("[E421]\n")


def test_who_wants_json_is_told_of_a_command_that_failed_in_json(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[site]\nlanguage = 5\n")
    faulty = aggregator(tmp_path, "status", "--json")
    assert faulty.status == 2
    assert faulty.json()["code"] == "E107"
    assert [one["line"] for one in faulty.json()["problems"]] == [2]
    (tmp_path / "config.toml").write_text("")
    none = aggregator(tmp_path, "search", "x", "--json")
    assert none.status == 3
    assert none.json()["code"] == "E401"
    assert none.err.endswith("[E401]\n")


def test_a_source_that_failed_is_told_of_with_its_code_wherever_one_looks(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[[source]]\nid = "posts"\nkind = "jekyll"\nurl = "nowhere"\nlicence = "own"\n'
    )
    (row,) = aggregator(tmp_path, "refresh", "--json").json()["sources"]
    assert row["code"] == "E220"
    assert "[" not in row["error"]
    (row,) = aggregator(tmp_path, "status", "--json").json()["sources"]
    assert row["code"] == "E220"
    assert "[" not in row["error"]
    one = aggregator(tmp_path, "status", "posts", "--json").json()
    assert [attempt["code"] for attempt in one["attempts"]] == ["E220"]
    assert "check the path [E220]" in aggregator(tmp_path, "status").out
    checked = aggregator(tmp_path, "check", "--net", "--json").json()
    assert checked["codes"] == {"posts": "E220"}
    assert "[" not in checked["faults"]["posts"]
    looked = aggregator(tmp_path, "preview", "posts", "--json").json()
    assert looked["code"] == "E220"
