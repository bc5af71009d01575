"""No vector runs that stands in any field of any kind of source, whatever document is opened."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from subprocess import DEVNULL, Popen

import pytest
from lxml import etree

from tests.command import aggregator, command, environment
from tests.safety.browser import CHROMIUM, Browser, browsing
from tests.safety.poisoned import configure
from tests.safety.scale import scaled
from tests.safety.vectors import FIRST, SHAPES, vector
from tests.test_daemon import Site, free_port, until

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed"),
]
_EVERY = scaled("XSS_EVERY", 12)  # of the 3,876 documents, so many-th of a sort is opened
_RAW_EVERY = min(_EVERY, 4)  # of the vectors as they are
_PARTS = 2  # of what is opened: one after the other, they outlast all other tests
_TYPES = {".xml": "application/xml", ".json": "application/json", ".html": "text/html"}


class _Bare(SimpleHTTPRequestHandler):
    """Serves a folder without any of the headers that make a browser careful."""

    extensions_map = _TYPES

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def bare(folder: Path) -> Iterator[str]:
    handler = partial(_Bare, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Publish a site of poisoned sources and serve it."""
    made = Site(tmp_path_factory.mktemp("poisoned"))
    made.port = free_port()
    configure(made.folder, made.port)
    ended = aggregator(made.folder, "refresh", "--json", timeout=300)
    rows = ended.json()["sources"]
    assert {row["status"] for row in rows} == {"ok"}, ended.err
    assert sum(row["new"] for row in rows) > 4 * len(SHAPES)
    with Popen(command("serve"), cwd=made.folder, env=environment(), stderr=DEVNULL) as server:
        until(made.healthy)
        yield made
        server.terminate()


def documents(site: Site) -> list[str]:
    """Return the paths of what a browser shows: every so many-th of a sort, and all of "all"."""
    feeds = site.folder / "feeds"
    sorts: dict[str, list[str]] = {}
    for path in sorted(feeds.rglob("*")):
        name = path.relative_to(feeds).as_posix()
        if path.suffix in _TYPES and name != "manifest.json":
            sorts.setdefault(_sort(name), []).append(name)
    return [
        name
        for number, names in enumerate(sorts.values())
        for name in names[number % min(_EVERY, len(names)) :: _EVERY]  # not of the same articles
    ]


def _sort(name: str) -> str:
    """Say what *name* is one of many of: feeds and first pages of categories, pages of articles."""
    folder, *below = name.split("/")
    if folder == "all" or not below:
        return name
    return below[0] if len(below) == 1 else "article"


def test_the_browser_runs_most_vectors_raw(tmp_path: Path) -> None:
    numbers = range(0, len(SHAPES), _RAW_EVERY)
    for number in numbers:
        page = f"<!doctype html><meta charset=utf-8><body>{vector(number)}"
        (tmp_path / f"{number}.html").write_text(page, encoding="utf-8", newline="")
    with bare(tmp_path) as base, browsing(tmp_path) as browser:
        for number in numbers:
            browser.open(f"{base}{number}.html")
        ran = browser.ran()
    print(f"raw: {len(ran)} of {len(numbers)} vectors ran")  # noqa: T201 - the figure
    assert len(ran) > len(numbers) / 2
    assert len(SHAPES) >= 200


@pytest.mark.parametrize("part", range(_PARTS))
def test_no_vector_runs_in_what_our_server_serves(site: Site, tmp_path: Path, part: int) -> None:
    paths = [*documents(site), "", "nothing/<img src=x onerror=console.log(1)>", "status"]
    with browsing(tmp_path) as browser:
        open_all(browser, f"http://127.0.0.1:{site.port}/", paths[part::_PARTS])
        assert browser.ran() == set()


@pytest.mark.parametrize("part", range(_PARTS))
def test_no_vector_runs_in_the_files_behind_a_server_that_sends_no_policy(
    site: Site, tmp_path: Path, part: int
) -> None:
    with bare(site.folder / "feeds") as base, browsing(tmp_path) as browser:
        open_all(browser, base, documents(site)[part::_PARTS])
        assert browser.ran() == set()


def test_no_vector_runs_in_a_reader_that_shows_the_bodies_of_feeds_as_they_are(
    site: Site, tmp_path: Path
) -> None:
    """It believes every text that is HTML by the format's own rules."""
    feeds = site.folder / "feeds" / "all"
    bodies = [
        item["content_html"] for item in json.loads((feeds / "feed.json").read_bytes())["items"]
    ]
    for name in ("rss.xml", "atom.xml"):
        tree = etree.parse(feeds / name)
        bodies += tree.xpath(
            "//*[local-name()='description' or local-name()='encoded' or @type='html']/text()"
        )
    assert len(bodies) > 10 * len(SHAPES)
    for number in range(0, len(bodies), 50):
        page = "<!doctype html><meta charset=utf-8>" + "<hr>".join(bodies[number : number + 50])
        (tmp_path / f"{number}.html").write_text(page, encoding="utf-8")
    with bare(tmp_path) as base, browsing(tmp_path) as browser:
        open_all(browser, base, [f"{number}.html" for number in range(0, len(bodies), 50)])
        assert browser.ran() == set()


def open_all(browser: Browser, base: str, paths: list[str]) -> None:
    """Open everything, and see that it is more than an error that is looked at."""
    shown = 0
    for path in paths:
        browser.open(base + path, settling=0)
        shown += str(FIRST)[:3] in browser.text()
    browser.open(base)
    print(f"{len(paths)} documents opened, {shown} of them show a vector as text")  # noqa: T201
    assert shown > len(paths) / 3
