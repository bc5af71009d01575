"""The published folder is pushed by the commands and by the daemon, and never in their way."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.inside import aggregator
from tests.test_daemon import Site, running, until
from tests.web import document, rss, serving

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "site.git")], check=True)
    made.answers["/feed"] = document(rss("one", "two"))
    with serving(made.answers) as port:
        made.configure(port)
        config = tmp_path / "config.toml"
        git = '[publish.git]\nremote = "./site.git"\nevery = "1s"\n'
        config.write_text(config.read_text() + git)
        yield made


def pushed(site: Site) -> str:
    command = [
        "git",
        "--git-dir",
        str(site.folder / "site.git"),
        "show",
        "gh-pages:paper/feed.json",
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_a_refresh_pushes_what_it_published_and_status_says_so(site: Site) -> None:
    assert aggregator(site.folder, "refresh").status == 0
    assert '"two"' in pushed(site)
    assert "✓ pushed 20" in aggregator(site.folder, "status").out
    shown = aggregator(site.folder, "status", "--json").json()["git"]
    assert shown["error"] is None
    assert len(shown["commit"]) == 40


def test_a_push_that_fails_costs_no_feed_and_is_an_error(site: Site) -> None:
    shutil.rmtree(site.folder / "site.git")
    ended = aggregator(site.folder, "refresh")
    assert ended.status == 1
    assert "site.git failed: " in ended.err
    assert (site.folder / "feeds" / "paper" / "feed.json").exists()
    assert "✗ pushing to " in aggregator(site.folder, "status").out
    assert "site.git" in aggregator(site.folder, "status", "--json").json()["git"]["error"]
    subprocess.run(["git", "init", "-q", "--bare", str(site.folder / "site.git")], check=True)
    assert aggregator(site.folder, "publish").status == 0, "it is made up for"
    assert '"two"' in pushed(site)


@pytest.mark.long
def test_the_daemon_pushes_and_goes_on_where_it_cannot(site: Site) -> None:
    with running(site):
        until(lambda: '"two"' in pushed(site))
        (site.folder / "site.git").rename(site.folder / "away.git")
        site.answers["/feed"] = document(rss("one", "two", "three"))
        until(lambda: site.titles() == ["three", "two", "one"])
        until(lambda: '"error": "pushing to' in aggregator(site.folder, "status", "--json").out)
        (site.folder / "away.git").rename(site.folder / "site.git")
        until(lambda: '"three"' in pushed(site), seconds=40)
