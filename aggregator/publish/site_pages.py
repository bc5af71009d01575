"""The pages about the site itself: sources, about, what is not there and what is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlsplit

from aggregator.model import GONE, Article, Document
from aggregator.publish import addresses, notices
from aggregator.publish.frame import page
from aggregator.publish.press import Press
from aggregator.publish.supplier import Supplier


class Entry(NamedTuple):
    """A source as a row of the page; `category` and `href` are "" where there is no single one."""

    name: str
    site: str
    feed: str
    licence: str
    shown: str
    category: str
    href: str


def documents(press: Press) -> Iterator[Document]:
    """Render the pages that change only with the configuration, and the files they need."""
    yield _sources(press)
    yield _about(press)
    yield _not_found(press)
    yield Document(addresses.ICON, press.templates.file("favicon.svg"))


def stylesheet(press: Press) -> Document:
    """Return the one stylesheet of the pages and of the feeds as a browser shows them."""
    return Document(addresses.STYLESHEET, press.templates.file("style.css"))


def gone(press: Press, article: Article) -> Iterator[Document]:
    """Render what stands at the address of an article that was removed."""
    path = addresses.article_page(press, article)
    page = gone_page(press, path, notices.sentence(press, article, press.texts))
    yield replace(page, path=f"{GONE}/{path}")


def gone_page(press: Press, path: str, reason: str = "") -> Document:
    """Render what stands at *path* instead of an article that was taken down.

    *reason* is plain text for everybody to read; "" says that its publisher may have asked for it.
    """
    return page(press, path, "gone.html.jinja", {"reason": reason})


def _sources(press: Press) -> Document:
    values = {
        "entries": [_entry(press, supplier) for supplier in press.imprint.suppliers],
        "canonical": addresses.public(press, addresses.SOURCES),
    }
    return page(press, addresses.SOURCES, "sources.html.jinja", values)


def _about(press: Press) -> Document:
    values = {
        "imprint": press.imprint,
        "contact": _contact_link(press.imprint.contact),
        "opml_url": addresses.public(press, addresses.OPML),
        "leaving": _leaving(press),
        "canonical": addresses.public(press, addresses.ABOUT),
    }
    return page(press, addresses.ABOUT, "about.html.jinja", values)


def _not_found(press: Press) -> Document:
    """Render the page for addresses where nothing is (any more).

    It is shown at addresses of any depth, so its own links start from the site's path.
    """
    values = {"root": urlsplit(press.site.base).path + "/", "leaving": _leaving(press)}
    return page(press, addresses.NOT_FOUND, "404.html.jinja", values)


def _contact_link(contact: str) -> str:
    """Return where a link to the operator's contact leads; "" where it is no address."""
    if contact.startswith(("https://", "http://", "mailto:")):
        return contact
    return f"mailto:{contact}" if "@" in contact and "/" not in contact else ""


def _entry(press: Press, supplier: Supplier) -> Entry:
    words, label = press.texts, supplier.category or ""
    category = press.categories.get(label)  # none before it has an article
    return Entry(
        name=supplier.name,
        site=supplier.site,
        feed=supplier.feed,
        licence=supplier.licence,
        shown=words.shown[supplier.content],
        category=press.title(label) if category else press.titles.get(label, label),
        href=addresses.channel_page(category.slug) if category else "",
    )


def _leaving(press: Press) -> str:
    window, words = press.publish.window, press.texts
    if window is None or window.days < 1:
        return ""
    return words.leave_after.format(days=words.days[window.days > 1].format(n=window.days))
