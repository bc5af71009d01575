"""The frame of every page: its head, its feeds, the ways to the rest of the site.

A page links the others by relative addresses, so the folder works under any base and from the disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from aggregator.model import Channel, Document
from aggregator.publish import addresses
from aggregator.publish.mould import Fixed
from aggregator.publish.press import Press
from aggregator.publish.texts import texts_for


class Feed(NamedTuple):
    """One feed as pages name it."""

    name: str
    media_type: str
    path: str
    url: str


class Frame(NamedTuple):
    """What every page has, as text; `live` is "" where there is no search and no status page."""

    language: Fixed
    root: Fixed
    path: str
    feeds: tuple[Feed, ...]
    feed_title: str
    opml: Fixed
    live: Fixed
    canonical: str = ""


def frame(press: Press, path: str, channel: Channel | None = None) -> Frame:
    """Return the frame of the page at *path*.

    Its feeds and its language are those of *channel*; without one, those of the whole site.
    """
    whose = channel or Channel(addresses.ALL, press.site.title)
    return Frame(
        language=Fixed(press.language(whose)),
        root=Fixed(addresses.upward(path)),
        path=path,
        feeds=tuple(_feeds(press, whose)),
        feed_title=whose.title,
        opml=Fixed(addresses.OPML),
        live=Fixed("" if press.publish.static else "live"),
    )


def page(
    press: Press,
    path: str,
    template: str,
    values: Mapping[str, Any],
    channel: Channel | None = None,
) -> Document:
    """Render the page at *path* with *template*; *values* go before those that every page has."""
    around = frame(press, path, channel)
    common = {**around._asdict(), "site": press.site, "text": texts_for(around.language)}
    return Document(path, press.templates.render(template, {**common, **values}).encode())


def _feeds(press: Press, channel: Channel) -> list[Feed]:
    return [
        Feed(
            addresses.FEED_NAMES[name],
            addresses.MEDIA_TYPES[name],
            path,
            addresses.public(press, path),
        )
        for name, path in addresses.feeds(press, channel)
    ]
