"""How the quick reader takes a text out of an element, and what holds where it stands.

What feedparser does with every text is done here too: white space off its ends, and characters put
right that were decoded once too often.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from feedparser.html import _cp1252

from aggregator.parse import fragment
from aggregator.parse.address import absolute, is_page
from aggregator.parse.vouched import (
    TYPES,
    XHTML,
    XML,
    Unsure,
    attributes_of,
    check_of_idle,
    inline_name,
    name_of,
)

_SCOPES = ("base", "lang")
_QUOTES = {'"': "&quot;"}
_CONTROL = re.compile(rb"\xc2[\x80-\x9f]")  # C1 in UTF-8, whose first byte is rare


class Reading:
    """One document while it is read: its format, and the xml:base and xml:lang in force.

    `scoped` says whether they may change below the root; *address* is what the outermost base is
    relative to.
    """

    base = ""
    lang = ""

    def __init__(self, version: str, address: str, *, scoped: bool) -> None:
        self.version = version
        self._address = address
        self._scoped = scoped
        self._guesses = not version.startswith("atom")  # whether a plain text is one
        self._names: dict[str, str] = {}
        self._idle: dict[str, Any] = {}

    # ── elements ─────────────────────────────────────────────────────────────────────────────────

    def walk(self, parent: Any, found: dict[str, Any], table: Mapping[str, Any]) -> None:
        """Have each child of *parent* read into *found* by its handler in *table*."""
        names, scoped = self._names, self._scoped
        for child in parent:
            name = names.get(child.tag) or self.name_of(child)
            handler = table.get(name) or self._idle_handler(child, name)
            if scoped and _has_scope(child):
                self.inside(child, handler, child, found, self)
            else:
                handler(child, found, self)

    def attributes_of(self, element: Any) -> dict[str, str]:
        """Return the attributes of an element that may have a language of its own."""
        given = attributes_of(element)
        if "lang" in given and not self._scoped:  # HTML's, which few feeds have
            raise Unsure
        return given

    def name_of(self, element: Any) -> str:
        """Return an element's name; one namespace has one prefix in all of a document."""
        tag = element.tag
        name = self._names.get(tag)
        if name is None:
            self._names[tag] = name = name_of(element)
        return name

    def _idle_handler(self, element: Any, name: str) -> Any:
        handler = self._idle.get(name)
        if handler is None:
            check = check_of_idle(element)
            self._idle[name] = handler = lambda element, found, reading: check(element)
        return handler

    def inside(self, element: Any, act: Any, *arguments: Any) -> None:
        """Call *act* with what holds inside *element*."""
        outer = self.base, self.lang
        if _has_scope(element):
            given = attributes_of(element)
            self.lang = given.get("xml:lang", given.get("lang", self.lang))
            base = absolute(given.get("xml:base", ""), self.base or self._address)
            self.base = base if is_page(base) else self.base
        act(*arguments)
        self.base, self.lang = outer

    # ── texts ────────────────────────────────────────────────────────────────────────────────────

    def raw_text_of(self, element: Any) -> str:
        """Return the text of an element that has nothing but text."""
        if len(element):
            raise Unsure
        text: str = element.text or ""
        return text.strip()

    def text_of(self, element: Any) -> str:
        """Return the same, with its characters put right."""
        if len(element):
            raise Unsure
        text: str = (element.text or "").strip()
        return text if text.isascii() else _right(text)

    def content_of(self, element: Any, default: str) -> dict[str, Any]:
        """Return a text with its type, language and base, as feedparser's `*_detail` has them."""
        kind = self._type(element, default) if element.items() else default
        text = self._markup(element) if kind == XHTML else self.raw_text_of(element)
        if self._guesses and kind == "text/plain" and fragment.is_html(text):
            kind = "text/html"
        text = text if text.isascii() else _right(text)
        return {
            "type": kind,
            "language": self.lang and self.lang.replace("_", "-"),
            "base": self.base,
            "value": text,
        }

    def _type(self, element: Any, default: str) -> str:
        given = self.attributes_of(element)
        kind = TYPES.get(given.get("type", default))
        if kind is None or given.get("mode") == "base64":
            raise Unsure
        return kind

    def _markup(self, element: Any) -> str:
        """Return what stands in *element* as feedparser writes XHTML; Atom's without its div."""
        if self.version == "atom10" and _is_wrapped(element):
            element = element[0]
        pieces: list[str] = []
        _write_inside(element, pieces)
        return "".join(pieces).strip()


def _has_scope(element: Any) -> bool:
    names = element.keys()
    return bool(names) and any(name[-4:].lower() in _SCOPES for name in names)


def _right(text: str) -> str:
    """Return *text* as feedparser corrects it: UTF-8 that was read as Latin-1, C1 controls."""
    try:  # noqa: SIM105 - which takes longer than all else here
        text = text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:  # nearly always, and no other way to know is as quick
        pass
    return text.translate(_cp1252) if _CONTROL.search(text.encode()) else text


def _is_wrapped(element: Any) -> bool:
    if len(element) != 1 or (element.text or "").strip() or (element[0].tail or "").strip():
        return False
    return inline_name(element[0]) == "div"


def _write_inside(element: Any, pieces: list[str]) -> None:
    if element.text:
        pieces.append(escape(element.text))
    for child in element:
        name, given = inline_name(child), attributes_of(child) if child.items() else {}
        if "xml:base" in given or any(map(_is_foreign, child.attrib)):
            raise Unsure
        listed = "".join([f' {key}="{escape(value, _QUOTES)}"' for key, value in given.items()])
        pieces.append(f"<{name}{listed}>")
        _write_inside(child, pieces)
        pieces.append(f"</{name}>")
        if child.tail:
            pieces.append(escape(child.tail))


def _is_foreign(attribute: str) -> bool:
    return attribute[0] == "{" and not attribute.startswith(XML)
