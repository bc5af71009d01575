"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) → Feed.

Any value may be missing or of another type than the specification says; it then counts as absent.
An item that is no object is a bad entry and costs the others nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from aggregator.errors import ParseError
from aggregator.model import BadEntry, Enclosure, Entry, Feed, Person, Term
from aggregator.parse import fragment
from aggregator.parse.address import absolute, is_page
from aggregator.parse.charset import decode
from aggregator.parse.document import check_number, read_json
from aggregator.parse.person import distinct, person

_VERSION = "://jsonfeed.org/version/"
_BARE_VERSIONS = ("1", "1.0", "1.1")  # what some write in place of its address
_NUMBER = re.compile(r"\d{1,15}(?:\.\d{1,9})?", re.ASCII)


def parse(body: bytes, *, url: str) -> Feed:
    """Return the feed that *body* is; *url* is where it came from, for its relative addresses.

    Raises ParseError where it is no JSON or JSON of another kind.
    """
    document = read_json(decode(body))
    if not _is_feed(document):
        raise ParseError(
            'is JSON but no JSON Feed; set kind = "json" and name its items and fields', code="E301"
        )
    base = url if is_page(url) else _text(document, "feed_url") or _text(document, "home_page_url")
    entries, bad = _entries(document, base)
    return Feed(
        title=fragment.escape(_text(document, "title")),
        link=absolute(_text(document, "home_page_url"), base),
        description=fragment.paragraphs(_text(document, "description")),
        language=_text(document, "language"),
        image=absolute(_text(document, "icon") or _text(document, "favicon"), base),
        authors=find_authors(document, base),
        self_link=absolute(_text(document, "feed_url"), base),
        hub=next((absolute(_text(hub, "url"), base) for hub in _objects(document, "hubs")), ""),
        next_page=absolute(_text(document, "next_url"), base),
        entries=tuple(entries),
        bad=tuple(bad),
    )


def _is_feed(document: Any) -> bool:
    if not isinstance(document, dict):
        return False
    version = _text(document, "version").replace("www.", "")
    if _VERSION in version:
        return True
    named = version in _BARE_VERSIONS or bool(_text(document, "title"))
    return named and isinstance(document.get("items"), list)


def _entries(document: Any, base: str) -> tuple[list[Entry], list[BadEntry]]:
    entries, bad = [], []
    found = document.get("items")
    items = found if isinstance(found, list) else []
    check_number(len(items))
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            entries.append(read_item(item, base))
        else:
            bad.append(BadEntry(f"number {number}", f"is {_kind(item)}; expected an object"))
    return entries, bad


def read_item(item: dict[str, Any], base: str) -> Entry:
    """Return the entry that *item* holds; *base* is what its relative addresses are relative to.

    `url` is the item's own page; `external_url` is the page it talks about, and its link only where
    it has no other.
    """
    url = absolute(_text(item, "url"), base)
    external = absolute(_text(item, "external_url"), base)
    html, text = _text(item, "content_html"), _text(item, "content_text")
    return Entry(
        id=_text(item, "id"),
        title=fragment.escape(_text(item, "title")),
        link=url or external,
        permalink=_text(item, "id") if is_page(_text(item, "id")) else "",
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
        authors=find_authors(item, base),
        summary=fragment.paragraphs(_text(item, "summary") or (text if html else "")),
        content=html or fragment.paragraphs(text),
        terms=tuple(dict.fromkeys(Term(label) for label in _texts(item, "tags"))),
        enclosures=find_enclosures(item, base),
        image=absolute(_text(item, "image") or _text(item, "banner_image"), base),
        language=_text(item, "language"),
        base=base,
        fields={"external_url": external} if external else {},
    )


def find_authors(found: dict[str, Any], base: str) -> tuple[Person, ...]:
    """Return the authors: 1.1's `authors` as listed, then 1.0's `author` where it is another one.

    Some write a plain name or one object where the list should be.
    """
    many = found.get("authors")
    listed = [_author(author, base) for author in (many if isinstance(many, list) else [many])]
    known = tuple(one for one in listed if one)
    every = distinct((*known, _author(found.get("author"), base)))
    return known + every[len(distinct(known)) :]


def _author(author: Any, base: str) -> Person | None:
    if isinstance(author, str):
        return person(author)
    if not isinstance(author, dict):
        return None
    address = _text(author, "url")
    named = person(_text(author, "name")) or Person()
    if address.lower().startswith("mailto:"):
        return Person(named.name, email=address[7:])
    found = Person(named.name, named.email, absolute(address, base))
    return found if found != Person() else None


def find_enclosures(item: dict[str, Any], base: str) -> tuple[Enclosure, ...]:
    """Return the attachments that have an address, each address once."""
    files = (
        Enclosure(
            url=absolute(_text(file, "url"), base),
            type=_text(file, "mime_type"),
            length=_count(file.get("size_in_bytes")),
            title=_text(file, "title"),
            duration=_count(file.get("duration_in_seconds")),
        )
        for file in _objects(item, "attachments")
    )
    return tuple({file.url: file for file in files if file.url}.values())


# ── looking into JSON ─────────────────────────────────────────────────────────────────────────────


def _text(found: dict[str, Any], key: str) -> str:
    """Return the text at *key*; ids are numbers in many feeds, and a number is a text here."""
    value = found.get(key)
    if isinstance(value, bool):
        return ""
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _texts(found: dict[str, Any], key: str) -> Iterator[str]:
    value = found.get(key)
    texts = value if isinstance(value, list) else [value]
    return (text.strip() for text in texts if isinstance(text, str) and text.strip())


def _objects(found: dict[str, Any], key: str) -> Iterator[dict[str, Any]]:
    value = found.get(key)
    return (item for item in (value if isinstance(value, list) else ()) if isinstance(item, dict))


def _count(value: Any) -> int | None:
    """Return a positive number, written as a text or not, as a whole one, None for what is none."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return int(value) if value >= 1 else None


def _kind(value: Any) -> str:
    names = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
