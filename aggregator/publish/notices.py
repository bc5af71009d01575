"""What a channel's readers are told besides its articles: entries that no source wrote.

An article that was taken down keeps its place and its guid in the feeds, with our words for its
own: readers replace by the guid what they hold. A correction is an entry of its own, dated when the
edit was first seen: readers show it as new.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape

from aggregator.model import Article, Attribution, Channel, Correction, Gone
from aggregator.publish import addresses, dates
from aggregator.publish.press import Press
from aggregator.publish.texts import Texts, texts_for


def among(press: Press, channel: Channel, articles: Sequence[Article]) -> Sequence[Article]:
    """Return the entries of a channel's feeds: *articles* and our notices, in the same order.

    Where a feed has as many articles as it may, there are no notices that are older.
    """
    notices = [*_replacements(press, channel), *_corrections(press, channel)]
    if len(articles) >= press.publish.entries:
        notices = [one for one in notices if one.published >= articles[-1].published]
    if not notices:
        return articles
    entries = sorted([*articles, *notices], key=lambda one: (one.id, one.public_id))
    return sorted(entries, key=lambda one: one.published, reverse=True)


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


def _corrections(press: Press, channel: Channel) -> Iterable[Article]:
    language = press.language(channel)
    words = texts_for(language)
    for one in channel.corrections:
        yield replace(
            one.article,
            public_id=one.public_id,
            title=words.correction.format(title=one.title or one.article.id),
            summary="",
            content=_corrected(press, one, words),
            language=language,
            published=one.seen_at,
            updated=one.seen_at,
            enclosures=(),
            image="",
            also=(),
        )


def _corrected(press: Press, one: Correction, words: Texts) -> str:
    """Return the HTML of a correction: when it was seen, of what, and its title until then."""
    day = dates.date_name(press.local(one.seen_at).date(), words)
    title, page = one.title or one.article.id, addresses.link(press, one.article)
    text = escape(words.corrected.format(day=day), quote=False)
    markup = f'<p>{text}<a href="{escape(page)}">{escape(title, quote=False)}</a></p>'
    if one.before and one.before != one.title:
        markup += f"<p>{escape(words.formerly.format(title=one.before), quote=False)}</p>"
    return markup


def _is_taken_down(article: Article) -> bool:
    return article.removal is not None and article.removal.kind is Gone.TAKEN_DOWN
