"""RSS 0.9x, 1.0, 2.0 and Atom 0.3, 1.0 → Feed: what the document says of itself.

A document becomes feedparser's dictionaries, quickly where that can be vouched for (`quick.py`) and
by feedparser otherwise (`dialect.py`); entries are turned into ours in `feed_entry.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from aggregator.errors import ParseError, TruncatedError
from aggregator.model import Entry, Feed, Person
from aggregator.parse import dialect, feed_entry, media, quick
from aggregator.parse.address import absolute, is_page
from aggregator.parse.charset import decode
from aggregator.parse.document import read_xml
from aggregator.parse.found import (
    Links,
    dict_of,
    find_link,
    find_related,
    first,
    line_of,
    links_of,
    text_of,
)
from aggregator.parse.person import distinct, people

_DAY = 86400  # seconds
_PERIODS = {
    "hourly": 3600,
    "daily": _DAY,
    "weekly": 7 * _DAY,
    "monthly": 30 * _DAY,
    "yearly": 365 * _DAY,
}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")  # some write no more of them
_PICTURE = re.compile(
    r"(?>(?:<(?!img\b)[^<>]*>\s*)*<img\s[^<>]*?(?<![\w-])src\s*=)\s*[\"']?([^\"'\s<>]+)"
    r"[^<>]*+>(?:\s*<[^<>]*>)*+",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)


def parse(body: bytes, *, url: str, content_type: str = "") -> Feed:
    """Return the feed that *body* is; *url* is where it came from, for its relative addresses.

    It is "" where nobody knows. *content_type* is the whole header value, "" where there was none.
    Raises ParseError, and
    nothing else, where it is no feed (an HTML page, an empty body, JSON), and TruncatedError, which
    holds what there is, where it ends in the middle.
    """
    quickly = parse_quickly(body, url=url, content_type=content_type)
    return quickly or parse_patiently(body, url=url, content_type=content_type)


def parse_quickly(body: bytes, *, url: str, content_type: str = "") -> Feed | None:
    """Return what `parse` would, in a time that grows as the size does.

    None where that takes feedparser, or is no feed.
    """
    try:
        found = quick.read(read_xml(decode(body, content_type)), _page(url))
    except ParseError:
        return None
    return _feed(found, url) if found else None


def parse_patiently(body: bytes, *, url: str, content_type: str = "") -> Feed:
    """Return what `parse` would, as feedparser reads it: for what cannot be read quickly."""
    document = read_xml(decode(body, content_type))
    found = dialect.read(document, _page(url))
    feed = _feed(found, url)
    if found.truncated:
        raise TruncatedError(
            f"ends in the middle: </{document.root}> is missing; nothing of it is taken in", feed
        )
    return feed


def _page(url: str) -> str:
    return url if is_page(url) else ""


def _feed(read: Any, url: str) -> Feed:
    about = read.feeddata
    links = links_of(about)
    base = find_base(links, url)
    next_page = find_related(links, "next", base) or find_related(links, "prev-archive", base)
    entries = tuple(feed_entry.read(item, read.version, base) for item in read.entries)
    return Feed(
        title=line_of(about, "title", "dc_title", "itunes_title", "media_title"),
        link=find_link(links, base),
        description=find_description(about),
        id=text_of(about, "id"),
        language=find_language(about, read.version),
        updated=find_updated(about),
        image=find_image(about, base),
        authors=feed_entry.find_authors(about, base) or find_owners(about),
        contacts=people(text_of(about, "publisher")),
        rights=feed_entry.find_rights(about, links),
        self_link=find_related(links, "self", base),
        hub=find_related(links, "hub", base),
        next_page=next_page,
        min_interval=find_min_interval(about),
        skip_hours=find_skip_hours(about),
        skip_days=find_skip_days(about),
        entries=entries,
        deleted=find_deleted(about, entries),
        complete="fh_complete" in about and not next_page,
    )


def find_deleted(about: Any, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the ids that the document declares deleted (RFC 6721), each once.

    One whose entry stands in the same document has come back.
    """
    present = {entry.id for entry in entries} | {""}
    refs = (ref.strip() for ref in about.get(":deleted", ()))
    return tuple(dict.fromkeys(ref for ref in refs if ref not in present))


def find_base(links: Links, url: str) -> str:
    """Return what relative addresses are relative to where no xml:base says it.

    That is the document's own address (RFC 3986 §5.1.3), unless it is a file's or of another origin
    than the site's: what a hosting service hands on was written for the site. Where nobody knows
    the address, only its own link to itself tells.
    """
    site = find_link(links, url if is_page(url) else "")
    if url and is_page(site) and _origin(site) != _origin(url):
        return site
    own = url if is_page(url) else find_related(links, "self", "")
    return own if is_page(own) else ""


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


def find_description(about: Any) -> str:
    """Return what the feed is about, in its own words or those of its extensions."""
    return line_of(
        about, "subtitle", "dc_description", "summary", "itunes_summary", "itunes_subtitle", "info"
    )


def find_language(about: Any, version: str) -> str:
    """Return the feed's language; RSS's own element takes its codes from a list in small letters.

    <https://www.rssboard.org/rss-language-codes>
    """
    own = text_of(about, "language")
    own = own.lower() if version.startswith("rss") else own
    return own or text_of(about, "dc_language") or text_of(about, ":language")


def find_updated(about: Any) -> str:
    """Return when the feed changed: RSS says it in lastBuildDate, a Dublin Core date or pubDate."""
    return text_of(about, "updated") or text_of(about, ":dc_date") or text_of(about, "published")


def find_owners(about: Any) -> tuple[Person, ...]:
    """Return whom a podcast belongs to, which is its author where it names none."""
    return distinct(
        Person(text_of(owner, "name"), text_of(owner, "email"))
        for owner in [dict_of(about, ":owner")]
    )


def find_image(about: Any, base: str) -> str:
    """Return the feed's picture: Atom's logo before its small icon, RSS's image, the cover.

    Some have one of Media RSS, or a picture for a description.
    """
    candidates = (
        text_of(about, "logo"),
        text_of(dict_of(about, "image"), "href"),
        text_of(about, ":itunes_image"),
        *media.pictures(about),
        text_of(about, "icon"),
        _picture_alone(text_of(about, "subtitle")),
    )
    return first(absolute(candidate, base) for candidate in candidates)


def _picture_alone(text: str) -> str:
    """Return the address of the picture that *text* is, "" where it says anything besides."""
    picture = _PICTURE.fullmatch(text)
    return unescape(picture[1]) if picture else ""


def find_min_interval(about: Any) -> int | None:
    """Return how long to wait between two fetches, in seconds.

    RSS's ttl says it in minutes, the syndication module as a period divided by a frequency (daily
    where it does not say which); where both do, the longer one counts.
    """
    ttl = _number(text_of(about, "ttl"))
    often = text_of(about, "sy_updatefrequency")
    named = text_of(about, "sy_updateperiod").lower() or ("daily" if _number(often) else "")
    period = _PERIODS.get(named, 0) / (_number(often) or 1)
    return int(max(ttl * 60, period)) or None


def find_skip_hours(about: Any) -> frozenset[int]:
    """Return the hours at which not to ask, 0–23 in GMT.

    RSS 2.0 counts them from 0, RSS 0.91 up to 24, which is midnight.
    """
    hours = (text for text in about.get(":hours", ()) if text.isascii() and text.isdecimal())
    return frozenset(int(hour[:9]) % 24 for hour in hours if int(hour[:9]) <= 24)


def find_skip_days(about: Any) -> frozenset[int]:
    """Return the days of the week on which not to ask, in GMT; Monday is 0."""
    names = {text.strip().lower()[:3] for text in about.get(":days", ())}
    return frozenset(number for number, name in enumerate(_DAYS) if name in names)


def _number(text: str) -> float:
    """Return the number that *text* begins with, 0 where there is none: «60», «60.0», «60 min»."""
    found = _NUMBER.match(text)
    return float(found[0]) if found else 0.0
