"""The Link header (RFC 8288): what a document says of its relations, said before it is read.

WebSub subscribers look there for hub and self first (W3C WebSub §4), readers for a page's feeds.
Taken from the document itself, the two can never differ.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

_RELATIONS = frozenset(
    ("alternate", "canonical", "current", "hub", "next-archive", "prev-archive", "self")
)
_MOST = 12  # a page may list more feeds than a header has room for
_HEAD_ENDS = re.compile(rb"<item\b|<entry\b|</head>|<body\b", re.IGNORECASE)
_HEAD_LIMIT = 20_000  # bytes
_ADDRESS = re.compile(r"[!#-;=?-~]+")  # printable ASCII but for " < and >, which end it
_TYPE = re.compile(r"[a-z]+/[a-z.+-]+")

Link = tuple[str, str, str]  # relation, address, media type or ""


def link_header(path: str, document: bytes) -> str:
    """Return the Link header for the *document* at *path*, "" where it has no such relations."""
    if path.endswith((".xml", ".html")):
        found: Iterable[Link] = _Head(document).links
    elif path.endswith("feed.json"):
        found = _of_json(document)
    else:
        return ""
    written = [_written(*link) for link in found if _is_sound(*link)]
    return ", ".join(list(dict.fromkeys(written))[:_MOST])


def _is_sound(relation: str, address: str, media_type: str) -> bool:
    return relation in _RELATIONS and bool(_ADDRESS.fullmatch(address))


def _written(relation: str, address: str, media_type: str) -> str:
    kind = f'; type="{media_type}"' if _TYPE.fullmatch(media_type) else ""
    return f'<{address}>; rel="{relation}"{kind}'


class _Head(HTMLParser):
    """The links of a page's head, or of a feed before its first entry."""

    def __init__(self, document: bytes) -> None:
        super().__init__()
        self.links: list[Link] = []
        self._in_link = False
        end = _HEAD_ENDS.search(document, 0, _HEAD_LIMIT)
        self.feed(document[: end.start() if end else _HEAD_LIMIT].decode("utf-8", "replace"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("link", "atom:link"):
            return
        said = {name: value or "" for name, value in attrs}
        self._in_link = not said
        for relation in said.get("rel", "").lower().split():
            self.links.append((relation, said.get("href", ""), said.get("type", "")))

    def handle_data(self, data: str) -> None:
        """Take the text of RSS's `<link>`: the channel's page."""
        if self._in_link:
            self.links.append(("alternate", data.strip(), "text/html"))
            self._in_link = False


def _of_json(document: bytes) -> Iterator[Link]:
    """JSON Feed 1.1 has names of its own for them."""
    try:
        feed = json.loads(document)
    except ValueError:
        return
    if not isinstance(feed, dict):
        return
    hubs = feed.get("hubs") or ()
    named = [("self", feed.get("feed_url")), *(("hub", hub.get("url")) for hub in hubs)]
    named.append(("alternate", feed.get("home_page_url")))
    for relation, address in named:
        if isinstance(address, str):
            yield relation, address, "text/html" if relation == "alternate" else ""
