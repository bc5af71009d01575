"""What a page, or a robots.txt, says of where feeds are: bytes → addresses, the likeliest first.

<link rel="alternate" type="application/rss+xml" href="…">      what pages name their feeds by
<script type="application/ld+json">{"webFeed": "…"}             schema.org's way
<a href="/rss.xml">RSS</a>                                      what people click on
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from parsel import Selector

from aggregator.licence import licence
from aggregator.parse import html_page
from aggregator.parse.address import absolute, is_page
from aggregator.parse.charset import decode
from aggregator.parse.document import is_json
from aggregator.record import record

_LARGEST = 2_000_000  # bytes of a page that are looked at
_MOST = 2000  # elements of a sort that are looked at

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
# Written by some for the same; WordPress means its programming interface by the last one.
_PERHAPS = ("application/rdf+xml", "application/xml", "text/xml", "application/json")
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|title|link|meta|a|div|p)\b", re.IGNORECASE)
_COMMENTS = re.compile(
    r"comment|kommentar|comentario|commenti|reacties|комментари|评论|評論|留言|コメント|댓글",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(r"(?:^|[/._=-])(?:rss2?|atom|rdf|feeds?)(?:[/._&-]|$)", re.IGNORECASE)
_IN_TEXT = re.compile(r"\b(?:RSS|Atom|JSON Feed)\b|\bfeed\b|订阅|訂閱|フィード", re.IGNORECASE)
_SITEMAP = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


@record(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed: its name, and where it was found, in words."""

    url: str
    title: str
    how: str


@record(frozen=True, slots=True)
class Leads:
    """What a page says of its feeds, and what holds for all that its site publishes."""

    candidates: tuple[Candidate, ...] = ()
    title: str = ""
    language: str = ""
    licence: str = ""


def is_html(body: bytes, content_type: str) -> bool:
    """Say whether a document that is no feed is a page, and not data of some kind."""
    start = decode(body[:20_000], content_type)
    return not is_json(start) and bool("html" in content_type or _PAGE.search(start))


def leads(body: bytes, *, url: str, content_type: str = "") -> Leads:
    """Return what the page *body*, which came from *url*, says of feeds.

    A feed of comments comes last, one that lies below the page itself first.
    """
    page = html_page.read(body[:_LARGEST], url=url, content_type=content_type)
    found = [*_alternates(page), *_json_ld(page), *_anchors(page)]
    found = [one for one in found if is_page(one.url) and one.url != url]
    ranked = sorted(found, key=lambda one: _rank(one, url))
    return Leads(
        candidates=tuple({one.url: one for one in reversed(ranked)}.values())[::-1],
        title=_line(page.root.xpath("string(//title)").get("")),
        language=page.root.xpath("string(/html/@lang)").get("").strip(),
        licence=_licence(page.root),
    )


def sitemaps(robots: bytes, url: str) -> list[str]:
    """Return the sitemaps that a robots.txt at *url* names; those of news come first."""
    named = (absolute(found[1], url) for found in _SITEMAP.finditer(decode(robots)))
    web = dict.fromkeys(address for address in named if is_page(address))
    return sorted(web, key=lambda address: "news" not in address.lower())


def _rank(one: Candidate, url: str) -> tuple[bool, int, bool]:
    """Order as found, but for comments, and for what belongs to this page of a larger site."""
    page = url.partition("?")[0].rstrip("/") + "/"
    below = urlsplit(page).path != "/" and one.url.startswith(page)
    comments = bool(_COMMENTS.search(f"{one.title} {urlsplit(one.url).path}"))
    return comments, _HOW.index(one.how), not below


# ── where they stand ──────────────────────────────────────────────────────────────────────────────

_LINK, _LINK_PERHAPS = 'the page\'s <link rel="alternate">', 'a <link rel="alternate"> of the page'
_LD, _ANCHOR = "the page's JSON-LD", "a link on the page"
_HOW = (_LINK, _LD, _LINK_PERHAPS, _ANCHOR)


def _alternates(page: html_page.Page) -> Iterator[Candidate]:
    for link in islice(page.root.xpath("//link[@href]"), _MOST):
        relations = _attribute(link, "rel").lower().split()
        kind = _attribute(link, "type").partition(";")[0].strip().lower()
        # `feed` was once proposed for it, and needs no type.
        sure = ("alternate" in relations and kind in _FEED_TYPES) or "feed" in relations
        if sure or ("alternate" in relations and kind in _PERHAPS):
            address = absolute(_attribute(link, "href"), page.base)
            how = _LINK if sure else _LINK_PERHAPS
            yield Candidate(address, _line(_attribute(link, "title")), how)


def _json_ld(page: html_page.Page) -> Iterator[Candidate]:
    scripts = page.root.xpath("//script[@type='application/ld+json']/text()")
    for script in islice(scripts, 50):
        for node in islice(_nodes(script.get()), _MOST):
            for address in _feeds_of(node):
                yield Candidate(absolute(address, page.base), _text(node.get("name")), _LD)


def _nodes(script: str) -> Iterator[dict[str, Any]]:
    """Yield every object in a JSON document, whatever it stands in."""
    try:
        waiting = [json.loads(script)]
    except (ValueError, RecursionError):
        return
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _feeds_of(node: dict[str, Any]) -> Iterator[str]:
    """Yield the feeds that an object names: `webFeed`, or a file of a feed's type (schema.org)."""
    named = node.get("webFeed")
    for feed in named if isinstance(named, list) else [named]:
        yield _text(feed.get("url") if isinstance(feed, dict) else feed)
    if _text(node.get("encodingFormat")).lower() in _FEED_TYPES:
        yield _text(node.get("contentUrl")) or _text(node.get("url"))


def _anchors(page: html_page.Page) -> Iterator[Candidate]:
    for link in islice(page.root.xpath("//a[@href]"), _MOST):
        href = _attribute(link, "href")
        title = _line(link.xpath("string(.)").get("")) or _line(_attribute(link, "title"))
        typed = _attribute(link, "type").lower() in _FEED_TYPES
        address = absolute(href, page.base)
        own = urlsplit(address).hostname == urlsplit(page.base).hostname
        if typed or (_IN_ADDRESS.search(href) and (own or _IN_TEXT.search(title))):
            yield Candidate(address, title, _ANCHOR)


def _attribute(element: Selector, name: str) -> str:
    """Return an attribute by its name: all of them cannot be had where one's name is no name."""
    return str(element.root.get(name, ""))


def _licence(root: Selector) -> str:
    """Return the licence that the page states by a link to it: `rel=license`, or to a deed."""
    stated = root.xpath(
        "//*[self::a or self::link][contains(concat(' ', @rel, ' '), ' license ')]/@href"
        " | //a[contains(@href, 'creativecommons.org/')]/@href"
    )
    return next(filter(None, (licence(address.get()) for address in islice(stated, 50))), "")


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _line(text: str) -> str:
    return " ".join(text.split())[:200]
