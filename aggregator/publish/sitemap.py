"""What search engines are told: `robots.txt`, and a sitemap (https://www.sitemaps.org/protocol.html).

Only pages that may stand in an index are in it: the lists, and the articles that stand nowhere else
on the web, of which those of the newest two days are news (Google's extension). Lists have no date:
theirs would change the sitemap with each article.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from html import escape

from aggregator.model import Document, Original
from aggregator.publish import addresses, dates, texts
from aggregator.publish.press import Press

MOST = 50_000
"""Addresses in one document at most."""

_NEWS = timedelta(hours=48)
_MOST_NEWS = 1_000  # in one document
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS_SCHEMA = "http://www.google.com/schemas/sitemap-news/0.9"


def documents(
    press: Press, lists: Sequence[str], originals: Sequence[Original]
) -> Iterator[Document]:
    """Render the sitemap of the pages *lists* (paths) and of *originals*, and what names it.

    It has parts where it would be too long; new articles are in the last one.
    """
    robots = f"User-agent: *\nAllow: /\n\nSitemap: {addresses.public(press, addresses.SITEMAP)}\n"
    yield Document(addresses.ROBOTS, robots.encode())
    pages = [_page(press, path) for path in lists]
    articles = _articles(press, originals)
    if len(pages) + len(articles) <= MOST:
        yield _urls(addresses.SITEMAP, [*pages, *articles])
        return
    parts = [*_cut(pages), *_cut(articles)]
    paths = [addresses.sitemap_part(number) for number in range(1, len(parts) + 1)]
    yield from map(_urls, paths, parts)
    yield _index(press, paths)


def _cut(entries: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(entries), MOST):
        yield entries[start : start + MOST]


def _page(press: Press, path: str) -> str:
    return f"<url><loc>{_address(press, path)}</loc></url>"


def _articles(press: Press, originals: Sequence[Original]) -> list[str]:
    """Return an entry for each article, the oldest first."""
    newest = sorted(originals, key=lambda one: (one.published, one.id), reverse=True)
    since = newest[0].published - _NEWS if newest else None
    news = {one.id for one in newest[:_MOST_NEWS] if since and one.published > since}
    return [_article(press, one, is_news=one.id in news) for one in reversed(newest)]


def _article(press: Press, article: Original, *, is_news: bool) -> str:
    day = press.local(article.published).date()
    path = addresses.page_of(press, article.category, day, article.id)
    news = _news(press, article) if is_news else ""
    changed = dates.rfc3339(article.updated)
    return f"<url><loc>{_address(press, path)}</loc><lastmod>{changed}</lastmod>{news}</url>"


def _news(press: Press, article: Original) -> str:
    return (
        "<news:news><news:publication>"
        f"<news:name>{escape(press.site.title, quote=False)}</news:name>"
        f"<news:language>{_language(press, article)}</news:language></news:publication>"
        f"<news:publication_date>{dates.rfc3339(article.published)}</news:publication_date>"
        f"<news:title>{escape(article.title, quote=False)}</news:title></news:news>"
    )


def _language(press: Press, article: Original) -> str:
    """Return the language as Google wants it: a code without region, and two kinds of Chinese."""
    tag = (texts.tag(article.language) or press.site.language).lower()
    if texts.primary(tag) != "zh":
        return texts.primary(tag)
    return "zh-tw" if tag.endswith(("-tw", "-hk", "-mo")) or "hant" in tag else "zh-cn"


def _address(press: Press, path: str) -> str:
    return escape(addresses.public(press, path), quote=False)


def _urls(path: str, entries: Sequence[str]) -> Document:
    news = f' xmlns:news="{_NEWS_SCHEMA}"' if any("<news:" in entry for entry in entries) else ""
    return _document(path, f'urlset xmlns="{_SCHEMA}"{news}', entries)


def _index(press: Press, paths: Sequence[str]) -> Document:
    entries = [f"<sitemap><loc>{_address(press, path)}</loc></sitemap>" for path in paths]
    return _document(addresses.SITEMAP, f'sitemapindex xmlns="{_SCHEMA}"', entries)


def _document(path: str, root: str, entries: Sequence[str]) -> Document:
    name = root.partition(" ")[0]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<{root}>", *entries, f"</{name}>", ""]
    return Document(path, "\n".join(lines).encode())
