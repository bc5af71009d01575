"""OPML 2.0 (http://opml.org/spec2.opml): lists of feeds, for moving them into a reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from aggregator.config.settings import Site, Source
from aggregator.model import Channel, Document, Group
from aggregator.publish import addresses
from aggregator.publish.press import Press


class _Outline(NamedTuple):
    """A line of a list, with those that stand inside it."""

    attributes: dict[str, str]
    inside: Sequence[_Outline] = ()


def documents(press: Press, channels: Sequence[Channel]) -> Iterator[Document]:
    """Render the list of every channel's feed, and one for each group of channels.

    They have no dates: they change with the list of channels, and not with each article.
    """
    everything = _opml(press.site, press.site.title, _outlines(press, channels))
    yield Document(addresses.OPML, everything)
    yield Document(addresses.WELL_KNOWN, everything)
    for group, members in _groups(channels).items():
        if group:
            title = f"{press.site.title}: {group.label}"
            listed = _opml(press.site, title, [_outline(press, one) for one in members])
            yield Document(addresses.group_list(group.slug), listed)


def subscriptions(site: Site, sources: Sequence[Source]) -> bytes:
    """Return the list of the feeds that *sources* are, as the operator subscribes to them."""
    outlines = [_feed(source.title or source.id, source.url) for source in sources]
    return _opml(site, site.title, outlines)


def _groups(channels: Iterable[Channel]) -> dict[Group | None, list[Channel]]:
    """Return the channels by their group, those without one first."""
    groups: dict[Group | None, list[Channel]] = {None: []}
    for channel in channels:
        groups.setdefault(channel.group, []).append(channel)
    return groups


def _outlines(press: Press, channels: Iterable[Channel]) -> Iterator[_Outline]:
    """Yield an outline of each channel; those of a group stand inside one of it, a folder.

    A folder has no title: only what is a feed may have one.
    """
    for group, members in _groups(channels).items():
        outlines = [_outline(press, channel) for channel in members]
        if group:
            yield _Outline({"text": group.label}, outlines)
        else:
            yield from outlines


def _outline(press: Press, channel: Channel) -> _Outline:
    """Return the outline of a channel's recommended feed; that of its page where it has none."""
    title, page = channel.title or channel.slug, addresses.channel_link(press, channel)
    feeds = addresses.feeds(press, channel)
    if not feeds:
        return _Outline({"text": title, "type": "link", "url": page})
    made = _feed(title, addresses.public(press, feeds[0][1]))
    made.attributes.update({"htmlUrl": page, "language": press.language(channel)})
    return made


def _feed(title: str, address: str) -> _Outline:
    """Return a feed's outline; readers show `text` or `title`, so there are both.

    `type` is "rss" for Atom too, and no `version` is given then: importers know no other.
    """
    return _Outline({"text": title, "title": title, "type": "rss", "xmlUrl": address})


def _opml(site: Site, title: str, outlines: Iterable[_Outline]) -> bytes:
    from lxml import etree

    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    if site.author:
        etree.SubElement(head, "ownerName").text = site.author
    body = etree.SubElement(root, "body")
    for outline in outlines:
        element = etree.SubElement(body, "outline", outline.attributes)
        for inner in outline.inside:
            etree.SubElement(element, "outline", inner.attributes)
    text: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return text
