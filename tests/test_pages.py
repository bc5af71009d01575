"""Web pages, sitemaps and archives, from the command to the feeds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.inside import aggregator
from tests.web import Answer, document, serving

CONFIG = """
[publish]
formats = ["json"]

[fetch]
allow_private = ["127.0.0.1:{port}"]

[[source]]
id = "board"
kind = "html"
url = "http://127.0.0.1:{port}/news/"
items = "li"
detail = "{{+link}}"
next = "a.next"
pages = 2
timezone = "Europe/Berlin"
[source.fields]
title = "a"
link = "a"
published = "time@datetime"
content = "detail.article"

[[source]]
id = "map"
kind = "sitemap"
url = "http://127.0.0.1:{port}/sitemap.xml"
first = 2
"""

ITEM = "<li><a href='{0}.html'>{0}</a> <time datetime='2026-11-{1:02} 08:30'>some day</time></li>"


def listed(*titles: str, next_: str = "") -> Answer:
    items = "".join(ITEM.format(title, number) for number, title in enumerate(titles, 1))
    link = f"<a class=next href='{next_}'>older</a>" if next_ else ""
    return document(f"<title>The Board</title><ul>{items}</ul>{link}".encode(), "text/html")


def article(title: str) -> Answer:
    body = f"<title>{title}</title><article><p>All about {title}. <img src=a.png></p></article>"
    return document(body.encode(), "text/html")


def addresses(port: int, **days: str) -> Answer:
    urls = "".join(
        f"<url><loc>http://127.0.0.1:{port}/{name}</loc><lastmod>{day}</lastmod></url>"
        for name, day in days.items()
    )
    return document(f"<urlset>{urls}</urlset>".encode())


def published(folder: Path, name: str) -> dict[str, Any]:
    feed = json.loads((folder / "feeds" / name / "feed.json").read_text("utf-8"))
    return {item["title"]: item for item in feed["items"]}


def counts(folder: Path) -> dict[str, tuple[str, int, int]]:
    ended = aggregator(folder, "refresh", "--all", "--json")
    rows = ended.json()["sources"]
    return {row["id"]: (row["status"], row["new"], row["bad"]) for row in rows}


def test_pages_are_taken_in_whole_once_and_what_is_old_never(tmp_path: Path) -> None:
    answers: dict[str, Answer] = {
        "/news/": listed("rain", "snow", next_="2"),
        "/news/2": listed("hail"),
        **{f"/news/{title}.html": article(title) for title in ("rain", "snow", "hail", "fog")},
        **{f"/{name}": article(name) for name in ("a", "b", "c", "d")},
    }
    with serving(answers) as port:
        (tmp_path / "config.toml").write_text(CONFIG.format(port=port), encoding="utf-8")
        answers["/sitemap.xml"] = addresses(port, a="2026-11-18", b="2026-11-20", c="2026-11-19")
        assert counts(tmp_path) == {"board": ("ok", 3, 0), "map": ("ok", 2, 0)}
        assert set(published(tmp_path, "map")) == {"b", "c"}
        board = published(tmp_path, "board")
        assert set(board) == {"rain", "snow", "hail"}
        rain = board["rain"]
        assert rain["url"] == f"http://127.0.0.1:{port}/news/rain.html"
        assert rain["date_published"] == "2026-11-01T07:30:00Z"
        assert f'src="http://127.0.0.1:{port}/news/a.png"' in rain["content_html"]
        assert "The Board" in rain["content_html"], "its publisher is credited"

        assert counts(tmp_path) == {"board": ("not-modified", 0, 0), "map": ("not-modified", 0, 0)}

        answers["/news/"] = listed("fog", "rain", next_="2")
        answers["/sitemap.xml"] = addresses(
            port, a="2026-11-18", b="2026-11-20", c="2026-11-19", d="2026-11-21"
        )
        assert counts(tmp_path) == {"board": ("ok", 1, 0), "map": ("ok", 1, 0)}
        assert set(published(tmp_path, "board")) == {"rain", "snow", "hail", "fog"}
        assert set(published(tmp_path, "map")) == {"b", "c", "d"}, "the oldest was passed over"
