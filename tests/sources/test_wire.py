"""Kinds over real HTTP, from a real server on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from aggregator.config.settings import Fetch
from aggregator.errors import FetchError
from aggregator.fetch import Fetcher, NotModified
from aggregator.model import SourceState
from aggregator.sources import KINDS
from tests.sources.desk import NOTHING, collect, rows, rss, source


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    settings = Fetch.model_validate({"allow_private": ["127.0.0.1"]})
    with Fetcher(settings, version="0") as fetcher:
        yield fetcher


def test_a_feed_comes_once_and_is_then_not_modified(
    site: str, fetcher: Fetcher, tmp_path: Path
) -> None:
    (tmp_path / "feed.xml").write_bytes(rss("rain"))
    origin = source(url=f"{site}/feed.xml")
    harvest = collect(origin, fetcher)
    assert [entry.title for entry in harvest.feed.entries] == ["rain"]
    answer = harvest.answer
    assert answer.last_modified
    state = SourceState("rain", last_modified=answer.last_modified, body_hash=answer.body_hash)
    again = KINDS["feed"].collect(origin, state, fetcher, NOTHING)
    assert isinstance(again, NotModified)


def test_a_list_and_its_details_come_over_the_wire(
    site: str, fetcher: Fetcher, tmp_path: Path
) -> None:
    (tmp_path / "list.json").write_text(json.dumps(rows("rain", "snow")))
    (tmp_path / "N-rain.json").write_text(json.dumps({"text": "<p>It rained.</p>"}))
    origin = source(
        "json",
        url=f"{site}/list.json",
        items="rows",
        detail="{code}.json",
        fields={"id": "code", "title": "head", "content": "detail.text"},
    )
    harvest = collect(origin, fetcher)
    assert [entry.content for entry in harvest.feed.entries] == ["<p>It rained.</p>"]
    assert [bad.entry for bad in harvest.feed.bad] == ["N-snow"]
    assert not harvest.complete


def test_a_feed_that_is_not_there_is_an_error(site: str, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="404"):
        collect(source(url=f"{site}/nothing.xml"), fetcher)
