"""Which elements count inside which: the title inside a picture is not the entry's title."""

from __future__ import annotations

from collections.abc import Mapping

Children = frozenset[str] | None  # names in lower case with their usual prefix; None: all of them

NOTHING: Children = frozenset()
# What means the same however deep it stands; all that counts inside an element feeds do not know.
ANYWHERE: Children = frozenset(
    ("category", "enclosure", "entry", "item", "media:content", "media:group", "media:thumbnail")
)
_PERSON = frozenset(("email", "homepage", "name", "uri", "url", "itunes:email", "itunes:name"))
_PERSONS = ("author", "contributor", "dc:creator", "itunes:author", "itunes:owner")
_LISTED = frozenset(("author", "category", "contributor", "enclosure", "entry", "item"))
_LISTS = ("authors", "categories", "contributors", "enclosures", "entries", "items")

CHILDREN: Mapping[str, Children] = {
    **dict.fromkeys(_PERSONS, _PERSON),
    **dict.fromkeys(_LISTS, _LISTED),
    "image": frozenset(("description", "height", "link", "title", "url", "width")),
    "skipdays": frozenset(("day",)),
    "skiphours": frozenset(("hour",)),
    "textinput": frozenset(("description", "link", "name", "title")),
}
