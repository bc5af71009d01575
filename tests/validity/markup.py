"""HTML in a feed: it parses without a fault, is not dangerous, and every address is whole."""

from __future__ import annotations

import re
from typing import Any

from tests.validity.finding import Findings

_DANGEROUS = frozenset({"applet", "base", "embed", "frame", "frameset", "iframe", "link", "meta"})
_DANGEROUS |= {"object", "script", "style"}
_ADDRESSES = frozenset({"action", "cite", "href", "poster", "src", "longdesc", "background"})
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:[!-~]+", re.IGNORECASE)
_BROKEN_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_CANDIDATES = re.compile(r"\s*(\S+[^\s,])(?:\s+[^,]*)?\s*(?:,|$)")


def check_markup(found: Findings, fragment: str, where: str) -> None:
    """Check a fragment of HTML as the W3C validator does, and srcset and poster besides."""
    from html5lib import HTMLParser

    found.characters(fragment, where)
    parser: Any = HTMLParser()
    tree = parser.parseFragment(fragment)
    for _, code, values in parser.errors:
        found.warn("NotHtml", where, f"{code} {values}")
    for element in tree.iter():
        if isinstance(element.tag, str):
            _check_element(found, element, where)


def _check_element(found: Findings, element: Any, where: str) -> None:
    name = element.tag.rpartition("}")[2]
    if name in _DANGEROUS:
        found.warn("SecurityRisk", where, name)
    for attribute, value in element.attrib.items():
        if attribute.startswith("on") or attribute == "style":
            found.warn("SecurityRiskAttr", where, f"{name} {attribute}")
        elif attribute in _ADDRESSES:
            _check_address(found, value, f"{where} {name}@{attribute}")
        elif attribute == "srcset":
            for address in _CANDIDATES.findall(value):
                _check_address(found, address, f"{where} {name}@srcset")


def _check_address(found: Findings, value: str, where: str) -> None:
    if not re.match(r"\w+:", value):
        found.warn("ContainsRelRef", where, value)
    elif not _ABSOLUTE.fullmatch(value) or _BROKEN_PERCENT.search(value):
        found.error("InvalidUriChar", where, value)
