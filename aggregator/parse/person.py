"""Authors as feeds write them → persons."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import unescape

from aggregator.model import Person

_EMAIL = re.compile(
    r"(?:mailto:)?([^\s@<>()\[\]\"',;:]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})(?:\?subject=[^\s<>()]*)?"
)
_PAGE = re.compile(r"[<(\[]?(https?://[^\s<>()\[\]]+)[>)\]]?")
_BETWEEN = re.compile(r"\s*[,;]\s*")
_TAG = re.compile(r"</?[A-Za-z][\w-]*(?:\s[^<>]*)?/?>")  # and not `<ada@example.org>`
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|<\s*>|\[\s*\]")


def people(text: str) -> tuple[Person, ...]:
    """Return the persons that *text* names: several where it has several mail addresses.

    Names alone keep their markup and are not taken apart: a comma may stand in one (`Regen, Ada`).
    """
    return _known_people(text) if len(text) <= _SHORT else _people(text)


def _people(text: str) -> tuple[Person, ...]:
    plain = _plain(text)
    if len(_EMAIL.findall(plain)) < 2:
        one = _said(text, plain)
        return (one,) if one else ()
    return tuple(filter(None, map(_person, _BETWEEN.split(plain))))


_SHORT = 200  # characters: what is longer is not kept in mind
_known_people = lru_cache(maxsize=1024)(_people)  # one author writes most of a feed


def person(text: str) -> Person | None:
    """Return the person that *text* names: `mail (Name)` as RSS writes it, `Name <mail>`, a name.

    A name alone keeps its markup, the text around a mail address does not; None where nobody is
    named.
    """
    return _known_person(text) if len(text) <= _SHORT else _said(text, _plain(text))


_known_person = lru_cache(maxsize=1024)(lambda text: _said(text, _plain(text)))


def _said(text: str, plain: str) -> Person | None:
    found = _person(plain)
    if found and found.name == plain and _TAG.search(unescape(text)):
        return Person(" ".join(text.split()))
    return found


def _plain(text: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", text)).split())


def _person(plain: str) -> Person | None:
    words, uri = plain.split(" "), ""
    while len(words) > 1 and (page := _PAGE.fullmatch(words[-1])):  # a text may end in thousands
        uri = uri or page[1]
        words.pop()
    plain = " ".join(words)
    found = _EMAIL.search(plain)
    if found is None:
        return Person(name=plain, uri=uri) if plain else None
    rest = _EMPTY_BRACKETS.sub("", plain[: found.start()] + plain[found.end() :]).strip(" ,;:\"'")
    if rest.startswith("(") and rest.endswith(")"):
        rest = rest[1:-1].strip()
    return Person(name=rest, email=found[1], uri=uri)


def distinct(persons: Iterable[Person | None]) -> tuple[Person, ...]:
    """Return *persons* without None and without repetitions, in their order.

    Two with one name are one person; what the first lacks, the second gives.
    """
    found: dict[str, Person] = {}
    for one in persons:
        if one is None or not (one.name or one.email or one.uri):
            continue
        key = (one.name or one.email or one.uri).casefold()
        if known := found.get(key):
            found[key] = Person(known.name, known.email or one.email, known.uri or one.uri)
        else:
            found[key] = one
    return tuple(found.values())
