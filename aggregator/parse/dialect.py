"""feedparser, set right where it misreads feeds: text of an XML feed → its dictionaries.

It is handed text in memory and never an address, so it cannot fetch. Its sanitiser and its
resolving of addresses inside HTML are off: both come later, by better means.

Keys that begin with `:` are ours; no element can have such a name.
"""

from __future__ import annotations

import io
import xml.sax
from collections.abc import Callable
from typing import Any, ClassVar

from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.mixin import _FeedParserMixin

from aggregator.errors import ParseError
from aggregator.parse import fragment
from aggregator.parse.document import MAX_DEPTH, Xml, closed_at
from aggregator.parse.repair import doctype, legal, repaired

Attributes = dict[str, str]


def read(document: Xml) -> Any:
    """Return feedparser's reader after it has read *document*: `.feeddata`, `.entries`, `.version`.

    It is `.truncated` where the document ends in the middle.
    Relative addresses stay so, except under an absolute xml:base. A well-formed document is read
    as such, an ill-formed one after repairs, and one beyond repair by feedparser's loose parser.
    Raises ParseError for whatever feedparser itself trips over.
    """
    try:
        return _read(document)
    except ParseError:
        raise
    # feedparser raises at will on mangled feeds (3 % of mutated ones); this is its border.
    except Exception as error:
        raise ParseError(f"is a feed too broken to read ({type(error).__name__})") from error


def _read(document: Xml) -> Any:
    reader = _strictly(legal(document.text), document.entities)
    if reader is not None:
        return reader
    end = closed_at(document)
    text = repaired(legal(document.text[:end]), document.entities)
    reader = _strictly(text, document.entities) or _loosely(text, document.entities)
    reader.truncated = end is None
    return reader


def _strictly(text: str, entities: dict[str, str]) -> Any | None:
    """Return the reader after a well-formed document, None where it is not well-formed."""
    reader = _Strict(None, None, "utf-8")
    _configure(reader)
    parser = xml.sax.make_parser()  # noqa: S317 - the only entities are those that doctype() declares
    parser.setFeature(xml.sax.handler.feature_namespaces, 1)
    parser.setFeature(xml.sax.handler.feature_external_ges, 0)
    parser.setContentHandler(reader)
    parser.setErrorHandler(reader)
    source = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO((doctype(entities) + text).encode("utf-8", "replace")))
    try:
        parser.parse(source)
    except xml.sax.SAXException:
        return None
    return reader


def _loosely(text: str, entities: dict[str, str]) -> Any:
    reader = _Loose(None, None, "utf-8", entities)
    _configure(reader)
    reader.feed(text)
    return reader


def _configure(reader: Any) -> None:
    reader.resolve_relative_uris = False
    reader.sanitize_html = False


# ── corrections ───────────────────────────────────────────────────────────────────────────────────

_Handler = Callable[..., None]


def _apart(name: str, default_type: str = "text/plain") -> tuple[_Handler, _Handler]:
    """Return the handlers of an element whose text is kept under its own name.

    feedparser takes `media:title` for the entry's title, `itunes:summary` for its content and so
    on; here they are second choices, and which is chosen is said in one place by whoever asks.
    """

    def start(self: Any, attributes: Attributes) -> None:
        self.push_content(name, attributes, default_type, 1)

    def end(self: Any) -> None:
        self.pop_content(name)

    return start, end


# feedparser keeps its own lists under these names; an element of such a name would replace them.
_RENAMED = {name: f"foreign-{name}" for name in ("authors", "contributors", "links")}
_RENAMED |= {"at:deleted-entry": "at:deleted_entry"}  # a handler is named after its element

# Prefixes of their own for namespaces that feedparser does not know.
_MORE_NAMESPACES = {
    "http://purl.org/atompub/tombstones/1.0": "at",
    "http://purl.org/syndication/history/1.0": "fh",
}

_TEXTS = frozenset({"summary", "description", ":other_text", ":image_text"})


class _Corrections(_FeedParserMixin):  # type: ignore[misc]
    """What we read otherwise than feedparser does, by element."""

    # An id is a name, compared character by character (RFC 4287 §4.2.6.1): never resolved.
    can_be_relative_uri = _FeedParserMixin.can_be_relative_uri - {"id"}

    namespaces: ClassVar = {**_FeedParserMixin.namespaces, **_MORE_NAMESPACES}
    _matchnamespaces: ClassVar[dict[str, str]] = {}  # filled by feedparser

    truncated = False

    _start_media_title, _end_media_title = _apart("media_title")
    _start_media_description, _end_media_description = _apart("media_description")
    _start_dc_title, _end_dc_title = _apart("dc_title")
    _start_dc_description, _end_dc_description = _apart("dc_description", "text/html")
    _start_itunes_title, _end_itunes_title = _apart("itunes_title")
    _start_itunes_subtitle, _end_itunes_subtitle = _apart("itunes_subtitle")
    _start_itunes_summary, _end_itunes_summary = _apart("itunes_summary")
    _start_googleplay_description, _end_googleplay_description = _apart("googleplay_description")

    @staticmethod
    def looks_like_html(text: str) -> bool:
        """Guess as everywhere in this room."""
        return fragment.is_html(text)

    def unknown_starttag(self, tag: str, attributes: Any) -> None:
        super().unknown_starttag(_RENAMED.get(tag, tag), attributes)

    def unknown_endtag(self, tag: str) -> None:
        super().unknown_endtag(_RENAMED.get(tag, tag))

    def _start_at_deleted_entry(self, attributes: Attributes) -> None:
        """Keep the id alone (RFC 6721 §3); who deleted it, and why, goes where sources go."""
        self.feeddata.setdefault(":deleted", []).append(attributes.get("ref", ""))
        self.insource = 1

    def _end_at_deleted_entry(self) -> None:
        self.insource = 0
        self.sourcedata.clear()

    def _start_item(self, attributes: Attributes) -> None:
        self.insource = 0  # what was left open before it ends here
        super()._start_item(attributes)
        self.entries[-1][":base"] = self.baseuri
        self.entries[-1][":language"] = self.lang or ""

    _start_entry = _start_item

    def _start_content(self, attributes: Attributes) -> None:
        """Push once: the second time leaves every later element at the wrong depth."""
        self.push_content("content", attributes, "text/plain", 1)
        self.contentparams["src"] = attributes.get("src", "")

    def _end_content(self) -> None:
        """Keep content where it is; a copy of it in the summary says nothing."""
        self.pop_content("content")

    _end_body = _end_xhtml_body = _end_content_encoded = _end_fullitem = _end_content

    def _start_title(self, attributes: Attributes) -> None:
        if self.inimage:
            self.push(":image_title", 0)  # not the title of what the picture belongs to
        else:
            super()._start_title(attributes)

    def _end_title(self) -> None:
        if self.inimage:
            self.pop(":image_title")
        else:
            super()._end_title()

    def _start_link(self, attributes: Attributes) -> None:
        attributes[":type"] = attributes.get("type", "")  # feedparser puts text/html where none is
        attributes[":base"] = self.baseuri
        if not attributes.keys() & {"href", "url", "uri"}:
            attributes[":text"] = "yes"  # RSS's own link, which beats an atom:link beside it
        super()._start_link(attributes)

    def _start_summary(self, attributes: Attributes) -> None:
        self.push_content(self._text_name("summary"), attributes, "text/plain", 1)

    def _start_description(self, attributes: Attributes) -> None:
        self.push_content(self._text_name("description"), attributes, "text/html", 1)

    def _text_name(self, name: str) -> str:
        """Return where to keep a text: a second one of an entry, and a picture's, stand apart."""
        if self.inimage:
            return ":image_text"
        return ":other_text" if self.inentry and "summary" in self._get_context() else name

    def _end_summary(self) -> None:
        opened = self.elementstack[-1][0] if self.elementstack else ""
        self.pop_content(opened if opened in _TEXTS else "")

    _end_description = _end_summary

    def _start_guid(self, attributes: Attributes) -> None:
        self.guidislink = attributes.get("ispermalink", "true").strip().lower() != "false"
        self.push("id", 1)

    def _end_guid(self) -> None:
        value = self.pop("id")
        self._save(":permalink" if self.guidislink else ":guid", value)

    def _start_id(self, attributes: Attributes) -> None:
        self.push("id", 1)

    def _end_id(self) -> None:
        self.pop("id")

    def _start_dc_date(self, attributes: Attributes) -> None:
        self.push(":dc_date", 1)  # feedparser says «updated»; Dublin Core does not say which

    def _end_dc_date(self) -> None:
        self.pop(":dc_date")

    def _end_author(self) -> None:
        """Keep the author's own words, to be taken apart by whoever asks."""
        value = self.pop("author")
        self.inauthor = 0
        authors = self._get_context().get("authors")
        if value and authors and not authors[-1]:
            authors[-1][":text"] = value

    _end_managingeditor = _end_author

    def _save_author(self, key: str, value: str, prefix: str = "author") -> None:
        """Keep itunes:owner out of the authors, whose last one it would overwrite."""
        if prefix == "author":
            self._get_context().setdefault("authors", [{}])[-1][key] = value
        else:
            self._get_context().setdefault(":owner", {})[key] = value

    def _end_url(self) -> None:
        value = self.pop("href")
        if self.inauthor:
            self._save_author("href", value)
        elif self.inimage and value:  # which in RSS 1.0 stands outside the channel
            owner = self.entries[-1] if self.inentry else self.feeddata
            owner.setdefault("image", {}).setdefault("href", value)

    _end_homepage = _end_uri = _end_url

    def _start_hour(self, attributes: Attributes) -> None:
        self.push(":hour", 0)

    def _end_hour(self) -> None:
        """Keep every hour of skipHours, not the last alone."""
        self._get_context().setdefault(":hours", []).append(self.pop(":hour"))

    def _start_day(self, attributes: Attributes) -> None:
        self.push(":day", 0)

    def _end_day(self) -> None:
        self._get_context().setdefault(":days", []).append(self.pop(":day"))

    def _start_itunes_image(self, attributes: Attributes) -> None:
        self.push("itunes_image", 0)
        address = attributes.get("href") or attributes.get("url")
        if address:
            self._get_context()[":itunes_image"] = address  # beside RSS's image, not in its place

    _start_itunes_link = _start_itunes_image


class _Strict(_Corrections, StrictFeedParser):  # type: ignore[misc]
    """The parser of well-formed documents."""

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802
        if self.depth > MAX_DEPTH:
            raise ParseError(f"nests deeper than {MAX_DEPTH} elements; it is refused")
        super().startElementNS(name, qname, attrs)


class _Loose(_Corrections, LooseFeedParser):  # type: ignore[misc]
    """The parser of the rest."""

    def handle_charref(self, ref: str) -> None:
        """Drop a reference to a character that cannot be."""
        try:
            super().handle_charref(ref)
        except (ValueError, OverflowError):
            return
