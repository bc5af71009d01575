"""What the operator selects for a feed of its own: the tables of [[feed]]."""

from __future__ import annotations

from datetime import time
from typing import Literal

from pydantic import Field

from aggregator.config.table import Table
from aggregator.config.values import (
    Count,
    OptionalLanguage,
    Pattern,
    Slug,
    TimeOfDay,
    Zone,
)
from aggregator.model import Content


class Without(Table):
    """Articles that a feed leaves out: those that meet one of the keys that are given."""

    categories: tuple[str, ...] = Field((), description="in one of these categories")
    sources: tuple[str, ...] = Field((), description="from one of these sources")
    tags: tuple[str, ...] = Field((), description="with one of these tags")
    match: Pattern | None = Field(None, description="whose title or text matches")


class Selection(Table):
    """An extra feed, of the articles that meet each of the keys that are given."""

    id: Slug = Field(description="its folder")
    title: str = Field(description="its name")
    description: str = Field("", description="one sentence about it")
    language: OptionalLanguage = Field("", description="of its own words; the site's if absent")
    categories: tuple[str, ...] = Field((), description="from these categories (slug or label)")
    sources: tuple[str, ...] = Field((), description="from these sources (id)")
    tags: tuple[str, ...] = Field((), description="with one of these tags")
    match: Pattern | None = Field(None, description="whose title or text matches")
    without: Without = Field(Without(), description="what is left out")
    max_per_day: Count | None = Field(
        None, description="of each day at most so many, those that came first"
    )
    digest: Literal["daily", "weekly"] | None = Field(
        None, description="one entry for each day or week, which lists its articles"
    )
    timezone: Zone | None = Field(None, description="whose days these are; the site's if absent")
    at: TimeOfDay = Field(time(), description="when its days begin")
    group: str = Field("", description="its folder in feeds.opml, and a list of its own")
    entries: Count | None = Field(
        None, description="where it differs from [publish]; of a digest 30 at most if absent"
    )
    formats: tuple[str, ...] | None = Field(None, description="where it differs from [publish]")
    content: Content = Field("full", description="how much of an article is shown at most")
    formerly: tuple[Slug, ...] = Field(
        (), description="folder names it had before: their addresses lead to this one (301)"
    )
