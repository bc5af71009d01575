"""What a channel's readers are told besides its articles: entries that no source wrote.

An article that was taken down keeps its place and its guid in the feeds, with our words for its
own: readers replace by the guid what they hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape

from aggregator.model import Article, Attribution, Channel, Gone
from aggregator.publish import dates
from aggregator.publish.press import Press
from aggregator.publish.texts import Texts, texts_for


def among(press: Press, channel: Channel, articles: Sequence[Article]) -> Sequence[Article]:
    """Return the entries of a channel's feeds: *articles* and our notices, in the same order."""
    notices = list(_replacements(press, channel))
    if not notices:
        return articles
    entries = sorted([*articles, *notices], key=lambda one: one.id)
    entries.sort(key=lambda one: one.published, reverse=True)
    return entries[: press.publish.entries]


def sentence(press: Press, article: Article, words: Texts) -> str:
    """Return what readers are told of a removed article, as plain text; "" of any other."""
    removal = article.removal
    if removal is None:
        return ""
    text = words.withdrawn_since if removal.kind is Gone.WITHDRAWN else words.gone_since
    told = text.format(day=dates.date_name(press.local(removal.at).date(), words))
    if removal.told and removal.reason:
        told += words.gone_why.format(reason=removal.reason)
    return told


def _replacements(press: Press, channel: Channel) -> Iterable[Article]:
    language = press.language(channel)
    words = texts_for(language)
    for article in channel.removed:
        if _is_taken_down(article) and (not press.cutoff or article.published >= press.cutoff):
            told = sentence(press, article, words)
            yield replace(
                article,
                title=words.gone,
                content=f"<p>{escape(told, quote=False)}</p>",
                language=language,
                attribution=Attribution(press.site.title, f"{press.site.base}/"),
            )


def _is_taken_down(article: Article) -> bool:
    return article.removal is not None and article.removal.kind is Gone.TAKEN_DOWN
