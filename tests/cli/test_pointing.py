"""Faults of a file are shown with their line, to people at a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest
from rich.cells import cell_len

from aggregator.cli.pointing import pointed
from aggregator.errors import Problem
from tests.cli.inside import aggregator
from tests.command import command, environment

FAULTY = '[site]\ntitle = "消息"\nlanguage = 5\n'


def on_a_terminal(folder: Path, *arguments: str) -> str:
    """Run the command with a terminal as its stderr; return what that showed."""
    above, below = pty.openpty()
    subprocess.run(
        command(*arguments), cwd=folder, env=environment(), stderr=below, stdout=below, check=False
    )
    os.close(below)
    shown = b""
    try:
        while part := os.read(above, 65536):
            shown += part
    except OSError:  # EIO: nobody is at the other end any more
        pass
    os.close(above)
    return shown.decode().replace("\r\n", "\n")


def problem(folder: Path, text: str, line: int, column: int, code: str = "E108") -> Problem:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return Problem(str(path), line, column, "is wrong", code)


def test_at_a_terminal_the_line_follows_with_carets(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(FAULTY, encoding="utf-8")
    first, line, carets = on_a_terminal(tmp_path, "check").splitlines()
    assert first.startswith("error: config.toml:3:1: site: language: 5 is not text")
    assert first.endswith("[E107]")
    assert line == "   3 | language = 5"
    assert carets.replace("\x1b[1m", "").replace("\x1b[0m", "") == "     |            ^"


def test_elsewhere_a_fault_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(FAULTY, encoding="utf-8")
    assert len(aggregator(tmp_path, "check").err.splitlines()) == 1


def test_carets_stand_below_what_is_meant_whatever_its_width(tmp_path: Path) -> None:
    found = pointed(problem(tmp_path, 'a = "消息" # 中文\nfor = { "消息" = "值" }\n', 2, 9))
    assert found is not None
    line, carets = found
    assert cell_len(line[: line.index('"值"')]) == carets.index("^")
    assert carets.count("^") == cell_len('"值"')


def test_a_long_line_is_shown_in_part(tmp_path: Path) -> None:
    text = f'match = ["{"a" * 300}", 5, "{"b" * 300}"]'
    found = pointed(problem(tmp_path, text, 1, text.index("5") + 1))
    assert found is not None
    line, carets = found
    assert len(line) < 120
    assert line[carets.index("^")] == "5"


def test_where_the_text_goes_wrong_one_character_is_meant(tmp_path: Path) -> None:
    found = pointed(problem(tmp_path, "a = [1\n", 2, 1, "E103"))
    assert found == ("   2 | ", "     | ^")


@pytest.mark.parametrize("line", [1, 2, 9])
def test_what_has_no_line_is_not_shown(tmp_path: Path, line: int) -> None:
    assert pointed(problem(tmp_path, "\n", line, 1)) is None
    assert pointed(Problem(str(tmp_path / "none.toml"), line, 1, "is not there", "E101")) is None


def test_of_a_template_the_whole_line_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "post.md.jinja"
    path.write_text("---\n  {{ title\n", encoding="utf-8")
    found = pointed(Problem(str(path), 2, 1, "is no template", "E119"))
    assert found == ("   2 |   {{ title", "     |   ^^^^^^^^")
