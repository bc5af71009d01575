"""Only the command that is asked for is built, and nothing of what is said changes by that."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.cli.app import app
from aggregator.cli.narrowing import narrowed
from tests.cli.inside import aggregator


@pytest.mark.parametrize(
    "words",
    ["status", "-q status --json", "--config refresh status", "--config=a.toml --verbose status"],
)
def test_one_command_is_built_where_one_is_asked_for(words: str) -> None:
    (only,) = narrowed(app, words.split()).registered_commands
    assert only.callback is not None
    assert only.callback.__name__ == "status"


@pytest.mark.parametrize("words", ["", "statsu", "import opml x", "--help status", "--config"])
def test_all_are_built_where_another_thing_is_asked_for(words: str) -> None:
    assert narrowed(app, words.split()) is app


def test_help_still_names_every_command(tmp_path: Path) -> None:
    assert "publish" not in aggregator(tmp_path, "version", "--help").out
    assert "publish" in aggregator(tmp_path, "--help").out
