"""What the tests of the configuration share: the two tables it is given, and loading a text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from aggregator.config.load import load
from aggregator.config.settings import Settings
from aggregator.errors import ConfigError
from aggregator.sources import KINDS, Kind

FORMATS = ("rss", "atom", "json", "html", "jekyll")
WITHOUT_FILES: Mapping[str, Kind] = {**KINDS, "web": KINDS["feed"]._replace(files=False)}
SOURCE = '[[source]]\nid = "bbc"\nurl = "https://example.org/feed"\n'


def settings(folder: Path, text: str, kinds: Mapping[str, Kind] = WITHOUT_FILES) -> Settings:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8", newline="")
    return load(path, kinds, FORMATS)


def faults(folder: Path, text: str | bytes) -> list[str]:
    """Return the faults of a configuration as `line:column message`."""
    path = folder / "config.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ConfigError) as caught:
        load(path, WITHOUT_FILES, FORMATS)
    assert all(problem.file == str(path) for problem in caught.value.problems)
    return [f"{one.line}:{one.column} {one.message}" for one in caught.value.problems]
