from __future__ import annotations

from typing import Any

import pytest
from lxml import html

from aggregator.model import Article
from aggregator.publish.press import Press
from aggregator.publish.search_page import Found, search_page
from tests.publish.desk import CHINESE, article, chinese, press


def page(found: Found | None, with_press: Press | None = None) -> Any:
    return html.document_fromstring(search_page(with_press or press(), found).body.decode())


def hit(query: str, one: Article, with_press: Press | None = None) -> Any:
    return page(Found(query, [one], 1), with_press).cssselect(".hits li")[0]


def words(root: Any, query: str) -> str:
    return " ".join("".join(node.text_content() for node in root.cssselect(query)).split())


def marked(root: Any, query: str) -> list[str]:
    return [mark.text for mark in root.cssselect(f"{query} mark")]


def test_without_a_query_there_is_the_form_alone() -> None:
    root = page(None)
    form = root.cssselect("form")[0]
    assert (form.get("action"), form.get("method"), form.cssselect("input")[0].get("name")) == (
        "search",
        None,
        "q",
    )
    assert root.xpath("//label/@for") == root.xpath("//input/@id")
    assert root.cssselect(".hits") == []


def test_what_was_found_is_shown_with_its_words_marked() -> None:
    one = article(content="<p>The <b>Ferry</b> is late; no ferry today.</p>", summary="")
    root = hit("ferry LATE", one)
    assert words(root, "h2") == "Ferry 1 stops for the winter"
    assert marked(root, "h2") == ["Ferry"]
    assert marked(root, ".short") == ["Ferry", "late", "ferry"]
    assert root.cssselect("h2 a")[0].get("href") == "world/2022/01/17/abcdefgh01.html"
    assert words(root, ".by") == "17 January 2022 The Island Courier"


def test_the_part_of_a_long_text_is_shown_where_the_word_stands() -> None:
    text = "nothing of interest " * 100 + "and then the storks returned " + "as ever " * 100
    snippet = words(hit("storks", article(content=f"<p>{text}</p>", summary="")), ".short")
    assert (snippet[0], snippet[-1]) == ("…", "…")
    assert "then the storks returned" in snippet
    assert len(snippet) < 240


def test_chinese_is_marked_and_cut_without_spaces() -> None:
    one = chinese(
        content="<p>" + "不久前召开的会议。" * 60 + "发展与安全" + "总基调。" * 90 + "</p>"
    )
    root = hit("安全 性", one, press(CHINESE))
    assert marked(root, "h2") == ["安全", "性"]
    assert marked(root, ".short") == ["安全"]
    assert len(words(root, ".short")) < 240


def test_what_only_ends_like_the_word_is_not_marked() -> None:
    one = article(content="<p>best of the stores: 4st and st1</p>", summary="")
    assert marked(hit("st", one), ".short") == ["st", "st"]


@pytest.mark.parametrize("content", ["excerpt", "link"])
def test_no_more_is_shown_than_may_be_published(content: str) -> None:
    one = article(content="<p>" + "Free words. " * 60 + "Hidden storks.</p>", summary="")
    one = Article(**{name: getattr(one, name) for name in one.__slots__} | {"title": "Storks"})
    allowed = press(licences={"*": content})
    root = hit("storks", one, allowed)
    assert marked(root, "h2") == ["Storks"]
    assert "Hidden" not in words(root, "li")


def test_a_query_and_a_text_are_shown_as_they_are() -> None:
    query = '"><script>alert(1)</script> a.*'
    root = page(Found(query, [article(title="x <b> a.* y", summary="")], 1))
    assert root.cssselect("input")[0].get("value") == query
    assert [node.text for node in root.cssselect("mark") if node.text == "a.*"]
    assert root.cssselect("b, main script") == []


def test_what_was_found_comes_in_pages() -> None:
    articles = [article(number) for number in range(1, 21)]

    def ways(found: Found) -> list[tuple[str, str]]:
        return [(link.text, link.get("href")) for link in page(found).cssselect(".back a")]

    assert ways(Found("a b", articles, 45)) == [("Earlier →", "search?q=a+b&page=2")]
    assert ways(Found("a b", articles, 45, 2)) == [
        ("← Newer", "search?q=a+b"),
        ("Earlier →", "search?q=a+b&page=3"),
    ]
    assert ways(Found("船", articles, 45, 3)) == [("← Newer", "search?q=%E8%88%B9&page=2")]
    assert ways(Found("a", articles, 20)) == []


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "Nothing was found. Try fewer or shorter words."),
        (1, "1 article was found"),
        (1000, "1,000+ articles were found"),
    ],
)
def test_how_many_there_are_is_said(count: int, said: str) -> None:
    assert words(page(Found("a", [], count)), ".how") == said
