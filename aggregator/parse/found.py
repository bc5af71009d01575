"""Looking into what feedparser found: its dictionaries hold anything under any name.

An element with an unexpected name or shape ends up among the expected ones, so nothing here takes a
value for what it should be without a look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from aggregator.parse import fragment
from aggregator.parse.address import absolute


def texts_of(found: Any) -> dict[str, str]:
    """Return all texts by their keys, without white space around them."""
    return {key: value.strip() for key, value in found.items() if isinstance(value, str)}


def text_of(found: Any, key: str) -> str:
    """Return the text at *key*, "" where there is none.

    feedparser's own `get` answers other keys' values too (`updated` with `published`).
    """
    value = dict.get(found, key)
    return value.strip() if isinstance(value, str) else ""


def dict_of(found: Any, key: str) -> Any:
    """Return the dictionary at *key*, an empty one where there is none."""
    value = dict.get(found, key)
    return value if isinstance(value, dict) else {}


def dicts_of(found: Any, key: str) -> Sequence[Any]:
    """Return the dictionaries in the list at *key*."""
    value = dict.get(found, key)
    if value is None or not isinstance(value, list):
        return ()
    return [item for item in value if isinstance(item, dict)]


def first(texts: Iterable[str]) -> str:
    """Return the first of *texts* that is not empty, "" where none is."""
    for text in texts:
        if text:
            return text
    return ""


# ── texts ─────────────────────────────────────────────────────────────────────────────────────────


def line_of(found: Any, *keys: str) -> str:
    """Return the first text of *keys* that is not empty, as a fragment of one line."""
    return _first_fragment(found, keys, fragment.escape)


def body_of(found: Any, *keys: str) -> str:
    """Return the first text of *keys* that is not empty, as a fragment of several lines."""
    return _first_fragment(found, keys, fragment.paragraphs)


def _first_fragment(found: Any, keys: Iterable[str], from_plain: Callable[[str], str]) -> str:
    for key in keys:
        if dict.get(found, key) is None:
            continue
        detail = dict_of(found, f"{key}_detail") or {"value": text_of(found, key)}
        if text := as_fragment(detail, from_plain):
            return text
    return ""


def as_fragment(detail: Any, from_plain: Callable[[str], str]) -> str:
    """Return what a `*_detail` holds as a fragment; its type says whether it is one already."""
    value, kind = text_of(detail, "value"), text_of(detail, "type")
    if value.startswith(fragment.CDATA):
        value = fragment.unwrapped(value)
        kind = "text/html" if fragment.is_html(value) else kind
    return value if "html" in kind or kind.endswith("xml") else from_plain(value)


# ── links ─────────────────────────────────────────────────────────────────────────────────────────

Links = Mapping[str, Sequence[Any]]
"""Relation → the links of that relation, in their order."""


def links_of(found: Any) -> Links:
    """Return the links by their relation."""
    related: dict[str, list[Any]] = {}
    for link in dicts_of(found, "links"):
        related.setdefault(text_of(link, "rel"), []).append(link)
    return related


def address_of(link: Any, base: str) -> str:
    """Return where *link* leads; it may stand under an xml:base of its own."""
    own = text_of(link, ":base") or base
    return absolute(text_of(link, "href") or text_of(link, "url"), own)


def find_related(links: Links, rel: str, base: str) -> str:
    """Return the address of the first link of this relation, "" where there is none."""
    return first(address_of(link, base) for link in links[rel]) if rel in links else ""


def find_link(links: Links, base: str) -> str:
    """Return the page: RSS's own link, else the first alternate that is a page, else any alternate.

    A link without a type is a page; one without a relation is an alternate (RFC 4287 §4.2.7.2),
    which feedparser fills in.
    """
    alternates = links.get("alternate", ())
    if len(alternates) == 1:
        return address_of(alternates[0], base)
    own = (link for link in alternates if ":text" in link)
    pages = (link for link in alternates if leads_to_page(link))
    return first(address_of(link, base) for link in (*own, *pages, *alternates))


def leads_to_page(link: Any) -> bool:
    """Say whether *link* leads to what people read: it has no type, or HTML's."""
    kind = text_of(link, ":type")
    return not kind or "html" in kind
