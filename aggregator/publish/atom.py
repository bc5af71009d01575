"""Atom 1.0 (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from lxml import etree  # isort: skip - before feedgen, which uses it without importing it
from feedgen.entry import FeedEntry

from aggregator.model import Article, Channel, Document, Enclosure, Term
from aggregator.publish import addresses, dates, media, mould, tombstones, wording, xml_feed
from aggregator.publish.archive import Part
from aggregator.publish.press import Press
from aggregator.publish.xml_feed import Head, Link

HISTORY = "http://purl.org/syndication/history/1.0"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_END = b"</feed>"
_ALTERNATE, _ENCLOSURE, _RELATED, _VIA = map(
    mould.Fixed, ("alternate", "enclosure", "related", "via")
)
_ADDRESS = re.compile(r"https?://\w[\w.~:/?#@!$&'()*+,;=%-]*", re.ASCII)


def documents(press: Press, channel: Channel, articles: Sequence[Article]) -> Iterator[Document]:
    """Render a channel's feed; *articles* are in the order they are to have in it.

    The feed has no author of its own, as its entries are of several sources: each entry has one.
    """
    path = addresses.channel_feed(channel.slug, "atom")
    links = xml_feed.own_links(press, channel, "atom")
    yield _document(press, channel, _frame, path, links, articles)


def archived(
    press: Press, channel: Channel, part: Part, articles: Sequence[Article]
) -> Iterator[Document]:
    """Render one document of a channel's archive (RFC 5005 §4).

    It is the same feed as the channel's, and so has its id.
    """
    path = addresses.archive_feed(channel.slug, part.name)
    links = _archive_links(press, channel, part)
    yield _document(press, channel, _archive_frame, path, links, articles)


def _document(
    press: Press,
    channel: Channel,
    frame: Callable[[Head], bytes],
    path: str,
    links: Sequence[Link],
    articles: Sequence[Article],
) -> Document:
    updated = dates.rfc3339(xml_feed.changed(channel, articles))
    said = xml_feed.head(press, channel, "atom", path, links, updated)
    entries = tombstones.deleted_entries(press, channel)  # first: the grammar ends with entries
    language = press.language(channel)
    entries += press.fragments.of("atom", articles, lambda one: entry(press, one, language))
    return Document(path, xml_feed.splice(mould.cast(frame, said), entries, _END))


def _frame(said: Head) -> bytes:
    """Render a feed without entries."""
    feed = xml_feed.generator(said)
    feed.register_extension("head", lambda: _Head(said))
    return bytes(feed.atom_str())


def _archive_frame(said: Head) -> bytes:
    """Render a document of an archive without entries."""
    feed = xml_feed.generator(said)
    feed.register_extension("head", lambda: _Head(said))
    feed.register_extension("history", _History)
    return bytes(feed.atom_str())


def _archive_links(press: Press, channel: Channel, part: Part) -> list[Link]:
    named = {"self": part.name, "prev-archive": part.earlier, "next-archive": part.later}
    current = addresses.public(press, addresses.channel_feed(channel.slug, "atom"))
    return [
        *(xml_feed.archive_link(press, channel, rel, name) for rel, name in named.items() if name),
        xml_feed.link(current, "current"),
    ]


class _Source(NamedTuple):
    """What is said of the feed that an entry comes from."""

    id: str
    title: str
    feed: str
    page: str
    rights: str


class _Said(NamedTuple):
    """Everything that an entry says, as text; what is "" or () is left out."""

    id: str
    title: str
    updated: str
    published: str
    authors: tuple[tuple[str, str], ...]  # name and address of each
    content: str
    links: tuple[Link, ...]
    summary: str
    categories: tuple[tuple[str, str], ...]  # name and scheme of each
    rights: str
    language: str
    thumbnail: str
    source: tuple[_Source, ...]  # one, or none


def entry(press: Press, article: Article, language: str) -> bytes:
    """Render one entry; *language* is that of its feed."""
    return mould.cast(_rendered, _said(press, article, language))


def _said(press: Press, article: Article, language: str) -> _Said:
    return _Said(
        id=article.public_id,
        title=wording.headline(article),
        updated=dates.rfc3339(article.updated),
        published=dates.rfc3339(article.published),
        authors=tuple(wording.bylines(article)),
        content=wording.body(press, article),
        links=tuple(_links(press, article)),
        summary=article.summary,
        categories=tuple(map(_category, wording.terms(press, article))),
        rights=article.attribution.rights,
        language=wording.foreign_language(article, language),
        thumbnail=media.thumbnail(article),
        source=(_source(article),) if addresses.source_address(article) else (),
    )


def _rendered(said: _Said) -> bytes:
    made = FeedEntry()
    made.id(said.id)
    made.title(said.title)
    made.updated(xml_feed.NEVER)  # what is said of dates is written by `_Details`
    made.published(xml_feed.NEVER)
    made.author([xml_feed.present({"name": name, "uri": uri}) for name, uri in said.authors])
    made.content(said.content, type="html")
    made.link([{"href": link.href, **xml_feed.present(link._asdict())} for link in said.links])
    if said.summary:
        made.summary(said.summary, type="text")
    made.category(
        [
            xml_feed.present({"term": name, "label": name, "scheme": scheme})
            for name, scheme in said.categories
        ]
    )
    if said.rights:
        made.rights(said.rights)
    made.register_extension("details", lambda: _Details(said, made))
    return bytes(etree.tostring(made.atom_entry(), encoding="UTF-8"))


def _category(term: Term) -> tuple[str, str]:
    """Return a category as readers need it: some show the term and some the label.

    A scheme is an IRI (RFC 4287 §4.2.2.2); one that is no web address is left to RSS.
    """
    return term.label, term.scheme if _ADDRESS.fullmatch(term.scheme) else ""


def _links(press: Press, article: Article) -> list[Link]:
    """Return the entry's links; the page comes last, as several readers keep the last one."""
    page = addresses.link(press, article)
    links = [_enclosure(file) for file in media.attachments(article)]
    if article.link and article.link != page:
        links.append(Link(article.link, _VIA))
    links += [
        Link(one.share_link, _RELATED, title=one.attribution.publisher)
        for one in wording.also(article)
        if one.share_link
    ]
    return [*links, Link(page, _ALTERNATE, "text/html")]


def _enclosure(file: Enclosure) -> Link:
    length = str(file.length) if file.length else ""
    return Link(file.url, _ENCLOSURE, media.file_type(file), length, file.title)


class _Head:
    """What feedgen leaves out of a feed, or writes otherwise than every reader reads it."""

    def __init__(self, said: Head) -> None:
        self.said = said

    def extend_ns(self) -> dict[str, str]:
        return {}

    def extend_atom(self, root: etree._Element) -> None:
        """Set the date, and add what a browser needs."""
        root.find("updated").text = self.said.updated
        root.append(xml_feed.companion(self.said))
        xml_feed.add_stylesheet(root, self.said)


class _History:
    """What makes a document one of an archive: it is never the newest."""

    def extend_ns(self) -> dict[str, str]:
        return {"fh": HISTORY}

    def extend_atom(self, root: etree._Element) -> None:
        """Say that this is no feed to subscribe to (RFC 5005 §4)."""
        etree.SubElement(root, f"{{{HISTORY}}}archive")


class _Details:
    """What feedgen leaves out of an entry, or writes otherwise than readers need it."""

    def __init__(self, said: _Said, made: FeedEntry) -> None:
        self.said = said
        self.made = made

    def extend_atom(self, entry: etree._Element) -> None:
        """Set right links, dates, types; add language, image and, as the last child, the source."""
        said = self.said
        if said.language:
            entry.set(_LANG, said.language)
        entry.find("title").set("type", "text")
        entry.find("updated").text = said.updated
        entry.find("published").text = said.published
        for element, link in zip(entry.iterfind("link"), self.made.link(), strict=True):
            element.attrib.update(link)
        if said.thumbnail:
            tag, names = f"{{{media.NAMESPACE}}}thumbnail", {"media": media.NAMESPACE}
            etree.SubElement(entry, tag, url=said.thumbnail, nsmap=names)
        for source in said.source:
            entry.append(_source_element(source, said.updated))


def _source(article: Article) -> _Source:
    made_by = article.attribution
    return _Source(
        made_by.feed_id or addresses.source_address(article),
        made_by.publisher,
        made_by.feed_url,
        made_by.publisher_url,
        made_by.rights,
    )


def _source_element(said: _Source, updated: str) -> etree._Element:
    """Return `atom:source`: the feed the entry comes from (RFC 4287 §4.2.11).

    Without author and category inside, and behind everything else: some readers take the title,
    id and author of the source for the entry's own. We do not know when the source's feed changed
    last, so its date is the entry's.
    """
    source = etree.Element("source")
    etree.SubElement(source, "id").text = said.id
    etree.SubElement(source, "title").text = said.title
    etree.SubElement(source, "updated").text = updated
    if said.feed:
        etree.SubElement(source, "link", href=said.feed, rel="self")
    if said.page:
        etree.SubElement(source, "link", href=said.page, rel="alternate", type="text/html")
    if said.rights:
        etree.SubElement(source, "rights").text = said.rights
    return source
