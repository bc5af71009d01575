from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from aggregator.publish import site_pages
from aggregator.publish.press import Imprint, Press
from aggregator.publish.rendering import site_documents
from aggregator.publish.supplier import Supplier
from tests.publish.desk import CHINESE, press

COURIER = Supplier(
    "courier",
    "The Island Courier",
    site="https://courier.example/",
    feed="https://courier.example/feed.xml",
    licence="https://creativecommons.org/licenses/by/4.0/",
    content="excerpt",
    category="World",
)
PORTAL = Supplier("portal", "The Portal")
CONTACT = "https://reader.example/contact"


def pages(with_press: Press) -> dict[str, Any]:
    documents = site_documents(with_press, [])
    return {
        one.path: html.document_fromstring(one.body.decode())
        for one in documents
        if one.path.endswith(".html")
    }


def lost_page(with_press: Press) -> Any:
    return pages(with_press)["404.html"]


def imprinted(contact: str = CONTACT, site: dict[str, Any] | None = None) -> Press:
    imprint = Imprint(contact, f"aggregator/1 (+{contact})", (COURIER, PORTAL))
    return replace(press(site) if site else press(), imprint=imprint)


def heads(root: Any, query: str) -> list[str]:
    found: list[str] = root.xpath(f"//head/{query}")
    return found


def words(root: Any, query: str) -> str:
    return " ".join("".join(node.text_content() for node in root.cssselect(query)).split())


def test_each_source_is_named_with_what_is_taken_of_it() -> None:
    root = pages(imprinted())["sources.html"]
    rows = [
        [" ".join(cell.text_content().split()) for cell in row.cssselect("th, td")]
        for row in root.cssselect("tbody tr")
    ]
    assert rows == [
        [
            *("The Island Courier", "World", "an excerpt"),
            "https://creativecommons.org/licenses/by/4.0/",
            "The Island Courier: Feed",
        ],
        ["The Portal", "as each article says", "the full text", "none stated", "–"],
    ]
    assert root.xpath("//tbody//a/@href") == [
        "https://courier.example/",
        "world/index.html",
        "https://creativecommons.org/licenses/by/4.0/",
        "https://courier.example/feed.xml",
    ]


@pytest.mark.parametrize(
    ("contact", "leads_to"),
    [
        (CONTACT, [CONTACT]),
        ("news@reader.example", ["mailto:news@reader.example"]),
        ("the harbour office", []),
        ("javascript:alert(1)@x", ["mailto:javascript:alert(1)@x"]),
    ],
)
def test_about_says_who_runs_the_site_and_how_to_reach_them(
    contact: str, leads_to: list[str]
) -> None:
    root = pages(imprinted(contact))["about.html"]
    assert (
        f"This site is run by M. Campbell. Questions, corrections and requests go to {contact}"
        in (words(root, "main"))
    )
    assert root.xpath(f"//main//a[text()='{contact}']/@href") == leads_to
    assert words(root, ".text code") == f"aggregator/1 (+{contact})"
    assert "https://reader.example/news/feeds.opml" in words(root, "#subscribe")


def test_a_site_on_a_static_host_has_no_search_and_no_status() -> None:
    for static in (False, True):
        found = pages(press(static=static))
        links = {link for root in found.values() for link in root.xpath("//a/@href")}
        assert {"search", "status"} <= links or static
        assert not {"search", "status", "/news/search", "/news/status"} & links or not static
        assert bool(found["404.html"].cssselect("form")) != static


@pytest.mark.parametrize("site", [None, CHINESE])
def test_the_pages_speak_the_sites_language(site: dict[str, Any] | None) -> None:
    for path, root in pages(imprinted(site=site)).items():
        assert root.get("lang") == ("zh-CN" if site else "en")
        titles = {"about.html": ("About", "关于"), "sources.html": ("Sources", "来源")}
        if path in titles:
            assert words(root, "h1") == titles[path][bool(site)]


def test_a_lost_visitor_is_led_back_from_any_depth() -> None:
    root = lost_page(press())
    assert root.cssselect(".back a")[1].get("href") == "/news/index.html"
    assert heads(root, "link[@rel='stylesheet']/@href") == ["/news/assets/style.css"]
    assert lost_page(press(CHINESE)).cssselect(".back a")[1].get("href") == "/index.html"


def test_a_lost_visitor_is_told_of_the_window_and_the_archive() -> None:
    root = lost_page(press(window="3d"))
    assert "after 3 days. Older articles are in the archive." in words(root, "main")
    assert root.cssselect(".back a")[0].get("href") == "/news/all/archive/index.html"
    without = [paragraph.text for paragraph in lost_page(press()).cssselect(".masthead p")]
    assert without[1:] == ["Older articles are in the archive."]


def test_what_was_taken_down_says_so_and_leads_back() -> None:
    path = "world/2022/01/17/abcdefgh01.html"
    document = site_pages.gone_page(press(), path)
    root = html.document_fromstring(document.body.decode())
    assert document.path == path
    assert words(root, "h1") == "This article was taken down"
    assert heads(root, "meta[@name='robots']/@content") == ["noindex"]
    assert root.cssselect(".back a")[0].get("href") == "../../../../index.html"
    agreed = site_pages.gone_page(press(), path, "As <agreed>").body.decode()
    assert "As <agreed>" in words(html.document_fromstring(agreed), "main")
