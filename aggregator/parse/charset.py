"""Bytes → text: the encoding a document is in, whatever it and its server say it is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from functools import lru_cache

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with UTF-16's mark, so it comes first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
# Without a mark, the first character tells (XML 1.0, appendix F), which is one of these in ASCII.
_UNMARKED = (
    (re.compile(rb"\0\0\0[<{\[\s]"), "utf-32-be"),
    (re.compile(rb"[<{\[\s]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0[<{\[\s]"), "utf-16-be"),
    (re.compile(rb"[<{\[\s]\0"), "utf-16-le"),
)
_EBCDIC = b"\x4c\x6f\xa7\x94"  # `<?xm`
# Names in use that Python does not know.
_ALIASES = {
    "windows-31j": "cp932",
    "windows-936": "gb18030",
    "x-gbk": "gb18030",
    "x-sjis": "cp932",
    "x-euc-jp": "euc-jp",
    "x-x-big5": "big5",
    "csmacintosh": "mac-roman",
    "mac": "mac-roman",
    "ms-cyrl": "cp1251",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-roman": "mac-roman",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
}
_CODE_PAGE = re.compile(r"(?:x-)?(?:windows|win|cp|dos|ms)[-_]?(\d{3,5})", re.IGNORECASE)
# What is called so in practice holds more than the name allows (WHATWG Encoding Standard, §4.2).
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# They write everything in ASCII, so no byte gives them away.
_SEVEN_BIT = ("iso2022", "hz", "utf-7")
_WIDE = ("utf-16", "utf-32")
_NO_DOCUMENTS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_DECLARED = re.compile(r"\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_HEAD = 500  # bytes in which the XML declaration stands
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
    hidden = [name for name in names if name.startswith(_SEVEN_BIT)]
    if hidden and body.isascii():
        names = hidden
    elif (proven := _proven_utf8(body, names)) is not None:
        return proven
    for name in (*names, "utf-8"):
        text = _attempt(body, name)
        if text is not None:
            return text
    return body.decode("cp1252", "replace")


@lru_cache(maxsize=64)
def codec(name: str) -> str:
    """Return Python's own name of the encoding called *name*, "" where there is none of text."""
    known = _ALIASES.get(name.lower()) or _CODE_PAGE.sub(r"cp\1", name)
    try:
        "".encode(found := codecs.lookup(known).name)
    except (LookupError, ValueError):  # a codec that is none of text is a LookupError here
        return ""
    return "" if found.replace("_", "-") in _NO_DOCUMENTS else found


def _marked(body: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return encoding
    if body.startswith(_EBCDIC):
        return _ebcdic(body)
    return next((encoding for start, encoding in _UNMARKED if start.match(body)), None)


def _ebcdic(body: bytes) -> str:
    """Return which EBCDIC the XML declaration names; all of them write it with the same bytes."""
    declared = _DECLARED.match(body[:_HEAD].decode("cp037"))
    name = codec(declared[1]) if declared else ""
    return name if name and _EBCDIC.decode(name, "replace") == "<?xm" else "cp037"


def _proven_utf8(body: bytes, names: Sequence[str]) -> str | None:
    """Return *body* as UTF-8, None where it is not, or may be what *names* say it is."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    further = len(body) - len(text)  # bytes: one to three of each character beyond ASCII
    sure = further == 0 or further >= 3 * _SURE or "utf-8" in names
    return text if sure or _beyond_ascii(text) >= _SURE else None


def _declared(body: bytes, content_type: str) -> list[str]:
    """Return the codecs that the header and the document name, the header's first."""
    in_header = _CHARSET.search(content_type)
    in_body = _DECLARED.match(body[:_HEAD].decode("latin-1"))
    names = [codec(found[1]) for found in (in_header, in_body) if found]
    # A wide encoding would have shown itself in the first bytes: the declaration is a leftover.
    return [name for name in names if name and not name.startswith(_WIDE)]


def _attempt(body: bytes, name: str) -> str | None:
    """Return *body* in the encoding *name*, None where that breaks over a tenth of it."""
    try:
        text = body.decode(_SUPERSETS.get(name, name), "replace")
    except ValueError:
        return None
    return text if text.count("\ufffd") * 10 <= _beyond_ascii(text) else None


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))
