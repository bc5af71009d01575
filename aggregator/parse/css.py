"""The operator's CSS selectors, and what they find in HTML.

    h2                the text of the element, markup inside it read through
    a@href            an attribute of the element
    @data-id          an attribute of the row itself (its text: `:scope`)
    h2 a              where an address is meant: the element's href or src

Parsel's own `a::attr(href)` and `a::text` may be written too. Sole user of parsel and of the
cssselect it stands on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from cssselect import SelectorError
from lxml import etree
from parsel import Selector
from parsel.csstranslator import HTMLTranslator

from aggregator.parse import fragment

_WITH_ATTRIBUTE = re.compile(r"(?P<css>.*?)\s*@(?P<name>[\w:.-]+)\s*", re.DOTALL)
_TEXT = ".//text()[not(parent::script or parent::style)]"


def fault(selector: str) -> str | None:
    """Return what is wrong with *selector*, or None where it can be used."""
    css, name = _parts(selector)
    try:
        if css or not name:
            _xpath(css)
    except SelectorError as error:
        return f"is not a CSS selector: {' '.join(str(error).split())}"
    return None


@lru_cache(maxsize=1024)
def _xpath(css: str) -> str:
    return str(HTMLTranslator().css_to_xpath(css))


@lru_cache(maxsize=1024)
def _parts(selector: str) -> tuple[str, str]:
    """Part a selector from the attribute that stands behind it, "" where none does."""
    found = _WITH_ATTRIBUTE.fullmatch(selector)
    return (found["css"], found["name"].lower()) if found else (selector, "")


def page(text: str) -> Selector:
    """Return the document, whole or a fragment, that *text* holds; some comes out of any text."""
    return Selector(text=text, type="html")  # and not what it takes the text for


def nodes(within: Selector, selector: str) -> list[Selector]:
    """Return the elements inside *within* that the selector selects."""
    return [node for node in _selected(within, selector) if not isinstance(node.root, str)]


def values(within: Selector, selector: str) -> Iterator[str]:
    """Yield the text, or the attribute, of each element that is selected; not the empty ones."""
    name = _parts(selector)[1]
    found = (_value(node, name).strip() for node in _selected(within, selector))
    return filter(None, found)


def addresses(within: Selector, selector: str) -> Iterator[str]:
    """Yield where what is selected leads: of an element without `@attribute` its href or src."""
    if _parts(selector)[1]:
        return values(within, selector)
    roots = (node.root for node in _selected(within, selector))
    found = (
        root if isinstance(root, str) else str(root.get("href") or root.get("src") or "")
        for root in roots
    )
    return filter(None, found)


def markup(within: Selector, selector: str) -> str:
    """Return what is selected as one HTML fragment.

    Of a single element that is what stands in it; several come whole, one after the other, without
    those that stand in another one. An attribute or a text is taken for what it looks like.
    """
    elements = nodes(within, selector)
    if not elements or _parts(selector)[1]:
        return fragment.from_unknown(next(values(within, selector), ""))
    roots = _outermost([node.root for node in elements])
    return (_inside(roots[0]) if len(roots) == 1 else "".join(map(_whole, roots))).strip()


def _selected(within: Selector, selector: str) -> Iterator[Selector]:
    css = _parts(selector)[0]
    return iter(within.xpath(_xpath(css)) if css else [within])


def _value(node: Selector, name: str) -> str:
    if isinstance(node.root, str):  # `::attr(href)` or `::text`
        return node.root
    return str(node.root.get(name, "")) if name else "".join(node.xpath(_TEXT).getall())


def _outermost(roots: list[Any]) -> list[Any]:
    kept: set[Any] = set()
    for root in roots:
        if kept.isdisjoint(root.iterancestors()):
            kept.add(root)
    return [root for root in roots if root in kept]


def _whole(root: Any) -> str:
    return str(etree.tostring(root, encoding="unicode", method="html", with_tail=False))


def _inside(root: Any) -> str:
    """Return the markup between an element's tags."""
    children = (etree.tostring(child, encoding="unicode", method="html") for child in root)
    return fragment.escape(root.text or "") + "".join(children)
