"""An article as one row of a list."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from aggregator.model import Article
from aggregator.publish import addresses, dates, texts, wording
from aggregator.publish.press import Press
from aggregator.publish.texts import texts_for

_SHORT = 200  # characters


class Row(NamedTuple):
    """What a list shows of an article; `language` is "" where it is that of the page."""

    href: str  # from the top of the published folder
    title: str
    language: str
    publisher: str
    also: str  # who else reports the story
    short: str  # "" where it says no more than the title
    iso: str
    day: date
    clock: str
    stamp: str  # day and time without the year


def row(press: Press, article: Article, language: str) -> Row:
    """Return the row of *article* on a page in *language*."""
    moment = press.local(article.published)
    words = texts_for(language)
    clock = dates.clock(moment)
    title, short = wording.headline(article), wording.clipped(wording.short(article), _SHORT)
    return Row(
        href=addresses.article_page(press, article),
        title=title,
        language=foreign(article.language, language),
        publisher=article.attribution.publisher,
        also=wording.also_line(words, article),
        short="" if title.startswith(short.removesuffix("…")) else short,
        iso=moment.isoformat(timespec="seconds"),
        day=press.day(article),
        clock=clock,
        stamp=f"{dates.short_day(moment.date(), words)} {clock}",
    )


def foreign(own: str, language: str) -> str:
    """Return the tag *own* where it is another language than that of the page, else ""."""
    tag = texts.tag(own)
    return tag if tag and texts.primary(tag) != texts.primary(language) else ""
