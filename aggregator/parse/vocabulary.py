"""Which element of a feed is read where, and those in which others stand, for the quick reader.

An element that no table has is passed over, unless feedparser would read something of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aggregator.parse.elements import (
    ITUNES,
    Found,
    Handler,
    address,
    author,
    bare,
    body,
    category,
    cc_licence,
    content,
    enclosure,
    guid,
    itunes_category,
    keywords,
    leaf,
    licence,
    link,
    media_category,
    owner,
    resolved,
    summary,
    text,
    title,
)
from aggregator.parse.nesting import CHILDREN
from aggregator.parse.reading import Reading
from aggregator.parse.vouched import Unsure, attributes_of, check_below, check_leaf

# ── pictures and files ────────────────────────────────────────────────────────────────────────────


_IN_PICTURE = CHILDREN["image"] or frozenset()


def _entry_picture(element: Any, found: Found, reading: Reading) -> None:
    """Read RSS's image in an entry: the first of several counts."""
    for value in _picture_addresses(element, reading):
        if value:
            found.setdefault("image", {}).setdefault("href", value)


def _feed_picture(element: Any, found: Found, reading: Reading) -> None:
    """Read that of a feed: the last one counts; in RSS 1.0 it depends on where each stands."""
    for value in _picture_addresses(element, reading):
        if reading.version == "rss10" and "image" in found:
            raise Unsure
        found["image"] = {"href": value}


def _picture_addresses(element: Any, reading: Reading) -> list[str]:
    children = [child for child in element if reading.name_of(child) in _IN_PICTURE]
    if any(map(len, children)):
        raise Unsure
    addresses = (reading.text_of(child) for child in children if reading.name_of(child) == "url")
    return [resolved(address, reading) for address in addresses]


def _itunes_image(element: Any, found: Found, reading: Reading) -> None:
    given = attributes_of(element)
    if address := given.get("href") or given.get("url"):
        found[":itunes_image"] = address
    check_leaf(element)


def _media_content(element: Any, found: Found, reading: Reading) -> None:
    found.setdefault("media_content", []).append(attributes_of(element))
    _media_group(element, found, reading)


def _media_group(element: Any, found: Found, reading: Reading) -> None:
    if len(element):
        reading.walk(element, found, IN_MEDIA)


def _media_thumbnail(element: Any, found: Found, reading: Reading) -> None:
    picture = attributes_of(element)
    if address := reading.text_of(element):
        picture.setdefault("url", address)
    found.setdefault("media_thumbnail", []).append(picture)


# ── what stands in what ───────────────────────────────────────────────────────────────────────────


def _source(element: Any, found: Found, reading: Reading) -> None:
    """Read the feed that an entry comes from: Atom's has elements, RSS's a text and an address."""
    source: Found = {}
    if address := attributes_of(element).get("url"):
        source["href"] = address
    if len(element):
        _check_no_text(element, reading)
        reading.walk(element, source, IN_SOURCE)
    elif title := reading.text_of(element):
        source["title"] = title
    if "source" in found:
        raise Unsure
    found["source"] = source


def _check_no_text(source: Any, reading: Reading) -> None:
    """Raise Unsure where there is text beside the elements of *source*.

    feedparser takes that of an idle element with attributes for such.
    """
    texts = [source.text, *(child.tail for child in source)]
    for child in source:
        if child.items() and reading.name_of(child) not in IN_SOURCE:
            texts += child.itertext()
    if any(text and text.strip() for text in texts):
        raise Unsure


def _listed(name: str, key: str) -> Handler:
    """Return the handler of a list of texts, each in an element of this *name*."""

    def read(element: Any, found: Found, reading: Reading) -> None:
        for child in element:
            if reading.name_of(child) != name:
                raise Unsure
            found.setdefault(key, []).append(reading.raw_text_of(child))

    return read


def _deleted(element: Any, found: Found, reading: Reading) -> None:
    check_below(element)
    found.setdefault(":deleted", []).append(attributes_of(element).get("ref", ""))


def _text_input(element: Any, found: Found, reading: Reading) -> None:
    """Pass over what has a title and a link of its own."""
    if any(len(child) for child in element):
        raise Unsure


def _itunes_categories(element: Any, found: Found, reading: Reading) -> None:
    """Pass over what a podcast is about; one may stand in another."""
    if any(reading.name_of(inner) != "itunes:category" for inner in element.iterdescendants()):
        raise Unsure


def _unsure(element: Any, found: Found, reading: Reading) -> None:
    raise Unsure


def _idle_list(element: Any, found: Found, reading: Reading) -> None:
    """Pass over RSS 1.0's table of contents."""
    if any(
        inner.tag.rpartition("}")[2] not in ("Seq", "li") for inner in element.iterdescendants()
    ):
        raise Unsure


_EVERYWHERE: Mapping[str, Handler] = {
    "title": title,
    "link": link("&"),
    "id": text("id"),
    "author": author,
    "rights": content("rights", "text/plain"),
}
_DATES: Mapping[str, Handler] = {
    **dict.fromkeys(("published", "issued", "pubdate", "dcterms:issued"), text("published")),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dcterms:modified"), text("updated")),
    **dict.fromkeys(("created", "dcterms:created"), text("created")),
    "dc:date": text(":dc_date"),
}
_IN_BOTH: Mapping[str, Handler] = {
    **_EVERYWHERE,
    **_DATES,
    **dict.fromkeys(("dc:creator", "dc:author", "itunes:author", "managingeditor"), author),
    **dict.fromkeys(("copyright", "dc:rights"), _EVERYWHERE["rights"]),
    **dict.fromkeys(("webmaster", "dc:publisher"), text("publisher")),
    "language": text("language"),
    "dc:language": text("dc_language"),
    "dc:title": content("dc_title", "text/plain"),
    "dc:description": content("dc_description", "text/html"),
    "itunes:title": content("itunes_title", "text/plain"),
    "itunes:subtitle": content("itunes_subtitle", "text/plain"),
    "itunes:summary": content("itunes_summary", "text/plain"),
    "itunes:image": _itunes_image,
    "itunes:owner": owner,
    "googleplay:description": content("googleplay_description", "text/plain"),
    "creativecommons:license": licence,
    "cc:license": cc_licence,
}

IN_MEDIA: Mapping[str, Handler] = {
    "media:title": content("media_title", "text/plain"),
    "media:description": content("media_description", "text/plain"),
    "media:group": _media_group,
    "media:content": _media_content,
    "media:thumbnail": _media_thumbnail,
    "media:category": media_category,
    "media:keywords": keywords(None),
}
IN_ENTRY: Mapping[str, Handler] = {
    **_IN_BOTH,
    **IN_MEDIA,
    "link": link("&amp;"),
    "guid": guid,
    "subtitle": content("subtitle", "text/plain"),
    "summary": summary("text/plain"),
    "description": summary("text/html"),
    "content": body("text/plain", "src"),
    **dict.fromkeys(("content:encoded", "fullitem"), body("text/html")),
    **dict.fromkeys(("body", "xhtml:body"), body("application/xhtml+xml")),
    **dict.fromkeys(("category", "keywords", "dc:subject"), category),
    "itunes:category": itunes_category,
    "itunes:keywords": keywords(ITUNES),
    "itunes:duration": bare("itunes_duration"),
    "comments": address("comments"),
    "enclosure": enclosure,
    "image": _entry_picture,
    "source": _source,
    "feedburner:origlink": bare("feedburner_origlink"),
    "feedburner:origenclosurelink": bare("feedburner_origenclosurelink"),
    "prism:publicationdate": bare("prism_publicationdate"),
}
IN_FEED: Mapping[str, Handler] = {
    **_IN_BOTH,
    **IN_MEDIA,
    **dict.fromkeys(("description", "subtitle", "tagline"), content("subtitle", "text/plain")),
    "description": content("subtitle", "text/html"),
    "summary": content("summary", "text/plain"),
    **dict.fromkeys(("info", "feedburner:browserfriendly"), content("info", "text/plain")),
    **dict.fromkeys(("category", "keywords", "dc:subject", "itunes:keywords"), leaf),
    "image": _feed_picture,
    "icon": address("icon"),
    "logo": address("logo"),
    "ttl": bare("ttl"),
    "sy:updateperiod": bare("sy_updateperiod"),
    "sy:updatefrequency": bare("sy_updatefrequency"),
    "skiphours": _listed("hour", ":hours"),
    "skipdays": _listed("day", ":days"),
    "fh:complete": bare("fh_complete"),
    "at:deleted-entry": _deleted,
    "textinput": _text_input,
    "itunes:category": _itunes_categories,
    "items": _idle_list,
}
IN_SOURCE: Mapping[str, Handler] = {
    **_EVERYWHERE,
    **_DATES,
    "subtitle": content("subtitle", "text/plain"),
    **dict.fromkeys(("icon", "logo", "generator", "category"), leaf),
    "contributor": _unsure,
}
