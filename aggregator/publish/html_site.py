"""The site for people: home, a page for each channel and each article, 404. No JavaScript.

A page links the others by relative addresses, so the folder works under any base and from the disk;
only the 404, which is shown at addresses of any depth, starts from the site's own path.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from aggregator.model import Article, Channel, Document
from aggregator.publish import addresses, dates, texts, wording
from aggregator.publish.press import Press, Shelf
from aggregator.publish.texts import Texts, texts_for


class Row(NamedTuple):
    """One article in a list; `language` is "" where it is that of the page."""

    href: str  # from the top of the published folder
    title: str
    language: str
    publisher: str
    also: str  # who else reports the story
    short: str
    iso: str
    day: date
    clock: str
    stamp: str


class Feed(NamedTuple):
    """One feed as pages name it."""

    name: str
    media_type: str
    path: str
    url: str


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────


def channel_page(press: Press, channel: Channel, articles: Sequence[Article]) -> Iterator[Document]:
    """Render a channel's page: its articles by day, and where to subscribe."""
    language = press.language(channel)
    rows = [_row(press, article, language) for article in articles]
    page = {
        "channel": channel,
        "feed_title": channel.title,
        "feeds": _feeds(press, channel),
        "days": [
            (dates.day_name(day, texts_for(language)), day, list(group))
            for day, group in groupby(rows, key=lambda row: row.day)
        ],
        "canonical": addresses.channel_link(press, channel),
    }
    path = addresses.channel_page(channel.slug)
    yield _page(press, path, "channel.html.jinja", language, page)


def article_page(press: Press, article: Article) -> Iterator[Document]:
    """Render an article's page.

    Search engines are sent to the original: it is the canonical one, and ours stays out of indexes.
    An article that stands nowhere else has no other original than this page.
    """
    path = addresses.article_page(press, article)
    language = press.site.language
    original = addresses.original(article)
    home = _home_channel(press, article)
    page = {
        "article": article,
        "row": _row(press, article, language),
        "content": wording.credited(press, article),
        "also": wording.also(article),
        "authors": [person.name for person in article.authors if person.name],
        "publisher_url": article.attribution.publisher_url,
        "when": _when(press, article, press.texts),
        "channel": home,
        "feed_title": home.title,
        "feeds": _feeds(press, home),
        "original": original,
        "canonical": original or addresses.public(press, path),
        "image": article.image,
        "linked_data": _linked_data(press, article, path),
    }
    yield _page(press, path, "article.html.jinja", language, page)


def shelf(press: Press, channel: Channel, articles: Sequence[Article]) -> Shelf:
    """Render a channel's section of the home page, with *articles* in their order."""
    rows = [_row(press, article, press.site.language) for article in articles]
    values = {"channel": channel, "rows": rows}
    return Shelf(channel, press.templates.render("shelf.html.jinja", values))


def home_page(press: Press, shelves: Sequence[Shelf]) -> Iterator[Document]:
    """Render the home page, with *shelves* in their order."""
    page = {
        "feeds": _feeds(press, Channel(addresses.ALL, press.site.title)),
        "shelves": [shelf.markup for shelf in shelves],
        "canonical": addresses.public(press, addresses.HOME),
    }
    yield _page(press, addresses.HOME, "home.html.jinja", press.site.language, page)


def not_found_page(press: Press) -> Iterator[Document]:
    """Render the page for addresses where nothing is (any more)."""
    page = {
        "root": urlsplit(press.site.base).path + "/",
        "feeds": _feeds(press, Channel(addresses.ALL, press.site.title)),
        "archive": press.archive,
        "leaving": _leaving(press),
    }
    yield _page(press, addresses.NOT_FOUND, "404.html.jinja", press.site.language, page)


def gone_page(press: Press, path: str, reason: str = "") -> Document:
    """Render what stands at *path* instead of an article that was taken down.

    *reason* is plain text for everybody to read; "" says that its publisher may have asked for it.
    """
    page = {
        "feeds": _feeds(press, Channel(addresses.ALL, press.site.title)),
        "reason": reason,
    }
    return _page(press, path, "gone.html.jinja", press.site.language, page)


def stylesheet(press: Press) -> Document:
    """Return the one stylesheet of the pages and of the feeds as a browser shows them."""
    return Document(addresses.STYLESHEET, press.templates.file("style.css"))


def _page(press: Press, path: str, name: str, language: str, values: dict[str, Any]) -> Document:
    common = {
        "site": press.site,
        "feed_title": press.site.title,
        "text": texts_for(language),
        "language": language,
        "root": addresses.upward(path),
    }
    text = press.templates.render(name, {**common, **values})
    return Document(path, text.encode())


# ── what stands on them ───────────────────────────────────────────────────────────────────────────


def _row(press: Press, article: Article, language: str) -> Row:
    moment = press.local(article.published)
    own = texts.tag(article.language)
    return Row(
        href=addresses.article_page(press, article),
        title=wording.headline(article),
        language=own if own and texts.primary(own) != texts.primary(language) else "",
        publisher=article.attribution.publisher,
        also=wording.also_line(texts_for(language), article),
        short=wording.clipped(wording.short(article), 160),
        iso=moment.isoformat(timespec="seconds"),
        day=press.day(article),
        clock=dates.clock(moment),
        stamp=f"{moment.month:02}-{moment.day:02} {dates.clock(moment)}",
    )


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


def _home_channel(press: Press, article: Article) -> Channel:
    label = article.categories[0]
    return Channel(press.categories[label].slug, press.title(label))


def _when(press: Press, article: Article, words: Texts) -> str:
    moment = press.local(article.published)
    day = dates.date_name(moment.date(), words)
    return f"{day} {dates.clock(moment)} {dates.zone_name(moment)}"


def _leaving(press: Press) -> str:
    window, words = press.publish.window, press.texts
    if window is None or window.days < 1:
        return ""
    return words.leave_after.format(days=words.days[window.days > 1].format(n=window.days))


def _linked_data(press: Press, article: Article, path: str) -> str:
    """Return the article as JSON-LD (schema.org/NewsArticle), safe inside a script element."""
    publisher = {
        "@type": "Organization",
        "name": article.attribution.publisher,
        "url": article.attribution.publisher_url,
    }
    authors = [
        {"@type": "Person", "name": person.name} for person in article.authors if person.name
    ]
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": wording.headline(article),
        "datePublished": dates.rfc3339(article.published),
        "dateModified": dates.rfc3339(article.updated),
        "inLanguage": texts.tag(article.language) or press.site.language,
        "author": authors or [_present(publisher)],
        "publisher": _present(publisher),
        "isBasedOn": addresses.original(article),
        "mainEntityOfPage": addresses.public(press, path),
        "image": article.image,
    }
    text = json.dumps(_present(data), ensure_ascii=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}
