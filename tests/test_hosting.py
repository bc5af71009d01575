"""The folder alone, behind Debian's nginx and Caddy, answers as our own server does."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urljoin

import brotli
import pytest
import requests
from backports import zstd
from requests.structures import CaseInsensitiveDict

from tests.cli.inside import aggregator
from tests.hosts import BROTLI, SHARE_HOST, TAKEN_DOWN, Place, ask, raw
from tests.test_share import ATTACKS

SAME = ["Content-Type", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy",
        "Cache-Control", "Set-Cookie", "Content-Encoding"]  # fmt: skip
SHARE = "/html_News/NewsShare.html?infoCode="
DECODE: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
}


class Pair:
    """One site, as our own server serves it and as another one does."""

    def __init__(self, name: str, place: Place, own: str, other: str) -> None:
        self.name = name
        self.place = place
        self.own = own
        self.other = other

    def gone(self) -> str:
        (page,) = (self.place.feeds / "_gone").rglob(f"{TAKEN_DOWN.id}.html")
        return f"/{page.relative_to(self.place.feeds / '_gone').as_posix()}"

    def codings(self) -> list[str]:
        return ["gzip"] if self.name == "nginx" else ["gzip", "br", "zstd"]


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    place = Place(tmp_path_factory.mktemp(request.param))
    with place.own_server() as own, place.other_server(request.param) as other:
        yield Pair(request.param, place, own, other)


def said(answer: requests.Response) -> dict[str, str | None]:
    return {name: answer.headers.get(name) for name in SAME}


def encoded(url: str, coding: str) -> bytes:
    """Return the body at *url* as it comes over the wire."""
    headers = {"Accept-Encoding": coding}
    with requests.get(url, headers=headers, stream=True, timeout=10) as answer:
        body: bytes = answer.raw.read(decode_content=False)
    return body


def relations(headers: CaseInsensitiveDict[str]) -> set[tuple[str, str]]:
    links = requests.utils.parse_header_links(headers.get("Link", ""))
    return {(link["rel"], link["url"]) for link in links}


def test_every_document_comes_with_the_same_headers(pair: Pair) -> None:
    paths = pair.place.paths()
    kinds = {path.rpartition(".")[2] for path in paths}
    assert kinds >= {"css", "html", "json", "md", "opml", "xml"}
    folders = {f"{path.rpartition('/')[0]}/" for path in paths if path.endswith("/index.html")}
    for path in [*paths, "", *folders, ".well-known/feeds"]:
        own, other = ask(pair.own, f"/{path}"), ask(pair.other, f"/{path}")
        assert (other.status_code, other.content) == (200, own.content), path
        assert said(other) == said(own), path
        assert not other.headers["ETag"].startswith("W/")
        assert other.headers["Last-Modified"].endswith(" GMT")
        if path.endswith((".md", ".png")):
            continue
        assert "Accept-Encoding" in other.headers["Vary"], path


def test_feeds_name_themselves_their_hub_and_their_page(pair: Pair) -> None:
    for path in ("/world/rss.xml", "/all/atom.xml", "/sea/feed.json"):
        own, other = (
            relations(ask(pair.own, path).headers),
            relations(ask(pair.other, path).headers),
        )
        assert {relation for relation, _ in other} == {"self", "hub", "alternate"}
        assert other <= own, path


def test_a_feed_is_kept_for_as_long_as_it_says(pair: Pair) -> None:
    for address in (pair.own, pair.other):
        answer = ask(address, "/world/rss.xml")
        minutes, times = (
            int(answer.text.split(f"<{name}>")[1].split("<")[0])
            for name in ("ttl", "sy:updateFrequency")
        )
        assert "<sy:updatePeriod>hourly<" in answer.text
        assert minutes * times == 60
        assert f"max-age={minutes * 60}," in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/world/rss.xml", "/", "/feeds.opml"])
def test_a_condition_decides_between_200_and_304(pair: Pair, path: str) -> None:
    whole = ask(pair.other, path)
    tag, date = whole.headers["ETag"], whole.headers["Last-Modified"]
    never, later = "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
    assert ask(pair.other, path, If_None_Match=tag).status_code == 304
    assert ask(pair.other, path, If_None_Match='"other"').status_code == 200
    assert (
        ask(pair.other, path, If_None_Match='"other"', If_Modified_Since=later).status_code == 200
    )
    assert ask(pair.other, path, If_Modified_Since=date).status_code == 304
    assert ask(pair.other, path, If_Modified_Since=later).status_code == 304
    assert ask(pair.other, path, If_Modified_Since=never).status_code == 200
    none = ask(pair.other, path, If_None_Match=tag)
    for name in ("ETag", "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options"):
        assert none.headers[name] == whole.headers[name]


@pytest.mark.parametrize(
    "path", ["/", "/world/atom.xml", "/all/feed.json", "/assets/style.css", "/.well-known/feeds"]
)
def test_what_stands_ready_is_sent_compressed_under_an_etag_of_its_own(
    pair: Pair, path: str
) -> None:
    plain = ask(pair.other, path)
    tags = {plain.headers["ETag"]}
    for coding in pair.codings():
        answer = ask(pair.other, path, "HEAD", Accept_Encoding=coding)
        assert answer.headers["Content-Encoding"] == coding
        assert answer.headers["Content-Type"] == plain.headers["Content-Type"]
        assert DECODE[coding](encoded(f"{pair.other}{path}", coding)) == plain.content
        tags.add(answer.headers["ETag"])
        asked = {"If_None_Match": answer.headers["ETag"], "Accept_Encoding": coding}
        assert ask(pair.other, path, **asked).status_code == 304
    assert len(tags) == 1 + len(pair.codings())


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/nothing/rss.xml", "/world/2026/", "/world/2026/11/22/zzzzzzzzzz.html", "/_posts",
     "/_posts/", "/x/feed", "/.writing", "/world/.0123456789abcdef.tmp", "/assets/",
     "/_share/html_News/NewsShare.html/infoCode=NW1.html"],
)  # fmt: skip
def test_what_is_not_published_gets_the_page_about_it(pair: Pair, path: str) -> None:
    (pair.place.feeds / ".writing").touch()
    (pair.place.feeds / "world/.0123456789abcdef.tmp").write_bytes(b"half")
    own, other = ask(pair.own, path), ask(pair.other, path)
    assert (other.status_code, other.content) == (404, own.content)
    assert said(other) == said(own)


def test_what_was_taken_down_is_gone(pair: Pair) -> None:
    own, other = ask(pair.own, pair.gone()), ask(pair.other, pair.gone())
    assert (own.status_code, other.status_code) == (410, 410)
    assert other.content == own.content
    assert said(other) == said(own)
    assert ask(pair.other, f"/_gone{pair.gone()}").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/feed", "/feed/", "/rss", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json", "/world",
     "/world/feed", "/world/feed/", "/sea/rss", "/sea/atom", "/sea/index.xml", "/abroad",
     "/abroad/", "/abroad/atom.xml", "/elsewhere/2026/11/22/abc.html", "/abroad/feed"],
)  # fmt: skip
def test_aliases_and_former_names_lead_to_the_same_place(pair: Pair, path: str) -> None:
    own, other = ask(pair.own, path), ask(pair.other, path)
    assert (own.status_code, other.status_code) == (301, 301)
    assert urljoin(path, other.headers["Location"]) == urljoin(path, own.headers["Location"])
    assert other.headers["Cache-Control"] == own.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/abroad/%0d%0aX-Bad:%20y", "/abroad/%0aX-Bad:%20y%0a/feed"])
def test_no_address_gets_a_line_into_the_headers(pair: Pair, path: str) -> None:
    answer = ask(pair.other, path)
    assert answer.status_code == 404
    assert "X-Bad" not in answer.headers


def test_a_share_link_leads_to_its_article(pair: Pair) -> None:
    host = f"{SHARE_HOST}:{pair.place.port}"
    for query in ("NW2", "NW2&from=timeline"):
        own, other = ask(pair.own, SHARE + query), ask(pair.other, SHARE + query, Host=host)
        assert (other.status_code, other.content) == (200, own.content)
        assert said(other) == said(own)
        target = other.text.split("url=")[1].split('"')[0]
        assert ask(pair.other, urljoin(SHARE, target)).status_code == 200
    assert b"Title 2" in ask(pair.other, urljoin(SHARE, target)).content


@pytest.mark.parametrize("attack", [*ATTACKS, "NW1/../../../../secret", "../../../secret.html"])
def test_a_share_link_leads_nowhere_else(pair: Pair, attack: str) -> None:
    feeds = pair.place.feeds
    for place in (feeds, feeds.parent, feeds / "_share", feeds / "_share/html_News"):
        for name in ("secret", "secret.html"):
            (place / name).write_bytes(b"top secret")
    target = f"{SHARE}{attack}".encode().replace(b" ", b"%20")
    answer = raw(pair.other, target)
    assert b"secret" not in answer.partition(b"\r\n\r\n")[2]
    if answer.startswith(b"HTTP/"):  # a line break makes it a request of HTTP/0.9
        assert answer.split(b" ")[1] in (b"400", b"404")


@pytest.mark.parametrize("name", ["nginx", "caddy"])
def test_a_site_below_a_path_of_its_host_keeps_to_it(tmp_path: Path, name: str) -> None:
    place = Place(tmp_path, "/news")
    with place.other_server(name) as address:
        assert b"Title 1" in ask(address, "/news/world/rss.xml").content
        assert ask(address, "/news/").status_code == 200
        for path, target in {
            "/news": "/news/",
            "/news/feed": "/news/all/rss.xml",
            "/news/world": "/news/world/",
            "/news/abroad/x": "/news/world/x",
        }.items():
            answer = ask(address, path)
            assert answer.status_code == 301
            assert urljoin(path, answer.headers["Location"]) == target
        links = relations(ask(address, "/news/all/atom.xml").headers)
        assert ("self", f"{place.base}/news/all/atom.xml") in links


def test_nginx_follows_no_link_out_of_the_folder(tmp_path: Path) -> None:
    place = Place(tmp_path)
    (tmp_path / "secret.txt").write_text("secret")
    (place.feeds / "leak.txt").symlink_to(tmp_path / "secret.txt")
    with place.other_server("nginx") as address:
        assert "secret" not in ask(address, "/leak.txt").text


@pytest.mark.skipif(not BROTLI.exists(), reason="nginx's module for brotli is not installed")
def test_nginx_sends_brotli_where_the_operator_lets_it(tmp_path: Path) -> None:
    place = Place(tmp_path)
    edits = [
        ("# brotli_static on;", "brotli_static on;"),
        ("disable_symlinks on from=$document_root;", ""),
    ]
    with place.other_server("nginx", *edits) as address:
        body = encoded(f"{address}/world/rss.xml", "br")
    assert brotli.decompress(body) == (place.feeds / "world/rss.xml").read_bytes()


def test_the_commands_print_them(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[site]\nurl = "https://news.example"\n[publish]\ndirectory = "public"\n'
    )
    nginx, caddy = (aggregator(tmp_path, "export", name) for name in ("nginx", "caddy"))
    assert (nginx.status, caddy.status) == (0, 0)
    assert f'root "{tmp_path / "public"}";' in nginx.out
    assert "server_name news.example;" in nginx.out
    assert "certbot --nginx -d news.example" in nginx.out
    assert "\nhttps://news.example {\n" in caddy.out
    assert f'root * "{tmp_path / "public"}"' in caddy.out


def test_a_folder_that_no_configuration_can_hold_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[publish]\ndirectory = '$HOME\"x'\n")
    for name in ("nginx", "caddy"):
        refused = aggregator(tmp_path, "export", name)
        assert refused.status == 1
        assert "which another server's configuration cannot hold" in refused.err
