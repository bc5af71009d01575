"""Who prints what: the papers of the demo and their stories, as stories.toml has them."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, Literal

from aggregator.record import record

Form = Literal["rss", "atom", "json-feed", "api", "page", "sitemap", "posts"]


@record(frozen=True, slots=True)
class Paper:
    """One origin of stories. `delay` is in seconds; `moved` and `broken` are its accidents."""

    id: str
    title: str
    form: Form
    language: str
    delay: float = 0.0
    moved: bool = False
    broken: bool = False


@record(frozen=True, slots=True)
class Story:
    """What a paper prints; `medium` is whom it has it from, `text` is HTML."""

    paper: str
    id: str
    title: str
    text: str
    published: datetime
    medium: str = ""


@record(frozen=True, slots=True)
class Script:
    """All of the demo: who there is, what they have printed, and what they print while it is on.

    `edit` has the id of a story that was printed, `news` one of its own.
    """

    papers: tuple[Paper, ...]
    stories: tuple[Story, ...]
    edit: Story
    news: Story


def script(now: datetime) -> Script:
    """Return the demo as it begins at *now* (aware, whole seconds)."""
    text = files("aggregator.demo").joinpath("stories.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)
    return Script(
        tuple(Paper(**paper) for paper in read["paper"]),
        tuple(_story(table, now) for table in read["story"]),
        _story(read["edit"], now),
        _story(read["news"], now),
    )


def _story(table: dict[str, Any], now: datetime) -> Story:
    minutes = timedelta(minutes=table.pop("minutes"))
    return Story(**table | {"text": table["text"].strip()}, published=now - minutes)
