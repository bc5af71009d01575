"""OPML (http://opml.org/spec2.opml) → the feeds that it lists, with the folders they stand in.

Broken ampersands and names of HTML are set right as in feeds. Nothing in the document can make it
larger than it is: what its head declares is left out before it is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field

from lxml import etree

from aggregator.errors import ParseError
from aggregator.parse.address import is_page
from aggregator.parse.charset import decode
from aggregator.parse.document import described
from aggregator.parse.repair import doctype, legal, repaired
from aggregator.record import record

MAX_SIZE = 10_000_000  # bytes
MAX_FEEDS = 10_000
_MAX_ATTRIBUTES = 1000  # libxml2's time grows with their square: 300,000 take nine minutes

_ROOT = re.compile(r"<opml(?=[\s/>])", re.IGNORECASE)
_COMMON = frozenset({"text", "title", "description", "xmlurl", "htmlurl", "category"})
_READERS_OWN = re.compile(r"(?:feed|pcast|itpc):(?://)?(?=(https?://)?)", re.IGNORECASE)
_TOO_DEEP = "nests folders too deep to be a list of feeds; it is refused"


@record(frozen=True, slots=True)
class Subscription:
    """A feed of the list; `folders` are those it stands in, the outermost first.

    `own` is whatever else its reader says of it, by lower-case name without its namespace, as it
    stands there: `xpathitem` for `frss:xPathItem`.
    """

    line: int
    url: str
    title: str = ""
    page: str = ""  # the site's address
    folders: tuple[str, ...] = ()
    own: Mapping[str, str] = field(default_factory=dict)


@record(frozen=True, slots=True)
class BadOutline:
    """An outline that should have been a feed and is none."""

    line: int
    title: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: outline {self.title!r} {self.reason}"


@record(frozen=True, slots=True)
class Subscriptions:
    """What one document lists, in its order."""

    feeds: tuple[Subscription, ...] = ()
    bad: tuple[BadOutline, ...] = ()


def read(body: bytes) -> Subscriptions:
    """Return the feeds that *body* lists.

    Raises ParseError where it is no OPML, broken beyond the usual faults, larger or deeper than any
    list of feeds, or lists none.
    """
    if len(body) > MAX_SIZE:
        raise ParseError(
            f"is larger than {MAX_SIZE // 1_000_000} MB; a list of feeds is not", code="E320"
        )
    feeds: list[Subscription] = []
    bad: list[BadOutline] = []
    for element, line, folders in _outlines(decode(body)):
        found = _read(element, line, folders)
        if isinstance(found, Subscription):
            feeds.append(found)
        elif found is not None:
            bad.append(found)
    if len(feeds) > MAX_FEEDS:
        raise ParseError(f"lists more than {MAX_FEEDS} feeds; split it into several", code="E320")
    if not feeds and not bad:
        raise ParseError("lists no feed; export it anew from your reader", code="E320")
    return Subscriptions(tuple(feeds), tuple(bad))


# ── the document ──────────────────────────────────────────────────────────────────────────────────


def _outlines(text: str) -> Iterator[tuple[etree._Element, int, tuple[str, ...]]]:
    """Yield each outline, its line and its folders."""
    root, above = _root(text)
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = [(root, ())]
    while waiting:
        element, folders = waiting.pop()
        if not isinstance(element.tag, str):  # a comment
            continue
        if etree.QName(element).localname.lower() == "outline":
            yield element, above + (element.sourceline or 0), folders
            outline = _attributes(element)
            name = "" if "xmlurl" in outline else _title(outline)
            folders = (*folders, name) if name else folders
        waiting += ((child, folders) for child in reversed(element))


def _root(text: str) -> tuple[etree._Element, int]:
    """Return the document's root, and how many lines of *text* stand above it."""
    found = _ROOT.search(text)
    if found is None:
        raise ParseError(f"is {described(text)}; expected OPML, as readers export it", code="E320")
    if "<!ENTITY" in text[: found.start()]:
        raise ParseError(
            "declares entities, which no list of feeds needs; it is refused", code="E320"
        )
    own = legal(text[found.start() :])
    try:
        root = _parsed(own)
    except etree.XMLSyntaxError:
        root = _repaired(own, text.count("\n", 0, found.start()))
    return root, text.count("\n", 0, found.start())


def _repaired(text: str, above: int) -> etree._Element:
    try:
        return _parsed(repaired(text, {}))
    except etree.XMLSyntaxError as error:
        if "depth" in error.msg:
            raise ParseError(_TOO_DEEP, code="E320") from None
        where = f"line {above + (error.lineno or 1)}"
        what = " ".join(error.msg.partition(",")[0].lower().split())  # it may quote the document
        raise ParseError(f"is broken at {where}: {what}; export it anew", code="E320") from None


def _parsed(text: str) -> etree._Element:
    if any(tag.count("=") > _MAX_ATTRIBUTES for tag in text.split("<")):
        raise ParseError(
            f"has a tag of more than {_MAX_ATTRIBUTES} attributes; it is refused", code="E320"
        )
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities="internal", no_network=True, huge_tree=False
    )
    return etree.fromstring((doctype({}) + text).encode("utf-8", "replace"), parser)


# ── an outline ────────────────────────────────────────────────────────────────────────────────────


def _attributes(element: etree._Element) -> dict[str, str]:
    """Return an outline's attributes by lower-case name, each on one line."""
    return {name.lower(): " ".join(text.split()) for name, text in element.items()}


def _own(element: etree._Element) -> dict[str, str]:
    named = {etree.QName(name).localname.lower(): text for name, text in element.items()}
    return {name: text for name, text in named.items() if name not in _COMMON}


def _read(
    element: etree._Element, line: int, folders: tuple[str, ...]
) -> Subscription | BadOutline | None:
    """Return the feed that an outline is, what is wrong with it, or None where it is a folder."""
    outline = _attributes(element)
    title, address = _title(outline), _READERS_OWN.sub(_as_web, outline.get("xmlurl", ""), count=1)
    if is_page(address):
        page = outline.get("htmlurl", "")
        page = page if is_page(page) else ""
        folders = folders or _category(outline)
        return Subscription(line, address, title, page, folders, _own(element))
    if "xmlurl" in outline:
        return BadOutline(line, title, "has no http or https address as its xmlUrl")
    if outline.keys() & {"type", "url", "htmlurl"}:
        return BadOutline(line, title, "has no xmlUrl, the address of a feed")
    return None


def _as_web(scheme: re.Match[str]) -> str:
    """Return what `feed://host/` and `feed:https://host/` mean."""
    return "" if scheme[1] else "http://"


def _title(outline: dict[str, str]) -> str:
    return outline.get("title") or outline.get("text", "")


def _category(outline: dict[str, str]) -> tuple[str, ...]:
    """Return the first of the outline's own categories, `/News/World,/Daily`, as folders."""
    first = outline.get("category", "").split(",")[0]
    return tuple(filter(None, (name.strip() for name in first.split("/"))))
