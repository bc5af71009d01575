"""The frame of every page: its head, its feeds, the ways to the rest of the site.

A page links the others by relative addresses, so the folder works under any base and from the disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from aggregator.model import Channel, Document
from aggregator.publish import addresses, texts
from aggregator.publish.press import Press


class Feed(NamedTuple):
    """One feed as pages name it."""

    name: str
    media_type: str
    path: str
    url: str


def page(
    press: Press,
    path: str,
    template: str,
    values: Mapping[str, Any],
    channel: Channel | None = None,
) -> Document:
    """Render the page at *path* with *template*; *values* go before those that every page has.

    Its feeds and its language are those of *channel*; without one, those of the whole site.
    """
    whose = channel or Channel(addresses.ALL, press.site.title)
    language = press.language(whose)
    common = {
        "site": press.site,
        "text": texts.texts_for(language),
        "language": language,
        "root": addresses.upward(path),
        "path": path,
        "feeds": _feeds(press, whose),
        "feed_title": whose.title,
        "opml": addresses.OPML,
        "live": not press.publish.static,
        "canonical": "",
    }
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
