"""`aggregator import`: the feeds of another reader, the posts of an archive."""

from __future__ import annotations

import os
import pty
import re
import sqlite3
import subprocess
import tomllib
from contextlib import closing, suppress
from pathlib import Path
from threading import Timer
from typing import Any

import feedparser
import pytest

from tests.cli.inside import aggregator
from tests.command import command, environment, files
from tests.posts import CODE, SHARE_LINK, write_archive
from tests.web import rss

CONFIG = """# mine
[site]
url = "https://finews.example"
language = "zh-CN"
timezone = "Asia/Shanghai"

[publish]
formats = ["rss", "jekyll"]
credit = ""

[[source]]
id = "known"
url = "https://known.example/feed"

[[feed]]
id = "space"
title = "Space"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def added(folder: Path) -> list[dict[str, Any]]:
    """Return the sources that stand behind what stood there before."""
    text = (folder / "config.toml").read_text(encoding="utf-8")
    assert text.startswith(CONFIG)
    sources: list[dict[str, Any]] = tomllib.loads(text)["source"]
    return sources[1:]


def test_every_command_has_an_example(tmp_path: Path) -> None:
    for arguments in (["add"], ["import"], ["import", "opml"], ["import", "jekyll"]):
        ended = aggregator(tmp_path, *arguments, "--help")
        assert f"Example: aggregator {' '.join(arguments)}" in ended.out


# ── OPML ──────────────────────────────────────────────────────────────────────────────────────────

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>mine</title></head><body>
<outline text="News"><outline text="World {1}">
  <outline type="rss" text="The &quot;Paper&quot;" xmlUrl="https://paper.example/feed?a=1&amp;b=2"
    htmlUrl="https://paper.example/"/>
  <outline text="again" xmlUrl="http://PAPER.example/feed/?a=1&amp;b=2"/>
</outline></outline>
<outline text="Space"><outline text="known" xmlUrl="http://known.example/feed/"/>
  <outline text="南昌日报" xmlUrl="feed://nanchang.example/rss"/></outline>
<outline text="The Paper" xmlUrl="https://paper.example/other"/>
{bad}
</body></opml>
"""
BAD = '<outline text="gone" type="rss"/><outline text="file" xmlUrl="../config.toml"/>'


def write_opml(folder: Path, bad: str = "") -> None:
    (folder / "feeds.opml").write_text(OPML.replace("{bad}", bad), encoding="utf-8")


def test_feeds_become_sources_and_folders_categories(folder: Path) -> None:
    write_opml(folder)
    ended = aggregator(folder, "import", "opml", "feeds.opml")
    assert ended.status == 0, ended.err
    assert "3 feeds added to config.toml; 2 are there already, 0 are no feeds" in ended.out
    assert added(folder) == [
        {
            "id": "the-paper",
            "url": "https://paper.example/feed?a=1&b=2",
            "title": 'The "Paper"',
            "category": "News / World (1)",
            "publisher_url": "https://paper.example/",
        },
        {
            "id": "nanchangribao",
            "url": "http://nanchang.example/rss",
            "title": "南昌日报",
            "category": "Space feeds",  # there is a [[feed]] of that name
        },
        {"id": "the-paper-2", "url": "https://paper.example/other", "title": "The Paper"},
    ]
    assert aggregator(folder, "check").status == 0


def test_a_second_import_changes_nothing(folder: Path) -> None:
    write_opml(folder)
    aggregator(folder, "import", "opml", "feeds.opml")
    before = files(folder)
    again = aggregator(folder, "import", "opml", "feeds.opml", "--json")
    assert again.status == 0
    assert again.json() == {
        "sources": [],
        "duplicates": 5,
        "bad": [],
        "lost": [],
        "written": False,
        "error": None,
    }
    assert files(folder) == before


def test_what_is_no_feed_is_named_and_the_rest_is_taken(folder: Path) -> None:
    write_opml(folder, BAD)
    ended = aggregator(folder, "import", "opml", "feeds.opml")
    assert ended.status == 1
    assert "line 11: outline 'gone' has no xmlUrl" in ended.err
    assert "line 11: outline 'file' has no http or https address" in ended.err
    assert len(added(folder)) == 3


def test_a_dry_run_shows_what_is_new_and_writes_nothing(folder: Path) -> None:
    write_opml(folder)
    before = files(folder)
    shown = aggregator(folder, "import", "opml", "feeds.opml", "--dry-run")
    assert shown.out.count("[[source]]") == 3
    result = aggregator(folder, "import", "opml", "feeds.opml", "--dry-run", "--json").json()
    assert (len(result["sources"]), result["written"]) == (3, False)
    assert files(folder) == before


def test_what_is_exported_is_there_already(folder: Path) -> None:
    (folder / "own.opml").write_text(aggregator(folder, "export", "opml").out, encoding="utf-8")
    result = aggregator(folder, "import", "opml", "own.opml", "--json").json()
    assert (result["sources"], result["duplicates"]) == ([], 1)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<!doctype html><title>Login</title>", "is an HTML page"),
        ('<!DOCTYPE opml [<!ENTITY a "b">]><opml><outline text="&a;"/></opml>', "entities"),
        ("<opml>" + '<outline text="a">' * 5000, "too deep"),
        ("<opml>" + " " * 10_000_000, "larger than 10 MB"),
        (None, "no such file"),
    ],
    ids=["page", "bomb", "deep", "large", "missing"],
)
def test_hostile_and_wrong_files_are_refused_in_one_line(
    folder: Path, body: str | None, words: str
) -> None:
    if body is not None:
        (folder / "feeds.opml").write_text(body, encoding="utf-8")
    ended = aggregator(folder, "import", "opml", "feeds.opml")
    assert (ended.status, ended.out) == (1, "")
    assert len(ended.err.splitlines()) == 1
    assert words in ended.err
    assert added(folder) == []
    assert "error" in aggregator(folder, "import", "opml", "feeds.opml", "--json").json()


# ── Jekyll ────────────────────────────────────────────────────────────────────────────────────────


def rows(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "aggregator.db")) as connection:
        return connection.execute(statement).fetchall()


def test_an_archive_is_taken_in_whole_and_a_second_time_nothing_changes(folder: Path) -> None:
    write_archive(folder / "old site", 500, categories=40, paragraphs=2)
    (folder / "old site" / "index.html").write_text("<p>no post</p>")
    (folder / "old site" / "_layouts").mkdir()
    (folder / "old site" / "_layouts" / "post.html").write_text("<p>no post</p>")
    first = aggregator(folder, "import", "jekyll", "old site", "--json")
    assert first.status == 0, first.err
    (outcome,) = first.json()["sources"]
    assert {name: outcome[name] for name in ("id", "new", "bad")} == {
        "id": "old-site", "new": 500, "bad": 0,
    }  # fmt: skip
    assert added(folder) == [
        {
            "id": "old-site",
            "kind": "jekyll",
            "url": "old site",
            "category": "{category}",
            "tags": ["{tags?}"],
            "every": "1d",
            "first": "all",
        }
    ]
    before = files(folder / "feeds")
    for path in (folder / "old site").rglob("*.md"):
        path.touch()  # as a fresh checkout does
    again = aggregator(folder, "import", "jekyll", "old site", "--json")
    (outcome,) = again.json()["sources"]
    assert (outcome["new"], outcome["changed"], outcome["unchanged"]) == (0, 0, 500)
    assert again.json()["published"] == []
    assert "already" in again.err
    assert files(folder / "feeds") == before
    assert len(added(folder)) == 1


def test_a_post_keeps_its_date_category_tags_and_share_link_and_is_published_as_it_was(
    folder: Path,
) -> None:
    posts = write_archive(folder / "site", 8, categories=3, paragraphs=2)
    assert aggregator(folder, "import", "jekyll", "site", "--source", "archive").status == 0
    stored = rows(folder, "SELECT published, share_link, content FROM article ORDER BY published")
    published, share_link, content = stored[0]
    assert published.startswith("2022-01-10T00:00:00")
    assert share_link == SHARE_LINK.format(CODE.format(0))
    assert "返回" not in content
    assert share_link not in content
    assert "（文章来源：第0日报）" in content
    slugs = {slug for (slug,) in rows(folder, "SELECT DISTINCT slug FROM placement")}
    assert slugs == {"all", "di0ribao", "di1ribao", "di2ribao"}
    for post in posts:
        assert (folder / "feeds" / "_posts" / post.name).read_bytes() == post.read_bytes()


def test_a_live_source_goes_on_where_the_archive_ends_in_the_same_category(folder: Path) -> None:
    archived = write_archive(folder / "site", 4, categories=2, paragraphs=2)
    assert aggregator(folder, "import", "jekyll", "site").status == 0
    (folder / "live.xml").write_bytes(rss("one"))
    with (folder / "config.toml").open("a", encoding="utf-8") as config:
        config.write('[[source]]\nid = "live"\nurl = "live.xml"\ncategory = "第1日报"\n')
    assert aggregator(folder, "refresh", "live").status == 0
    slugs = {slug for (slug,) in rows(folder, "SELECT DISTINCT slug FROM placement")}
    assert slugs == {"all", "di0ribao", "di1ribao"}
    feed = feedparser.parse((folder / "feeds" / "di1ribao" / "rss.xml").read_bytes())
    assert len(feed.entries) == 3
    assert feed.feed.title.startswith("第1日报"), "the name of the paper, not its spelling"
    assert {entry.tags[0].term for entry in feed.entries} == {"第1日报"}
    for post in archived:
        assert (folder / "feeds" / "_posts" / post.name).read_bytes() == post.read_bytes()


def test_what_was_published_here_comes_out_as_it_went_in(folder: Path) -> None:
    old, new = folder / "old", folder / "new"
    for site in (old, new):
        site.mkdir()
        (site / "config.toml").write_text('[publish]\nformats = ["jekyll", "rss"]\n')
    (old / "feed.xml").write_bytes(rss("one", "two &amp;amp; *three*"))
    with (old / "config.toml").open("a") as config:
        config.write('[[source]]\nid = "paper"\nurl = "feed.xml"\ncategory = "World"\n')
    assert aggregator(old, "refresh").status == 0
    assert aggregator(new, "import", "jekyll", "../old/feeds", "--source", "old").status == 0
    assert len(posts(old)) == 2
    assert all(b"Source: The Paper" in body for body in posts(old).values())
    assert posts(new) == posts(old)
    with closing(sqlite3.connect(new / "aggregator.db")) as connection:
        found = connection.execute("SELECT count(*), min(share_link) FROM article").fetchone()
    assert found == (2, "https://paper.example/one")


def posts(site: Path) -> dict[str, bytes]:
    """Return the posts that a site has published, by name."""
    return {path.name: path.read_bytes() for path in (site / "feeds" / "_posts").iterdir()}


def test_several_tags_stay_several_and_a_post_without_category_has_the_sources(
    folder: Path,
) -> None:
    (folder / "blog" / "_posts").mkdir(parents=True)
    (folder / "blog" / "_posts" / "2022-01-10-rain.md").write_text(
        "---\ntitle: Rain\ntags: [wet, cold]\n---\nIt *rained*.\n"
    )
    aggregator(folder, "import", "jekyll", "blog/_posts")
    assert added(folder)[0]["id"] == "blog-archive"
    text = (folder / "feeds" / "_posts" / "2022-01-10-rain.md").read_text(encoding="utf-8")
    assert "categories: blog-archive\n" in text
    assert "tags: [" in text
    assert "wet" in text
    assert "cold" in text


def test_a_terminal_shows_how_many_posts_are_stored(folder: Path) -> None:
    write_archive(folder / "site", 1_100, categories=3, paragraphs=1)
    shown = on_a_terminal(folder, "import", "jekyll", "site", "--no-publish")
    assert re.search(r"storing site .*/1100\b", shown)
    assert rows(folder, "SELECT count(*) FROM article") == [(1_100,)]


def on_a_terminal(folder: Path, *arguments: str) -> str:
    """Run the command with a terminal as its stderr, and return what was shown there."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command(*arguments),
        cwd=folder,
        env={**environment(), "TERM": "xterm-256color"},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        late = Timer(60, process.kill)
        late.start()
        shown = b""
        with suppress(OSError):  # Linux' way to say that the other end is closed
            while some := os.read(ours, 65_536):
                shown += some
        late.cancel()
        os.close(ours)
    return shown.decode("utf-8", "replace")


def test_no_publish_only_stores(folder: Path) -> None:
    write_archive(folder / "site", 4, categories=1)
    ended = aggregator(folder, "import", "jekyll", "site", "--no-publish", "--json")
    assert ended.json()["published"] == []
    assert rows(folder, "SELECT count(*) FROM article") == [(4,)]


@pytest.mark.parametrize("name", ["missing", "empty", "config.toml"])
def test_a_folder_without_posts_is_refused_and_is_no_source(folder: Path, name: str) -> None:
    (folder / "empty").mkdir()
    ended = aggregator(folder, "import", "jekyll", name)
    assert ended.status == 1
    assert len(ended.err.splitlines()) == 1
    assert name in ended.err
    assert added(folder) == []


def test_an_id_of_another_source_is_refused(folder: Path) -> None:
    write_archive(folder / "site", 1, categories=1)
    ended = aggregator(folder, "import", "jekyll", "site", "--source", "known")
    assert ended.status == 2
    assert '"known"' in ended.err
    assert added(folder) == []


def test_the_real_post_is_published_again_byte_for_byte(folder: Path) -> None:
    real = Path(__file__).parents[3] / "shared" / "finews"
    posts = list(real.glob("*.md")) if real.is_dir() else []
    posts = [post for post in posts if post.name[:4].isdigit()]
    if not posts:
        pytest.skip("the real post is not at hand")
    text = CONFIG.replace("finews.example", "finews.withounder.com")
    (folder / "config.toml").write_text(text, encoding="utf-8")
    (folder / "site" / "_posts").mkdir(parents=True)
    (post,) = posts
    (folder / "site" / "_posts" / post.name).write_bytes(post.read_bytes())
    assert aggregator(folder, "import", "jekyll", "site").status == 0
    assert (folder / "feeds" / "_posts" / post.name).read_bytes() == post.read_bytes()
