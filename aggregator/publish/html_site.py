"""The site for people: home, a page for each channel and each article. No JavaScript.

The pages about the site itself stand in site_pages.py, what all have in common in frame.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from aggregator.model import Article, Channel, Document
from aggregator.publish import (
    addresses,
    archive,
    archive_pages,
    dates,
    linked_data,
)
from aggregator.publish.frame import page
from aggregator.publish.press import Press, Shelf
from aggregator.publish.rows import row
from aggregator.publish.texts import texts_for

ON_A_SHELF = 5
"""How many of a channel's articles the home page shows."""
LEADING = 7
"""How many of all articles stand above the shelves."""


def channel_page(press: Press, channel: Channel, articles: Sequence[Article]) -> Iterator[Document]:
    """Render a channel's page: its articles by day, and where to subscribe; and its archive's.

    That of everything always has one, for every page leads there.
    """
    language = press.language(channel)
    words = texts_for(language)
    rows = [row(press, article, language) for article in articles]
    values = {
        "channel": channel,
        "days": [
            (dates.weekday(day, words), dates.date_name(day, words), day, list(group))
            for day, group in groupby(rows, key=lambda row: row.day)
        ],
        "archive": addresses.archive_index(channel.slug) if channel.months else "",
        "canonical": addresses.channel_link(press, channel),
        "linked_data": linked_data.channel(press, channel),
    }
    yield page(press, addresses.channel_page(channel.slug), "channel.html.jinja", values, channel)
    if _has_archive(channel):
        yield archive_pages.index_page(press, channel)


def channel_paths(channel: Channel) -> list[str]:
    """Return the paths of all pages that list a channel's articles, its archive's among them."""
    paths = [addresses.channel_page(channel.slug)]
    if _has_archive(channel):
        paths.append(addresses.archive_index(channel.slug))
    names = archive.parts(channel.months)
    return [*paths, *(addresses.archive_page(channel.slug, name) for name in names)]


def _has_archive(channel: Channel) -> bool:
    return bool(channel.months) or channel.slug == addresses.ALL


def shelf(press: Press, channel: Channel, articles: Sequence[Article]) -> Shelf:
    """Render a channel's section of the home page, with the newest of *articles*.

    That of everything together stands above the others.
    """
    leads = channel.slug == addresses.ALL
    shown = articles[: LEADING if leads else ON_A_SHELF]
    values = {
        "channel": channel,
        "rows": [row(press, article, press.site.language) for article in shown],
        "text": press.texts,
    }
    name = "lead.html.jinja" if leads else "shelf.html.jinja"
    return Shelf(channel, press.templates.render(name, values))


def home_page(press: Press, shelves: Sequence[Shelf]) -> Iterator[Document]:
    """Render the home page: the newest of everything, and *shelves* in their order.

    A single category is all there is, and has no shelf besides.
    """
    markup = {shelf.channel.slug: shelf.markup for shelf in shelves}
    lead = markup.pop(addresses.ALL, "")
    values = {
        "lead": lead if markup else "",
        "shelves": list(markup.values()) if len(markup) > 1 or not lead else [],
        "canonical": addresses.public(press, addresses.HOME),
        "linked_data": linked_data.home(press),
    }
    yield page(press, addresses.HOME, "home.html.jinja", values)
