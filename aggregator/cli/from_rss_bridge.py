"""import rss-bridge: addresses of its bridges for any page become sources of kind html.

CssSelectorBridge, CssSelectorComplexBridge and XPathBridge say in their query what to select; the
page is then asked by us. Any other bridge is a feed, which it stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from aggregator.cli.composition import Invocation
from aggregator.cli.foreign_rules import Translated
from aggregator.cli.from_opml import bad_of
from aggregator.cli.moving_in import Arrival, Load, Remark, Wish, bring_in, bytes_of
from aggregator.cli.speech import say
from aggregator.cli.xpath import to_css
from aggregator.errors import ParseError
from aggregator.parse import opml
from aggregator.parse.charset import decode

_LINK = ":scope[href], a"  # the row where it is a link itself, else the first link in it
_XPATH_FIELDS = {
    "title": "title",
    "content": "content",
    "link": "uri",
    "author": "author",
    "published": "timestamp",
    "image": "enclosures",
    "categories": "categories",
}

Query = Mapping[str, str]


def import_rss_bridge(invocation: Invocation, place: str, wish: Wish) -> int:
    """Add what a bridge's address, or a file of such, says to the configuration."""
    return bring_in(invocation, wish, lambda _: load_of(_listed(place)))


def _listed(place: str) -> bytes:
    return place.encode() if "://" in place else bytes_of(Path(place))


def load_of(body: bytes) -> Load:
    """Return what addresses bring, one on each line, or those of an OPML file."""
    if body.lstrip().startswith(b"<"):
        listed = opml.read(body)
        feeds = [
            Arrival(feed.line, feed.url, feed.title, feed.page, feed.folders)
            for feed in listed.feeds
        ]
        bad = bad_of(listed)
    else:
        lines = enumerate(decode(body).splitlines(), 1)
        feeds = [Arrival(n, line.strip()) for n, line in lines if "://" in line]
        bad = []
    if not feeds and not bad:
        raise ParseError(
            "has no address of a bridge; each stands on a line, or in OPML", code="E320"
        )
    read = [_read(feed) for feed in feeds]
    bad += [one for one in read if isinstance(one, Remark)]
    return Load([one for one in read if isinstance(one, Arrival)], bad)


def _read(feed: Arrival) -> Arrival | Remark:
    """Return the page that a bridge reads, as it is read here, or why it cannot be."""
    query = dict(parse_qsl(urlsplit(feed.url).query))
    bridge = query.get("bridge", "").removesuffix("Bridge")
    if bridge not in _BRIDGES:
        return feed
    found = Translated({"kind": "html", "items": "", "fields": {}})
    _BRIDGES[bridge](found, query)
    url = query.get("home_page") or query.get("url", "")
    if not (url and found.keys["items"]):
        reason = "; ".join(found.lost) or say("it names no page, or nothing to select on it")
        words = say("cannot be read here: {reason}", reason=reason)
        return Remark(feed.line, feed.title or bridge, words)
    return Arrival(
        feed.line, url, feed.title, url, feed.folders, found.all_keys(), tuple(found.lost)
    )


def _simple(found: Translated, query: Query) -> None:
    """CssSelectorBridge: a selector of links, or of what holds one."""
    found.keys["items"] = query.get("url_selector", "")
    fields = found.keys["fields"] = {"title": _LINK, "link": _LINK}
    if selector := query.get("content_selector", ""):
        found.keys["detail"] = "{+link}"
        fields["content"] = f"detail.{selector}"
    else:
        fields["summary"] = ":scope"
    _links(found, query)
    _cleaned_titles(found, query)


def _complex(found: Translated, query: Query) -> None:
    """CssSelectorComplexBridge: an entry's fields stand in its row, or in a part of its page."""
    found.keys["items"] = query.get("entry_element_selector", "")
    part = query.get("article_page_content_selector", "")
    inside = f"detail.{part}" if query.get("use_article_pages") and part else ""
    fields = found.keys["fields"] = {"link": query.get("url_selector") or _LINK}
    for name, theirs, usual in (
        ("title", "title_selector", "h1"),
        ("author", "author_selector", ""),
        ("categories", "category_selector", ""),
        ("published", "time_selector", ""),
    ):
        if selector := query.get(theirs) or usual:
            attribute = "@datetime" if name == "published" and _is_time(selector) else ""
            fields[name] = _within(inside, selector) + attribute
    fields["content"] = inside or ":scope"
    if inside:
        found.keys["detail"] = "{+link}"
    if query.get("cookie"):
        words = 'it is a secret; write headers = {{ Cookie = "env:NAME" }}'
        found.lose(say("its cookie"), say(words))
    if query.get("time_format"):
        found.lose(
            f"time_format {query['time_format']!r}", say("dates are read as they are written")
        )
    _links(found, query)


def _xpath(found: Translated, query: Query) -> None:
    """XPathBridge: expressions for the rows, and for each field in them."""
    for name, theirs in {"items": "item", **_XPATH_FIELDS}.items():
        expression = query.get(theirs, "")
        css = to_css(expression) if expression else ""
        if expression and not css:
            found.lose(f"{theirs} {expression!r}", say("CSS has no such selector"))
        elif name == "items":
            found.keys["items"] = css
        elif css:
            found.keys["fields"][name] = css


_BRIDGES: Mapping[str, Callable[[Translated, Query], None]] = {
    "CssSelector": _simple,
    "CssSelectorComplex": _complex,
    "XPath": _xpath,
}


def _links(found: Translated, query: Query) -> None:
    """Take only addresses that are wanted, and say what cannot be cleaned here."""
    if wanted := query.get("url_pattern", ""):
        found.rule("url_pattern", {"field": "link", "match": wanted, "keep": True})
    if unwanted := query.get("content_cleanup", ""):
        found.lose(f"content_cleanup {unwanted!r}", say("rules replace text, not elements"))


def _cleaned_titles(found: Translated, query: Query) -> None:
    if unwanted := query.get("title_cleanup", ""):
        match = re.escape(unwanted)
        found.rule("title_cleanup", {"field": "title", "match": match, "replace": ""})


def _within(inside: str, selector: str) -> str:
    """Return each alternative of *selector* below each of *inside*."""
    if not inside:
        return selector
    outer = [one.strip() for one in inside.removeprefix("detail.").split(",")]
    inner = [one.strip() for one in selector.split(",")]
    return "detail." + ", ".join(f"{one} {other}" for one in outer for other in inner)


def _is_time(selector: str) -> bool:
    """Say whether elements `time` are selected, whose date is an attribute."""
    return re.search(r"(?:^|[\s>+~])time[^\s>+~]*$", selector) is not None
