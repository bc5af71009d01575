"""An entry's fields by name, as rules and templates read and write them.

Rules mean the entry's own field first, templates the row's value as it came. A fragment (summary,
content) is, to a rule, the text it says where it has no tag, and HTML as it came where it has one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from html import escape, unescape

from aggregator import template
from aggregator.model import Entry, Person
from aggregator.normalise.attribution import spoken
from aggregator.normalise.markup import plain

_FRAGMENTS = frozenset({"summary", "content"})

# What templates can name besides the row's values, all of it plain text on one line.
_OWN: Mapping[str, Callable[[Entry], str]] = {
    "id": lambda entry: entry.guid,
    "title": lambda entry: plain(entry.title),
    "link": lambda entry: entry.link,
    "published": lambda entry: entry.published,
    "updated": lambda entry: entry.updated,
    "publisher": lambda entry: plain(entry.publisher),
    "author": lambda entry: ", ".join(filter(None, (spoken(one.name) for one in entry.authors))),
    "summary": lambda entry: plain(entry.summary),
    "language": lambda entry: entry.language,
    "image": lambda entry: entry.image,
}
NAMES = frozenset(_OWN)
"""What any entry may have, whatever its kind."""
# What a rule may write besides a row's values: an id is no rule's to change.
_WRITABLE = frozenset(_OWN) - {"id"} | _FRAGMENTS


class Values(Mapping[str, str]):
    """What templates of an entry can name; a value is worked out when it is asked for.

    A row's value wins over the entry's own of the same name, and that over one of *others*.
    """

    def __init__(self, entry: Entry, **others: str) -> None:
        self._entry = entry
        self._others = others

    def __getitem__(self, name: str) -> str:
        if name in self._entry.fields:
            return self._entry.fields[name]
        own = _OWN[name](self._entry) if name in _OWN else ""
        return own or self._others[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._entry.fields, **_OWN, **self._others})

    def __len__(self) -> int:
        return len(list(iter(self)))


def read(entry: Entry, name: str) -> str:
    """Return the entry's field *name* as a rule sees it, else the row's, "" where there is none."""
    if name in _FRAGMENTS:
        fragment: str = getattr(entry, name)
        return fragment if "<" in fragment else unescape(fragment)
    return _OWN[name](entry) if name in _OWN else entry.fields.get(name, "")


def write(entry: Entry, name: str, value: str) -> Entry:
    """Return *entry* with *value*, in the form that `read` gives, as its field *name*."""
    if name in _FRAGMENTS and "<" in getattr(entry, name):
        return _with(entry, name, value)
    if name in _FRAGMENTS or name in ("title", "publisher"):
        return _with(entry, name, escape(value, quote=False))
    return _with(entry, name, value)


def fill(entry: Entry, name: str, pattern: str, values: Values) -> Entry:
    """Return *entry* with its field *name* as the template *pattern* makes it of *values*.

    The template of a fragment is HTML; the values go into it as text.
    """
    if name not in _FRAGMENTS:
        return write(entry, name, template.fill_text(pattern, values))
    texts = {used: escape(values.get(used, ""), quote=False) for used in template.names(pattern)}
    return _with(entry, name, template.fill_text(pattern, texts))


def _with(entry: Entry, name: str, value: str) -> Entry:
    """Return *entry* with *value*; the row's of that name goes, so templates see the new one."""
    if name not in _WRITABLE:
        return replace(entry, fields={**entry.fields, name: value})
    others = {key: value for key, value in entry.fields.items() if key != name}
    if name == "author":
        return replace(entry, authors=(Person(value),), fields=others)
    return replace(entry, fields=others, **{name: value})  # type: ignore[arg-type]
