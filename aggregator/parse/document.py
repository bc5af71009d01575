"""Bytes → text, and what the text is: an XML feed, JSON, an HTML page, half a feed.

Servers declare encodings wrongly and answer pages where feeds were; both are found out here, once,
before any parser sees the document.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from aggregator.errors import ParseError

MAX_DEPTH = 500  # of nested elements or values; no real document comes near

# ── encodings ─────────────────────────────────────────────────────────────────────────────────────

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with UTF-16's mark, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
# Without a mark, the first character tells (XML 1.0, appendix F): it is `<`, `{` or `[` in ASCII.
_UNMARKED = (
    (re.compile(rb"\0\0\0[<{\[]"), "utf-32-be"),
    (re.compile(rb"[<{\[]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0[<{\[]"), "utf-16-be"),
    (re.compile(rb"[<{\[]\0"), "utf-16-le"),
    (re.compile(rb"\x4c\x6f\xa7\x94"), "cp037"),  # `<?xm` in EBCDIC
)
# What is called so in practice holds more than the name allows (WHATWG Encoding Standard, §4.2).
_SUPERSETS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "windows-949": "cp949",
    "tis-620": "cp874",
    "iso-8859-11": "cp874",
    "windows-874": "cp874",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc-jp",
    "x-x-big5": "big5hkscs",
    "x-mac-cyrillic": "mac-cyrillic",
    "iso-8859-8-i": "iso-8859-8",
}
# They write everything in ASCII, so no byte gives them away.
_SEVEN_BIT = ("iso-2022-", "hz", "utf-7", "utf_7")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(rb"\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_SURE = 4  # characters: the chance that another encoding's text is valid UTF-8 is 1/8 for each one


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of *body*, without a byte order mark; some text comes out of any bytes.

    A byte order mark decides, then UTF-8 where the bytes prove it, then the charset of
    *content_type* (the whole header value), then the XML declaration (RFC 7303 §3), then UTF-8,
    then windows-1252. A document with a few broken characters keeps its encoding. In a body that is
    ASCII alone, an encoding that hides itself in ASCII is believed wherever it is declared.
    """
    if wide := _marked(body):
        return body.decode(wide, "replace")
    names = _declared(body, content_type)
    hidden = [name for name in names if name.lower().startswith(_SEVEN_BIT)]
    if hidden and body.isascii():
        names = hidden
    elif (proven := _proven_utf8(body, names)) is not None:
        return proven
    for name in (*names, "utf-8"):
        text = _attempt(body, name)
        if text is not None:
            return text
    return body.decode("cp1252", "replace")


def _marked(body: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return encoding
    return next((encoding for start, encoding in _UNMARKED if start.match(body)), None)


def _proven_utf8(body: bytes, names: Sequence[str]) -> str | None:
    """Return *body* as UTF-8, None where it is not, or may be what *names* say it is."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    beyond = _beyond_ascii(text)
    sure = beyond == 0 or beyond >= _SURE or "utf-8" in map(str.lower, names)
    return text if sure else None


def _declared(body: bytes, content_type: str) -> list[str]:
    in_header, in_body = _CHARSET.search(content_type), _DECLARED.match(body)
    names = [in_header[1]] if in_header else []
    names += [in_body[1].decode("ascii", "replace")] if in_body else []
    # A wide encoding would have shown itself in the first bytes: the declaration is a leftover.
    return [name for name in names if not name.lower().startswith(("utf-16", "utf-32", "ucs"))]


def _attempt(body: bytes, name: str) -> str | None:
    """Return *body* in the encoding *name*, None where that is unknown or breaks over a tenth."""
    try:
        text = body.decode(_SUPERSETS.get(name.lower(), name), "replace")
    except (LookupError, ValueError, AssertionError):  # a codec that is none of text
        return None
    return text if text.count("\ufffd") * 10 <= _beyond_ascii(text) else None


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


# ── JSON ──────────────────────────────────────────────────────────────────────────────────────────


def is_json(text: str) -> bool:
    """Say whether *text* can only be meant as JSON."""
    return text.lstrip()[:1] in ("{", "[")


def read_json(text: str) -> Any:
    """Return the value that *text* holds; ParseError says what came where it is no JSON."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ParseError(f"nests deeper than {MAX_DEPTH} levels; it is refused") from None
    except ValueError as error:
        if is_json(text):
            raise ParseError(f"is broken JSON or only the first part of it: {error}") from None
        raise ParseError(f"is {described(text)}; expected JSON") from None


# ── XML ───────────────────────────────────────────────────────────────────────────────────────────

_MARKUP = re.compile(
    r"<!--|<(?P<root>(?:[A-Za-z_][\w.-]*:)?(?:rss|rdf|feed|channel|entry))(?=[\s/>])"
    r"|(?P<page><!doctype\s+html\b|<html(?=[\s>]))",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"<!ENTITY\s+(\w+)\s+(?:\"([^\"&%]{0,200})\"|'([^'&%]{0,200})')\s*>")
_ENTRY = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
_FIRST_TAG = re.compile(r"<([A-Za-z_][\w.:-]*)")
_TITLE = re.compile(r"<title[^>]*>\s*([^<]{1,200})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Xml:
    """An XML feed as text: from its root element to the end, and what its head declared.

    Declaration, document type and whatever else stands before the root are left out. `entities`
    are the plain ones of its document type: no value refers to another one (an entity bomb would).
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
        raise ParseError(f"is {described(text)}; expected a feed: check the address")
    head = text[: found.start()]
    entities = {name: double or single for name, double, single in _ENTITY.findall(head)}
    return Xml(found["root"], text[found.start() :], entities)


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
