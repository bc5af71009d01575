"""What the RSS and the Atom document have in common. Sole user of feedgen, with `rss` and `atom`.

feedgen makes a document's head and each entry. Where it writes the wrong thing, extensions of its
own kind set it right: objects with `extend_ns`, `extend_rss` and `extend_atom`, registered by name.

    articles ─► FeedEntry + extension ─► bytes of one entry ─┐   (once for each shape: mould.py)
    channel  ─► FeedGenerator + extension ─► bytes around ───┴► document

An entry is rendered apart from its feed, so that it is the same in each feed that has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from lxml import etree  # isort: skip - before feedgen, which uses it without importing it
import feedgen.entry
import feedgen.feed
from feedgen.feed import FeedGenerator

from aggregator.model import Article, Channel
from aggregator.publish import addresses, archive, dates
from aggregator.publish.press import Press
from aggregator.publish.texts import texts_for

XHTML = "http://www.w3.org/1999/xhtml"
NEVER = datetime(1990, 1, 1, tzinfo=UTC)  # of a feed without entries; before, dates look absurd


# feedgen's own sets the locale of the whole process for a moment, and other threads see it
feedgen.entry.formatRFC2822 = feedgen.feed.formatRFC2822 = dates.rfc822


def head(press: Press, channel: Channel, name: str, articles: Iterable[Article]) -> FeedGenerator:
    """Return feedgen's generator of a channel's document in the format *name*, without entries.

    Its date is that of the newest change among *articles*, and of what was removed.
    """
    moments = [article.updated for article in articles]
    moments += [one.removal.at for one in channel.removed if one.removal]
    feed = FeedGenerator()
    own = addresses.public(press, addresses.channel_feed(channel.slug, name))
    feed.id(own)
    feed.title(channel.title or channel.slug)
    feed.subtitle(_description(press, channel))
    feed.updated(max(moments, default=NEVER))
    feed.language(press.language(channel))
    feed.generator("aggregator")
    feed.link(link(own, "self", name))
    feed.link(further_links(press, channel))
    feed.link(page_link(press, channel))
    return feed


def link(href: str, rel: str, name: str = "atom") -> dict[str, str]:
    """Return a link to a document in the format *name*."""
    return {"href": href, "rel": rel, "type": addresses.MEDIA_TYPES[name]}


def page_link(press: Press, channel: Channel) -> dict[str, str]:
    """Return the link to a channel's page.

    To be given last: it becomes RSS's `<link>`, and some readers of Atom take the last one.
    """
    page = addresses.channel_link(press, channel)
    return {"href": page, "rel": "alternate", "type": "text/html"}


def further_links(press: Press, channel: Channel) -> list[dict[str, str]]:
    """Return a feed's links besides those to itself and to its page.

    They are its hub (WebSub §4) and the newest document of its archive (RFC 5005 §4).
    """
    links = [{"href": press.hub, "rel": "hub"}] if press.hub else []
    if channel.months and press.writes("atom"):
        newest = archive.newest(channel.months)
        links.append(archive_link(press, channel, "prev-archive", newest))
    return links


def archive_link(press: Press, channel: Channel, rel: str, name: str) -> dict[str, str]:
    """Return a link to the document *name* of a channel's archive."""
    return link(addresses.public(press, addresses.archive_feed(channel.slug, name)), rel)


def stylesheet(path: str) -> etree._Element:
    """Return what makes a browser show the document at *path* with the site's stylesheet."""
    way = addresses.upward(path) + addresses.STYLESHEET
    return etree.ProcessingInstruction("xml-stylesheet", f'type="text/css" href="{way}"')


def companion(press: Press, channel: Channel) -> etree._Element:
    """Return the one piece of XHTML for people: CSS makes a feed readable but cannot make a link.

    Foreign markup is allowed there: RSS 2.0 "Extending RSS", RFC 4287 §6.4.
    """
    words = texts_for(press.language(channel))
    notice = etree.Element(f"{{{XHTML}}}div", nsmap={None: XHTML})
    notice.text = words.feed_notice
    page = addresses.channel_link(press, channel)
    etree.SubElement(notice, f"{{{XHTML}}}a", href=page).text = words.open_page
    return notice


def splice(frame: bytes, entries: Sequence[bytes], end: bytes) -> bytes:
    """Return the document that *frame* becomes with *entries* before its last tags, *end*."""
    return b"\n".join([frame.removesuffix(end), *entries, end]) + b"\n"


def _description(press: Press, channel: Channel) -> str:
    words = texts_for(press.language(channel))
    named = words.feed_of.format(title=channel.title or channel.slug, site=press.site.title)
    return channel.description or named  # RSS demands one
