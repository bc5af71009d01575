"""What rules would make of an article that is stored already.

The entry that it was made of is gone, so this is as near as one can come: what an earlier rule has
taken out of it is not there to be found again, and a row's own fields are not either.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from html import escape

from aggregator.config.settings import Rule
from aggregator.errors import EntryError
from aggregator.model import Article, Entry
from aggregator.normalise import rules


class Again(StrEnum):
    """What becomes of an article under the rules as they are now."""

    SAME = "same"
    CHANGED = "changed"
    DROPPED = "dropped"


def again(article: Article, every: Sequence[Rule], now: datetime) -> Again:
    """Return what *every* rule, in their order, would make of *article* at *now*."""
    entry = _entry(article)
    try:
        ruled = rules.apply(entry, every, article.source, lambda: now - article.published)
    except EntryError:  # a row's field is missing here, and was not there
        return Again.SAME
    if ruled.entry is None:
        return Again.DROPPED
    given = {*ruled.given("category"), *ruled.given("tag")}
    marked = given <= {*article.categories, *article.tags}
    return Again.SAME if ruled.entry == entry and marked else Again.CHANGED


def _entry(article: Article) -> Entry:
    return Entry(
        id=article.guid,
        title=escape(article.title, quote=False),
        link=article.link,
        published=article.published.isoformat(),
        updated=article.updated.isoformat(),
        authors=article.authors,
        summary=escape(article.summary, quote=False),
        content=article.content,
        terms=article.terms,
        enclosures=article.enclosures,
        image=article.image,
        publisher=escape(article.attribution.publisher, quote=False),
        rights=escape(article.attribution.rights, quote=False),
        language=article.language,
    )
