"""RSS 2.0: the specification, the Best Practices Profile and the W3C validator's rules."""

from __future__ import annotations

from typing import Any

from lxml import etree

from tests.validity.finding import Findings
from tests.validity.markup import check_markup

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
SY = "{http://purl.org/rss/1.0/modules/syndication/}"
XHTML = "{http://www.w3.org/1999/xhtml}"

_CHANNEL = {
    "title", "link", "description", "language", "copyright", "pubDate", "lastBuildDate",
    "category", "generator", "docs", "ttl", "image", "item",
    f"{ATOM}link", f"{SY}updatePeriod", f"{SY}updateFrequency", f"{XHTML}div",
}  # fmt: skip
_ITEM = {
    "title", "link", "description", "category", "enclosure", "guid", "pubDate", "source",
    "comments", f"{CONTENT}encoded", f"{DC}creator", f"{DC}rights", f"{DC}language",
    f"{ATOM}updated", f"{MEDIA}thumbnail",
}  # fmt: skip
_REPEATED = {"category", "item", f"{DC}creator", f"{ATOM}link"}
_ATTRIBUTES = {
    "category": {"domain"}, "enclosure": {"url", "length", "type"}, "guid": {"isPermaLink"},
    "source": {"url"}, f"{MEDIA}thumbnail": {"url"}, "rss": {"version"},
    f"{ATOM}link": {"href", "rel", "type", "title"},
}  # fmt: skip
_RELATIONS = {"self", "hub", "prev-archive", "next-archive", "current", "alternate"}
_PERIODS = {"hourly", "daily", "weekly", "monthly", "yearly"}


def check_rss(body: bytes, address: str) -> Findings:
    """Return what is wrong with an RSS document that is served at *address*."""
    found = Findings()
    root = etree.fromstring(body)
    found.require(root.tag == "rss" and root.get("version") == "2.0", "InvalidRSSVersion", "rss")
    channel = root.find("channel")
    _check_children(found, channel, _CHANNEL, "channel")
    _check_channel(found, channel, address)
    seen: set[str] = set()
    for number, item in enumerate(channel.iterfind("item")):
        where = f"item {number}"
        _check_children(found, item, _ITEM, where)
        _check_item(found, item, where)
        guid = item.findtext("guid") or ""
        found.require(guid not in seen, "DuplicateValue", f"{where} guid", guid)
        seen.add(guid)
    return found


def _check_children(found: Findings, parent: Any, known: set[str], where: str) -> None:
    names = [child.tag for child in parent if isinstance(child.tag, str)]
    for name in set(names):
        found.require(name in known, "UndefinedElement", where, name)
        if names.count(name) > 1:
            found.require(name in _REPEATED, "DuplicateElement", where, name)
    for child in parent.iter():
        if isinstance(child.tag, str) and not child.tag.startswith(XHTML):
            allowed = _ATTRIBUTES.get(child.tag, set())
            found.require(set(child.attrib) <= allowed, "UnexpectedAttribute", where, child.tag)
    if "item" in names:
        last = len(names) - names[::-1].index("item")
        if len(names) > last or "item" in names[: names.index("item")]:
            found.warn("MisplacedItem", where)


def _check_channel(found: Findings, channel: Any, address: str) -> None:
    for name in ("title", "link", "description", "language"):
        text = channel.findtext(name)
        found.require(text is not None, "MissingElement", f"channel {name}")
        found.present(text, f"channel {name}")
    for name in ("title", "description", "generator"):
        found.words(channel.findtext(name) or "", f"channel {name}")
    for name in ("link", "docs"):
        found.uri(channel.findtext(name) or "", f"channel {name}")
    found.language(channel.findtext("language") or "", "channel language")
    found.number(channel.findtext("ttl") or "", "channel ttl", least=1)
    for name in ("pubDate", "lastBuildDate"):
        if (text := channel.findtext(name)) is not None:
            found.rfc822(text, f"channel {name}")
    if (period := channel.findtext(f"{SY}updatePeriod")) is not None:
        found.require(period in _PERIODS, "InvalidUpdatePeriod", "channel", period)
        frequency = channel.findtext(f"{SY}updateFrequency") or ""
        found.number(frequency, "channel updateFrequency", least=1)
    _check_links(found, channel, address)


def _check_links(found: Findings, channel: Any, address: str) -> None:
    links = [(link.get("rel"), link.get("href")) for link in channel.iterfind(f"{ATOM}link")]
    if "self" not in dict(links):
        found.warn("MissingAtomSelfLink", "channel")
    for rel, href in links:
        found.uri(href or "", f"channel atom:link {rel}")
        if rel not in _RELATIONS:
            found.warn("UnregisteredAtomLinkRel", "channel", rel)
        if rel == "self" and href != address:
            found.warn("SelfDoesntMatchLocation", "channel", href)


def _check_item(found: Findings, item: Any, where: str) -> None:
    names = [child.tag for child in item]
    found.require({"title", "description"} & set(names), "ItemMustContainTitleOrDescription", where)
    found.words(found.present(item.findtext("title"), f"{where} title"), f"{where} title")
    found.uri(item.findtext("link") or "", f"{where} link")
    found.rfc822(item.findtext("pubDate") or "", f"{where} pubDate")
    _check_guid(found, item.find("guid"), f"{where} guid")
    check_markup(found, item.findtext("description") or "", f"{where} description")
    if f"{CONTENT}encoded" in names:
        check_markup(found, item.findtext(f"{CONTENT}encoded") or "", f"{where} content")
        first = "description" in names[: names.index(f"{CONTENT}encoded")]
        if not first:
            found.warn("NeedDescriptionBeforeContent", where)
    for category in item.iterfind("category"):
        found.words(found.present(category.text, f"{where} category"), f"{where} category")
    for file in item.iterfind("enclosure"):
        found.file(file.get("url") or "", f"{where} enclosure")
        found.number(file.get("length") or "", f"{where} enclosure")
        found.media_type(file.get("type") or "", f"{where} enclosure")
    for source in item.iterfind("source"):
        found.uri(source.get("url") or "", f"{where} source")
        found.words(found.present(source.text, f"{where} source"), f"{where} source")
    _check_details(found, item, where)


def _check_guid(found: Findings, guid: Any, where: str) -> None:
    if guid is None:
        found.warn("MissingGuid", where)
        return
    found.require(guid.get("isPermaLink", "true") in ("true", "false"), "InvalidBoolean", where)
    if guid.get("isPermaLink", "true") == "true":
        found.uri(guid.text or "", where)
        permanent = not (guid.text or "").lower().startswith(("tag:", "urn:"))
        found.require(permanent, "InvalidPermalink", where, guid.text)
    elif (guid.text or "").isdigit() and len(guid.text) < 9:
        found.warn("NotSufficientlyUnique", where, guid.text)


def _check_details(found: Findings, item: Any, where: str) -> None:
    for creator in item.iterfind(f"{DC}creator"):
        found.characters(found.present(creator.text, f"{where} creator"), f"{where} creator")
    if (rights := item.findtext(f"{DC}rights")) is not None:
        found.words(rights, f"{where} rights")
    if (language := item.findtext(f"{DC}language")) is not None:
        found.language(language, f"{where} language")
    if (image := item.find(f"{MEDIA}thumbnail")) is not None:
        found.uri(image.get("url"), f"{where} thumbnail")
    if (updated := item.findtext(f"{ATOM}updated")) is not None:
        found.rfc3339(updated, f"{where} updated")
