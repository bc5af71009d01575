"""The search page: a form, and what was found with its words marked. Rendered when asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from aggregator.model import Article, Document
from aggregator.publish import addresses, dates, wording
from aggregator.publish.frame import page
from aggregator.publish.press import Press
from aggregator.publish.rows import Row, row
from aggregator.publish.terms import fitted
from aggregator.record import record

ON_A_PAGE = 20
COUNTED = 1_000
"""No further is counted how many there are."""
_AROUND = 220  # characters of a snippet
_BEFORE = 60  # of them before the first word that was found

Pieces = list[tuple[str, bool]]
"""A text in pieces, each with whether it is a word that was looked for."""


@record(frozen=True, slots=True)
class Found:
    """What a search brought: one page of articles (the first is 1), of so many in all."""

    query: str
    articles: Sequence[Article]
    count: int
    page: int = 1


class Hit(NamedTuple):
    """An article that was found, with the words that were looked for marked."""

    row: Row
    title: Pieces
    snippet: Pieces
    day: str


def search_page(press: Press, found: Found | None) -> Document:
    """Render the page; None is the form alone."""
    values: dict[str, Any] = {"query": "", "hits": [], "found": None}
    values["heading"] = press.texts.search
    if found is not None:
        words = press.texts
        many = f"{COUNTED:,}+" if found.count >= COUNTED else str(found.count)
        values |= {
            "found": found,
            "query": found.query,
            "heading": words.searched.format(query=found.query),
            "count": words.found[found.count > 1].format(n=many) if found.count else words.nothing,
            "hits": [_hit(press, article, found.query) for article in found.articles],
            "earlier": _page(found, +1) if found.count > found.page * ON_A_PAGE else "",
            "later": _page(found, -1) if found.page > 1 else "",
        }
    return page(press, addresses.SEARCH, "search.html.jinja", values)


def _page(found: Found, step: int) -> str:
    asked = {"q": found.query, "page": str(found.page + step)}
    if asked["page"] == "1":
        del asked["page"]
    return f"{addresses.SEARCH}?{urlencode(asked)}"


def _hit(press: Press, article: Article, query: str) -> Hit:
    """Show no more of an article than may be published."""
    shown = fitted(press, article)
    looked_for = _pattern(query)
    line = row(press, shown, press.site.language)
    text = " ".join(f"{shown.summary} {wording.text_of(shown.content)}".split())
    return Hit(
        line,
        title=_marked(line.title, looked_for),
        snippet=_marked(_around(text, looked_for), looked_for),
        day=dates.date_name(press.day(article), press.texts),
    )


def _pattern(query: str) -> re.Pattern[str]:
    words = sorted(filter(None, query.replace('"', " ").split()), key=len, reverse=True)
    return re.compile("|".join(map(_beginning, words)) or r"(?!)", re.IGNORECASE)


def _beginning(word: str) -> str:
    """Return a pattern for *word* where the search finds it: in Latin script, where words begin."""
    return rf"{'(?<![a-z0-9])' if word[0].isascii() and word[0].isalnum() else ''}{re.escape(word)}"


def _around(text: str, looked_for: re.Pattern[str]) -> str:
    """Return the part of *text* around the first of the words, else its beginning."""
    found = looked_for.search(text)
    start = max(0, found.start() - _BEFORE) if found else 0
    if start:
        start += len(text[start:].split(" ", 1)[0]) + 1 if " " in text[start : start + 20] else 0
    part = text[start : start + _AROUND]
    return f"{'…' if start else ''}{part.rstrip()}{'…' if start + _AROUND < len(text) else ''}"


def _marked(text: str, looked_for: re.Pattern[str]) -> Pieces:
    pieces: Pieces = []
    position = 0
    for match in looked_for.finditer(text):
        pieces += [(text[position : match.start()], False), (match[0], True)]
        position = match.end()
    return [(piece, marked) for piece, marked in [*pieces, (text[position:], False)] if piece]
