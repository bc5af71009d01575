"""The archive for people: each part of it as a page of titles, and a page that lists the parts.

The parts are those of the Atom archive (archive.py), and are written together with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from aggregator.model import Article, Channel, Document, Month
from aggregator.publish import addresses, archive, dates, wording
from aggregator.publish.archive import Part
from aggregator.publish.frame import page
from aggregator.publish.press import Press
from aggregator.publish.rows import foreign
from aggregator.publish.texts import Texts, texts_for


class Title(NamedTuple):
    """One article in the archive; `language` is "" where it is that of the page."""

    href: str  # from the top of the published folder
    title: str
    language: str
    publisher: str
    iso: str
    clock: str
    day: date


class Shown(NamedTuple):
    """A month as the list shows it, with a link for each page that it takes."""

    year: str
    name: str
    entries: int
    hrefs: list[str]


def index_page(press: Press, channel: Channel) -> Document:
    """Render the list of a channel's months, the newest first."""
    words = texts_for(press.language(channel))
    months = [_shown(channel, month, words) for month in reversed(channel.months)]
    values = {
        "channel": channel,
        "years": [(year, list(group)) for year, group in groupby(months, key=lambda m: m.year)],
        "canonical": addresses.public(press, addresses.archive_index(channel.slug)),
    }
    return page(press, addresses.archive_index(channel.slug), "archive.html.jinja", values, channel)


def part_page(
    press: Press, channel: Channel, part: Part, articles: Sequence[Article]
) -> Iterator[Document]:
    """Render one part of a channel's archive: the titles of its articles by day."""
    language = press.language(channel)
    words = texts_for(language)
    path = addresses.archive_page(channel.slug, part.name)
    titles = [_title(press, article, language) for article in articles]
    values = {
        "channel": channel,
        "name": _name(part.name, words),
        "days": [
            (dates.weekday(day, words), dates.date_name(day, words), day, list(group))
            for day, group in groupby(titles, key=lambda title: title.day)
        ],
        "earlier": _neighbour(channel, part.earlier, words),
        "later": _neighbour(channel, part.later, words),
        "canonical": addresses.public(press, path),
    }
    yield page(press, path, "archive_month.html.jinja", values, channel)


def _shown(channel: Channel, month: Month, words: Texts) -> Shown:
    names = [archive.part_name(month.name, index) for index in range(archive.size(month.entries))]
    hrefs = [addresses.archive_page(channel.slug, name) for name in names]
    year, number = month.name.split("-")
    return Shown(year, words.months[int(number) - 1], month.entries, hrefs)


def _title(press: Press, article: Article, language: str) -> Title:
    moment = press.local(article.published)
    return Title(
        href=addresses.article_page(press, article),
        title=wording.headline(article),
        language=foreign(article.language, language),
        publisher=article.attribution.publisher,
        iso=moment.isoformat(timespec="seconds"),
        clock=dates.clock(moment),
        day=press.day(article),
    )


def _name(part: str, words: Texts) -> str:
    """Return what a part of the archive is called: `November 2026`, `November 2026 (2)`."""
    month, index = archive.part_place(part)
    name = dates.month_name(date.fromisoformat(f"{month}-01"), words)
    return f"{name} ({index + 1})" if index else name


def _neighbour(channel: Channel, part: str, words: Texts) -> tuple[str, str] | None:
    """Return the path and the name of the part before or after another, None where none is."""
    return (addresses.archive_page(channel.slug, part), _name(part, words)) if part else None
