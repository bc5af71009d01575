"""A real reader subscribes to what is served; a real browser opens the site."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.test_daemon import Site, running, until
from tests.web import document, rss, serving


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site"))
    made.answers["/feed"] = document(rss("Storks", "Herons"))
    with serving(made.answers) as port:
        made.configure(port, every="1h")
        with running(made):
            until(lambda: len(made.titles()) == 2)
            yield made


@pytest.mark.skipif(not shutil.which("newsboat"), reason="newsboat is not installed")
def test_newsboat_takes_the_list_of_feeds_and_shows_the_articles(
    site: Site, tmp_path: Path
) -> None:
    subscriptions, cache, config = tmp_path / "urls", tmp_path / "cache.db", tmp_path / "config"
    subscriptions.touch()
    config.write_text("auto-reload no\n")
    newsboat = ["newsboat", "-u", str(subscriptions), "-c", str(cache), "-C", str(config)]
    listed = site.folder / "feeds" / "feeds.opml"
    home = {"HOME": str(tmp_path), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    for arguments in (["-i", str(listed)], ["-x", "reload"]):
        subprocess.run(
            [*newsboat, *arguments], env=home, check=True, capture_output=True, timeout=60
        )
    with closing(sqlite3.connect(cache)) as database:
        rows = database.execute(
            "SELECT DISTINCT title, url, author FROM rss_item ORDER BY title"
        ).fetchall()
    assert rows == [
        ("Herons", "https://paper.example/Herons", "The Paper"),
        ("Storks", "https://paper.example/Storks", "The Paper"),
    ]


def test_the_daemon_lets_a_feed_be_kept_for_as_long_as_the_feed_says(site: Site) -> None:
    with urlopen(f"http://127.0.0.1:{site.port}/paper/rss.xml", timeout=5) as answer:
        minutes = int(answer.read().split(b"<ttl>")[1].split(b"<")[0])
        assert f"max-age={minutes * 60}," in answer.headers["Cache-Control"]


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.long
@pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")
@pytest.mark.parametrize(
    ("path", "words"),
    [("", "Storks"), ("paper/", "Herons"), ("nothing/here", "Home"), ("paper/atom.xml", "Storks")],
)
def test_the_site_opens_in_a_browser(site: Site, tmp_path: Path, path: str, words: str) -> None:
    assert CHROMIUM is not None
    picture = tmp_path / "page.png"
    ended = subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            f"--user-data-dir={tmp_path / 'profile'}", f"--screenshot={picture}", "--dump-dom",
            f"http://127.0.0.1:{site.port}/{path}",
        ],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert words in ended.stdout
