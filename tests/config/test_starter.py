"""The first config.toml: it works as it is, and with all that it proposes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aggregator.config.load import load
from aggregator.config.starter import starter, write_starter
from aggregator.errors import ConfigError
from tests.config.desk import FORMATS, WITHOUT_FILES, settings


def test_it_is_written_where_there_is_none_and_loads(tmp_path: Path) -> None:
    path = write_starter(tmp_path / "new" / "folder")
    assert path == tmp_path / "new" / "folder" / "config.toml"
    assert [source.id for source in load(path, WITHOUT_FILES, FORMATS).source] == ["nasa"]


def test_it_loads_with_everything_uncommented(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^# (?=\w+ = |\[)", "", starter())
    loaded = settings(tmp_path, text)
    assert [source.kind for source in loaded.source] == ["feed", "feed", "json", "jekyll"]
    assert [feed.id for feed in loaded.feed] == ["space"]
    assert loaded.fetch.contact


def test_it_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"config\.toml:1:1: is there already and stays as it is"):
        write_starter(tmp_path)
    assert (tmp_path / "config.toml").read_text(encoding="utf-8") == "mine"


def test_it_says_why_it_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"cannot be written: .*file is not a folder"):
        write_starter(tmp_path / "file")
    with pytest.raises(ConfigError, match="cannot be written: not a directory"):
        write_starter(tmp_path / "file" / "below")
