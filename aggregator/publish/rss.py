"""RSS 2.0 (https://www.rssboard.org/rss-specification and its Best Practices Profile)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from lxml import etree  # isort: skip - before feedgen, which uses it without importing it
from feedgen.entry import FeedEntry

from aggregator.model import Article, Channel, Document, Term
from aggregator.publish import addresses, dates, media, wording, xml_feed
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
    feed = xml_feed.head(press, channel, "rss", articles)
    feed.docs("https://www.rssboard.org/rss-specification")
    feed.ttl(FRESH_MINUTES)
    feed.register_extension("head", lambda: _Head(press, channel))
    language = press.language(channel)
    items = press.fragments.of("rss", articles, lambda one: item(press, one, language))
    path = addresses.channel_feed(channel.slug, "rss")
    yield Document(path, xml_feed.splice(_plain_title(feed.rss_str()), items, _END))


def item(press: Press, article: Article, language: str) -> bytes:
    """Render one item; *language* is that of its channel."""
    entry = FeedEntry()
    entry.id(article.public_id)
    entry.title(wording.headline(article))
    entry.link(href=addresses.link(press, article))
    entry.content(wording.body(press, article))
    entry.description(escape(wording.short(article), quote=False), isSummary=True)
    entry.category([_category(term) for term in wording.terms(press, article)])
    entry.published(article.published)
    if address := addresses.source_address(article):
        entry.source(url=address, title=article.attribution.publisher)
    if file := media.enclosure(article):
        entry.enclosure(url=file.url, length=file.length or 0, type=media.file_type(file))
    entry.register_extension("details", lambda: _Details(article, language))
    return _bytes(entry.rss_entry())


def _category(term: Term) -> dict[str, str]:
    return {"term": term.label} | ({"scheme": term.scheme} if term.scheme else {})


class _Head:
    """What feedgen leaves out of a channel."""

    def __init__(self, press: Press, channel: Channel) -> None:
        self.press = press
        self.channel = channel

    def extend_ns(self) -> dict[str, str]:
        return _NAMESPACES

    def extend_rss(self, root: etree._Element) -> None:
        """Add links, how often to come back (`sy:`, the same as `ttl`), what a browser needs."""
        channel = root[0]
        for link in xml_feed.further_links(self.press, self.channel):
            etree.SubElement(channel, f"{{{ATOM}}}link", link)
        _add(channel, SYNDICATION, "updatePeriod", "hourly")
        _add(channel, SYNDICATION, "updateFrequency", str(60 // FRESH_MINUTES))
        channel.append(xml_feed.companion(self.press, self.channel))
        root.addprevious(xml_feed.stylesheet(addresses.channel_feed(self.channel.slug, "rss")))


class _Details:
    """What feedgen leaves out of an item."""

    def __init__(self, article: Article, language: str) -> None:
        self.article = article
        self.language = language

    def extend_rss(self, item: etree._Element) -> None:
        """Name the authors (`<author>` is for mail addresses alone), rights, change and image."""
        for name, _ in wording.bylines(self.article):
            _add(item, DUBLIN_CORE, "creator", name)
        if rights := self.article.attribution.rights:
            _add(item, DUBLIN_CORE, "rights", rights)
        if foreign := wording.foreign_language(self.article, self.language):
            _add(item, DUBLIN_CORE, "language", foreign)
        if self.article.updated != self.article.published:
            _add(item, ATOM, "updated", dates.rfc3339(self.article.updated))
        if image := media.thumbnail(self.article):
            etree.SubElement(item, f"{{{media.NAMESPACE}}}thumbnail", url=image)


def _add(parent: etree._Element, namespace: str, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{namespace}}}{name}").text = text


def _bytes(item: etree._Element) -> bytes:
    """Return the item's bytes without the declarations of the prefixes it uses."""
    shell = etree.Element("rss", nsmap=_NAMESPACES)
    shell.append(item)
    markup: bytes = etree.tostring(shell, encoding="UTF-8")[len(_SHELL) : -len(_SHELL_END)]
    return _plain_title(markup)


def _plain_title(markup: bytes) -> bytes:
    """Write `&` and `<` in the first title as numbers.

    Some readers undo `&amp;` twice and take what is left for markup (Profile, "title").
    """
    title, end, rest = markup.partition(b"</title>")
    return title.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;") + end + rest
