"""Real readers see title, link, date, author with «via», source and content of the first entry."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.readers import libraries, programs
from tests.readers.desk import Reading, expect, installed, served

XML = ("rss.xml", "atom.xml")
EVERY = (*XML, "feed.json")


class Reader(NamedTuple):
    """A reader, the formats it reads, and whether it is at hand."""

    name: str
    read: Reading
    formats: tuple[str, ...]
    is_there: bool
    is_long: bool = False


def on_node(library: str, formats: tuple[str, ...]) -> Reader:
    modules = libraries.node_modules()
    is_there = modules is not None and (modules / library).is_dir()
    return Reader(library, partial(libraries.with_node, library), formats, is_there)


READERS = [
    Reader("newsboat", programs.newsboat, XML, installed("newsboat")),
    Reader("sfeed", programs.sfeed, XML, installed("sfeed")),
    Reader("rss2email", programs.rss2email, XML, installed("r2e")),
    Reader("liferea", programs.liferea, XML, installed("liferea", "xvfb-run"), is_long=True),
    Reader("feedparser", libraries.with_feedparser, XML, True),
    Reader("reader", libraries.with_reader, EVERY, find_spec("reader") is not None),
    Reader(
        "fastfeedparser",
        libraries.with_fastfeedparser,
        EVERY,
        find_spec("fastfeedparser") is not None,
    ),
    on_node("rss-parser", XML),
    on_node("feedsmith", EVERY),
    on_node("@extractus/feed-extractor", EVERY),
]


def cases() -> list[object]:
    return [
        pytest.param(
            reader.read,
            name,
            id=f"{reader.name}-{name}",
            marks=[
                pytest.mark.skipif(not reader.is_there, reason=f"{reader.name} is not installed"),
                *([pytest.mark.long] if reader.is_long else []),
            ],
        )
        for reader in READERS
        for name in reader.formats
    ]


@pytest.mark.parametrize(("read", "name"), cases())
def test_a_reader_sees_the_whole_entry(read: Reading, name: str, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "home").mkdir()
    with served(tmp_path / "site") as base:
        expect(read(f"{base}/{name}", tmp_path / "home"))
