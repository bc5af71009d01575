"""A digest: one entry that lists the articles of a day or a week.

It is an article of our own, so every format renders it as it does any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

from aggregator.model import Article, Attribution, Category, Channel
from aggregator.periods import Period
from aggregator.publish import addresses, dates, terms, wording
from aggregator.publish.press import Press
from aggregator.publish.texts import Texts, texts_for

_LONGEST_EXCERPT = 160
_LONGEST_SUMMARY = 300
_TITLES = 10  # in a summary at most


def press_for(press: Press, channel: Channel) -> Press:
    """Return the press for the digests of *channel*: they stand in its folder.

    They are our own and shown whole; each article in them is credited, so they have no such line.
    """
    publish = press.publish.model_copy(update={"credit": "", "licences": {}})
    folder = Category(channel.slug, channel.title, channel.slug)
    categories = {**press.categories, channel.title: folder}
    return replace(press, publish=publish, categories=categories, sources={}, most="full")


def digest(press: Press, channel: Channel, period: Period, articles: Sequence[Article]) -> Article:
    """Return the entry of *period* that lists *articles*, at least one, in their order.

    It is published when the period ends; an article that arrives later changes what it lists, and
    neither its id nor its date.
    """
    language = press.language(channel)
    words = texts_for(language)
    shown = [terms.fitted(press, article) for article in articles]
    rhythm = "weekly" if period.is_week else "daily"
    return Article(
        id=rhythm,
        source=channel.slug,
        guid=f"{period.last}-{channel.slug}",
        public_id=(
            f"tag:{press.site.host},{period.last.year}:{channel.slug}/{rhythm}/{period.last}"
        ),
        title=f"{channel.title} · {_named(period, words)}",
        link="",
        share_link=_link(press, channel, period),
        published=period.end,
        updated=period.end,
        first_seen_at=period.end,
        summary=_summary(shown, words),
        content="".join(_sections(press, shown, language)),
        language=language,
        authors=(),
        attribution=Attribution(press.site.title),
        categories=(channel.title,),
        tags=(),
        terms=(),
        enclosures=(),
        image="",
        fingerprint="",
        day=period.last,
    )


def _named(period: Period, words: Texts) -> str:
    days = (period.first, period.last) if period.is_week else (period.last,)
    return " – ".join(dates.date_name(day, words) for day in days)


def _link(press: Press, channel: Channel, period: Period) -> str:
    """Return "" where the digest has a page of its own to lead to, else a place in its feed."""
    feeds = addresses.feeds(press, channel)
    if press.writes("html") or not feeds:
        return ""
    return f"{addresses.public(press, feeds[0][1])}#{period.last}"


def _summary(articles: Sequence[Article], words: Texts) -> str:
    titles = " · ".join(wording.headline(article) for article in articles[:_TITLES])
    count = words.articles[len(articles) > 1].format(n=len(articles))
    return wording.clipped(words.listing.format(count=count, titles=titles), _LONGEST_SUMMARY)


def _sections(press: Press, articles: Sequence[Article], language: str) -> Iterator[str]:
    """Yield a list for each category, with its name above it where there are several."""
    sections: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        sections[article.categories[0]].append(article)
    for label, members in sections.items():
        if len(sections) > 1:
            yield f"<h2>{escape(press.title(label), quote=False)}</h2>"
        items = "".join(_item(press, article, language) for article in members)
        yield f"<ul>{items}</ul>"


def _item(press: Press, article: Article, language: str) -> str:
    words = texts_for(language)
    title = wording.headline(article)
    foreign = wording.foreign_language(article, language)
    lang = f' lang="{foreign}"' if foreign else ""
    link = f'<a href="{escape(addresses.link(press, article))}"{lang}>{_text(title)}</a>'
    by = [article.attribution.publisher, wording.also_line(words, article)]
    line = f"{link} – {_text(' · '.join(filter(None, by)))}"
    excerpt = wording.clipped(wording.short(article), _LONGEST_EXCERPT)
    if excerpt == title:
        return f"<li>{line}</li>"
    return f"<li>{line}<br><span{lang}>{_text(excerpt)}</span></li>"


def _text(text: str) -> str:
    return escape(text, quote=False)
