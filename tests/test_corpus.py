"""Real feeds, whole: everything in them is stored, published and read back."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import pytest
import yaml
from lxml import etree, html

from aggregator.model import Article
from aggregator.store.reader import Reader
from tests.cli.inside import aggregator
from tests.command import Ended, files
from tests.jekyll_site import built, needs_jekyll
from tests.validity.published import unaccepted

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "feeds"
FEEDS = sorted(CORPUS.iterdir()) if CORPUS.is_dir() else []

pytestmark = pytest.mark.skipif(not FEEDS, reason="the corpus is not beside this checkout")


class Handler(SimpleHTTPRequestHandler):
    """Serves the corpus; answers 304 by date."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@dataclass
class Run:
    """The corpus after one refresh."""

    folder: Path
    ended: Ended
    articles: dict[str, list[Article]]


def slug(path: Path) -> str:
    return "".join(c if c.isalnum() else "-" for c in path.name).lower().strip("-")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("corpus")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(CORPUS)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    sources = "".join(
        f'[[source]]\nid = "{slug(path)}"\nurl = "http://127.0.0.1:{server.server_port}/{path.name}"\n'
        for path in FEEDS
    )
    (folder / "config.toml").write_text(
        f'[publish]\nentries = 5000\n[fetch]\nallow_private = ["127.0.0.1"]\n'
        f'[defaults]\nfirst = "all"\n{sources}',
        encoding="utf-8",
    )
    ended = aggregator(folder, "refresh", "--json")
    reader = Reader(folder / "aggregator.db")
    articles: dict[str, list[Article]] = {}
    for article, _ in reader.walk_listed():
        articles.setdefault(article.source, []).append(article)
    yield Run(folder, ended, articles)
    server.shutdown()
    server.server_close()


def entries_in(path: Path) -> int:
    """Return how many different entries there are that say anything at all.

    One feed has an item whose every element is empty: there is nothing of it to store.
    """
    body = path.read_bytes()
    if path.suffix == ".json":
        return len(json.loads(body)["items"])
    found = feedparser.parse(BytesIO(body)).entries
    names = (entry.get("id") or entry.get("link") or entry.get("title", "") for entry in found)
    return len({name.strip() for name in names} - {""})


def test_every_feed_is_taken_in(run: Run) -> None:
    rows = {row["id"]: row for row in run.ended.json()["sources"]}
    assert {name: row["error"] for name, row in rows.items() if row["error"]} == {}
    assert run.ended.status == 0
    assert len(rows) == len(FEEDS)


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_every_entry_is_stored(run: Run, path: Path) -> None:
    rows = {row["id"]: row for row in run.ended.json()["sources"]}
    reasons = {bad["reason"] for bad in rows[slug(path)]["bad_entries"]}
    assert reasons <= {"has no title and no text, nor a link to name it by"}
    assert len(run.articles.get(slug(path), ())) >= entries_in(path)


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_what_is_published_reads_back_as_it_is_stored(run: Run, path: Path) -> None:
    folder = run.folder / "feeds" / slug(path)
    expected = {
        article.public_id: (
            article.share_link,
            " ".join(article.title.split()),
            article.published.timetuple()[:6],
        )
        for article in run.articles.get(slug(path), ())
    }
    for name in ("rss.xml", "atom.xml"):
        body = (folder / name).read_bytes()
        etree.fromstring(body)
        feed = feedparser.parse(BytesIO(body))
        assert not feed.bozo
        found = {
            entry.id: (
                entry.link,
                " ".join(plain(entry.title_detail).split()),
                entry.published_parsed[:6],
            )
            for entry in feed.entries
        }
        assert found == {
            key: (links(value[0], folder), *value[1:]) for key, value in expected.items()
        }


def test_everything_that_is_published_is_valid(run: Run) -> None:
    every = run.folder / "feeds" / "all"  # each entry is in it
    assert unaccepted(every, "http://127.0.0.1:8080/all/") == []


@pytest.mark.long
@needs_jekyll
def test_jekyll_builds_every_post_as_it_is_stored(run: Run, tmp_path: Path) -> None:
    folder = run.folder / "feeds"
    posts = {f"_posts/{path.name}": path.read_bytes() for path in (folder / "_posts").iterdir()}
    assert len(posts) == sum(map(len, run.articles.values()))
    site = built(tmp_path / "site", posts)
    assert site.pages.keys() == posts.keys()
    assert len(site.feed.entries) == len(posts)
    for path, page in site.pages.items():
        _, front, text = posts[path].decode().split("---\n", 2)
        assert one_line(page.findtext(".//h1")) == one_line(yaml.safe_load(front)["title"])
        said = re.sub(r"\A(?:>.*\n)+", "", text).rpartition("\n\n<")[0]
        body = html.fromstring(f"<div>{said}</div>")
        assert letters(body)[-500:] in letters(page.find(".//main")), path


def one_line(text: str) -> str:
    return " ".join(text.split())


def letters(element: Any) -> str:
    return "".join(element.text_content().split())


def links(share_link: str, folder: Path) -> str:
    assert share_link
    return share_link


def plain(detail: feedparser.FeedParserDict) -> str:
    return str(detail.value)


def test_a_second_refresh_is_conditional_and_writes_nothing(run: Run) -> None:
    before = files(run.folder / "feeds")
    again = aggregator(run.folder, "refresh", "--all", "--json")
    assert {row["status"] for row in again.json()["sources"]} == {"not-modified"}
    assert again.json()["published"] == []
    assert files(run.folder / "feeds") == before
