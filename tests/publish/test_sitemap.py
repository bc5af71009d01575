from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import etree

from aggregator.model import Channel, Document, Month, Original
from aggregator.publish import sitemap
from aggregator.publish.rendering import site_documents
from tests.publish.desk import CHINESE, NANCHANG, NOW, WORLD, press
from tests.validity.sitemap import check_sitemap

BASE = "https://reader.example/news/"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
OWN = Original("abcdefgh01", "World", "R&D <1>", "en", NOW, NOW)


def aged(number: int, hours: float, **changes: Any) -> Original:
    moment = NOW - timedelta(hours=hours)
    return replace(OWN, id=f"own{number:07}", published=moment, updated=moment, **changes)


def documents(*originals: Original, lists: tuple[str, ...] = ("index.html",)) -> dict[str, Any]:
    made = sitemap.documents(press(), lists, originals)
    return {one.path: one for one in made}


def tree(document: Document) -> Any:
    assert check_sitemap(document.body, BASE + document.path) == []
    return etree.fromstring(document.body)


def addresses(document: Document) -> list[str]:
    return [loc.text.removeprefix(BASE) for loc in tree(document).iter("{*}loc")]


def news(*originals: Original) -> list[Any]:
    return list(tree(documents(*originals)["sitemap.xml"]).iter(f"{NEWS}news"))


def test_robots_are_told_where_the_sitemap_is() -> None:
    text = documents()["robots.txt"].body.decode()
    assert text == f"User-agent: *\nAllow: /\n\nSitemap: {BASE}sitemap.xml\n"


def test_lists_and_articles_that_stand_nowhere_else_are_in_it() -> None:
    made = site_documents(
        press(), [WORLD, NANCHANG, replace(WORLD, slug="x", formats=("rss",))], [OWN]
    )
    found = {document.path: document for document in made}
    assert addresses(found["sitemap.xml"]) == [
        "", "sources.html", "about.html", "world/", "nanchangribao/",
        "world/2022/01/17/abcdefgh01.html",
    ]  # fmt: skip


def test_the_pages_of_archives_are_in_it() -> None:
    old = replace(WORLD, months=(Month("2021-11", 1), Month("2021-12", 501)))
    found = {one.path: one for one in site_documents(press(), [Channel("all", "All"), old])}
    assert addresses(found["sitemap.xml"])[3:] == [
        "all/", "all/archive/",
        "world/", "world/archive/", "world/archive/2021-11.html",
        "world/archive/2021-12.html", "world/archive/2021-12-2.html",
    ]  # fmt: skip


def test_only_articles_have_a_date() -> None:
    made = documents(replace(OWN, updated=NOW + timedelta(days=1)))["sitemap.xml"]
    assert [one.text for one in tree(made).iter("{*}lastmod")] == ["2022-01-18T12:00:00Z"]


def test_without_pages_there_is_neither() -> None:
    paths = {document.path for document in site_documents(press(formats=["rss"]), [WORLD])}
    assert paths.isdisjoint({"sitemap.xml", "robots.txt"})


def test_the_newest_two_days_are_news() -> None:
    found = news(aged(1, 0), aged(2, 47.9), aged(3, 48))
    dates = [one.findtext(f"{NEWS}publication_date") for one in found]
    assert dates == ["2022-01-15T12:06:00Z", "2022-01-17T12:00:00Z"]
    assert found[0].findtext(f"{NEWS}title") == "R&D <1>"
    assert found[0].findtext(f"{NEWS}publication/{NEWS}name") == "Island Reader"


def test_at_most_a_thousand_are_news() -> None:
    assert len(news(*(aged(number, number / 100) for number in range(1_200)))) == 1_000


@pytest.mark.parametrize(
    ("language", "code"),
    [("en-GB", "en"), ("", "zh-cn"), ("zh-Hant", "zh-tw"), ("zh-HK", "zh-tw"), ("qqqq", "zh-cn")],
)
def test_the_language_of_news_is_written_as_google_wants_it(language: str, code: str) -> None:
    made = sitemap.documents(press(CHINESE), ["index.html"], [replace(OWN, language=language)])
    written = list(made)[1].body.decode()
    assert f"<news:language>{code}</news:language>" in written


def test_a_long_one_has_parts_of_which_only_the_last_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sitemap, "MOST", 3)
    lists = tuple(f"c{number}/index.html" for number in range(4))
    old = [aged(number, 100 + number) for number in range(4)]
    before = documents(*old, lists=lists)
    after = documents(aged(9, 99), *old, lists=lists)
    changed = {path for path in after if after[path] != before.get(path)}
    names = [f"sitemap-{number}.xml" for number in range(1, 5)]
    assert sorted(before) == sorted(["robots.txt", "sitemap.xml", *names])
    assert addresses(before["sitemap.xml"]) == names
    assert [len(addresses(before[name])) for name in names] == [3, 1, 3, 1]
    assert changed == {"sitemap-4.xml"}


def test_a_moment_in_the_sites_zone_decides_on_the_address() -> None:
    late = datetime(2022, 1, 16, 23, 30, tzinfo=UTC)
    made = sitemap.documents(press(CHINESE), [], [replace(OWN, published=late)])
    assert b"/world/2022/01/17/abcdefgh01.html<" in list(made)[1].body
