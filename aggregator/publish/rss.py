"""RSS 2.0 (https://www.rssboard.org/rss-specification and its Best Practices Profile)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from lxml import etree  # isort: skip - before feedgen, which uses it without importing it
from feedgen.entry import FeedEntry

from aggregator.model import Article, Channel, Document
from aggregator.publish import addresses, dates, media, mould, wording, xml_feed
from aggregator.publish.press import FRESH_MINUTES, Press

ATOM = "http://www.w3.org/2005/Atom"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
SYNDICATION = "http://purl.org/rss/1.0/modules/syndication/"

_NAMESPACES = {
    "atom": ATOM,
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": DUBLIN_CORE,
    "media": media.NAMESPACE,
    "sy": SYNDICATION,
}
_SHELL = etree.tostring(etree.Element("rss", nsmap=_NAMESPACES)).replace(b"/>", b">")
_SHELL_END = b"</rss>"
_END = b"</channel></rss>"


def documents(press: Press, channel: Channel, articles: Sequence[Article]) -> Iterator[Document]:
    """Render a channel's feed; *articles* are in the order they are to have in it."""
    path = addresses.channel_feed(channel.slug, "rss")
    links = xml_feed.own_links(press, channel, "rss")
    updated = dates.rfc822(xml_feed.changed(channel, articles))
    said = xml_feed.head(press, channel, "rss", path, links, updated)
    frame = _plain_title(mould.cast(_frame, said))
    language = press.language(channel)
    items = press.fragments.of("rss", articles, lambda one: item(press, one, language))
    yield Document(path, xml_feed.splice(frame, items, _END))


def _frame(said: xml_feed.Head) -> bytes:
    """Render a feed without items."""
    feed = xml_feed.generator(said)
    feed.docs("https://www.rssboard.org/rss-specification")
    feed.ttl(FRESH_MINUTES)
    feed.register_extension("head", lambda: _Head(said))
    return bytes(feed.rss_str())


class _Said(NamedTuple):
    """Everything that an item says, as text; what is "" or () is left out."""

    id: str
    title: str
    link: str
    content: str
    description: str
    published: str
    categories: tuple[tuple[str, str], ...]  # name and scheme of each
    source: tuple[str, ...]  # its address and name
    enclosure: tuple[str, ...]  # its address, length and type
    creators: tuple[str, ...]
    rights: str
    language: str
    updated: str
    thumbnail: str


def item(press: Press, article: Article, language: str) -> bytes:
    """Render one item; *language* is that of its channel."""
    return _plain_title(mould.cast(_rendered, _said(press, article, language)))


def _said(press: Press, article: Article, language: str) -> _Said:
    address, file = addresses.source_address(article), media.enclosure(article)
    changed = article.updated != article.published
    return _Said(
        id=article.public_id,
        title=wording.headline(article),
        link=addresses.link(press, article),
        content=wording.body(press, article),
        description=escape(wording.short(article), quote=False),
        published=dates.rfc822(article.published),
        categories=tuple((term.label, term.scheme) for term in wording.terms(press, article)),
        source=(address, article.attribution.publisher) if address else (),
        enclosure=(file.url, str(file.length or 0), media.file_type(file)) if file else (),
        creators=tuple(name for name, _ in wording.bylines(article)),
        rights=article.attribution.rights,
        language=wording.foreign_language(article, language),
        updated=dates.rfc3339(article.updated) if changed else "",
        thumbnail=media.thumbnail(article),
    )


def _rendered(said: _Said) -> bytes:
    entry = FeedEntry()
    entry.id(said.id)
    entry.title(said.title)
    entry.link(href=said.link)
    entry.content(said.content)
    entry.description(said.description, isSummary=True)
    entry.category([_category(*category) for category in said.categories])
    entry.published(xml_feed.NEVER)  # what it says of the date is written by `_Details`
    if said.source:
        url, title = said.source
        entry.source(url=url, title=title)
    if said.enclosure:
        url, length, kind = said.enclosure
        entry.enclosure(url=url, length=length, type=kind)
    entry.register_extension("details", lambda: _Details(said))
    return _bytes(entry.rss_entry())


def _category(name: str, scheme: str) -> dict[str, str]:
    return {"term": name} | ({"scheme": scheme} if scheme else {})


class _Head:
    """What feedgen leaves out of a channel, or writes otherwise."""

    def __init__(self, said: xml_feed.Head) -> None:
        self.said = said

    def extend_ns(self) -> dict[str, str]:
        return _NAMESPACES

    def extend_rss(self, root: etree._Element) -> None:
        """Add links, how often to come back (`sy:`, the same as `ttl`), what a browser needs."""
        channel = root[0]
        channel.find("lastBuildDate").text = self.said.updated
        for link in self.said.links[1:-1]:  # the first and the last are feedgen's affair
            etree.SubElement(channel, f"{{{ATOM}}}link", xml_feed.present(link._asdict()))
        _add(channel, SYNDICATION, "updatePeriod", "hourly")
        _add(channel, SYNDICATION, "updateFrequency", str(60 // FRESH_MINUTES))
        channel.append(xml_feed.companion(self.said))
        xml_feed.add_stylesheet(root, self.said)


class _Details:
    """What feedgen leaves out of an item, or writes otherwise."""

    def __init__(self, said: _Said) -> None:
        self.said = said

    def extend_rss(self, item: etree._Element) -> None:
        """Name the authors (`<author>` is for mail addresses alone), rights, change and image."""
        said = self.said
        item.find("pubDate").text = said.published
        for name in said.creators:
            _add(item, DUBLIN_CORE, "creator", name)
        if said.rights:
            _add(item, DUBLIN_CORE, "rights", said.rights)
        if said.language:
            _add(item, DUBLIN_CORE, "language", said.language)
        if said.updated:
            _add(item, ATOM, "updated", said.updated)
        if said.thumbnail:
            etree.SubElement(item, f"{{{media.NAMESPACE}}}thumbnail", url=said.thumbnail)


def _add(parent: etree._Element, namespace: str, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{namespace}}}{name}").text = text


def _bytes(item: etree._Element) -> bytes:
    """Return the item's bytes without the declarations of the prefixes it uses."""
    shell = etree.Element("rss", nsmap=_NAMESPACES)
    shell.append(item)
    return bytes(etree.tostring(shell, encoding="UTF-8")[len(_SHELL) : -len(_SHELL_END)])


def _plain_title(markup: bytes) -> bytes:
    """Write `&` and `<` in the first title as numbers.

    Some readers undo `&amp;` twice and take what is left for markup (Profile, "title").
    """
    title, end, rest = markup.partition(b"</title>")
    return title.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;") + end + rest
