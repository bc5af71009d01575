"""OPML 2.0: the specification, the W3C validator's rules, and what importers need besides."""

from __future__ import annotations

from typing import Any

from lxml import etree

from tests.validity.finding import Findings

_HEAD = {"title", "dateCreated", "dateModified", "ownerName", "ownerEmail", "ownerId", "docs"}
_OUTLINE = {
    "category", "created", "description", "htmlUrl", "isBreakpoint", "isComment", "language",
    "text", "title", "type", "url", "version", "xmlUrl",
}  # fmt: skip
_FEED_ONLY = {"description", "htmlUrl", "language", "title", "version", "xmlUrl"}
_VERSIONS = {"RSS", "RSS1", "RSS2", "scriptingNews"}


def check_opml(body: bytes) -> Findings:
    """Return what is wrong with an OPML document."""
    found = Findings()
    root = etree.fromstring(body)
    found.require(root.tag == "opml" and root.get("version") == "2.0", "InvalidOPMLVersion", "opml")
    found.require([child.tag for child in root] == ["head", "body"], "MissingElement", "opml")
    for child in root.find("head"):
        found.require(child.tag in _HEAD, "UndefinedElement", "head", child.tag)
        if child.tag.startswith("date"):
            found.rfc822(child.text or "", f"head {child.tag}")
        else:
            found.words(found.present(child.text, f"head {child.tag}"), f"head {child.tag}")
    outlines = list(root.find("body").iter("outline"))
    found.require(outlines, "MissingElement", "body outline")
    for number, outline in enumerate(outlines):
        _check_outline(found, outline, f"outline {number}")
    return found


def _check_outline(found: Findings, outline: Any, where: str) -> None:
    names = set(outline.attrib)
    found.require("text" in names, "MissingAttribute", where, "text")
    found.require(names <= _OUTLINE, "UnexpectedAttribute", where, names - _OUTLINE)
    if outline.get("type", "").lower() == "rss":
        found.uri(outline.get("xmlUrl") or "", f"{where} xmlUrl")
        if not outline.get("title"):
            found.warn("MissingTitleAttr", where)
    elif "type" not in names and names & _FEED_ONLY:
        found.warn("MissingOutlineType", where, names & _FEED_ONLY)
    if outline.get("version", "RSS") not in _VERSIONS:
        found.warn("InvalidOutlineVersion", where, outline.get("version"))
    if "htmlUrl" in names:
        found.uri(outline.get("htmlUrl"), f"{where} htmlUrl")
    if "language" in names:
        found.language(outline.get("language"), where)
    for name in ("text", "title"):
        found.words(outline.get(name, ""), f"{where} {name}")
