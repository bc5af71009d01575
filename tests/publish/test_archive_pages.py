from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from lxml import html

from aggregator.model import Channel, Document, Month
from aggregator.publish.archive import Part
from aggregator.publish.press import Press
from aggregator.publish.rendering import archive_documents, channel_documents
from tests.publish.desk import CHINESE, NANCHANG, NOW, WORLD, article, chinese, press

MONTHS = (Month("2021-12", 3), Month("2022-01", 501))
ARCHIVED = replace(WORLD, months=MONTHS)


def pages(documents: list[Document]) -> dict[str, Any]:
    return {
        one.path: html.document_fromstring(one.body.decode())
        for one in documents
        if one.path.endswith(".html")
    }


def channel_pages(channel: Channel, with_press: Press | None = None) -> dict[str, Any]:
    return pages(channel_documents(with_press or press(), channel, [article()]))


def words(root: Any, query: str) -> list[str]:
    return [" ".join(node.text_content().split()) for node in root.cssselect(query)]


def test_an_archive_is_listed_by_years_and_months_the_newest_first() -> None:
    root = channel_pages(ARCHIVED)["world/archive/index.html"]
    assert words(root, ".day h2") == ["2022", "2021"]
    assert words(root, ".months li") == ["January 2 501 articles", "December 3 articles"]
    assert root.xpath("//ul[@class='months']//a/@href") == [
        "../../world/archive/2022-01.html",
        "../../world/archive/2022-01-2.html",
        "../../world/archive/2021-12.html",
    ]


def test_a_channel_leads_to_its_archive_where_it_has_one() -> None:
    link = "//main//a[@href='../world/archive/index.html']"
    assert channel_pages(ARCHIVED)["world/index.html"].xpath(link)
    without = channel_pages(WORLD)
    assert not without["world/index.html"].xpath(link)
    assert list(without) == ["world/index.html"]


def test_everything_has_an_archive_page_from_the_start() -> None:
    found = channel_pages(Channel("all", "Island Reader"))
    assert "Nothing is archived yet" in words(found["all/archive/index.html"], "main")[0]
    assert found["all/index.html"].xpath("//nav//a[@href='../all/archive/index.html']")


def test_a_part_of_an_archive_lists_titles_by_day() -> None:
    articles = [article(1), chinese(2), article(3, published=NOW - timedelta(days=1))]
    part = Part("2022-01", earlier="2021-12", later="2022-01-2")
    found = pages(archive_documents(press(), ARCHIVED, part, articles))
    root = found["world/archive/2022-01.html"]
    assert words(root, "h1") == ["January 2022"]
    assert words(root, ".day h2") == ["17 January 2022 Monday", "16 January 2022 Sunday"]
    first = root.cssselect(".titles a")[0]
    assert first.get("href") == "../../world/2022/01/17/abcdefgh01.html"
    assert [one.get("lang") for one in root.cssselect(".titles a")] == [None, "zh-CN", None]
    ways = [(link.text, link.get("href")) for link in root.cssselect(".back p:first-child a")]
    assert ways == [
        ("← January 2022 (2)", "../../world/archive/2022-01-2.html"),
        ("December 2021 →", "../../world/archive/2021-12.html"),
    ]


def test_an_archive_speaks_the_language_of_its_channel() -> None:
    channel = replace(NANCHANG, months=MONTHS)
    found = channel_pages(channel, press(CHINESE))
    assert words(found["nanchangribao/archive/index.html"], ".months li") == [
        "1月 2 501 篇文章",
        "12月 3 篇文章",
    ]
    part = pages(archive_documents(press(CHINESE), channel, Part("2022-01"), [chinese()]))
    assert words(part["nanchangribao/archive/2022-01.html"], "h1") == ["2022年1月"]


def test_an_archive_has_the_feeds_of_its_channel_first() -> None:
    root = channel_pages(ARCHIVED)["world/archive/index.html"]
    assert root.xpath("//head/link/@href")[0] == "../../world/atom.xml"
