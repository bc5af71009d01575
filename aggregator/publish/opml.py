"""OPML 2.0 (http://opml.org/spec2.opml): lists of feeds, for moving them into a reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aggregator.config.settings import Site, Source
from aggregator.model import Channel, Document
from aggregator.publish import addresses
from aggregator.publish.press import Press


def document(press: Press, channels: Sequence[Channel]) -> Document:
    """Render the list of every channel's feed.

    It has no date: it changes with the list of channels, and not with each article.
    """
    outlines = [
        _outline(channel.title or channel.slug, feed)
        | {"htmlUrl": addresses.channel_link(press, channel), "language": press.language(channel)}
        for channel in channels
        if (feed := _feed(press, channel))
    ]
    return Document(addresses.OPML, _opml(press.site, outlines))


def subscriptions(site: Site, sources: Sequence[Source]) -> bytes:
    """Return the list of the feeds that *sources* are, as the operator subscribes to them."""
    return _opml(site, [_outline(source.title or source.id, source.url) for source in sources])


def _feed(press: Press, channel: Channel) -> str:
    """Return the address of a channel's Atom feed, else of its RSS feed, else ""."""
    paths = dict(addresses.feeds(press, channel))
    path = paths.get("atom") or paths.get("rss") or ""
    return path and addresses.public(press, path)


def _outline(title: str, feed: str) -> dict[str, str]:
    """Return an outline's attributes; readers show `text` or `title`, so there are both.

    `type` is "rss" for Atom too, and no `version` is given then: importers know no other.
    """
    return {"text": title, "title": title, "type": "rss", "xmlUrl": feed}


def _opml(site: Site, outlines: Iterable[Mapping[str, str]]) -> bytes:
    from lxml import etree

    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = site.title
    if site.author:
        etree.SubElement(head, "ownerName").text = site.author
    body = etree.SubElement(root, "body")
    for outline in outlines:
        etree.SubElement(body, "outline", outline)
    text: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return text
