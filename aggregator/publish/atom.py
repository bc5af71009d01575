"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from lxml import etree  # isort: skip - before feedgen, which uses it without importing it
from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from aggregator.model import Article, Channel, Document, Enclosure, Term
from aggregator.publish import addresses, dates, media, tombstones, wording, xml_feed
from aggregator.publish.archive import Part
from aggregator.publish.press import Press

HISTORY = "http://purl.org/syndication/history/1.0"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_END = b"</feed>"
_ADDRESS = re.compile(r"https?://\w[\w.~:/?#@!$&'()*+,;=%-]*", re.ASCII)


def documents(press: Press, channel: Channel, articles: Sequence[Article]) -> Iterator[Document]:
    """Render a channel's feed; *articles* are in the order they are to have in it.

    The feed has no author of its own, as its entries are of several sources: each entry has one.
    """
    feed = xml_feed.head(press, channel, "atom", articles)
    path = addresses.channel_feed(channel.slug, "atom")
    feed.register_extension("head", lambda: _Head(press, channel, path))
    yield _document(press, channel, feed, path, articles)


def archived(
    press: Press, channel: Channel, part: Part, articles: Sequence[Article]
) -> Iterator[Document]:
    """Render one document of a channel's archive (RFC 5005 §4).

    It is the same feed as the channel's, and so has its id.
    """
    feed = xml_feed.head(press, channel, "atom", articles)
    path = addresses.archive_feed(channel.slug, part.name)
    feed.link(_archive_links(press, channel, part), replace=True)
    feed.register_extension("head", lambda: _Head(press, channel, path))
    feed.register_extension("history", _History)
    yield _document(press, channel, feed, path, articles)


def _document(
    press: Press, channel: Channel, feed: FeedGenerator, path: str, articles: Sequence[Article]
) -> Document:
    entries = tombstones.deleted_entries(press, channel)  # first: the grammar ends with entries
    language = press.language(channel)
    entries += press.fragments.of("atom", articles, lambda one: entry(press, one, language))
    return Document(path, xml_feed.splice(feed.atom_str(), entries, _END))


def _archive_links(press: Press, channel: Channel, part: Part) -> list[dict[str, str]]:
    named = {"self": part.name, "prev-archive": part.earlier, "next-archive": part.later}
    current = addresses.public(press, addresses.channel_feed(channel.slug, "atom"))
    return [
        *(xml_feed.archive_link(press, channel, rel, name) for rel, name in named.items() if name),
        xml_feed.link(current, "current"),
        xml_feed.page_link(press, channel),
    ]


def entry(press: Press, article: Article, language: str) -> bytes:
    """Render one entry; *language* is that of its feed."""
    made = FeedEntry()
    made.id(article.public_id)
    made.title(wording.headline(article))
    made.updated(article.updated)
    made.published(article.published)
    made.author([_person(name, uri) for name, uri in wording.bylines(article)])
    made.content(wording.body(press, article), type="html")
    made.link(_links(press, article))
    if article.summary:
        made.summary(article.summary, type="text")
    made.category([_category(term) for term in wording.terms(press, article)])
    if article.attribution.rights:
        made.rights(article.attribution.rights)
    made.register_extension("details", lambda: _Details(article, made, language))
    return bytes(etree.tostring(made.atom_entry(), encoding="UTF-8"))


def _person(name: str, uri: str) -> dict[str, str]:
    return {"name": name, "uri": uri} if uri else {"name": name}


def _category(term: Term) -> dict[str, str]:
    """Return a category as readers need it: some show the term and some the label.

    A scheme is an IRI (RFC 4287 §4.2.2.2); one that is no web address is left to RSS.
    """
    named = {"term": term.label, "label": term.label}
    return named | {"scheme": term.scheme} if _ADDRESS.fullmatch(term.scheme) else named


def _links(press: Press, article: Article) -> list[dict[str, str]]:
    """Return the entry's links; the page comes last, as several readers keep the last one."""
    page = addresses.link(press, article)
    links = [_enclosure(file) for file in media.attachments(article)]
    if article.link and article.link != page:
        links.append({"href": article.link, "rel": "via"})
    links += [
        {"href": one.share_link, "rel": "related", "title": one.attribution.publisher}
        for one in wording.also(article)
        if one.share_link
    ]
    return [*links, {"href": page, "rel": "alternate", "type": "text/html"}]


def _enclosure(file: Enclosure) -> dict[str, str]:
    link = {"href": file.url, "rel": "enclosure", "type": media.file_type(file)}
    if file.length:
        link["length"] = str(file.length)
    if file.title:
        link["title"] = file.title
    return link


class _Head:
    """What feedgen leaves out of a feed."""

    def __init__(self, press: Press, channel: Channel, path: str) -> None:
        self.press = press
        self.channel = channel
        self.path = path

    def extend_ns(self) -> dict[str, str]:
        return {}

    def extend_atom(self, root: etree._Element) -> None:
        """Add what a browser needs, and write the date as every reader reads it."""
        _write_dates(root)
        root.append(xml_feed.companion(self.press, self.channel))
        root.addprevious(xml_feed.stylesheet(self.path))


class _History:
    """What makes a document one of an archive: it is never the newest."""

    def extend_ns(self) -> dict[str, str]:
        return {"fh": HISTORY}

    def extend_atom(self, root: etree._Element) -> None:
        """Say that this is no feed to subscribe to (RFC 5005 §4)."""
        etree.SubElement(root, f"{{{HISTORY}}}archive")


class _Details:
    """What feedgen leaves out of an entry, or writes otherwise than readers need it."""

    def __init__(self, article: Article, made: FeedEntry, language: str) -> None:
        self.article = article
        self.made = made
        self.language = language

    def extend_atom(self, entry: etree._Element) -> None:
        """Set right links, dates, types; add language, image and, as the last child, the source."""
        if foreign := wording.foreign_language(self.article, self.language):
            entry.set(_LANG, foreign)
        entry.find("title").set("type", "text")
        _write_dates(entry)
        for element, link in zip(entry.iterfind("link"), self.made.link(), strict=True):
            element.attrib.update(link)
        if image := media.thumbnail(self.article):
            tag, names = f"{{{media.NAMESPACE}}}thumbnail", {"media": media.NAMESPACE}
            etree.SubElement(entry, tag, url=image, nsmap=names)
        if addresses.source_address(self.article):
            entry.append(_source(self.article))


def _write_dates(parent: etree._Element) -> None:
    """Write the dates as every reader reads them: in UTC, to the second, with a `Z`."""
    for element in parent.iterchildren("updated", "published"):
        element.text = dates.rfc3339(datetime.fromisoformat(element.text))


def _source(article: Article) -> etree._Element:
    """Return `atom:source`: the feed the entry comes from (RFC 4287 §4.2.11).

    Without author and category inside, and behind everything else: some readers take the title,
    id and author of the source for the entry's own. We do not know when the source's feed changed
    last, so its date is the entry's.
    """
    made_by = article.attribution
    source = etree.Element("source")
    etree.SubElement(source, "id").text = made_by.feed_id or addresses.source_address(article)
    etree.SubElement(source, "title").text = made_by.publisher
    etree.SubElement(source, "updated").text = dates.rfc3339(article.updated)
    if made_by.feed_url:
        etree.SubElement(source, "link", href=made_by.feed_url, rel="self")
    if page := article.attribution.publisher_url:
        etree.SubElement(source, "link", href=page, rel="alternate", type="text/html")
    if made_by.rights:
        etree.SubElement(source, "rights").text = made_by.rights
    return source
