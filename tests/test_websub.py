"""Two daemons: one publishes and is its own hub, the other is told by it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.test_daemon import Site, running, until
from tests.web import document, rss, serving


def titles(port: int, slug: str) -> list[str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}/{slug}/feed.json", timeout=5) as answer:
            return [item["title"] for item in json.load(answer)["items"]]
    except (URLError, ConnectionError):
        return []


def configured(folder: Path, url: str, every: str, *more: str) -> Site:
    """Return a site of one source that may be reached, and be told, at any port of loopback."""
    folder.mkdir()
    site = Site(folder)
    (folder / "config.toml").write_text(
        f'[site]\nurl = "http://127.0.0.1:{site.port}"\n'
        f'[serve]\naddress = "127.0.0.1:{site.port}"\n'
        '[fetch]\nallow_private = ["127.0.0.1"]\npush = true\n'
        f'[[source]]\nid = "paper"\nurl = "{url}"\nevery = "{every}"\nfirst = "all"\n'
        + "\n".join(more),
        encoding="utf-8",
    )
    return site


@pytest.mark.long
def test_news_travel_from_one_aggregator_to_the_next_at_once(tmp_path: Path) -> None:
    answers = {"/feed": document(rss("one", "two"))}
    with serving(answers) as port:
        first = configured(
            tmp_path / "first", f"http://127.0.0.1:{port}/feed", "1s", '[publish]\nhub = "self"'
        )
        second = configured(
            tmp_path / "second", f"http://127.0.0.1:{first.port}/paper/atom.xml", "1h"
        )
        with running(first) as publisher:
            until(lambda: titles(first.port, "paper") == ["two", "one"])
            with running(second) as reader:
                until(lambda: titles(second.port, "paper") == ["two", "one"])
                until(lambda: subscribed(second))
                answers["/feed"] = document(rss("one", "two", "three"))
                until(lambda: titles(second.port, "paper") == ["three", "two", "one"], 40)
                for daemon in (publisher, reader):
                    daemon.terminate()
                    assert daemon.wait(timeout=20) == 0


def subscribed(site: Site) -> bool:
    with sqlite3.connect(site.folder / "aggregator.db") as store:
        rows = store.execute("SELECT verified FROM subscription").fetchall()
    store.close()
    return rows == [(1,)]
