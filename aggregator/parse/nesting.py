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
# They hold a text; markup in it that was not escaped is a part of it.
_TEXTS = ("category", "comments", "guid", "keywords", "language", "managingeditor", "webmaster")
WORDS = frozenset(("author", "category", "id", "publisher"))  # what feedparser calls them
_LISTED = frozenset(("author", "category", "contributor", "enclosure", "entry", "item"))
_LISTS = ("authors", "categories", "contributors", "enclosures", "entries", "items")

CHILDREN: Mapping[str, Children] = {
    **dict.fromkeys(_PERSONS, _PERSON),
    **dict.fromkeys(_TEXTS, NOTHING),
    **dict.fromkeys(_LISTS, _LISTED),
    "image": frozenset(("description", "height", "link", "title", "url", "width")),
    "skipdays": frozenset(("day",)),
    "skiphours": frozenset(("hour",)),
    "textinput": frozenset(("description", "link", "name", "title")),
}

# What no text holds as markup: where one begins, a text that was never closed has ended. HTML has
# its own `summary`, `source` and `image`.
_FIELDS = """
    author category channel comments content copyright created description enclosure entry generator
    guid id issued item language lastbuilddate link managingeditor modified pubdate published rights
    subtitle tagline title ttl updated webmaster
"""
_PREFIXES = frozenset(("content", "dc", "dcterms", "itunes", "media", "slash", "wfw"))
ENDS_A_TEXT = frozenset(_FIELDS.split())
ENDS_A_LINE = ENDS_A_TEXT | {"summary", "source", "image"}
LINES = frozenset(("title", "subtitle", "tagline", "rights", "copyright"))
ENCLOSING = frozenset(("item", "entry", "channel", "feed", "rss", "rdf:rdf"))


def ends(text: str, tag: str) -> bool:
    """Say whether the start of *tag* means that the element *text* before it was not closed."""
    prefix, colon, _ = tag.partition(":")
    if colon:
        return prefix in _PREFIXES
    return tag in (ENDS_A_LINE if text in LINES else ENDS_A_TEXT)
