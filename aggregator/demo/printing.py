"""A paper and its stories → the document that it prints, one function for each form. Pure.

Addresses are those of the newsroom: *base* is the paper's, without a slash at its end.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta, timezone
from email.utils import format_datetime
from html import escape

from aggregator.demo.papers import Paper, Story

Stories = Sequence[Story]

_SHANGHAI = timezone(timedelta(hours=8))
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def rss(paper: Paper, stories: Stories, base: str) -> str:
    """Return an RSS 2.0 document."""
    items = "".join(
        f"<item><title>{escape(story.title)}</title><link>{base}/{story.id}</link>"
        f"<guid>{base}/{story.id}</guid><pubDate>{format_datetime(story.published)}</pubDate>"
        f"<description>{escape(story.text)}</description></item>\n"
        for story in stories
    )
    return (
        f'{_XML}<rss version="2.0"><channel><title>{escape(paper.title)}</title>'
        f"<link>{base}/</link><description>Made up</description>"
        f"<language>{paper.language}</language>\n{items}</channel></rss>\n"
    )


def atom(paper: Paper, stories: Stories, base: str) -> str:
    """Return an Atom 1.0 document."""
    entries = "".join(
        f"<entry><id>{base}/{story.id}</id><title>{escape(story.title)}</title>"
        f'<link href="{base}/{story.id}"/><published>{story.published.isoformat()}</published>'
        f"<updated>{story.published.isoformat()}</updated>"
        f'<content type="html">{escape(story.text)}</content></entry>\n'
        for story in stories
    )
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{paper.language}">'
        f"<id>{base}/</id><title>{escape(paper.title)}</title><link href='{base}/'/>"
        f"<updated>{stories[0].published.isoformat()}</updated>"
        f"<author><name>{escape(paper.title)}</name></author>\n{entries}</feed>\n"
    )


def json_feed(paper: Paper, stories: Stories, base: str) -> str:
    """Return a JSON Feed 1.1 document."""
    items = [
        {
            "id": f"{base}/{story.id}",
            "url": f"{base}/{story.id}",
            "title": story.title,
            "content_html": story.text,
            "date_published": story.published.isoformat(),
        }
        for story in stories
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": paper.title}
    feed |= {"home_page_url": f"{base}/", "language": paper.language}
    return json.dumps({**feed, "items": items}, ensure_ascii=False, indent=1)


def api(_: Paper, stories: Stories, __: str) -> str:
    """Return the rows of a JSON interface; its times are Shanghai's and do not say so."""
    rows = [
        {
            "code": story.id,
            "title": story.title,
            "medium": story.medium,
            "time": f"{story.published.astimezone(_SHANGHAI):%Y-%m-%d %H:%M:%S}",
        }
        for story in stories
    ]
    return json.dumps({"records": rows}, ensure_ascii=False, indent=1)


def page(paper: Paper, stories: Stories, base: str) -> str:
    """Return a page that lists the stories, made for people."""
    rows = "".join(
        f'<li><time datetime="{story.published.isoformat()}">{story.published:%d %B}</time> '
        f'<a href="{base}/{story.id}">{escape(story.title)}</a></li>\n'
        for story in stories
    )
    return _html(paper.language, paper.title, f'<ul class="notices">\n{rows}</ul>')


def sitemap(_: Paper, stories: Stories, base: str) -> str:
    """Return a sitemap."""
    urls = "".join(
        f"<url><loc>{base}/{story.id}</loc><lastmod>{story.published.isoformat()}</lastmod></url>\n"
        for story in stories
    )
    return f'{_XML}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'


FORMS: Mapping[str, Callable[[Paper, Stories, str], str]] = {
    "rss": rss,
    "atom": atom,
    "json-feed": json_feed,
    "api": api,
    "page": page,
    "sitemap": sitemap,
}
"""How each form is printed; posts are files, one for each story."""


def article(paper: Paper, story: Story) -> str:
    """Return a story's own page."""
    head = (
        f'<meta property="og:site_name" content="{escape(paper.title)}">'
        f'<meta property="article:published_time" content="{story.published.isoformat()}">'
    )
    body = f'<article><div class="body">{story.text}</div></article>'
    return _html(paper.language, story.title, body, head)


def detail(story: Story) -> str:
    """Return what a JSON interface has of one row besides the row: its text."""
    return json.dumps({"text": story.text}, ensure_ascii=False)


def post(story: Story) -> str:
    """Return a story as a Jekyll post."""
    date = f"{story.published:%Y-%m-%d %H:%M:%S %z}"
    return f"---\ntitle: {json.dumps(story.title)}\ndate: {date}\n---\n{story.text}\n"


def _html(language: str, title: str, body: str, head: str = "") -> str:
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>{head}</head>\n"
        f"<body><h1>{escape(title)}</h1>\n{body}\n</body></html>\n"
    )
