"""What the quick reader vouches for: names, attributes and types that it reads as feedparser does.

Whatever is not in here raises Unsure, and the document is feedparser's to read (`dialect.py`). So a
mistake in these lists costs time at one side and an answer at the other: what is new goes in only
with a fixture (tests/parse/test_quick.py reads every one both ways).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aggregator.parse.corrections import RENAMED
from aggregator.parse.dialect import Strict
from aggregator.parse.nesting import ANYWHERE, CHILDREN

XML = "{http://www.w3.org/XML/1998/namespace}"
XHTML = "application/xhtml+xml"
ATOM = "http://www.w3.org/2005/atom"
_RSS_10, _RSS_090 = "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"
_USERLAND = "backend.userland.com/rss"  # with whatever behind it
_XHTML_NAMESPACE = "{http://www.w3.org/1999/xhtml}"

PREFIXES: Mapping[str, str] = {uri.lower(): name for uri, name in Strict.namespaces.items()}
"""Namespace in lower case → the prefix that its names have here, "" for RSS's and Atom's own."""

TYPES: Mapping[str, str] = {
    "text": "text/plain",
    "plain": "text/plain",
    "text/plain": "text/plain",
    "html": "text/html",
    "text/html": "text/html",
    "xhtml": XHTML,
    XHTML: XHTML,
}
"""What `type` says of a text → its media type. Of another one feedparser may undo Base64."""

# Keys that are read of a feed, an entry or its source under the name of an element that nobody has
# a handler for; feedparser's dictionary has second names for some.
_READ = """
    authors channel comments content copyright created date date_parsed dc_description dc_language
    dc_title description entries feed feedburner_origenclosurelink feedburner_origlink fh_complete
    googleplay_description guid href icon id image info issued issued_parsed items itunes_duration
    itunes_subtitle itunes_summary itunes_title language links logo media_content
    media_description media_thumbnail media_title modified prism_publicationdate published publisher
    rights source subtitle summary sy_updatefrequency sy_updateperiod tagline tags title ttl
    updated url
"""
# feedparser reads these into keys that nobody asks for.
_IDLE_PREFIXES = frozenset(("geo", "georss", "gml", "psc"))
_CASELESS = ("rel", "type")
_PERSONS = frozenset(("contributor", "dc:contributor"))
_IDLE = """
    cloud docs email expirationdate generator itunes:block itunes:email itunes:explicit itunes:name
    media:credit media:license media:player media:rating media:restriction name newlocation
"""
_READ_KEYS, _IDLE_NAMES = frozenset(_READ.split()), frozenset(_IDLE.split())
_BELOW = frozenset(name.rpartition(":")[2] for name in ANYWHERE or ())


Check = Callable[[Any], None]

# What every document has; of elements those of the well-known namespaces.
_names: dict[str, str] = {}
_attributes: dict[str, str] = {}
_MOST_NAMES, _LONGEST_NAME = 1000, 200


class Unsure(Exception):  # noqa: N818 - it is no error: another one reads the document
    """Somewhere in a document is what is not vouched for."""


def version_of(root: str, namespaces: Mapping[str | None, str]) -> str:
    """Return feedparser's name of the format, as far as the *root*'s own *namespaces* tell."""
    known = {uri.lower() for uri in namespaces.values()}
    is_rdf = _RSS_10 in known or (namespaces.get(None) or "").lower() == _RSS_090
    if root == "rss":
        return "rss"
    if root == "feed" and not (known & {_RSS_10, _RSS_090}):
        return "atom10" if ATOM in known else "atom"
    if root == "rdf:rdf" and is_rdf and ATOM not in known:
        return "rss10"
    raise Unsure


def check_prefixes(namespaces: Mapping[str | None, str]) -> None:
    """Raise Unsure where a well-known prefix stands for another namespace than it usually does.

    With one that nobody knows, an element is what its prefix says; of attributes only RDF's count.
    """
    usual = frozenset(PREFIXES.values())
    for prefix, uri in namespaces.items():
        meant = PREFIXES.get(uri.lower())
        if prefix in usual and prefix != meant and (meant is not None or prefix == "rdf"):
            raise Unsure


def name_of(element: Any) -> str:
    """Return an element's name in lower case, with the usual prefix of its namespace."""
    tag = element.tag
    return _names.get(tag) or _name(tag, element)


def _name(tag: str, element: Any) -> str:
    _check_letters(tag)
    uri, _, local = tag.rpartition("}")
    prefix = PREFIXES.get(uri[1:].lower())
    if prefix is None:
        prefix = "" if _USERLAND in uri.lower() else _own_prefix(element, uri[1:])
        return _with(prefix, local)
    name = _with(prefix, local)
    _remember(name, tag, _names)
    return name


def _check_letters(*names: str) -> None:
    """Raise Unsure for what is not ASCII: expat refuses some of what libxml2 allows."""
    if not all(map(str.isascii, names)):
        raise Unsure


def _with(prefix: str, local: str) -> str:
    return f"{prefix}:{local}".lower() if prefix else local.lower()


def _own_prefix(element: Any, uri: str) -> str:
    """Return the document's own prefix of a namespace that nobody knows, "" of its default one."""
    own = [prefix or "" for prefix, other in element.nsmap.items() if other == uri]
    if len(own) != 1:
        raise Unsure
    return str(own[0])


def check_of_idle(element: Any) -> Check:
    """Return what checks that elements like *element*, which no handler of ours reads, are idle.

    Raises Unsure where something of it may be read, whatever stands in it.
    """
    name = name_of(element)
    if name in _IDLE_NAMES:
        return check_leaf
    if name in _PERSONS:
        return _check_person
    if _is_of_place(element):
        return _check_place
    key = name.replace(":", "_")
    if (
        CHILDREN.get(name)
        or name in RENAMED
        or key in _READ_KEYS
        or key.endswith("_detail")
        or _has_handler(key)
    ):
        raise Unsure
    return check_below


def check_leaf(element: Any) -> None:
    """Raise Unsure where there are elements inside *element*."""
    if len(element):
        raise Unsure


def check_below(element: Any) -> None:
    """Raise Unsure where inside *element*, which is passed over, stands what counts anywhere."""
    if len(element):
        for inner in element.iterdescendants():
            if inner.tag.rpartition("}")[2].lower() in _BELOW:
                raise Unsure


def _check_person(element: Any) -> None:
    if any(map(len, element)):
        raise Unsure


def _check_place(element: Any) -> None:
    if not all(map(_is_of_place, element.iterdescendants())):
        raise Unsure


def _is_of_place(element: Any) -> bool:
    return name_of(element).partition(":")[0] in _IDLE_PREFIXES


def inline_name(element: Any) -> str:
    """Return the name of an element inside XHTML, as it is written out."""
    name = str(element.tag).lower()
    if name.startswith(_XHTML_NAMESPACE):
        local = name[len(_XHTML_NAMESPACE) :]
        unsure = local == "body"
    else:
        local = name_of(element)
        unsure = ":" in local or hasattr(Strict, f"_end_{local}")
    if unsure or local in ("math", "svg"):
        raise Unsure
    return local


def attributes_of(element: Any) -> dict[str, str]:
    """Return the attributes by their names in lower case, with the usual prefix.

    Of a namespace that nobody knows, feedparser hands on the bare name.
    """
    given = element.items()
    if not given:
        return {}
    known = _attributes
    found: dict[str, str] = {known.get(name) or _attribute(name): value for name, value in given}
    for key in _CASELESS:
        if key in found:
            found[key] = found[key].lower()
    return found


def _attribute(name: str) -> str:
    _check_letters(name)
    usual = _with_prefix(name) if name[0] == "{" else name.lower()
    _remember(usual, name, _attributes)
    return usual


def _remember(usual: str, name: str, known: dict[str, str]) -> None:
    if len(known) < _MOST_NAMES and len(name) < _LONGEST_NAME:
        known[name] = usual


def _with_prefix(name: str) -> str:
    uri, _, local = name.rpartition("}")
    known = PREFIXES.get(uri[1:].lower())
    return (f"{known}:{local}" if known else local).lower()


def _has_handler(key: str) -> bool:
    return hasattr(Strict, f"_start_{key}") or hasattr(Strict, f"_end_{key}")
