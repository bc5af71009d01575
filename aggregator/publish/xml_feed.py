"""What the RSS and the Atom document have in common. Sole user of feedgen, with `rss` and `atom`.

feedgen makes a document's head and each entry. Where it writes the wrong thing, extensions of its
own kind set it right: objects with `extend_ns`, `extend_rss` and `extend_atom`, registered by name.

    articles ─► FeedEntry + extension ─► bytes of one entry ─┐  (both once for each shape: mould.py)
    channel  ─► FeedGenerator + extension ─► bytes around ───┴► document

An entry is rendered apart from its feed, so that it is the same in each feed that has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from lxml import etree  # isort: skip - before feedgen, which uses it without importing it
import feedgen.entry
import feedgen.feed
from feedgen.feed import FeedGenerator

from aggregator.model import Article, Channel
from aggregator.publish import addresses, archive, dates, mould
from aggregator.publish.press import Press
from aggregator.publish.texts import texts_for

XHTML = "http://www.w3.org/1999/xhtml"
NEVER = datetime(1990, 1, 1, tzinfo=UTC)  # of a feed without entries; before, dates look absurd


# feedgen's own sets the locale of the whole process for a moment, and other threads see it
feedgen.entry.formatRFC2822 = feedgen.feed.formatRFC2822 = dates.rfc822


class Link(NamedTuple):
    """A link as feedgen takes it; what is "" is left out."""

    href: str
    rel: mould.Fixed
    type: str = ""
    length: str = ""
    title: str = ""


class Head(NamedTuple):
    """Everything that a document says before its entries, as text."""

    id: str
    title: str
    description: str
    language: str
    updated: str  # as the format writes dates
    links: tuple[Link, ...]  # that of the page comes last
    stylesheet: mould.Fixed  # the way to it
    notice: str  # what a person reads who opens the document
    open_page: str  # the words that lead to the page


def head(
    press: Press, channel: Channel, name: str, path: str, links: Sequence[Link], updated: str
) -> Head:
    """Return what the document at *path* says of a channel whose feed in the format is *name*."""
    words = texts_for(press.language(channel))
    return Head(
        id=addresses.public(press, addresses.channel_feed(channel.slug, name)),
        title=channel.title or channel.slug,
        description=_description(press, channel),
        language=press.language(channel),
        updated=updated,
        links=(*links, page_link(press, channel)),
        stylesheet=mould.Fixed(addresses.upward(path) + addresses.STYLESHEET),
        notice=words.feed_notice,
        open_page=words.open_page,
    )


def changed(channel: Channel, articles: Iterable[Article]) -> datetime:
    """Return the date of a document: that of the newest change or removal in it."""
    moments = [article.updated for article in articles]
    moments += [one.removal.at for one in channel.removed if one.removal]
    return max(moments, default=NEVER)


def generator(said: Head) -> FeedGenerator:
    """Return feedgen's generator of a document, without entries; its date is yet to be written."""
    feed = FeedGenerator()
    feed.id(said.id)
    feed.title(said.title)
    feed.subtitle(said.description)
    feed.updated(NEVER)
    feed.language(said.language)
    feed.generator("aggregator")
    feed.link([present(link._asdict()) for link in said.links])
    return feed


def present(values: dict[str, str]) -> dict[str, str]:
    """Return those of *values* that there are."""
    return {name: value for name, value in values.items() if value}


def own_links(press: Press, channel: Channel, name: str) -> list[Link]:
    """Return the links of a channel's feed but the one to its page.

    They are itself, its hub (WebSub §4) and the newest document of its archive (RFC 5005 §4).
    """
    own = addresses.public(press, addresses.channel_feed(channel.slug, name))
    links = [link(own, "self", name)]
    if press.hub:
        links.append(Link(press.hub, mould.Fixed("hub")))
    if channel.months and press.writes("atom"):
        newest = archive.newest(channel.months)
        links.append(archive_link(press, channel, "prev-archive", newest))
    return links


def link(href: str, rel: str, name: str = "atom") -> Link:
    """Return a link to a document in the format *name*."""
    return Link(href, mould.Fixed(rel), addresses.MEDIA_TYPES[name])


def page_link(press: Press, channel: Channel) -> Link:
    """Return the link to a channel's page.

    To be given last: it becomes RSS's `<link>`, and some readers of Atom take the last one.
    """
    return Link(addresses.channel_link(press, channel), mould.Fixed("alternate"), "text/html")


def archive_link(press: Press, channel: Channel, rel: str, name: str) -> Link:
    """Return a link to the document *name* of a channel's archive."""
    return link(addresses.public(press, addresses.archive_feed(channel.slug, name)), rel)


def add_stylesheet(root: etree._Element, said: Head) -> None:
    """Make a browser show the document of this *root* with the site's stylesheet."""
    words = f'type="text/css" href="{said.stylesheet}"'
    root.addprevious(etree.ProcessingInstruction("xml-stylesheet", words))


def companion(said: Head) -> etree._Element:
    """Return the one piece of XHTML for people: CSS makes a feed readable but cannot make a link.

    Foreign markup is allowed there: RSS 2.0 "Extending RSS", RFC 4287 §6.4.
    """
    notice = etree.Element(f"{{{XHTML}}}div", nsmap={None: XHTML})
    notice.text = said.notice
    page = said.links[-1].href
    etree.SubElement(notice, f"{{{XHTML}}}a", href=page).text = said.open_page
    return notice


def splice(frame: bytes, entries: Sequence[bytes], end: bytes) -> bytes:
    """Return the document that *frame* becomes with *entries* before its last tags, *end*."""
    return b"\n".join([frame.removesuffix(end), *entries, end, b""])


def _description(press: Press, channel: Channel) -> str:
    words = texts_for(press.language(channel))
    named = words.feed_of.format(title=channel.title or channel.slug, site=press.site.title)
    return channel.description or named  # RSS demands one
