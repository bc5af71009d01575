"""What the server carries: a feed of 60 kB, whole, compressed, unchanged, and what is new in it.

    python -m bench serving

Needs wrk (Debian has it). The server runs as it does in the daemon, over a real store and folder.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import requests

from aggregator.config.settings import Settings
from aggregator.model import Article, SourceState
from aggregator.pipeline.publication import Publisher
from aggregator.serve.app import create_app
from aggregator.serve.server import WebServer
from aggregator.serve.store_library import StoreLibrary
from aggregator.store.intake import Intake
from aggregator.store.writer import Store
from bench.table import Row, missing
from tests.articles import NAMING, NOW, article

SECONDS = 4
CONNECTIONS = 16
TEXT = "<p>" + "What has happened in the world, in some words that differ. " * 8 + "</p>"


def rows(scale: float) -> Iterator[Row]:
    """Yield what each kind of request costs the server."""
    wrk = shutil.which("wrk")
    if wrk is None:
        yield missing("serve a feed", "", "wrk")
        return
    with tempfile.TemporaryDirectory(prefix="bench-serving-") as folder:
        yield from _measured(wrk, Path(folder), max(int(SECONDS * scale), 1))


def _measured(wrk: str, folder: Path, seconds: int) -> Iterator[Row]:
    settings = Settings.model_validate(
        {"publish": {"directory": folder / "feeds", "formats": ["rss"], "entries": 60}}
    )
    store = Store(folder / "aggregator.db", NAMING)
    _publish(settings, store, [article(n, content=f"{n} {TEXT}") for n in range(1, 62)])
    app = create_app(StoreLibrary(store.path), settings.publish.directory)
    server = WebServer(app, "127.0.0.1", 0)
    url = "http://{}:{}/world/rss.xml".format(*server.start())
    earlier = _etag(url, "identity")
    _publish(settings, store, [article(0, content=TEXT)])
    size = len(requests.get(url, timeout=10).content)
    gzip = "gzip, deflate, br, zstd"
    asked: Mapping[str, Mapping[str, str]] = {
        "whole": {},
        "compressed": {"Accept-Encoding": gzip},
        "304": {"If-None-Match": _etag(url, "identity")},
        "304, compressed": {"Accept-Encoding": gzip, "If-None-Match": _etag(url, gzip)},
        "226": {"A-IM": "feed", "If-None-Match": earlier},
    }
    for name, headers in asked.items():
        work = f"serve a feed of {size / 1000:.0f} kB to {CONNECTIONS} connections: {name}"
        yield Row(work, _run(wrk, url, headers, seconds))
    server.stop()
    store.close()


def _publish(settings: Settings, store: Store, articles: list[Article]) -> None:
    with store.transaction():
        store.take_in(Intake(SourceState("paper", last_ok_at=NOW), tuple(articles)))
    Publisher(settings, store, clock=lambda: NOW + timedelta(minutes=1)).publish()


def _etag(url: str, accepted: str) -> str:
    return requests.get(url, headers={"Accept-Encoding": accepted}, timeout=10).headers["ETag"]


def _run(wrk: str, url: str, headers: Mapping[str, str], seconds: int) -> str:
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "--latency", *given, url]
    begun = time.process_time()  # of the server: wrk is another process
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    cpu = time.process_time() - begun
    count, p99 = re.search(r"(\d+) requests in", said), re.search(r"99%\s+(\S+)", said)
    if count is None or p99 is None:
        raise RuntimeError(said)
    requests_made = int(count[1])
    rate, each = requests_made / seconds, cpu / requests_made * 1000
    return f"{each:.3f} ms of CPU each, {rate:.0f} a second, p99 {p99[1]}"
