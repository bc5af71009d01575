"""The worked examples of CONTRIBUTING.md are code that runs: a source kind, an output format."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from aggregator.publish.formats import FORMATS
from aggregator.sources import KINDS
from tests.cli.inside import aggregator as command
from tests.docs.newsstand import newsstand, with_loopback
from tests.docs.pages import PAGES, blocks

TEXT = PAGES["CONTRIBUTING.md"]
CODE = dict(re.findall(r"`(aggregator/[\w/]+\.py)`:\n\n```python\n(.*?)^```", TEXT, re.M | re.S))
(CONFIG,) = blocks("toml", "CONTRIBUTING.md").values()
SHEET = """Headline,Date,Text,Page
Regatta won,2026-11-20,"<p>By a length, in <b>rain</b>.</p>",/regatta
Boathouse painted,2026-11-19,It is green now.,/boathouse
"""


def module(path: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Have the code of *path* be the module that it is to be."""
    name = path.removesuffix(".py").replace("/", ".")
    made = ModuleType(name)
    exec(compile(CODE[path], path, "exec"), made.__dict__)
    monkeypatch.setitem(sys.modules, name, made)
    return made


def row(path: str, **names: Any) -> dict[str, Any]:
    """Return the row of a table that the page shows for the module at *path*."""
    there = sys.modules[path.removesuffix("/__init__.py").removesuffix(".py").replace("/", ".")]
    made: dict[str, Any] = eval(f"{{{CODE[path].strip()}}}", {**vars(there), **names})
    return made


def everywhere(name: str, table: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put *table* in the place of the one that is called *name* wherever it is used."""
    for used in [one for key, one in sys.modules.items() if key.startswith("aggregator")]:
        if hasattr(used, name):
            monkeypatch.setattr(used, name, table)


@pytest.fixture
def extended(monkeypatch: pytest.MonkeyPatch) -> None:
    import aggregator.cli.preview  # these have imported the tables already
    import aggregator.pipeline.gather  # noqa: F401

    module("aggregator/sources/sheet.py", monkeypatch)
    headlines = module("aggregator/publish/headlines.py", monkeypatch)
    kinds = row("aggregator/sources/__init__.py")
    formats = row("aggregator/publish/formats.py", headlines=headlines)
    everywhere("KINDS", {**KINDS, **kinds}, monkeypatch)
    everywhere("FORMATS", {**FORMATS, **formats}, monkeypatch)


@pytest.mark.usefixtures("extended")
def test_the_kind_and_the_format_work(tmp_path: Path) -> None:
    with newsstand({"https://rowing.example/news.csv": SHEET}) as stand:
        config = f'{CONFIG}\n[publish]\nformats = ["atom", "headlines"]\n'
        (tmp_path / "config.toml").write_text(stand.here(with_loopback(config)), encoding="utf-8")
        assert "2 entries" in command(tmp_path, "preview", "rowing-club").out
        ended = command(tmp_path, "refresh")
        assert ended.status == 0, ended.err
        headlines = stand.there((tmp_path / "feeds/rowing-club/headlines.txt").read_text())
    assert headlines == (
        "Regatta won\n  https://rowing.example/regatta\n"
        "Boathouse painted\n  https://rowing.example/boathouse\n"
    )
    feed = (tmp_path / "feeds/rowing-club/atom.xml").read_text("utf-8")
    assert "in &lt;b&gt;rain&lt;/b&gt;" in feed


@pytest.mark.usefixtures("extended")
def test_a_missing_column_and_a_missing_key_are_faults_in_words(tmp_path: Path) -> None:
    with newsstand({"https://rowing.example/news.csv": "Title,Date\nx,y\n"}) as stand:
        config = stand.here(with_loopback(CONFIG))
        (tmp_path / "config.toml").write_text(config, encoding="utf-8")
        ended = command(tmp_path, "refresh")
        assert ended.status == 1
        assert 'has no column "Headline" but Title, Date' in ended.err
    without = config[: config.index("[source.fields]")] + with_loopback("")
    (tmp_path / "config.toml").write_text(without, encoding="utf-8")
    assert '"fields" is missing, kind "sheet" needs it' in command(tmp_path, "check").err
