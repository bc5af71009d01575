"""HTML fragments: plain text made into one, and the guess which of the two a text is.

Entry's title, summary, content and rights are fragments, so text that is meant to be read as it is
written arrives escaped.
"""

from __future__ import annotations

import re
from html import escape as _escape
from html.entities import html5

from lxml.html.defs import tags as HTML_TAGS  # noqa: N812 - a constant

CDATA, _END = "<![CDATA[", "]]>"
_EMPTY = frozenset({"br", "hr", "img", "wbr"})
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(?=[\s/>])[^<>]*>")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]*));")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")


def unwrapped(text: str) -> str:
    """Return *text* without the marks of a CDATA section that somebody has escaped with it."""
    whole = text.startswith(CDATA) and text.endswith(_END)
    return text[len(CDATA) : -len(_END)].strip() if whole else text


def escape(text: str) -> str:
    """Return plain *text* as a fragment: `1 < 2` becomes `1 &lt; 2`."""
    return _escape(text, quote=False)


def paragraphs(text: str) -> str:
    """Return plain *text* of several lines as a fragment: blank lines part its paragraphs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if "\n" not in lines:
        return escape(lines)
    return "".join(
        f"<p>{escape(block).replace(chr(10), '<br>')}</p>" for block in _PARAGRAPH.split(lines)
    )


def is_html(text: str) -> bool:
    """Guess whether *text*, of which nobody said, is HTML rather than plain text.

    It is where it holds a reference that HTML knows (`&amp;`, `&#8217;`), or tags that HTML knows
    alone, at least one of them closed or empty by nature. `a < b & "c"`, `AT&T`, `List<String>` and
    `the <b> element` stay plain: a wrong guess for HTML loses text, a wrong one for plain shows
    markup.
    """
    if "<" not in text and "&" not in text:
        return False
    tags = [(closing, name.lower()) for closing, name in _TAG.findall(text)]
    if any(name not in HTML_TAGS for _, name in tags):
        return False
    if any(closing or name in _EMPTY for closing, name in tags):
        return True
    return any(not match[1] or f"{match[1]};" in html5 for match in _REFERENCE.finditer(text))


def line_from_unknown(text: str) -> str:
    """Return *text*, of one line, as a fragment, plain or HTML as it seems (see `is_html`)."""
    return text if is_html(text) else escape(text)


def from_unknown(text: str) -> str:
    """Return *text*, of several lines, as a fragment, plain or HTML as it seems."""
    return text if is_html(text) else paragraphs(text)
