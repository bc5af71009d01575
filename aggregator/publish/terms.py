"""How much of an article may be published: as its source says, else its licence, and its feed.

What may not be shown is taken out before any format sees the article, so that none can show it.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape

from aggregator.model import Article, Content
from aggregator.publish import wording
from aggregator.publish.press import Press

_LEAST_FIRST: tuple[Content, ...] = ("link", "excerpt", "full")


def fitted(press: Press, article: Article) -> Article:
    """Return *article* with no more of its text than may be published where *press* is used.

    An excerpt is of its summary where it has one, and becomes all of its content.
    """
    allowed = min(press.most, _by_terms(press, article), key=_LEAST_FIRST.index)
    if allowed == "full":
        return article
    words = _excerpt(press, article) if allowed == "excerpt" else ""
    markup = f"<p>{escape(words, quote=False)}</p>" if words else ""
    return replace(article, summary="", content=markup)


def _by_terms(press: Press, article: Article) -> Content:
    source = press.sources.get(article.source)
    if source is not None and source.content is not None:
        return source.content
    return press.publish.allowed(article.attribution.rights, source.licence if source else "")


def _excerpt(press: Press, article: Article) -> str:
    length = press.publish.excerpt
    return wording.clipped(article.summary, length) or wording.beginning_of(article.content, length)
