"""The elements of feeds, one handler each, as the quick reader (`quick.py`) reads them.

A handler is given the element, the dictionary of what it stands in, and the reading. It writes what
feedparser would under feedparser's keys (those that begin with `:` are ours, see `corrections.py`),
or raises Unsure. The tables in `vocabulary.py` say which element is read where.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from aggregator.parse.address import absolute
from aggregator.parse.corrections import IANA
from aggregator.parse.reading import Reading
from aggregator.parse.vouched import Unsure, attributes_of, check_leaf

Found = dict[str, Any]
Handler = Callable[[Any, Found, Reading], None]

_MOST_TERMS = 100  # each is compared with all before it
ITUNES, _MEDIA = "http://www.itunes.com/", "http://search.yahoo.com/mrss/category_schema"
_OF_PERSON = {"email": "email", "name": "name", "itunes:email": "email", "itunes:name": "name"}
_SEMICOLON = re.compile(r"&([A-Za-z0-9_]+);")


def leaf(element: Any, found: Found, reading: Reading) -> None:
    """Read nothing."""
    check_leaf(element)


# ── texts ─────────────────────────────────────────────────────────────────────────────────────────


def text(key: str) -> Handler:
    """Return the handler of an element that holds a text and nothing else."""

    def read(element: Any, found: Found, reading: Reading) -> None:
        found[key] = reading.text_of(element)

    return read


def bare(key: str) -> Handler:
    """Return the handler of a text that feedparser loses where its element has attributes."""

    def read(element: Any, found: Found, reading: Reading) -> None:
        _check_bare(element)
        found[key] = reading.text_of(element)

    return read


def address(key: str) -> Handler:
    def read(element: Any, found: Found, reading: Reading) -> None:
        _check_bare(element)
        found[key] = resolved(reading.text_of(element), reading)

    return read


def _check_bare(element: Any) -> None:
    if element.items() and attributes_of(element).keys() != {"xml:base"}:
        raise Unsure


def resolved(address: str, reading: Reading) -> str:
    return absolute(address, reading.base) if address and reading.base else address


def content(key: str, default: str) -> Handler:
    """Return the handler of a text that may be HTML; where nothing is said, it is of *default*."""
    detail = f"{key}_detail"

    def read(element: Any, found: Found, reading: Reading) -> None:
        found[detail] = content = reading.content_of(element, default)
        found[key] = content["value"]

    return read


def title(element: Any, found: Found, reading: Reading) -> None:
    if "title" in found:  # which of two counts depends on how deep they stand
        raise Unsure
    _read_title(element, found, reading)


def summary(default: str) -> Handler:
    """Return the handler of a description; a second one stands apart."""
    first, second = content("summary", default), content(":other_text", default)

    def read(element: Any, found: Found, reading: Reading) -> None:
        (second if "summary" in found else first)(element, found, reading)

    return read


def body(default: str, attribute: str = "") -> Handler:
    def read(element: Any, found: Found, reading: Reading) -> None:
        content = reading.content_of(element, default)
        if attribute:
            content[attribute] = attributes_of(element).get(attribute, "")
        found.setdefault("content", []).append(content)

    return read


_read_title = content("title", "text/plain")

# ── names and addresses ───────────────────────────────────────────────────────────────────────────


def link(undone: str) -> Handler:
    """Return the handler of a link; feedparser writes *undone* as `&` in the text of one."""

    def read(element: Any, found: Found, reading: Reading) -> None:
        link: Found = attributes_of(element)
        relation = link.get("rel", "").strip()
        link["rel"] = (IANA.sub("", relation) or "alternate") if relation else "alternate"
        link[":type"] = link.get("type", "")
        link[":base"] = reading.base
        if not ("href" in link or "url" in link or "uri" in link):
            link[":text"] = "yes"
        _enforce_href(link)
        if "href" in link:
            check_leaf(element)
            link["href"] = resolved(link["href"], reading)
        elif text := reading.text_of(element):
            if "&" in text:
                text = _SEMICOLON.sub(r"&\1", text.replace(undone, "&"))
            link["href"] = resolved(text, reading)
        found.setdefault("links", []).append(link)

    return read


def _enforce_href(attributes: Found) -> None:
    href = attributes.get("url", attributes.get("uri", attributes.get("href")))
    if href:
        attributes.pop("url", None)
        attributes.pop("uri", None)
        attributes["href"] = href


def enclosure(element: Any, found: Found, reading: Reading) -> None:
    check_leaf(element)
    file: Found = attributes_of(element)
    _enforce_href(file)
    file["rel"] = "enclosure"
    found.setdefault("links", []).append(file)


def licence(element: Any, found: Found, reading: Reading) -> None:
    licence = {"rel": "license"}
    if address := reading.text_of(element):
        licence["href"] = address
    found.setdefault("links", []).append(licence)


def cc_licence(element: Any, found: Found, reading: Reading) -> None:
    check_leaf(element)
    licence = {"rel": "license"}
    if address := attributes_of(element).get("rdf:resource"):
        licence["href"] = address
    found.setdefault("links", []).append(licence)


def guid(element: Any, found: Found, reading: Reading) -> None:
    found["id"] = value = reading.text_of(element)
    is_link = attributes_of(element).get("ispermalink", "true").strip().lower() != "false"
    found.setdefault(":permalink" if is_link else ":guid", value)


def author(element: Any, found: Found, reading: Reading) -> None:
    person: Found = {}
    found.setdefault("authors", []).append(person)
    for child in element:
        name = reading.name_of(child)
        if name in ("uri", "url", "homepage"):
            # feedparser keeps it beside the author too
            person["href"] = found["href"] = resolved(reading.text_of(child), reading)
        elif name in _OF_PERSON:
            person[_OF_PERSON[name]] = reading.raw_text_of(child)
    if not person and (text := reading.text_of(element)):
        person[":text"] = text


def owner(element: Any, found: Found, reading: Reading) -> None:
    for child in element:
        name = reading.name_of(child)
        if name in ("uri", "url", "homepage"):
            raise Unsure
        if name in _OF_PERSON:
            found.setdefault(":owner", {})[_OF_PERSON[name]] = reading.raw_text_of(child)


# ── terms ─────────────────────────────────────────────────────────────────────────────────────────


def category(element: Any, found: Found, reading: Reading) -> None:
    given = attributes_of(element)
    scheme = given.get("scheme", given.get("domain"))
    _add_category(element, found, reading, (given.get("term"), scheme, given.get("label")))


def media_category(element: Any, found: Found, reading: Reading) -> None:
    given = attributes_of(element)
    scheme = given.get("scheme", _MEDIA)
    _add_category(element, found, reading, (given.get("term"), scheme, given.get("label")))


def itunes_category(element: Any, found: Found, reading: Reading) -> None:
    text = attributes_of(element).get("text")
    _add_category(element, found, reading, (text, ITUNES, None))


def _add_category(
    element: Any, found: Found, reading: Reading, given: tuple[str | None, ...]
) -> None:
    tags = found.setdefault("tags", [])
    _add_tag(tags, *given)
    value = reading.text_of(element)
    if value and tags and not tags[-1]["term"]:
        tags[-1]["term"] = value
    elif value:
        _add_tag(tags, value, None, None)


def _add_tag(tags: list[Found], term: str | None, scheme: str | None, label: str | None) -> None:
    if len(tags) > _MOST_TERMS:
        raise Unsure
    tag = {"term": term, "scheme": scheme, "label": label}
    if (term or scheme or label) and tag not in tags:
        tags.append(tag)


def keywords(scheme: str | None) -> Handler:
    """Return the handler of terms with commas between them."""

    def read(element: Any, found: Found, reading: Reading) -> None:
        _check_bare(element)
        for term in reading.text_of(element).split(","):
            if term.strip():
                _add_tag(found.setdefault("tags", []), term.strip(), scheme, None)

    return read
