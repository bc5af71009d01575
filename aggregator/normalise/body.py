"""What an article says: title, summary and content."""

from __future__ import annotations

import re
from html import unescape

from aggregator.errors import EntryError
from aggregator.excerpt import excerpt, shorten
from aggregator.model import Entry
from aggregator.normalise import text
from aggregator.normalise.links import absolute
from aggregator.normalise.markup import clean, plain, says
from aggregator.normalise.place import Place
from aggregator.normalise.public import public_address
from aggregator.record import record

LONGEST_TITLE = 500  # characters
LONGEST_SUMMARY = 1000
_LONGEST_STAND_IN = 100  # of a title

_ALTERNATIVE_TEXT = re.compile(r'<img[^<>]* alt="([^"]+)"')
_PICTURE = re.compile(r'<(?:img|video|audio|source)\b[^<>]* src="[^"]*?([^"/?#]+)/?(?:[?#][^"]*)?"')


@record(frozen=True, slots=True)
class Body:
    """Plain `title` and `summary`, sanitised `content`."""

    title: str
    summary: str
    content: str


def body(entry: Entry, place: Place, link: str) -> Body:
    """Return what the article of *entry* says; *link* names one that says nothing.

    The summary is "" where it would repeat the content. Raises EntryError where there is no title
    though the source is configured to have one, or nothing at all to make one of.
    """
    base = base_of(entry, place)
    page = absolute(entry.link or entry.permalink, base).partition("#")[0]
    content = clean(entry.content, base, page) if entry.content else ""
    summary = plain(entry.summary) if content else ""
    content = content or clean(entry.summary, base, page)
    title = _title(entry, place) or _stand_in(entry, summary, content, link)
    if summary and says(content, summary):
        summary = ""
    return Body(title, text.level(excerpt(summary, LONGEST_SUMMARY)), content)


def base_of(entry: Entry, place: Place) -> str:
    """Return what relative addresses of *entry* are relative to; never one with a secret in it."""
    base = entry.base or absolute(entry.link) or place.feed.link
    return base if public_address(base) else absolute(base.partition("?")[0])


def _title(entry: Entry, place: Place) -> str:
    title = text.level(shorten(plain(entry.title), LONGEST_TITLE))
    if not title and "title" in place.source.fields:
        raise EntryError("has an empty title", code="E311")
    return title


def _stand_in(entry: Entry, summary: str, content: str, link: str) -> str:
    """Return what names an entry without a title: its words, image, file, link, image's file."""
    files = (plain(file.title) or file.url for file in entry.enclosures)
    alternative, picture = _found(_ALTERNATIVE_TEXT, content), _found(_PICTURE, content)
    for words in (summary, plain(content), alternative, *files, link, picture):
        if words:
            return text.level(excerpt(words, _LONGEST_STAND_IN))
    raise EntryError("has no title and no text, nor a link to name it by", code="E311")


def _found(pattern: re.Pattern[str], content: str) -> str:
    found = pattern.search(content)
    return text.one_line(unescape(found[1])) if found else ""
