"""The config.toml of the repository: it loads, and keeps to what publishers allow."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aggregator.config.load import load
from aggregator.config.settings import Settings
from aggregator.parse.jekyll_post import parse
from aggregator.sources import KINDS
from tests.config.desk import FORMATS, settings

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shipped() -> Settings:
    return load(ROOT / "config.toml", KINDS, FORMATS)


def test_it_has_many_sources_in_both_languages_in_every_category(shipped: Settings) -> None:
    public = [source for source in shipped.source if source.kind == "feed"]
    assert len(public) >= 12
    for category in ("world", "technology", "finance", "science"):
        languages = {s.language[:2] for s in public if s.category == category}
        assert languages == {"en", "zh"}, category


def test_full_text_is_published_only_under_a_licence(shipped: Settings) -> None:
    for source in shipped.source:
        assert source.publisher
        assert source.content == "excerpt" or source.licence, source.id


def test_every_category_is_named(shipped: Settings) -> None:
    assert {source.category for source in shipped.source} == set(shipped.category)


def test_the_local_posts_are_there(shipped: Settings) -> None:
    (source,) = [source for source in shipped.source if source.kind == "jekyll"]
    folder = ROOT / "examples" / "posts"
    assert source.url == folder.as_uri()
    entries = [parse(path.read_bytes(), name=path.name) for path in sorted(folder.glob("*.md"))]
    assert len(entries) >= 4
    assert {entry.language for entry in entries if entry} == {"en", "zh-CN"}
    for entry in entries:
        assert entry
        assert entry.title
        assert entry.published.startswith(entry.id[:10])
        assert entry.content.startswith("<p>")


def test_the_finews_example_loads_once_it_is_uncommented(tmp_path: Path) -> None:
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    example = text[text.index("# [category.emnews]") :]
    loaded = settings(tmp_path, re.sub(r"(?m)^# ?", "", example))
    ids = [source.id for source in loaded.source]
    assert ids == ["rolling", "media", "market-37", "market-38", "market-39"]
    rolling = loaded.source[0]
    assert (rolling.category, rolling.share_link) == ("emnews", "{+url_w}")
    assert [rule.match for rule in rolling.rule] == ["^.*】", "　　"]
    assert all(source.extract["publisher"].selector == "p.em_media" for source in loaded.source)
