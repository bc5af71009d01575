"""The body of an article's own page, where the configuration asks for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.inside import aggregator
from tests.command import Ended
from tests.web import Answer, document, rss, serving

SENTENCES = {
    "en": "The storks came back two months early and the whole village went out to see them. ",
    "zh": "鹳鸟比去年早两个月回到村里，全村的人都出来观看，镇长还为它们竖起了一块新的牌子。",
}
WHOLE = """<!doctype html><html lang="{language}"><head><title>{title} | The Paper</title>
<link rel="canonical" href="{canonical}"></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>{title}</h1>{paragraphs}
<p><img data-src="/stork.jpg" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="A stork"></p>
<p><img src="https://count.example/pixel.gif" width="1" height="1">
See <a href="/more?utm_source=x">more</a>.</p></article>
<aside>Buy this now, it is cheap</aside><footer>Copyright The Paper</footer></body></html>"""


def page(language: str, canonical: str = "") -> bytes:
    paragraphs = "".join(f"<p>{SENTENCES[language] * 3}{number}</p>" for number in range(4))
    values = {"language": language, "title": "Storks", "canonical": canonical}
    return WHOLE.format(paragraphs=paragraphs, **values).encode()


class Paper:
    """A feed of one article, whose page stands on the same server."""

    def __init__(self, folder: Path, answers: dict[str, Answer], port: int) -> None:
        self.folder, self.answers = folder, answers
        self.site = f"http://127.0.0.1:{port}"
        answers["/feed"] = document(rss("storks", site=self.site))
        (folder / "config.toml").write_text(
            f'[fetch]\nallow_private = ["127.0.0.1:{port}"]\n'
            f'[[source]]\nid = "paper"\nurl = "{self.site}/feed"\nfull_text = true\n',
            encoding="utf-8",
        )

    def refresh(self) -> Ended:
        ended = aggregator(self.folder, "refresh", "--all", "--json")
        assert ended.status == 0, ended.err
        return ended

    def content(self) -> str:
        feed = json.loads((self.folder / "feeds" / "paper" / "feed.json").read_bytes())
        return str(feed["items"][0]["content_html"])


@pytest.fixture
def paper(tmp_path: Path) -> Callable[[dict[str, Answer], int], Paper]:
    return lambda answers, port: Paper(tmp_path, answers, port)


@pytest.mark.parametrize("language", SENTENCES)
def test_the_page_gives_the_body_without_what_stands_around_it(
    paper: Callable[[dict[str, Answer], int], Paper], language: str
) -> None:
    answers: dict[str, Answer] = {"/storks": document(page(language), "text/html")}
    with serving(answers) as port:
        made = paper(answers, port)
        made.refresh()
    content = made.content()
    assert SENTENCES[language].strip() in content
    assert f'src="{made.site}/stork.jpg"' in content, "lazy images are shown"
    assert f'href="{made.site}/more' in content, "addresses are absolute"
    for unwanted in ("Sport", "cheap", "Copyright", "pixel.gif", "<h1>"):
        assert unwanted not in content


def test_a_page_is_asked_for_once(paper: Callable[[dict[str, Answer], int], Paper]) -> None:
    asked: list[str] = []
    answers: dict[str, Answer] = {}

    def count(request: object) -> None:
        asked.append("page")
        document(page("en"), "text/html")(request)  # type: ignore[arg-type]

    answers["/storks"] = count
    with serving(answers) as port:
        made = paper(answers, port)
        made.refresh()
        answers["/feed"] = document(rss("storks", "herons", site=made.site))
        made.refresh()
    assert asked == ["page"]


@pytest.mark.parametrize(
    "answer",
    [
        document(b"gone", "text/plain", 404),
        document(b"<html><body><p>Please subscribe.</p></body></html>", "text/html"),
        document(b"", "text/html"),
        document(b'{"not": "a page"}', "application/json"),
    ],
    ids=["missing", "wall", "empty", "json"],
)
def test_without_a_body_the_feeds_own_text_stays(
    paper: Callable[[dict[str, Answer], int], Paper], answer: Answer
) -> None:
    answers = {"/storks": answer}
    with serving(answers) as port:
        made = paper(answers, port)
        made.refresh()
    assert "Text of storks." in made.content()


def test_robots_txt_is_heeded(paper: Callable[[dict[str, Answer], int], Paper]) -> None:
    answers: dict[str, Answer] = {
        "/storks": document(page("en"), "text/html"),
        "/robots.txt": document(b"User-agent: *\nDisallow: /storks\n", "text/plain"),
    }
    with serving(answers) as port:
        made = paper(answers, port)
        made.refresh()
    assert "Text of storks." in made.content()


@pytest.mark.parametrize(
    ("claim", "believed"),
    [("/2026/the-storks", True), ("/", False), ("https://other.example/storks", False)],
)
def test_the_pages_own_address_is_believed_on_its_own_site_only(
    paper: Callable[[dict[str, Answer], int], Paper], claim: str, believed: bool
) -> None:
    answers: dict[str, Answer] = {}
    with serving(answers) as port:
        made = paper(answers, port)
        canonical = claim if "://" in claim else made.site + claim
        answers["/storks"] = document(page("en", canonical), "text/html")
        made.refresh()
    feed = json.loads((made.folder / "feeds" / "paper" / "feed.json").read_bytes())
    assert feed["items"][0]["url"] == (canonical if believed else f"{made.site}/storks")
