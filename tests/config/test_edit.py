"""New sources in a config.toml: what stood there stays, byte for byte."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from aggregator.config.edit import rendered, with_sources
from aggregator.config.load import load
from aggregator.errors import ConfigError
from aggregator.sources import KINDS
from tests.config.desk import FORMATS

TABLE = {"id": "rain", "url": "https://rain.example/feed", "tags": ["{a}", "b"]}
BEFORE = """# mine, with   odd   spaces\t
[site]   # the site
title='Rain'

  [[source]] # first
id = "snow"
  url = "https://snow.example/feed"   # not the other one

# [[source]]
# id = "later"

[[feed]]
id = "cold"
title = "Cold"
# the end"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_bytes(BEFORE.encode())
    return path


@pytest.mark.parametrize("text", [BEFORE, BEFORE + "\n", BEFORE.replace("\n", "\r\n"), ""])
def test_every_byte_that_stood_there_stays(config: Path, text: str) -> None:
    config.write_bytes(text.encode())
    with_sources(config, [TABLE], KINDS, FORMATS).write()
    after = config.read_bytes()
    assert after.startswith(text.encode())
    assert (b"\r\n" in after) == ("\r\n" in text)
    assert after.count(b"\r\n") in (0, after.count(b"\n"))
    assert load(config, KINDS, FORMATS).source[-1].id == "rain"


def test_the_change_says_what_the_whole_means_before_it_is_written(config: Path) -> None:
    change = with_sources(config, [TABLE, {**TABLE, "id": "hail"}], KINDS, FORMATS)
    assert [source.id for source in change.settings.source] == ["snow", "rain", "hail"]
    assert change.settings.source[-1].tags == ("{a}", "b")
    assert config.read_bytes() == BEFORE.encode()
    change.write()
    assert load(config, KINDS, FORMATS) == change.settings


@pytest.mark.parametrize(
    "value",
    ['say "hi"', "back\\slash", "two\nlines", "\x00\x07\x7f", "财经", "''' \"\"\"", "#", "]"],
)
def test_any_text_comes_back_as_it_was(config: Path, value: str) -> None:
    change = with_sources(config, [{**TABLE, "title": value}], KINDS, FORMATS)
    assert change.settings.source[-1].title == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[site]\ntitel = 'x'\n", "unknown key"),
        ("[site\n", "not closed"),
        ('[[source]]\nid = "rain"\nurl = "https://x.example/"\n', "is taken"),
        ('source = [{ id = "snow", url = "https://x.example/" }]\n', "stays as it is"),
    ],
)
def test_a_file_that_would_not_load_then_stays_as_it_is(
    config: Path, text: str, words: str
) -> None:
    config.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=words) as refused:
        with_sources(config, [TABLE], KINDS, FORMATS)
    assert len(refused.value.problems) == 1
    assert str(refused.value).isprintable()
    assert config.read_text(encoding="utf-8") == text


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="aggregator init"):
        with_sources(tmp_path / "config.toml", [TABLE], KINDS, FORMATS)
    assert list(tmp_path.iterdir()) == []


def test_link_and_mode_of_the_file_stay_and_nothing_is_left_beside_it(
    tmp_path: Path, config: Path
) -> None:
    config.chmod(0o640)
    link = tmp_path / "other" / "config.toml"
    link.parent.mkdir()
    link.symlink_to(config)
    with_sources(link, [TABLE], KINDS, FORMATS).write()
    assert link.is_symlink()
    assert stat.S_IMODE(config.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.toml", "other"]
    assert list(link.parent.iterdir()) == [link]
    assert load(config, KINDS, FORMATS).source[-1].id == "rain"


def test_no_tables_are_no_text() -> None:
    assert rendered([]) == ""
