"""Fields found in an entry's own body, by CSS selector and pattern ([source.extract])."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from parsel import Selector

from aggregator import pattern
from aggregator.config.settings import Extract
from aggregator.model import Entry
from aggregator.parse import css, fragment, named


def extract(entry: Entry, wanted: Mapping[str, Extract]) -> Entry:
    """Return *entry* with every field of *wanted* that is found in its content (else its summary).

    The text of a node is that of everything inside it, so a name with links in it comes out whole;
    `a@href` takes an attribute. The first node on which the pattern matches gives the value; a
    field that is not found stays as it was. Raises EntryError where a pattern takes too long.
    """
    body = entry.content or entry.summary
    if not wanted or not body:
        return entry
    page = css.page(body)
    found = {name: _find(page, one) for name, one in wanted.items()}
    texts = {
        name: fragment.escape(text) if name in named.FRAGMENTS else text
        for name, text in found.items()
    }
    return named.fill(entry, texts, entry.base)


def _find(page: Selector, wanted: Extract) -> str:
    values: Iterable[str] = css.values(page, wanted.selector)
    if wanted.match is not None:
        values = (pattern.find(wanted.match, text) or "" for text in values)
    return next((text.strip() for text in values if text.strip()), "")
