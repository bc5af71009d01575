"""Well-formed feeds of the known families, read thirty times as fast as feedparser reads them.

    text ─► lxml's tree ─► feedparser's dictionaries ─► feed_entry.py, feed_xml.py
                └► whatever is not vouched for ─► None: dialect.py reads it

It gives the same answers as `dialect.py`, or none (tests/parse/test_quick.py).
"""

from __future__ import annotations

import re
from html.entities import name2codepoint
from typing import Any, NamedTuple

from lxml import etree

from aggregator.parse.document import Xml, closed_at
from aggregator.parse.elements import Found, Handler
from aggregator.parse.reading import Reading
from aggregator.parse.repair import XML_NAMES, legal, repaired
from aggregator.parse.vocabulary import IN_ENTRY, IN_FEED
from aggregator.parse.vouched import Unsure, check_prefixes, name_of, version_of

_REFERENCE = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_CROWD = 1000  # attributes of one element: lxml takes the square of their number to list them
_CROWDED = etree.XPath(f"boolean(//*[@*[{_CROWD + 1}]])")
_NEVER_READ = ("lastmod", "href")  # attributes of the Channel Definition Format


class Read(NamedTuple):
    """What a document says, in feedparser's words and under its names."""

    feeddata: Found
    entries: list[Found]
    version: str
    truncated: bool = False


def read(document: Xml, address: str) -> Read | None:
    """Return what `dialect.read` would, None where that is for feedparser to say.

    *address* is where the document came from, "" where that is no page's.
    """
    if document.entities:
        return None
    try:
        data = document.text.encode()
        scoped = data.find(b"xml:", data.find(b">")) >= 0  # below the root
        root = _tree(document, data)
        if data.count(b"=") > _CROWD and _CROWDED(root):
            return None
        del data  # which is as large as the document
        return _read(root, address, scoped=scoped)
    except (Unsure, etree.XMLSyntaxError, UnicodeEncodeError):
        return None


def _tree(document: Xml, data: bytes) -> Any:
    """Return the root element of *data*; what is not well-formed is repaired as elsewhere."""
    try:
        return _parsed(data)
    except etree.XMLSyntaxError:
        text = legal(document.text)
    try:
        return _parsed(_without_names(text).encode())
    except etree.XMLSyntaxError:
        end = closed_at(document)
        if end is None:
            raise
        return _parsed(_without_names(repaired(legal(document.text[:end]), {})).encode())


def _parsed(data: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        encoding="utf-8",
    )
    return etree.fromstring(data, parser)


def _without_names(text: str) -> str:
    """Return *text* with HTML's names for characters as numbers, which XML knows too."""
    first, *others = text.split("<![CDATA[")
    pieces = [_REFERENCE.sub(_number, first)]
    for other in others:
        data, end, markup = other.partition("]]>")
        pieces += ["<![CDATA[", data, end, _REFERENCE.sub(_number, markup)]
    return "".join(pieces)


def _number(reference: re.Match[str]) -> str:
    name = reference[1]
    known = name in name2codepoint and name not in XML_NAMES
    return f"&#{name2codepoint[name]};" if known else reference[0]


def _read(root: Any, address: str, *, scoped: bool) -> Read:
    """Return what the tree says; *scoped*: something may have a base or language of its own."""
    kind, namespaces = name_of(root), root.nsmap
    check_prefixes(namespaces)
    version = version_of(kind, namespaces)
    reading = Reading(version, address, scoped=scoped)
    feed = _Feed(reading)
    reading.inside(root, feed.root, root, kind)
    return Read(feed.about, feed.entries, version)


class _Feed:
    """The feed that a reading finds: what it says of itself, and its entries."""

    def __init__(self, reading: Reading) -> None:
        self.about: Found = {}
        self.entries: list[Found] = []
        self._reading = reading
        self._handlers: dict[str, Handler] = {**IN_FEED, "item": self._entry, "entry": self._entry}

    def root(self, root: Any, kind: str) -> None:
        """Read the root element."""
        if kind != "rdf:rdf" and self._reading.lang:
            self.about["language"] = self._reading.lang.replace("_", "-")
        if kind == "feed":
            self._walk(root)
            return
        handlers: dict[str, Handler] = {"channel": self._channel}
        if kind == "rdf:rdf":
            handlers |= {name: self._handlers[name] for name in ("item", "image", "textinput")}
        self._reading.walk(root, self.about, handlers)

    def _walk(self, parent: Any) -> None:
        self._reading.walk(parent, self.about, self._handlers)

    def _channel(self, channel: Any, about: Found, reading: Reading) -> None:
        if ":language" in about:  # a second one
            raise Unsure
        _check_attributes(channel, reading)
        about[":language"] = reading.lang
        self._walk(channel)

    def _entry(self, item: Any, about: Found, reading: Reading) -> None:
        entry: Found = {":base": reading.base, ":language": reading.lang}
        self.entries.append(entry)
        if item.attrib and (named := _check_attributes(item, reading).get("rdf:about")):
            entry["id"] = named
        reading.walk(item, entry, IN_ENTRY)


def _check_attributes(element: Any, reading: Reading) -> dict[str, str]:
    given = reading.attributes_of(element)
    if any(name in given for name in _NEVER_READ):
        raise Unsure
    return given
