"""Pages, sitemaps and archives over real HTTP: what a publisher sees of us."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

from aggregator.config.settings import Fetch, Source
from aggregator.fetch import Fetcher, NotModified
from aggregator.model import SourceState
from aggregator.sources import KINDS, Harvest
from tests.sources.desk import article, knows, page, rows, sitemap, source
from tests.web import Answer, serving


@dataclass
class Site:
    """A site's documents by path; every one has an ETag. `asked` has path and answer in turn."""

    documents: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)
    url: str = ""

    def get(self, path: str, otherwise: Answer) -> Answer:
        body = self.documents.get(path)

        def answer(request: BaseHTTPRequestHandler) -> None:
            if body is None:
                self.asked.append((path, 404))
                otherwise(request)
                return
            etag = f'"{hashlib.md5(body).hexdigest()}"'
            same = request.headers["If-None-Match"] == etag
            self.asked.append((path, 304 if same else 200))
            request.send_response(304 if same else 200)
            request.send_header("ETag", etag)
            request.send_header("Content-Type", "text/html; charset=utf-8")
            request.send_header("Content-Length", "0" if same else str(len(body)))
            request.end_headers()
            request.wfile.write(b"" if same else body)

        return answer

    def heard(self) -> list[tuple[str, int]]:
        """Return what was asked since this was last asked."""
        taken, self.asked = self.asked, []
        return taken


@contextmanager
def reading(documents: Mapping[str, Any]) -> Iterator[tuple[Site, Reader]]:
    """Serve *documents* on loopback, and read them as the program does."""
    site = Site(
        {
            path: body if isinstance(body, bytes) else json.dumps(body).encode()
            for path, body in documents.items()
        }
    )
    settings = Fetch.model_validate({"allow_private": ["127.0.0.1"]})
    with serving(site) as port, Fetcher(settings, version="0") as fetcher:  # type: ignore[arg-type]
        site.url = f"http://127.0.0.1:{port}"
        yield site, Reader(fetcher)


@dataclass
class Reader:
    """Looks at a source again and again, and remembers what a store would."""

    fetcher: Fetcher
    stored: dict[str, str] = field(default_factory=dict)
    state: SourceState = field(default_factory=lambda: SourceState("rain"))

    def look(self, source: Source) -> Harvest | NotModified:
        harvest = KINDS[source.kind].collect(source, self.state, self.fetcher, knows(self.stored))
        answer = harvest.answer if isinstance(harvest, Harvest) else harvest
        whole = not isinstance(harvest, Harvest) or harvest.complete
        self.state = replace(
            self.state,
            etag=answer.etag if whole else "",
            body_hash=answer.body_hash if whole else "",
            last_ok_at=datetime(2026, 11, 22, tzinfo=UTC),
        )
        if isinstance(harvest, Harvest):
            self.stored |= {entry.guid: entry.fingerprint for entry in harvest.feed.entries}
            self.stored |= harvest.passed_over
        return harvest

    def titles(self, source: Source) -> list[str]:
        harvest = self.look(source)
        assert isinstance(harvest, Harvest)
        return [entry.title for entry in harvest.feed.entries]


FIELDS = {"title": ".title", "link": "a@href", "content": "detail.article"}


def test_a_list_and_its_pages_are_asked_for_once_and_then_conditionally() -> None:
    pages = {f"/{title}.html": article(title) for title in ("rain", "snow", "hail")}
    with reading({"/": page("rain", "snow")} | pages) as (site, reader):
        origin = source("html", url=f"{site.url}/", items="li", fields=FIELDS, detail="{+link}")
        assert reader.titles(origin) == ["rain", "snow"]
        assert site.heard() == [
            ("/robots.txt", 404),
            ("/", 200),
            ("/rain.html", 200),
            ("/snow.html", 200),
        ]
        assert isinstance(reader.look(origin), NotModified)
        assert site.heard() == [("/", 304)]
        site.documents["/"] = page("hail", "rain", "snow")
        reader.look(origin)
        assert site.heard() == [("/", 200), ("/hail.html", 200)]


def test_a_list_of_several_pages_is_read_until_everything_is_known() -> None:
    def listed(number: int, *titles: str) -> bytes:
        return page(*titles) + f"<a class=next href='/{number + 1}'>older</a>".encode()

    documents = {"/": listed(1, "d", "c"), "/2": listed(2, "b"), "/3": listed(3, "a")}
    with reading(documents) as (site, reader):
        fields = {"title": ".title", "link": "a@href"}
        origin = source(
            "html", url=f"{site.url}/", items="li", fields=fields, next="a.next", pages=9
        )
        assert reader.titles(origin) == ["d", "c", "b", "a"]
        assert site.heard()[-1] == ("/4", 404)
        assert isinstance(reader.look(origin), NotModified)
        assert site.heard() == [("/", 304)]
        site.documents |= {"/": listed(1, "f", "e"), "/2": listed(2, "d", "c")}
        assert reader.titles(origin) == ["f", "e", "d", "c"]
        assert site.heard() == [("/", 200), ("/2", 200)]


def test_a_json_list_of_several_pages_is_read_until_everything_is_known() -> None:
    documents = {"/list": rows("d"), "/list?page=2": rows("c"), "/list?page=3": rows()}
    with reading(documents) as (site, reader):
        origin = source(
            "json",
            url=f"{site.url}/list",
            items="rows",
            fields={"id": "code", "title": "head"},
            next="?page={page}",
            pages=9,
        )
        assert reader.titles(origin) == ["d", "c"]
        assert [path for path, _ in site.heard()] == ["/list", "/list?page=2", "/list?page=3"]
        site.documents["/list"] = json.dumps(rows("e", "d")).encode()
        assert reader.titles(origin) == ["e", "d", "c"]
        assert [path for path, _ in site.heard()] == ["/list", "/list?page=2"]


def test_an_index_of_gzipped_sitemaps_leads_to_pages_that_are_asked_for_once() -> None:
    with reading({}) as (site, reader):
        site.documents = {
            "/sitemap.xml": (
                f"<sitemapindex><sitemap><loc>{site.url}/1.xml.gz</loc>"
                "<lastmod>2026-11-22</lastmod></sitemap></sitemapindex>"
            ).encode(),
            "/1.xml.gz": gzip.compress(sitemap(site.url, "rain", "snow")),
            "/rain.html": article("rain"),
            "/snow.html": article("snow"),
        }
        origin = source(
            "sitemap", url=f"{site.url}/sitemap.xml", fields={"content": "article"}, first=1
        )
        assert reader.titles(origin) == ["rain"]
        assert site.heard() == [
            ("/sitemap.xml", 200),
            ("/1.xml.gz", 200),
            ("/robots.txt", 404),
            ("/rain.html", 200),
        ]
        assert isinstance(reader.look(origin), NotModified)
        assert site.heard() == [("/sitemap.xml", 304)]
        site.documents["/sitemap.xml"] += b"\n"
        reader.look(origin)
        assert site.heard() == [("/sitemap.xml", 200), ("/1.xml.gz", 200)]


def test_the_archive_of_a_new_feed_is_asked_for_once() -> None:
    def feed(letter: str, older: str) -> bytes:
        link = f"<link rel='prev-archive' href='{older}'/>" if older else ""
        return (
            f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Rain</title>{link}"
            f"<entry><id>tag:rain.example,2026:{letter}</id><title>{letter}</title></entry></feed>"
        ).encode()

    documents = {"/feed": feed("c", "/2"), "/2": feed("b", "/1"), "/1": feed("a", "")}
    with reading(documents) as (site, reader):
        origin = source(url=f"{site.url}/feed", history=True)
        assert reader.titles(origin) == ["c", "b", "a"]
        assert [path for path, _ in site.heard()] == ["/feed", "/2", "/1"]
        site.documents["/feed"] = feed("d", "/2")
        assert reader.titles(origin) == ["d"]
        assert site.heard() == [("/feed", 200)]


def test_what_robots_txt_forbids_is_never_asked_for() -> None:
    rules = b"User-agent: *\nDisallow: /snow\nDisallow: /private/"
    documents = {"/robots.txt": rules, "/": page("rain", "snow"), "/rain.html": article("rain")}
    with reading(documents) as (site, reader):
        origin = source("html", url=f"{site.url}/", items="li", fields=FIELDS, detail="{+link}")
        harvest = reader.look(origin)
        assert isinstance(harvest, Harvest)
        assert [entry.title for entry in harvest.feed.entries] == ["rain"]
        assert "robots.txt of 127.0.0.1 forbids it" in str(harvest.feed.bad[0])
        assert [path for path, _ in site.heard()] == ["/robots.txt", "/", "/rain.html"]
        assert isinstance(reader.look(origin), NotModified), "nothing is asked for again in vain"


def test_a_feed_is_asked_for_whatever_robots_txt_says() -> None:
    body = b"<rss><channel><item><title>rain</title></item></channel></rss>"
    documents = {"/robots.txt": b"User-agent: *\nDisallow: /", "/feed": body}
    with reading(documents) as (site, reader):
        assert reader.titles(source(url=f"{site.url}/feed")) == ["rain"]
        assert site.heard() == [("/feed", 200)]
