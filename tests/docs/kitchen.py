"""The recipes of docs/cookbook.md, taken from the page, and a place to cook one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cli.inside import aggregator
from tests.command import Ended
from tests.docs.newsstand import Newsstand, newsstand, with_loopback
from tests.docs.pages import PAGES
from tests.hosts import free_port
from tests.web import Answer

_SECTION = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TEXT = PAGES["docs/cookbook.md"]

RECIPES = {title: _BLOCK.findall(text) for title, text in _SECTION.findall(_TEXT)}
"""Blocks of each recipe, as (language, text), by its title."""


class Kitchen:
    """A folder in which a recipe is cooked, with the hosts that it names on loopback."""

    def __init__(self, folder: Path, stand: Newsstand) -> None:
        self.folder, self.stand = folder, stand
        self.port = free_port()

    def write(self, recipe: str, *, leave: bool = True) -> None:
        """Write *recipe* as config.toml, its hosts replaced; with *leave* to ask this machine."""
        text = with_loopback(recipe) if leave else recipe
        text += f'\n[serve]\naddress = "127.0.0.1:{self.port}"\n'
        (self.folder / "config.toml").write_text(self.stand.here(text), encoding="utf-8")

    def run(self, *arguments: str, status: int = 0) -> Ended:
        ended = aggregator(self.folder, *arguments)
        assert ended.status == status, ended.out + ended.err
        return ended

    def refresh(self, status: int = 0) -> Ended:
        return self.run("refresh", "--all", status=status)

    def text(self, path: str) -> str:
        """Return a published document with the hosts' real names."""
        return self.stand.there((self.folder / "feeds" / path).read_text("utf-8"))

    def items(self, feed: str) -> dict[str, dict[str, Any]]:
        """Return a published feed's items by title, the newest first."""
        listed = json.loads(self.text(f"{feed}/feed.json"))["items"]
        return {item["title"]: item for item in listed}

    def feeds(self) -> set[str]:
        """Return the folders of the published feeds, but for the one of everything."""
        found = {path.parent.name for path in (self.folder / "feeds").glob("*/*.*")}
        return {name for name in found if (self.folder / f"feeds/{name}/rss.xml").exists()} - {
            "all"
        }


@contextmanager
def cooking(folder: Path, recipe: str, pages: dict[str, str | Answer]) -> Iterator[Kitchen]:
    """Cook the first configuration of *recipe* in the block, where *pages* are to be had."""
    with newsstand(pages) as stand:
        kitchen = Kitchen(folder, stand)
        first = next(text for language, text in RECIPES[recipe] if language == "toml")
        kitchen.write(first)
        yield kitchen
