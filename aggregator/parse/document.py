"""Bytes → text, and what the text is: an XML feed, JSON, an HTML page, half a feed.

Servers declare encodings wrongly and answer pages where feeds were; both are found out here, once,
before any parser sees the document.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import unescape
from html.entities import html5
from typing import Any

from aggregator.errors import ParseError
from aggregator.record import record

MAX_DEPTH = 500  # of nested elements or values; no real document comes near

MOST = 50_000  # entries of a document, as many as a sitemap may list by its protocol


def check_number(entries: int) -> None:
    """Raise ParseError where a document has more *entries* than any honest one."""
    if entries > MOST:
        raise ParseError(f"holds more than {MOST:,} entries; it is refused", code="E306")


# ── JSON ──────────────────────────────────────────────────────────────────────────────────────────


def is_json(text: str) -> bool:
    """Say whether *text* can only be meant as JSON."""
    return text.lstrip()[:1] in ("{", "[")


def read_json(text: str) -> Any:
    """Return the value that *text* holds; ParseError says what came where it is no JSON."""
    try:
        return json.loads(text, strict=False)  # raw line ends inside texts are common
    except RecursionError:
        raise ParseError(
            f"nests deeper than {MAX_DEPTH} levels; it is refused", code="E304"
        ) from None
    except ValueError as error:
        if is_json(text):
            raise ParseError(
                f"is broken JSON or only the first part of it: {error}", code="E302"
            ) from None
        raise ParseError(f"is {described(text)}; expected JSON", code="E301") from None


# ── XML ───────────────────────────────────────────────────────────────────────────────────────────

_MARKUP = re.compile(
    r"<!--|<(?P<root>(?:[A-Za-z_][\w.-]*:)?(?:rss|rdf|feed|channel|entry))(?=[\s/>])"
    r"|(?P<page><html(?=[\s>])"
    # Some feeds have the document type of a page, but then their root comes next.
    r"|<!doctype\s+html\b(?![^<>]*>(?:\s|(?s:<!--.*?-->))*<(?:rss|rdf:RDF|feed)[\s>]))",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"<!ENTITY\s+(\w+)\s+(?:\"([^\"%]{0,200})\"|'([^'%]{0,200})')\s*>")
_NAMED = re.compile(r"&(?!(?:#\w+|lt|gt|amp|quot|apos);)(\w*;?)")
_USE = re.compile(r"&(\w+);")
_LONGEST_ENTITY = 200  # characters
_MOST_EXPANDED = 1_000_000  # characters, of all entities where they are used
_ENTRY = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
_FIRST_TAG = re.compile(r"<([A-Za-z_][\w.:-]*)")
_TITLE = re.compile(r"<title[^>]*>\s*([^<]{1,200})", re.IGNORECASE)


@record(frozen=True, slots=True)
class Xml:
    """An XML feed as text: from its root element to the end, and what its head declared.

    Declaration, document type and whatever else stands before the root are left out. `entities`
    are those of its document type; no value refers to another one any more.
    """

    root: str  # the root element's name as written, with its prefix
    text: str
    entities: dict[str, str]


def read_xml(text: str) -> Xml:
    """Find the feed in *text*; ParseError says what came instead.

    Whatever stands before the root element (warnings of a script, blank lines) is passed over.
    """
    found = _first_markup(text)
    if found is None or not found["root"]:
        raise ParseError(f"is {described(text)}; expected a feed: check the address", code="E301")
    if len(text) > MOST * len("<item>") and text.count("<") > MOST:
        check_number(sum(1 for _ in _ENTRY.finditer(text)))
    head = text[: found.start()]
    return Xml(found["root"], text[found.start() :], _entities(head, text))


def _entities(head: str, text: str) -> dict[str, str]:
    """Return the entities that *head* declares, each as what it stands for.

    A value may name characters and entities before it. One that grows too long or names anything
    else is left out, and where *text* uses them to grow by a lot (an entity bomb), all are.
    """
    found: dict[str, str] = {}
    for name, double, single in _ENTITY.findall(head):
        value = _NAMED.sub(lambda reference: _meant(reference, found), double or single)
        if len(value) <= _LONGEST_ENTITY and not _NAMED.search(value):
            found.setdefault(name, value)
    if not found:
        return {}
    grown = sum(len(found.get(use[1], "")) for use in _USE.finditer(text))
    return found if grown <= _MOST_EXPANDED else {}


def _meant(reference: re.Match[str], known: Mapping[str, str]) -> str:
    name = reference[1].rstrip(";")
    return known.get(name) or html5.get(f"{name};") or reference[0]


def _first_markup(text: str) -> re.Match[str] | None:
    """Return the first root of a feed or start of a page in *text* that no comment holds."""
    at = 0
    while (found := _MARKUP.search(text, at)) and found[0] == "<!--":
        end = text.find("-->", found.end())
        if end < 0:
            return None
        at = end + 3
    return found


def closed_at(xml: Xml) -> int | None:
    """Return where the document's closing tag ends, None where it has none: it is truncated.

    A closing tag with a further entry behind it belongs to an article's text. An RSS channel that
    is closed is complete, its root closed or not.
    """
    last_entry = max((found.start() for found in _ENTRY.finditer(xml.text)), default=0)
    names = (xml.root, "channel") if xml.root.lower() == "rss" else (xml.root,)
    for name in names:
        closing = re.compile(rf"</{re.escape(name)}\s*(?:>|\Z)", re.IGNORECASE)
        ends = [found.end() for found in closing.finditer(xml.text, last_entry)]
        if ends:
            return ends[-1]
    return None


def described(text: str) -> str:
    """Name what *text* is, with its article: what an operator would see there."""
    if not text.strip():
        return "empty"
    page = _first_markup(text)
    if page is not None and page["page"]:
        title = _TITLE.search(text, page.start())
        return f'an HTML page ("{_one_line(title[1])}")' if title else "an HTML page"
    if is_json(text):
        return "a JSON document"
    tag = _FIRST_TAG.search(text)
    if tag is not None and text.lstrip().startswith("<"):
        return f"an XML document of another kind (<{tag[1][:40]}>)"
    return "neither XML nor JSON"


def _one_line(text: str) -> str:
    return " ".join(unescape(text).split())[:80]
