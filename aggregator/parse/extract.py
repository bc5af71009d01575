"""Fields found in an entry's own body, by CSS selector and pattern ([source.extract]).

Sole user of parsel and the cssselect it stands on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from cssselect import SelectorError
from parsel import Selector
from parsel.csstranslator import HTMLTranslator

from aggregator import pattern
from aggregator.config.settings import Extract
from aggregator.model import Entry
from aggregator.parse import fragment, named


def fault(selector: str) -> str | None:
    """Return what is wrong with the CSS *selector*, or None where it can be used."""
    try:
        _xpath(selector)
    except SelectorError as error:
        return f"is not a CSS selector: {' '.join(str(error).split())}"
    return None


@lru_cache(maxsize=1024)
def _xpath(selector: str) -> str:
    return str(HTMLTranslator().css_to_xpath(selector))


def extract(entry: Entry, wanted: Mapping[str, Extract]) -> Entry:
    """Return *entry* with every field of *wanted* that is found in its content (else its summary).

    The text of a node is that of everything inside it, so a name with links in it comes out whole;
    `::attr(href)` takes an attribute. The first node on which the pattern matches gives the value;
    a field that is not found stays as it was. Raises EntryError where a pattern takes too long.
    """
    body = entry.content or entry.summary
    if not wanted or not body:
        return entry
    page = Selector(text=body)
    found = {name: _find(page, one) for name, one in wanted.items()}
    texts = {
        name: fragment.escape(text) if name in named.FRAGMENTS else text
        for name, text in found.items()
    }
    return named.fill(entry, texts, entry.base)


def _find(page: Selector, wanted: Extract) -> str:
    values = _texts(page, wanted.selector)
    if wanted.match is not None:
        values = (pattern.find(wanted.match, text) or "" for text in values)
    return next((text.strip() for text in values if text.strip()), "")


def _texts(page: Selector, selector: str) -> Iterator[str]:
    for node in page.xpath(_xpath(selector)):
        if isinstance(node.root, str):  # an attribute or ::text
            yield node.root
        else:
            yield "".join(node.xpath(".//text()").getall())
