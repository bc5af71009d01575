"""Atom 1.0: the grammar of RFC 4287, what it says in prose, RFC 5005, and the W3C validator."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from tests.validity.finding import Findings
from tests.validity.markup import check_markup

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
MEDIA = "{http://search.yahoo.com/mrss/}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PAGING = {"current", "first", "last", "next", "next-archive", "prev-archive", "previous"}
_RELATIONS = _PAGING | {
    "alternate", "enclosure", "hub", "license", "related", "replies", "self", "up", "via",
}  # fmt: skip


@cache
def grammar() -> Any:
    return etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))


def check_atom(body: bytes, address: str) -> Findings:
    """Return what is wrong with an Atom document that is served at *address*."""
    found = Findings()
    feed = etree.fromstring(body)
    rules = grammar()
    if not rules.validate(feed):
        found.error("Grammar", "feed", rules.error_log)
        return found
    found.require(b"<atom:" not in body, "AvoidNamespacePrefix", "feed")
    _check_feed(found, feed, address)
    seen: set[str] = set()
    moments: set[str] = set()
    for number, entry in enumerate(feed.iterfind(f"{ATOM}entry")):
        where = f"entry {number}"
        _check_entry(found, entry, where)
        identity, updated = entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")
        found.require(identity not in seen, "DuplicateEntries", where, identity)
        if updated in moments:
            found.warn("DuplicateUpdated", where, updated)
        seen.add(identity)
        moments.add(updated)
    return found


def _check_feed(found: Findings, feed: Any, address: str) -> None:
    _check_metadata(found, feed, "feed")
    links = _links(found, feed, "feed")
    if "self" not in links:
        found.warn("MissingSelf", "feed")
    elif links["self"] != [address]:
        found.warn("SelfDoesntMatchLocation", "feed", links["self"])
    found.language(feed.get(XML_LANG) or "", "feed xml:lang")
    if feed.find(f"{ATOM}author") is None:
        for entry in feed.iterfind(f"{ATOM}entry"):
            own = entry.find(f"{ATOM}author") is not None
            told = own or entry.find(f"{ATOM}source/{ATOM}author") is not None
            found.require(told, "MissingElement", "entry author")
    if feed.find(f"{HISTORY}archive") is not None:
        if not {"prev-archive", "next-archive"} & links.keys():
            found.warn("ArchiveIncomplete", "feed")
        if "current" not in links:
            found.warn("MissingCurrentInArchive", "feed")


def _check_metadata(found: Findings, parent: Any, where: str) -> None:
    found.identity(parent.findtext(f"{ATOM}id") or "", f"{where} id")
    found.rfc3339(parent.findtext(f"{ATOM}updated") or "", f"{where} updated")
    for name in ("title", "subtitle", "summary", "rights", "content"):
        if (element := parent.find(f"{ATOM}{name}")) is not None:
            _check_text(found, element, f"{where} {name}")


def _check_text(found: Findings, element: Any, where: str) -> None:
    text = found.present("".join(element.itertext()), where)
    kind = element.get("type", "text")
    if kind == "text":
        found.words(text, where)
    elif kind == "html":
        check_markup(found, text, where)
    else:
        found.error("UnexpectedType", where, kind)


def _check_entry(found: Findings, entry: Any, where: str) -> None:
    _check_metadata(found, entry, where)
    if (published := entry.findtext(f"{ATOM}published")) is not None:
        found.rfc3339(published, f"{where} published")
        in_order = published <= (entry.findtext(f"{ATOM}updated") or "")
        found.require(in_order, "PublishedAfterUpdated", where, published)
    if entry.get(XML_LANG) is not None:
        found.language(entry.get(XML_LANG), f"{where} xml:lang")
    links = _links(found, entry, where)
    written = entry.find(f"{ATOM}content") is not None
    found.require(written or "alternate" in links, "MissingContentOrAlternate", where)
    for rel in _PAGING & links.keys():
        found.warn("FeedHistoryRelInEntry", where, rel)
    _check_names(found, entry, where)
    if (image := entry.find(f"{MEDIA}thumbnail")) is not None:
        found.uri(image.get("url"), f"{where} thumbnail")
    if (source := entry.find(f"{ATOM}source")) is not None:
        _check_source(found, source, f"{where} source")


def _check_names(found: Findings, entry: Any, where: str) -> None:
    for author in entry.iterfind(f"{ATOM}author"):
        found.words(found.present(author.findtext(f"{ATOM}name"), f"{where} author"), where)
        if (uri := author.findtext(f"{ATOM}uri")) is not None:
            found.uri(uri, f"{where} author uri")
    for category in entry.iterfind(f"{ATOM}category"):
        found.words(category.get("label") or "", f"{where} category")
        if category.get("scheme") is not None:
            found.uri(category.get("scheme"), f"{where} category scheme")


def _check_source(found: Findings, source: Any, where: str) -> None:
    for name in ("id", "title", "updated"):
        if source.find(f"{ATOM}{name}") is None:
            found.warn("MissingSourceElement", where, name)
    _check_metadata(found, source, where)
    _links(found, source, where)


def _links(found: Findings, parent: Any, where: str) -> dict[str, list[str]]:
    """Check the links of an element, and return their addresses by relation."""
    links: dict[str, list[str]] = {}
    alternates = set()
    for link in parent.iterfind(f"{ATOM}link"):
        rel, href, kind = link.get("rel", "alternate"), link.get("href"), link.get("type")
        links.setdefault(rel, []).append(href)
        found.uri(href, f"{where} link {rel}")
        if rel not in _RELATIONS:
            found.warn("UnregisteredAtomLinkRel", where, rel)
        if kind is not None:
            found.media_type(kind, f"{where} link {rel}")
        if link.get("length") is not None:
            found.number(link.get("length"), f"{where} link {rel}")
        if link.get("title") is not None:
            found.words(found.present(link.get("title"), where), f"{where} link {rel}")
        if rel == "alternate":
            key = (kind, link.get("hreflang"))
            found.require(key not in alternates, "DuplicateAtomLink", where, href)
            alternates.add(key)
    return links
