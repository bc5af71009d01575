"""HTML pages → entries, by the operator's CSS selectors (their language is css.py's).

A field whose selector begins with `detail.` is found on the entry's own page, any other in its row
of the list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from parsel import Selector

from aggregator.errors import ParseError
from aggregator.model import Entry, Feed, fingerprint
from aggregator.parse import css, fragment, named
from aggregator.parse.address import absolute
from aggregator.parse.charset import decode
from aggregator.parse.document import check_number, described, is_json
from aggregator.record import record

_DETAIL = "detail."
_BODIES = frozenset({"summary", "content"})
_MANY = frozenset({"author", "authors", "categories"})
_ONCE = frozenset({"published"})  # counts when the entry is new, and often says «5 minutes ago»
_META = re.compile(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_NESTED = 5  # rows inside rows
_FEW = 50  # authors or categories of an entry
_HEAD = 4096  # bytes; a page declares its encoding in the first 1024, or so it should

# What pages say of themselves where the operator does not say where it stands, the surest first.
_SITE = ("meta[property='og:site_name']@content", "title")
_OWN_ADDRESS = ("link[rel='canonical']@href", "meta[property='og:url']@content")
_OWN_WORDS: Mapping[str, tuple[str, ...]] = {
    "title": ("meta[property='og:title']@content", "title"),
    "summary": ("meta[property='og:description']@content", "meta[name='description']@content"),
    "image": ("meta[property='og:image']@content",),
    "published": ("meta[property='article:published_time']@content",),
    "updated": ("meta[property='article:modified_time']@content",),
    "author": ("meta[name='author']@content",),
    "language": (":root@lang",),
}


@record(frozen=True, slots=True)
class Page:
    """A page, and what its relative addresses are relative to."""

    root: Selector
    base: str


def read(body: bytes, *, url: str, content_type: str = "") -> Page:
    """Return the page that *body* is; *url* is where it came from, *content_type* a whole header.

    Its encoding is the header's, else that of its own declaration (WHATWG HTML, §13.2.3.1).
    Raises ParseError where it is empty or JSON.
    """
    text = decode(body, _with_charset(content_type, body))
    if is_json(text) or not text.strip():
        raise ParseError(f"is {described(text)}; expected an HTML page", code="E301")
    root = css.page(text)
    base = next(css.values(root, "base@href"), "")
    return Page(root, absolute(base, url) or url)


def _with_charset(content_type: str, body: bytes) -> str:
    declared = _META.search(body, 0, _HEAD)
    if declared is None or "charset" in content_type.lower():
        return content_type
    return f"text/html; charset={declared[1].decode('ascii', 'replace')}"


def feed_of(page: Page, url: str) -> Feed:
    """Return what the list page at *url* says of itself, without entries."""
    return Feed(
        title=fragment.escape(_first(page.root, _SITE)),
        link=url,
        language=_first(page.root, _OWN_WORDS["language"]),
    )


def next_of(page: Page, selector: str) -> str:
    """Return where the link to the next page leads, "" where the page has none."""
    return absolute(next(css.addresses(page.root, selector), ""), page.base)


def rows(page: Page, items: str) -> list[Selector]:
    """Return the rows, the elements that *items* selects.

    Raises ParseError where it selects none: a page that was built anew, or a challenge in its
    place, is no empty list.
    """
    nodes = css.nodes(page.root, items) if items else []
    check_number(len(nodes))
    found = _not_too_deep(nodes)
    if not found:
        title = _first(page.root, ("title",))[:80]
        named_so = f" on the page {json.dumps(title, ensure_ascii=False)}" if title else ""
        raise ParseError(
            f'nothing matches items = "{items}"{named_so}; the page may have changed', code="E305"
        )
    return found


def _not_too_deep(rows: list[Selector]) -> list[Selector]:
    """Return *rows* without those inside many others: a small page would become a huge list."""
    roots = {row.root for row in rows}
    return [row for row in rows if sum(one in roots for one in row.root.iterancestors()) < _NESTED]


def entry(row: Selector, fields: Mapping[str, str], base: str) -> Entry:
    """Return the entry that the *row* holds; the fields of its own page stay empty.

    Its fingerprint is that of the fields' values, whatever else stands in the row. Raises
    ParseError where the row does not say which entry it is.
    """
    own = {name: path for name, path in fields.items() if not path.startswith(_DETAIL)}
    values = _values(row, own)
    lasting = sorted((name, value) for name, value in values.items() if name not in _ONCE)
    start = Entry(base=base, fingerprint=fingerprint(json.dumps(lasting)))
    found = _filled(start, values, base)
    if not (found.id or found.link or found.title):
        raise ParseError("has no id, link or title; make items or fields more exact", code="E311")
    return found


def of_page(fields: Mapping[str, str]) -> dict[str, str]:
    """Return those of *fields* that are read from the entry's own page, without their prefix."""
    return {
        name: path.removeprefix(_DETAIL)
        for name, path in fields.items()
        if path.startswith(_DETAIL)
    }


def with_page(listed: Entry, page: Page, fields: Mapping[str, str]) -> Entry:
    """Return the *listed* entry with *fields*, which stand on its own page; its guid stays.

    Raises ParseError where none of them is found: that is another page than the one meant.
    """
    values = _values(page.root, fields)
    if fields and not any(values.values()):
        names = ", ".join(fields)
        raise ParseError(
            f"nothing matches what is read there ({names}); the page may have changed", code="E305"
        )
    return replace(_filled(listed, values, page.base), id=listed.guid)


def with_own_words(found: Entry, page: Page) -> Entry:
    """Return the entry with what its *page* says of itself, in the fields that it lacks."""
    has = {name for name in _OWN_WORDS if getattr(found, name, None)}
    has |= {"author"} if found.authors else set()
    values = {
        name: _first(page.root, selectors)
        for name, selectors in _OWN_WORDS.items()
        if name not in has
    }
    texts = {
        name: fragment.escape(value) if name in named.FRAGMENTS else value
        for name, value in values.items()
    }
    return named.fill(found, texts, page.base)


def own_addresses(page: Page) -> tuple[str, ...]:
    """Return what the *page* says its address is, the surest first: rel=canonical, then og:url."""
    claims = (value for selector in _OWN_ADDRESS for value in css.values(page.root, selector))
    return tuple(filter(None, (absolute(claim, page.base) for claim in claims)))


def _first(root: Selector, selectors: tuple[str, ...]) -> str:
    found = (value for selector in selectors for value in css.values(root, selector))
    return " ".join(next(found, "").split())


# ── values ────────────────────────────────────────────────────────────────────────────────────────


def _values(within: Selector, fields: Mapping[str, str]) -> dict[str, Any]:
    """Return what the selectors find: markup for a body, a list where there may be several."""
    return {name: _value(within, name, selector) for name, selector in fields.items()}


def _value(within: Selector, name: str, selector: str) -> Any:
    if name in _BODIES:
        return css.markup(within, selector)
    if name in named.ADDRESSES:
        return next(css.addresses(within, selector), "")
    lines = _lines(css.values(within, selector))
    return list(islice(lines, _FEW)) if name in _MANY else next(lines, "")


def _lines(texts: Iterator[str]) -> Iterator[str]:
    """Yield *texts* on one line each: a page's line breaks are spaces."""
    return (" ".join(text.split()) for text in texts)


def _filled(start: Entry, values: Mapping[str, Any], base: str) -> Entry:
    bodies = {name: value for name, value in values.items() if name in _BODIES and value}
    others = {
        name: fragment.escape(value) if name in named.FRAGMENTS else value
        for name, value in values.items()
        if name not in _BODIES
    }
    filled = named.fill(start, others, base)
    # What is relative in a body is relative to the page that it stands on.
    return replace(filled, **bodies, base=base) if bodies else filled
