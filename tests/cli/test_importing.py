"""`aggregator import` from miniflux, FreshRSS, RSS-Bridge and planets, beyond docs/moving.md."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.cli.inside import aggregator
from tests.web import document, serving


def shown(folder: Path, kind: str, text: str) -> dict[str, Any]:
    """Return what importing *text* would do, as JSON."""
    (folder / "config.toml").write_text("", encoding="utf-8")
    (folder / "list").write_text(text, encoding="utf-8")
    said: dict[str, Any] = aggregator(folder, "import", kind, "list", "--dry-run", "--json").json()
    return said


def bridge(name: str, **query: str) -> str:
    return f"https://bridge.example/?{urlencode({'action': 'display', 'bridge': name, **query})}"


# ── miniflux ──────────────────────────────────────────────────────────────────────────────────────

OPML = """<opml version="2.0" xmlns:miniflux="https://miniflux.app/opml"><body>
<outline text="News">
<outline title="A" xmlUrl="https://a.example/f" miniflux:crawler="true"
 miniflux:blockFilterEntryRules="EntryTitle=(?i)ad&#10;EntryURL=/sponsored/"
 miniflux:keepFilterEntryRules="EntryTitle=x&#10;EntryURL=y"
 miniflux:rewriteRules="add_image_title"/>
<outline title="B" xmlUrl="https://b.example/f" miniflux:disabled="true"/>
</outline></body></opml>"""


def test_the_opml_of_miniflux_says_what_it_does_with_a_feed(tmp_path: Path) -> None:
    said = shown(tmp_path, "miniflux", OPML)
    (source,) = said["sources"]
    assert source["full_text"] is True
    assert source["category"] == "News"
    assert source["rule"] == [
        {"field": "title", "match": "(?i)ad", "drop": True},
        {"field": "link", "match": "/sponsored/", "drop": True},
    ]
    assert [one["title"] for one in said["bad"]] == ["B"]
    lost = " ".join(one["reason"] for one in said["lost"])
    assert "keep_filter_entry_rules" in lost
    assert "rewrite_rules" in lost


def test_miniflux_itself_is_asked_with_its_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeds = json.dumps([{"feed_url": "https://a.example/f", "title": "A", "category": None}])
    asked: list[str | None] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.headers["X-Auth-Token"])
        document(feeds.encode(), "application/json")(request)

    monkeypatch.setenv("MINIFLUX_TOKEN", "a secret")
    (tmp_path / "config.toml").write_text("")
    with serving({"/reader/v1/feeds": answer}) as port:
        ended = aggregator(tmp_path, "import", "miniflux", f"http://127.0.0.1:{port}/reader/")
    assert (ended.status, ended.err) == (0, "")
    assert asked == ["a secret"]
    assert 'url = "https://a.example/f"' in (tmp_path / "config.toml").read_text()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no JSON"),
        ('{"error_message": "Access Unauthorized"}', "no list of feeds"),
        ("[1]", "no list of feeds"),
        ("[" * 100_000, "no JSON"),
        ("<html>", "is an HTML page"),
    ],
    ids=["broken", "error", "numbers", "deep", "page"],
)
def test_what_is_no_list_of_miniflux_is_refused_in_one_line(
    tmp_path: Path, text: str, words: str
) -> None:
    assert words in shown(tmp_path, "miniflux", text)["error"]


def test_a_token_that_is_not_there_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MINIFLUX_TOKEN", raising=False)
    (tmp_path / "config.toml").write_text("")
    ended = aggregator(tmp_path, "import", "miniflux", "https://reader.example")
    assert ended.status == 1
    assert 'no variable "MINIFLUX_TOKEN"; set it' in ended.err


def test_patterns_that_are_none_here_are_named_and_the_feed_is_taken(tmp_path: Path) -> None:
    row = {"feed_url": "https://a.example/f", "title": "A", "blocklist_rules": "(?<x"}
    said = shown(tmp_path, "miniflux", json.dumps([row]))
    assert "rule" not in said["sources"][0]
    assert {one["reason"].partition(" is ")[0] for one in said["lost"]} == {"blocklist_rules"}


# ── FreshRSS ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("search", "rules"),
    [
        ('intitle:"big sale"', [("title", r"(?i)big\ sale")]),
        ("inurl:ads/x", [("link", "(?i)ads/x")]),
        ("intitle:/^ad\\b/i", [("title", "(?i)^ad\\b")]),
        ("crypto", [("title", "(?i)crypto"), ("content", "(?i)crypto")]),
        ("-crypto", None),
        ("#tag", None),
        ("intitle:a author:b", None),
        ("date:2020", None),
    ],
)
def test_searches_that_mark_as_read_leave_out(
    tmp_path: Path, search: str, rules: list[tuple[str, str]] | None
) -> None:
    value = search.replace('"', "&quot;")
    said = shown(
        tmp_path,
        "freshrss",
        '<opml xmlns:frss="https://freshrss.org/opml"><body><outline text="A"'
        f' xmlUrl="https://a.example/f" frss:filtersActionRead="{value}"/></body></opml>',
    )
    found = [(rule["field"], rule["match"]) for rule in said["sources"][0].get("rule", [])]
    assert found == (rules or [])
    assert bool(said["lost"]) == (rules is None)


# ── RSS-Bridge ────────────────────────────────────────────────────────────────────────────────────


def test_a_complex_bridge_reads_the_fields_in_a_part_of_the_page(tmp_path: Path) -> None:
    address = bridge(
        "CssSelectorComplexBridge", home_page="https://blog.example/", cookie="id=1",
        entry_element_selector="div.entry", url_selector="a.more", use_article_pages="on",
        article_page_content_selector="main, article", title_selector="h1",
        time_selector="p time.at", time_format="d/m/Y",
    )  # fmt: skip
    said = shown(tmp_path, "rss-bridge", address)
    (source,) = said["sources"]
    assert (source["items"], source["detail"]) == ("div.entry", "{+link}")
    assert source["fields"] == {
        "link": "a.more",
        "title": "detail.main h1, article h1",
        "published": "detail.main p time.at, article p time.at@datetime",
        "content": "detail.main, article",
    }
    lost = " ".join(one["reason"] for one in said["lost"])
    assert "its cookie" in lost
    assert "id=1" not in json.dumps(said), "a secret is not copied"
    assert "time_format" in lost


def test_a_complex_bridge_without_pages_reads_the_rows(tmp_path: Path) -> None:
    address = bridge(
        "CssSelectorComplex", home_page="https://blog.example/", entry_element_selector="div.entry"
    )
    (source,) = shown(tmp_path, "rss-bridge", address)["sources"]
    assert "detail" not in source
    assert source["fields"]["content"] == ":scope"


def test_a_bridge_that_names_nothing_is_named(tmp_path: Path) -> None:
    said = shown(
        tmp_path, "rss-bridge", bridge("XPathBridge", url="https://a.example", item="//a/..")
    )
    assert said["sources"] == []
    assert "CSS has no such selector" in said["bad"][0]["reason"]


def test_a_selector_that_is_none_costs_no_other_source(tmp_path: Path) -> None:
    lines = [
        bridge("CssSelectorBridge", home_page=f"https://b{n}.example/", url_selector=selector)
        for n, selector in enumerate(["h2 a", "h2 a:::x", "a.more", "h3 >"])
    ]
    said = shown(tmp_path, "rss-bridge", "\n".join(lines))
    assert [source["id"] for source in said["sources"]] == ["b0-example", "b2-example"]
    assert [one["line"] for one in said["bad"]] == [2, 4]
    assert all("is not a CSS selector" in one["reason"] for one in said["bad"])


def test_the_pages_of_imported_bridges_are_read(tmp_path: Path) -> None:
    page = (
        '<title>Blog</title><div class="post"><h2><a href="/2026/one">One</a></h2> first</div>'
        '<a class="post" href="/2026/two">Two</a><div class="post"><a href="/about">About</a></div>'
    )
    article = '<article class="content"><p>The whole text.</p></article>'
    answers = {
        "/": document(page.encode(), "text/html"),
        "/2026/one": document(article.encode(), "text/html"),
        "/2026/two": document(article.encode(), "text/html"),
    }
    with serving(answers) as port:
        here = f"http://127.0.0.1:{port}"
        address = bridge("CssSelectorBridge", home_page=f"{here}/", url_selector=".post",
                         url_pattern="/20\\d\\d/", content_selector="article.content")  # fmt: skip
        (tmp_path / "config.toml").write_text('[fetch]\nallow_private = ["127.0.0.0/8"]\n')
        assert aggregator(tmp_path, "import", "rss-bridge", address).status == 0
        seen = aggregator(tmp_path, "preview", "127-0-0-1", "--json").json()
    assert "error" not in seen
    taken = [entry for entry in seen["entries"] if entry["title"] != "About"]
    assert [(entry["title"], entry["link"]) for entry in taken] == [
        ("One", f"{here}/2026/one"),
        ("Two", f"{here}/2026/two"),
    ]
    assert all("The whole text." in entry["content"] for entry in taken)


# ── planets ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["", "[Planet]\nname = x\n", "[a\nb", "<html>"])
def test_what_is_no_planet_is_refused(tmp_path: Path, text: str) -> None:
    assert "error" in shown(tmp_path, "planet", text)


def test_a_section_without_a_feed_is_named(tmp_path: Path) -> None:
    said = shown(
        tmp_path,
        "planet",
        "title = Pluto\n[DEFAULT]\nfilter = x\n[templates/rss20.xml.tmpl]\nitems = 5\n"
        "[a]\ntitle = A\nfeed = https://a.example/f\n[b]\ntitle = B\n",
    )
    assert [source["id"] for source in said["sources"]] == ["a"]
    assert [(one["line"], one["title"]) for one in said["bad"]] == [(9, "B")]
