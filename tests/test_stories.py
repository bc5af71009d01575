"""One story in three papers, from their feeds to every kind of document."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import html

from tests.cli.inside import aggregator
from tests.tellings import BRIDGE, BRIDGE_REWRITTEN, METRO, METRO_REWRITTEN, Telling

CONFIG = """
[site]
url = "https://reader.example"

[defaults]
category = "news"

[[source]]
id = "paper"
url = "paper.xml"
publisher = "The Paper"

[[source]]
id = "mail"
url = "mail.xml"
publisher = "The Mail"

[[source]]
id = "echo"
url = "echo.xml"
publisher = "The Echo"
"""
LINE = (
    '<p class="also">Also reported by <a href="https://mail.example/bridge">The Mail</a>,'
    ' <a href="https://echo.example/bridge">The Echo</a></p>'
)


def feed(name: str, **tellings: Telling) -> str:
    items = "".join(
        f"<item><guid>https://{name}.example/{path}</guid><title>{escape(telling.title)}</title>"
        f"<link>https://{name}.example/{path}</link>"
        f"<pubDate>Sun, 22 Nov 2026 08:00:00 GMT</pubDate>"
        f"<description>{escape(telling.text)}</description></item>"
        for path, telling in tellings.items()
    )
    return (
        f'<rss version="2.0"><channel><title>{name}</title><link>https://{name}.example/</link>'
        f"<description>{name}</description>{items}</channel></rss>"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "paper.xml").write_text(feed("paper", bridge=BRIDGE, metro=METRO))
    (tmp_path / "mail.xml").write_text(feed("mail", bridge=BRIDGE_REWRITTEN))
    (tmp_path / "echo.xml").write_text(feed("echo", bridge=BRIDGE, metro=METRO_REWRITTEN))
    return tmp_path


def refresh(folder: Path, *sources: str) -> None:
    ended = aggregator(folder, "--quiet", "refresh", *sources)
    assert ended.status == 0, ended.err


def published(folder: Path, path: str) -> str:
    (found,) = folder.glob(f"feeds/{path}")
    return found.read_text(encoding="utf-8")


def ids(folder: Path) -> list[list[str]]:
    """Return the ids in the category's RSS, Atom and JSON feed."""
    items: list[dict[str, Any]] = json.loads(published(folder, "news/feed.json"))["items"]
    return [
        *(
            [entry.id for entry in feedparser.parse(published(folder, f"news/{name}")).entries]
            for name in ("rss.xml", "atom.xml")
        ),
        [item["id"] for item in items],
    ]


def test_a_story_in_three_sources_is_one_entry_in_every_format(folder: Path) -> None:
    refresh(folder, "paper")
    alone = ids(folder)
    assert set(alone[0]) == {"https://paper.example/bridge", "https://paper.example/metro"}
    refresh(folder, "mail")
    refresh(folder, "echo")
    assert ids(folder) == alone, "no new entry, and no other id"
    for name in ("rss.xml", "atom.xml"):
        assert escape(LINE, quote=False) in published(folder, f"news/{name}")
        assert escape(LINE, quote=False) in published(folder, f"all/{name}")
    atom = {
        entry.id: entry for entry in feedparser.parse(published(folder, "news/atom.xml")).entries
    }
    related = [
        (link.href, link.title)
        for link in atom["https://paper.example/bridge"].links
        if link.rel == "related"
    ]
    assert related == [
        ("https://mail.example/bridge", "The Mail"),
        ("https://echo.example/bridge", "The Echo"),
    ]
    items = {item["id"]: item for item in json.loads(published(folder, "news/feed.json"))["items"]}
    also = items["https://paper.example/bridge"]["_aggregator"]["also"]
    assert [one["source"] for one in also] == ["The Mail", "The Echo"]
    posts = [path.read_text(encoding="utf-8") for path in folder.glob("feeds/_posts/*.md")]
    assert len(posts) == 2
    assert [LINE in post for post in posts if BRIDGE.title in post] == [True]
    listed = html.document_fromstring(published(folder, "news/index.html").encode())
    names = {
        row.cssselect("h3")[0].text_content(): row for row in listed.cssselect("main li:has(h3)")
    }
    assert "Also reported by The Mail, The Echo" in names[BRIDGE.title].text_content()
    assert "Also reported by The Echo" in names[METRO.title].text_content()
    pages = [path.read_bytes() for path in folder.glob("feeds/news/2026/11/22/*.html")]
    assert len(pages) == 2
    (page,) = (
        one for one in map(html.document_fromstring, pages) if BRIDGE.title in one.text_content()
    )
    assert [link.get("href") for link in page.cssselect("section.also a")] == [
        "https://mail.example/bridge",
        "https://echo.example/bridge",
    ]
    before = {path: path.stat().st_mtime_ns for path in folder.glob("feeds/**/*")}
    refresh(folder, "--all")
    assert {path: path.stat().st_mtime_ns for path in folder.glob("feeds/**/*")} == before


def test_stories_are_kept_apart_where_the_operator_wants_it(folder: Path) -> None:
    refresh(folder)
    assert len(ids(folder)[0]) == 2
    (folder / "config.toml").write_text(CONFIG + '[category.news]\nstories = "keep"\n')
    refresh(folder)
    assert sorted(ids(folder)[0]) == [
        "https://echo.example/bridge",
        "https://echo.example/metro",
        "https://mail.example/bridge",
        "https://paper.example/bridge",
        "https://paper.example/metro",
    ]
    assert "also reported" not in published(folder, "news/rss.xml").lower()
