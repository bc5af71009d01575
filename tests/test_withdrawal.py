"""What sources take back, from their documents to ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import feedparser
import pytest

from tests.cli.inside import aggregator

CONFIG = """
[site]
url = "https://reader.example"

[[source]]
id = "paper"
url = "{url}"
kind = "{kind}"
category = "news"
first = "all"
withdraw = "hide"
"""
COMPLETE = '<fh:complete xmlns:fh="http://purl.org/syndication/history/1.0"/>'


def configure(folder: Path, url: str = "paper.xml", kind: str = "feed") -> None:
    (folder / "config.toml").write_text(CONFIG.format(url=url, kind=kind))


def feed(*names: str, head: str = "") -> str:
    items = "".join(
        f"<item><guid>https://paper.example/{name}</guid><title>About {name}</title>"
        f"<link>https://paper.example/{name}</link><description>Text of {name}.</description>"
        f"<pubDate>Fri, 20 Nov 2026 10:{number:02}:00 GMT</pubDate></item>"
        for number, name in enumerate(names)
    )
    return (
        '<rss version="2.0"><channel><title>The Paper</title><link>https://paper.example/</link>'
        f"<description>News</description>{head}{items}</channel></rss>"
    )


def refresh(folder: Path) -> dict[str, Any]:
    done = aggregator(folder, "refresh", "--all", "--json").json()
    row: dict[str, Any] = done["sources"][0]
    assert row["error"] is None
    return row


def titles(folder: Path) -> set[str]:
    items = json.loads((folder / "feeds/news/feed.json").read_bytes())["items"]
    return {item["title"] for item in items}


def atom(folder: Path) -> str:
    return (folder / "feeds/news/atom.xml").read_text(encoding="utf-8")


def test_an_entry_that_its_feed_declares_deleted_goes_and_comes_back(tmp_path: Path) -> None:
    configure(tmp_path)
    source = tmp_path / "paper.xml"
    source.write_text(feed("one", "two", "three"))
    refresh(tmp_path)
    tombstone = (
        '<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0"'
        ' ref="https://paper.example/two" when="2026-11-21T10:00:00Z"/>'
    )
    source.write_text(feed("one", "three", head=tombstone))
    row = refresh(tmp_path)
    assert (row["withdrawn"], row["leaving"]) == (1, 0)
    assert titles(tmp_path) == {"About one", "About three"}
    assert 'ref="https://paper.example/two"' in atom(tmp_path)
    assert "Its source withdrew this article on " in atom(tmp_path)
    assert not feedparser.parse(atom(tmp_path)).bozo
    (page,) = (tmp_path / "feeds/_gone").rglob("*.html")
    assert "Its source withdrew this article on " in page.read_text()
    told = aggregator(tmp_path, "explain", "https://paper.example/two", "--json").json()
    assert (told["standing"], told["removal"]["reason"]) == ("withdrawn", "withdrawn by its source")
    told = aggregator(tmp_path, "explain", "https://paper.example/two").out
    assert "withdrawn by its source; it comes back with it" in told
    assert "withdraw by its source" in told
    source.write_text(feed("one", "two", "three"))
    refresh(tmp_path)
    assert len(titles(tmp_path)) == 3
    assert "deleted-entry" not in atom(tmp_path)


def test_absence_from_a_complete_feed_counts_and_from_any_other_does_not(tmp_path: Path) -> None:
    configure(tmp_path)
    source = tmp_path / "paper.xml"
    source.write_text(feed("one", "two", "three"))
    refresh(tmp_path)
    source.write_text(feed("one", "three"))
    refresh(tmp_path)
    assert len(titles(tmp_path)) == 3
    source.write_text(feed("one", "three", head=COMPLETE))
    assert refresh(tmp_path)["withdrawn"] == 1
    assert titles(tmp_path) == {"About one", "About three"}


def test_by_default_nothing_is_ever_withdrawn(tmp_path: Path) -> None:
    configure(tmp_path)
    config = tmp_path / "config.toml"
    config.write_text(config.read_text().replace('withdraw = "hide"\n', ""))
    source = tmp_path / "paper.xml"
    source.write_text(feed("one", "two"))
    refresh(tmp_path)
    source.write_text(feed("one", head=COMPLETE))
    refresh(tmp_path)
    assert len(titles(tmp_path)) == 2


def test_an_entry_that_a_rule_leaves_out_is_still_there(tmp_path: Path) -> None:
    configure(tmp_path)
    config = tmp_path / "config.toml"
    (tmp_path / "paper.xml").write_text(feed("one", "two", head=COMPLETE))
    refresh(tmp_path)
    config.write_text(config.read_text() + '[[source.rule]]\nmatch = "two"\ndrop = true\n')
    assert refresh(tmp_path)["withdrawn"] == 0
    assert len(titles(tmp_path)) == 2


def test_a_publisher_that_empties_its_feed_does_not_empty_ours(tmp_path: Path) -> None:
    configure(tmp_path)
    source, names = tmp_path / "paper.xml", [f"n{number}" for number in range(12)]
    source.write_text(feed(*names, head=COMPLETE))
    refresh(tmp_path)
    source.write_text(feed(head=COMPLETE))
    row = refresh(tmp_path)
    assert (row["withdrawn"], row["leaving"]) == (0, 12)
    assert len(titles(tmp_path)) == 12
    status = aggregator(tmp_path, "status", "--json").json()["sources"][0]
    assert status["leaving"] == 12
    assert status["note"] == (
        "has taken back 12 articles at once, which are still shown; `aggregator release paper`"
        " hides them, with --drop they stay"
    )
    assert "has taken back 12 articles" in aggregator(tmp_path, "status").out
    told = aggregator(tmp_path, "explain", "https://paper.example/n3")
    assert "by its source, with too many others to be believed" in told.out
    done = aggregator(tmp_path, "release", "paper", "--json").json()
    assert (done["released"], done["hidden"]) == (0, 12)
    assert titles(tmp_path) == set()
    assert atom(tmp_path).count("<at:deleted-entry") == 12
    source.write_text(feed(*names, head=COMPLETE))
    refresh(tmp_path)
    assert len(titles(tmp_path)) == 12


def test_a_post_that_is_deleted_from_its_folder_is_withdrawn(tmp_path: Path) -> None:
    configure(tmp_path, "posts", "jekyll")
    posts = tmp_path / "posts"
    posts.mkdir()
    for name in ("one", "two", "three"):
        (posts / f"2026-11-20-{name}.md").write_text(f"---\ntitle: About {name}\n---\nText.\n")
    refresh(tmp_path)
    (posts / "2026-11-20-two.md").unlink()
    assert refresh(tmp_path)["withdrawn"] == 1
    assert titles(tmp_path) == {"About one", "About three"}
    (posts / "2026-11-20-two.md").write_text("---\ntitle: About two\n---\nText.\n")
    refresh(tmp_path)
    assert len(titles(tmp_path)) == 3
    (posts / "2026-11-20-two.md").unlink()
    (posts / "2026-11-20-one.md").write_text("---\ntitle: About one\n---\n" + "Text.\n" * 500)
    config = tmp_path / "config.toml"
    config.write_text(config.read_text() + 'max_size = "1kB"\n')
    row = refresh(tmp_path)
    assert row["bad"] == 1
    assert row["withdrawn"] == 0, "while a post cannot be read, nobody knows what is there"
    assert len(titles(tmp_path)) == 3


SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{}</urlset>'
)


@pytest.mark.parametrize(("news", "withdrawn"), [(False, 1), (True, 0)], ids=["plain", "news"])
def test_a_sitemap_lists_all_unless_it_is_one_of_news(
    tmp_path: Path, news: bool, withdrawn: int
) -> None:
    configure(tmp_path, "sitemap.xml", "sitemap")

    def sitemap(*names: str) -> None:
        urls = "".join(
            f"<url><loc>https://paper.example/{name}</loc><news:news>"
            f"<news:title>About {name}</news:title>"
            + ("<news:publication_date>2026-11-20</news:publication_date>" if news else "")
            + "</news:news></url>"
            for name in names
        )
        (tmp_path / "sitemap.xml").write_text(SITEMAP.format(urls))

    sitemap("one", "two", "three")
    refresh(tmp_path)
    sitemap("one", "three")
    assert refresh(tmp_path)["withdrawn"] == withdrawn
    assert len(titles(tmp_path)) == 3 - withdrawn
