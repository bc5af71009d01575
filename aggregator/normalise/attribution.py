"""To whom an article is credited: its publisher, its authors, its feed, its licence.

Nothing is invented, and no address is shown that readers are not meant to have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from aggregator import template
from aggregator.excerpt import shorten
from aggregator.model import Attribution, Entry, Feed, Person
from aggregator.normalise import text
from aggregator.normalise.identity import is_iri
from aggregator.normalise.markup import plain
from aggregator.normalise.place import Place
from aggregator.normalise.public import public_address

_LONGEST_NAME = 200

_EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+")


def of(entry: Entry, place: Place, fields: Mapping[str, str]) -> Attribution:
    """Return the credit of the article of *entry*; *fields* fill the source's publisher template.

    The name comes from the entry (its row, its body), else from the feed it was first published in,
    else from the configuration, else from the feed it came with.
    """
    return Attribution(
        publisher=_publisher(entry, place, fields),
        publisher_url=_publisher_url(entry, place),
        feed_url=_feed_url(entry, place),
        feed_id=_feed_id(entry.origin.id if entry.origin else place.feed.id),
        rights=_rights(entry, place),
    )


def _publisher(entry: Entry, place: Place, fields: Mapping[str, str]) -> str:
    name = _name(entry.publisher) or _name(entry.origin.title if entry.origin else "")
    if not name and place.source.publisher:
        name = _name(template.fill_text(place.source.publisher, fields))
    return name or _name(place.feed.title) or _name(place.source.title) or place.source.id


@lru_cache(maxsize=4096)
def _name(fragment: str) -> str:
    return shorten(text.level(plain(fragment)), _LONGEST_NAME)


def name_of(feed: Feed) -> tuple[str, str]:
    """Return what a source calls itself, as plain text, and the address of its site; each or ""."""
    return _name(feed.title), public_address(feed.link)


def _publisher_url(entry: Entry, place: Place) -> str:
    """Return the publisher's site; the feed's is not known to be the one a row names."""
    if entry.origin is not None:
        return public_address(entry.origin.link)
    if place.source.publisher_url:
        return public_address(place.source.publisher_url)
    return "" if entry.publisher else public_address(place.feed.link)


def _feed_url(entry: Entry, place: Place) -> str:
    if entry.origin is not None:
        return public_address(entry.origin.feed_url)
    source = place.source
    # A list page or an API is no feed that a reader could subscribe to.
    return public_address(source.public_url or (source.url if source.kind == "feed" else ""))


@lru_cache(maxsize=256)
def _feed_id(claimed: str) -> str:
    if claimed.lower().startswith("http") and not public_address(claimed):
        return ""  # often the feed's own address, with whatever that holds
    return claimed if is_iri(claimed) else ""


def _rights(entry: Entry, place: Place) -> str:
    origin = entry.origin.rights if entry.origin else place.feed.rights
    return _line(entry.rights or place.source.licence or origin)


@lru_cache(maxsize=64)
def _line(fragment: str) -> str:
    return text.level(plain(fragment))


# ── authors ───────────────────────────────────────────────────────────────────────────────────────


def authors(entry: Entry, place: Place) -> tuple[Person, ...]:
    """Return the authors of *entry*, else the feed's, unless the entry comes from another feed."""
    named = distinct(entry.authors)
    return named if named or entry.origin else distinct(place.feed.authors)


def distinct(persons: Iterable[Person]) -> tuple[Person, ...]:
    """Return *persons* as plain text, each once; what one naming lacks, another gives."""
    found: dict[str, Person] = {}
    for person in map(_person, persons):
        key = (person.name or person.email or person.uri).casefold()
        known = found.get(key, person)
        found[key] = Person(known.name, known.email or person.email, known.uri or person.uri)
    found.pop("", None)
    return tuple(found.values())


def spoken(name: str) -> str:
    """Return the *name* of a person without its markup, be that escaped once more."""
    once = plain(name) if "<" in name or "&" in name else name
    return plain(once) if "<" in once else once


@lru_cache(maxsize=4096)
def _person(person: Person) -> Person:
    """Return *person* as plain text; an e-mail address in place of a name is no name."""
    name = text.one_line(spoken(person.name))
    email = text.one_line(person.email).removeprefix("mailto:")
    if _EMAIL.fullmatch(name):
        name, email = "", email or name
    return Person(
        name=shorten(text.level(name), _LONGEST_NAME),
        email=email if _EMAIL.fullmatch(email) else "",
        uri=public_address(person.uri),
    )
