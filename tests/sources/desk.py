"""Answers at hand in place of a network, and the smallest document of every kind."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from aggregator.config.settings import Source
from aggregator.errors import FetchError
from aggregator.fetch.exchange import Fetched, Getter, NotModified, Request
from aggregator.model import SourceState
from aggregator.sources import KINDS, Harvest, Known

LIST = "https://rain.example/list"


class Answers:
    """Gives each address its document, remembers what was asked; unknown addresses fail."""

    def __init__(self, documents: Mapping[str, Any], *, etag: str = "") -> None:
        self.documents = dict(documents)
        self.etag = etag
        self.asked: list[Request] = []

    def get(self, request: Request) -> Fetched | NotModified:
        self.asked.append(request)
        if request.url not in self.documents:
            raise FetchError("answered 404 Not Found", status=404)
        if self.etag and request.etag == self.etag:
            return NotModified(request.url, etag=self.etag)
        document = self.documents[request.url]
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        return Fetched(request.url, body, etag=self.etag)

    @property
    def urls(self) -> list[str]:
        return [request.url for request in self.asked]


def source(kind: str = "feed", **keys: Any) -> Source:
    return Source.model_validate({"id": "rain", "url": LIST, "kind": kind} | keys)


def knows(stored: Mapping[str, str]) -> Known:
    def known(guids: Sequence[str]) -> Mapping[str, str]:
        return {guid: stored[guid] for guid in guids if guid in stored}

    return known


NOTHING = knows({})


def collect(
    source: Source,
    getter: Getter,
    *,
    state: SourceState | None = None,
    known: Known = NOTHING,
) -> Harvest:
    """Return what the source's kind collects; it must be a harvest."""
    harvest = KINDS[source.kind].collect(source, state or SourceState(source.id), getter, known)
    assert isinstance(harvest, Harvest)
    return harvest


BY = '<p>by <b class="by">Ada</b></p>'  # the body of every entry


def rss(*titles: str) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://rain.example/{title}</link>"
        f"<description>{escape(BY)}</description></item>"
        for title in titles
    )
    return f"<rss><channel><title>Rain</title>{items}</channel></rss>".encode()


def rows(*titles: str) -> dict[str, Any]:
    return {"rows": [{"code": f"N-{title}", "head": title, "body": BY} for title in titles]}


def page(*titles: str) -> bytes:
    """Return a list page, with an article's page behind each row."""
    rows = "".join(
        f'<li data-id="N-{title}"><a href="{title}.html"><b class=title>{title}</b></a>'
        f"<div>{BY}</div></li>"
        for title in titles
    )
    return f"<!doctype html><title>Rain</title><ul>{rows}</ul>".encode()


ON_PAGE = {"items": "li", "fields": {"title": ".title", "link": "a@href", "content": "div"}}


def article(title: str) -> bytes:
    """Return an article's page."""
    return f"<!doctype html><title>{title}</title><article>{BY}</article>".encode()


def sitemap(site: str, *titles: str, day: str = "2026-11-20") -> bytes:
    """Return a sitemap of news, of pages that stand at *site*."""
    urls = "".join(
        f"<url><loc>{site}/{title}.html</loc><lastmod>{day}</lastmod>"
        f"<n:news><n:title>{title}</n:title></n:news></url>"
        for title in titles
    )
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
    ).encode()


FIELDS = {"id": "code", "title": "head", "content": "body"}


def write_posts(folder: Path, *titles: str) -> Path:
    folder.mkdir(exist_ok=True)
    for title in titles:
        post = f"---\ntitle: {title}\n---\n{BY}\n"
        (folder / f"2024-01-17-{title}.md").write_text(post, encoding="utf-8")
    return folder
