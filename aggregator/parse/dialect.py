"""feedparser, set right where it misreads feeds: text of an XML feed → its dictionaries.

It is handed text in memory and never an address, so it cannot fetch. Its sanitiser and its
resolving of addresses inside HTML are off: both come later, by better means.
"""

from __future__ import annotations

import io
import xml.sax
from typing import Any

from feedparser.api import LooseFeedParser, StrictFeedParser
from lxml.html.defs import tags as HTML_TAGS  # noqa: N812 - a constant

from aggregator.errors import ParseError
from aggregator.parse import nesting
from aggregator.parse.corrections import Corrections
from aggregator.parse.document import MAX_DEPTH, Xml, closed_at
from aggregator.parse.repair import doctype, legal, repaired, respelt


def read(document: Xml, address: str) -> Any:
    """Return feedparser's reader after it has read *document*: `.feeddata`, `.entries`, `.version`.

    It is `.truncated` where the document ends in the middle. *address* is where it came from, ""
    where that is no page's: what a relative xml:base is relative to.
    Relative addresses stay so, except under an xml:base. A well-formed document is read
    as such, an ill-formed one after repairs, and one beyond repair by feedparser's loose parser.
    Raises ParseError for whatever feedparser itself trips over.
    """
    try:
        return _read(document, address)
    except ParseError:
        raise
    # feedparser raises at will on mangled feeds (3 % of mutated ones); this is its border.
    except Exception as error:
        raise ParseError(
            f"is a feed too broken to read ({type(error).__name__})", code="E302"
        ) from error


def _read(document: Xml, address: str) -> Any:
    reader = _strictly(legal(document.text), document.entities, address)
    if reader is not None:
        return reader
    end = closed_at(document)
    text = repaired(legal(document.text[:end]), document.entities)
    reader = _strictly(text, document.entities, address)
    if reader is None and (spelt := respelt(text)) != text:
        reader = _strictly(spelt, document.entities, address)
    reader = reader or _loosely(text, document.entities, address)
    reader.truncated = end is None
    return reader


def _strictly(text: str, entities: dict[str, str], address: str) -> Any | None:
    """Return the reader after a well-formed document, None where it is not well-formed."""
    reader = Strict(None, None, "utf-8")
    _configure(reader, address)
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


def _loosely(text: str, entities: dict[str, str], address: str) -> Any:
    reader = _Loose(None, None, "utf-8", entities)
    _configure(reader, address)
    reader.feed(text)
    return reader


def _configure(reader: Any, address: str) -> None:
    reader.address = address
    reader.resolve_relative_uris = False
    reader.sanitize_html = False


class Strict(Corrections, StrictFeedParser):  # type: ignore[misc]
    """The parser of well-formed documents, in which one can tell what stands inside what.

    Elements that feeds do not know have titles, links and authors of their own, which are not those
    of the entry around them.
    """

    def __init__(self, *arguments: Any) -> None:
        self._heard: list[tuple[bool, nesting.Children]] = [(True, None)]
        super().__init__(*arguments)

    def unknown_starttag(self, tag: str, attributes: Any) -> None:
        _, children = self._heard[-1]
        heard = children is None or tag in children
        self._heard.append((heard, self._children_of(tag) if heard else nesting.NOTHING))
        if heard:
            super().unknown_starttag(tag, attributes)
        elif self._is_written(tag):
            self.handle_data(f"<{tag}>")

    def unknown_endtag(self, tag: str) -> None:
        heard, _ = self._heard.pop()
        if heard:
            super().unknown_endtag(tag)
        elif self._is_written(tag):
            self.handle_data(f"</{tag}>")

    def _is_written(self, tag: str) -> bool:
        """Say whether a tag that is not heard is markup that nobody has escaped."""
        inside = self.elementstack[-1][0] if self.elementstack else ""
        return inside in nesting.WORDS and tag in HTML_TAGS

    def _children_of(self, tag: str) -> nesting.Children:
        """Return which children of an element are heard, None for all of them."""
        if self.incontent or len(self._heard) == 1:  # markup, and the root
            return None
        if tag in nesting.CHILDREN:
            return nesting.CHILDREN[tag]
        return None if hasattr(self, f"_start_{tag.replace(':', '_')}") else nesting.ANYWHERE

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802
        if len(self._heard) > MAX_DEPTH:
            raise ParseError(f"nests deeper than {MAX_DEPTH} elements; it is refused", code="E304")
        super().startElementNS(name, qname, attrs)


class _Loose(Corrections, LooseFeedParser):  # type: ignore[misc]
    """The parser of the rest, in which a text may be left open."""

    _text = ""  # the tag of the text that is open

    def unknown_starttag(self, tag: str, attributes: Any) -> None:
        if self.incontent and not self.svgOK and nesting.ends(self._text, tag):
            super().unknown_endtag(self._text)
        inside = self.incontent
        super().unknown_starttag(tag, attributes)
        self._text = self._text if inside else tag

    def unknown_endtag(self, tag: str) -> None:
        if self.incontent and tag in nesting.ENCLOSING:
            super().unknown_endtag(self._text)
        super().unknown_endtag(tag)

    def decode_entities(self, element: str, data: str) -> str:
        """Decode the ampersands of an address; feedparser does so in an entry's, not a feed's."""
        decoded: str = super().decode_entities(element, data)
        return decoded.replace("&amp;", "&") if element == "link" else decoded

    def handle_charref(self, ref: str) -> None:
        """Drop a reference to a character that cannot be."""
        try:
            super().handle_charref(ref)
        except (ValueError, OverflowError):
            return
