"""What of a publication each format renders.

    a channel and its articles ─► channel_documents ─► feeds, the channel's page
    an article                 ─► article_documents ─► its page (or that it is gone), its post
    a part of an archive       ─► archive_documents ─► an Atom document
    a shelf of each channel    ─► home_documents    ─► the home page
    the list of channels       ─► site_documents    ─► OPML, sitemap, 404, stylesheet

An article that a document cannot hold is left out of it and logged: it never costs the others.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from aggregator.errors import PublishError
from aggregator.model import Article, Channel, Document, Original
from aggregator.publish import addresses, html_site, notices, opml, site_pages, sitemap, terms
from aggregator.publish.archive import Part
from aggregator.publish.formats import FORMATS, Format
from aggregator.publish.press import Press, Shelf

log = logging.getLogger(__name__)


def channel_documents(
    press: Press, channel: Channel, articles: Sequence[Article]
) -> list[Document]:
    """Render what shows a channel, with *articles* in their order (newest first, already limited).

    Raises PublishError where a document cannot be rendered whatever its articles.
    """
    sound = _fit(press, articles)
    entries = notices.among(press, channel, sound)
    documents: list[Document] = []
    for name, chosen in _chosen(press):
        for shown, content in ((chosen.feed, entries), (chosen.page, sound)):
            if shown:
                render = partial(shown, press, channel)
                documents += _without_faulty(render, content, f"{channel.slug} as {name}")
    return documents


def archives(press: Press) -> bool:
    """Return whether any format that is published has an archive."""
    return any(chosen.archive for _, chosen in _chosen(press))


def archive_documents(
    press: Press, channel: Channel, part: Part, articles: Sequence[Article]
) -> list[Document]:
    """Render one part of a channel's archive; `channel.months` are all that it has.

    Raises PublishError where a document cannot be rendered whatever its articles.
    """
    sound = _fit(press, articles)
    documents: list[Document] = []
    for name, chosen in _chosen(press):
        if chosen.archive:
            render = partial(chosen.archive, press, channel, part)
            where = f"{channel.slug} {part.name} as {name}"
            documents += _without_faulty(render, sound, where)
    return documents


def article_documents(press: Press, article: Article) -> list[Document]:
    """Render what shows one article alone, or says that it was removed.

    Nothing where it cannot be shown.
    """
    documents: list[Document] = []
    shown = [
        (name, chosen.gone if article.removal else chosen.article)
        for name, chosen in _chosen(press)
    ]
    formats = [(name, render) for name, render in shown if render]
    for fit in _fit(press, [article]) if formats else ():
        for name, render in formats:
            try:
                documents += render(press, fit)
            except _FAULTS as fault:
                _report(article, f"its {name}", fault)
    return documents


def shelf(press: Press, channel: Channel, articles: Sequence[Article]) -> Shelf:
    """Render a channel's section of the home page: the newest of *articles*."""
    return html_site.shelf(press, channel, _fit(press, articles[: html_site.LEADING]))


def home_documents(press: Press, shelves: Sequence[Shelf]) -> list[Document]:
    """Render what shows the newest of every channel, with *shelves* in their order."""
    return [
        document
        for _, chosen in _chosen(press)
        if chosen.home
        for document in chosen.home(press, shelves)
    ]


def site_documents(
    press: Press, channels: Sequence[Channel], originals: Sequence[Original] = ()
) -> list[Document]:
    """Render what changes only with the configuration, the list of channels and *originals*.

    Those are the articles whose pages search engines may show.
    """
    documents = [site_pages.stylesheet(press), *opml.documents(press, channels)]
    if press.writes("html"):
        documents += sitemap.documents(press, _lists(press, channels), originals)
    for _, chosen in _chosen(press):
        if chosen.site:
            documents += chosen.site(press)
    return documents


def _lists(press: Press, channels: Sequence[Channel]) -> list[str]:
    """Return the paths of the pages that list articles, and of those about the site."""
    paths = [addresses.HOME, addresses.SOURCES, addresses.ABOUT]
    for channel in channels:
        if addresses.has(press, channel, "html"):
            paths += html_site.channel_paths(channel)
    return paths


def _chosen(press: Press) -> list[tuple[str, Format]]:
    return [(name, FORMATS[name]) for name in FORMATS if press.writes(name)]


# ── quarantine ────────────────────────────────────────────────────────────────────────────────────

_FAULTS = (ValueError, LookupError)  # what an odd value makes of lxml, json, encodings and tables
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0 §2.2


def _fit(press: Press, articles: Iterable[Article]) -> list[Article]:
    """Return the articles that can be shown, each with as much of it as may be."""
    return [terms.fitted(press, article) for article in _sound(articles)]


def _sound(articles: Iterable[Article]) -> list[Article]:
    """Return the articles that hold no character which XML forbids; report the others.

    No format is to publish such characters, though HTML and JSON could.
    """
    sound = []
    for article in articles:
        if found := _NOT_XML.search("\n".join(_texts(article))):
            _report(article, "everything", f"character {found[0]!r} is not allowed in XML")
        else:
            sound.append(article)
    return sound


def _texts(article: Article) -> Iterable[str]:
    yield from (article.title, article.summary, article.content)
    yield from (article.public_id, article.link, article.share_link, article.image)
    made_by = article.attribution
    yield from (made_by.publisher, made_by.publisher_url, made_by.feed_url, made_by.feed_id)
    yield made_by.rights
    yield from (person.name + person.uri for person in article.authors)
    yield from (*article.categories, *article.tags)
    yield from (term.label + term.scheme + term.code for term in article.terms)
    yield from (file.url + file.type + file.title for file in article.enclosures)
    yield from (one.attribution.publisher + one.share_link + one.title for one in article.also)


def _without_faulty(
    render: Callable[[Sequence[Article]], Iterable[Document]],
    articles: Sequence[Article],
    name: str,
) -> list[Document]:
    """Return what *render* makes of *articles*, without those that it fails with."""
    try:
        return list(render(articles))
    except _FAULTS:
        whole = [article for article in articles if _renders(render, article, name)]
    try:
        return list(render(whole))
    except _FAULTS as fault:
        raise PublishError(f"{name} cannot be rendered: {fault}", code="E501") from fault


def _renders(
    render: Callable[[Sequence[Article]], Iterable[Document]], article: Article, name: str
) -> bool:
    try:
        list(render([article]))
    except _FAULTS as fault:
        _report(article, name, fault)
        return False
    return True


def _report(article: Article, where: str, why: object) -> None:
    log.warning(
        "left out of %s: article %s (source %s, entry %r): %s",
        where, article.id, article.source, article.guid, why,
    )  # fmt: skip
