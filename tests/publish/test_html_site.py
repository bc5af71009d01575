from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from lxml import html

from aggregator.model import Article, Attribution, Channel, Document, Enclosure, Person, Report
from aggregator.publish.press import Press
from aggregator.publish.rendering import article_documents, home_documents, shelf, site_documents
from tests.publish.desk import CHINESE, NANCHANG, NOW, WORLD, article, chinese, press, rendered

HERALD = Attribution("The Herald")


def page(document: Document) -> Any:
    return html.document_fromstring(document.body.decode())


def article_page(one: Article, with_press: Press | None = None) -> Any:
    documents = article_documents(with_press or press(formats=["html"]), one)
    return page(documents[0])


def channel_page(*articles: Article, channel: Channel = WORLD) -> Any:
    return page(rendered(press(), channel, *articles)["index.html"])


def home_page(with_press: Press, *shelves: tuple[Channel, list[Article]]) -> Any:
    kept = [shelf(with_press, channel, articles) for channel, articles in shelves]
    return page(home_documents(with_press, kept)[0])


def lost_page(with_press: Press) -> Any:
    documents = {document.path: document for document in site_documents(with_press, [])}
    return page(documents["404.html"])


def heads(root: Any, query: str) -> list[str]:
    found: list[str] = root.xpath(f"//head/{query}")
    return found


def linked_data(root: Any) -> Any:
    return json.loads(root.xpath("//script[@type='application/ld+json']")[0].text)


def words(root: Any, query: str) -> str:
    return " ".join("".join(node.text_content() for node in root.cssselect(query)).split())


# ── a channel's page ──────────────────────────────────────────────────────────────────────────────


def test_a_channel_lists_its_articles_by_day_in_the_zone_of_the_site() -> None:
    document = rendered(
        press(CHINESE),
        NANCHANG,
        chinese(1, title="一"),
        chinese(5, title="二", published=NOW.replace(hour=1), updated=NOW.replace(hour=1)),
        chinese(21, title="三"),
    )["index.html"]
    root = page(document)
    days = [
        (words(day, "h2"), [link.text for link in day.cssselect("h3 a")])
        for day in root.cssselect(".day")
    ]
    assert days == [
        ("2022年1月17日 星期一", ["一", "二"]),
        ("2022年1月16日 星期日", ["三"]),
    ]
    assert root.cssselect(".day h2 time")[0].get("datetime") == "2022-01-17"
    assert root.cssselect(".by time")[0].get("datetime") == "2022-01-17T19:00:00+08:00"
    assert words(root.cssselect(".by")[0], "time") == "19:00"


def test_a_channel_shows_its_feeds_as_text_to_copy() -> None:
    codes = [code.text for code in channel_page(article()).cssselect("#subscribe code")]
    assert codes == [
        "https://reader.example/news/world/atom.xml",
        "https://reader.example/news/world/rss.xml",
        "https://reader.example/news/world/feed.json",
    ]


def test_a_pages_own_feeds_are_the_first_links_of_its_head() -> None:
    links = heads(channel_page(article()), "link")
    assert [(link.get("rel"), link.get("type"), link.get("href")) for link in links[:3]] == [  # type: ignore[attr-defined]
        ("alternate", "application/atom+xml", "../world/atom.xml"),
        ("alternate", "application/rss+xml", "../world/rss.xml"),
        ("alternate", "application/feed+json", "../world/feed.json"),
    ]


def test_a_title_in_another_language_is_marked() -> None:
    root = channel_page(article(1), chinese(2, language="zh-CN"), article(3, language="en-GB"))
    assert [title.get("lang") for title in root.cssselect("h3")] == [None, "zh-CN", None]
    assert [text.get("lang") for text in root.cssselect(".short")] == [None, "zh-CN", None]


def test_a_channel_in_its_own_language_speaks_it() -> None:
    root = channel_page(article(), channel=replace(NANCHANG, slug="world", language="zh-CN"))
    assert root.get("lang") == "zh-CN"
    assert words(root, ".skip") == "跳到正文"


def test_long_summaries_are_cut_in_lists() -> None:
    short = words(channel_page(article(summary="word " * 200)), ".short")
    assert len(short) <= 201
    assert short.endswith("…")


def test_a_channel_without_articles_says_so() -> None:
    assert "Nothing here yet." in words(channel_page(), "main")


# ── an article's page ─────────────────────────────────────────────────────────────────────────────


def test_an_article_is_shown_with_author_source_and_time() -> None:
    root = article_page(article(authors=(Person("Alice Li"), Person(email="x@y.example"))))
    assert words(root, "h1") == "Ferry 1 stops for the winter"
    assert words(root, "article .by") == "Alice Li The Island Courier 17 January 2022 11:00 GMT"
    assert root.cssselect("article .by a")[0].get("href") == "https://courier.example/"
    assert "quiet" in words(root, ".text em")
    assert words(root, ".text .credit") == "Source: The Island Courier"


def test_an_article_is_framed_in_the_language_of_its_category() -> None:
    with_press = replace(press(formats=["html"]), languages={"world": "zh-CN"})
    root = article_page(article(language="en"), with_press)
    assert root.get("lang") == "zh-CN"
    assert words(root, ".original a") == "阅读原文"
    assert words(root, "article time") == "2022年1月17日 11:00 GMT"
    assert root.cssselect("h1")[0].get("lang") == "en"
    assert article_page(chinese(), with_press).get("lang") == "en"


def test_the_time_is_that_of_the_sites_zone() -> None:
    root = article_page(chinese(), press(CHINESE, formats=["html"]))
    assert words(root, "article time") == "2022年1月17日 19:00 GMT+8"
    assert root.cssselect("article time")[0].get("datetime") == "2022-01-17T19:00:00+08:00"


def test_the_original_is_linked_shown_and_canonical() -> None:
    root = article_page(article(share_link="https://c.example/?a=1&b=2"))
    assert root.cssselect(".original a")[0].get("href") == "https://c.example/?a=1&b=2"
    assert words(root, ".original code") == "https://c.example/?a=1&b=2"
    assert heads(root, "link[@rel='canonical']/@href") == ["https://c.example/?a=1&b=2"]
    assert heads(root, "meta[@name='robots']/@content") == ["noindex,follow"]


def test_a_page_that_is_the_only_one_is_canonical_itself() -> None:
    root = article_page(article(share_link="", link=""))
    own = "https://reader.example/news/world/2022/01/17/abcdefgh01.html"
    assert heads(root, "link[@rel='canonical']/@href") == [own]
    assert heads(root, "meta[@name='robots']") == []
    assert not root.cssselect(".original")


def test_the_ways_back_are_relative() -> None:
    links = article_page(article()).cssselect(".back p:last-child a")
    assert [(link.text, link.get("href")) for link in links] == [
        ("More from World", "../../../../world/index.html"),
        ("Home", "../../../../index.html"),
    ]


def test_previews_have_title_text_image_and_time() -> None:
    root = article_page(article(image="https://c.example/a.png"))
    read = {
        meta.get("property"): meta.get("content") for meta in root.xpath("//head/meta[@property]")
    }
    assert read == {
        "og:site_name": "Island Reader",
        "og:type": "article",
        "og:title": "Ferry 1 stops for the winter",
        "og:description": "Two sailings are dropped.",
        "og:url": "https://courier.example/1",
        "og:image": "https://c.example/a.png",
        "article:published_time": "2022-01-17T11:00:00+00:00",
    }
    assert heads(root, "meta[@name='twitter:card']/@content") == ["summary_large_image"]


def test_an_articles_files_can_be_played_or_taken_along() -> None:
    files = (
        Enclosure("https://c.example/a/talk.mp3", "audio/mpeg", 2_400_000),
        Enclosure("https://c.example/a.pdf", title="The report"),
        Enclosure("https://c.example/a.png", "image/png"),
    )
    root = article_page(article(enclosures=files))
    shown = [(words(item, "a"), words(item, "span")) for item in root.cssselect(".files li")]
    assert shown == [("talk.mp3", "audio/mpeg, 2.4 MB"), ("The report", "application/pdf")]
    assert [player.get("src") for player in root.cssselect("audio[controls]")] == [files[0].url]


def test_machines_are_told_who_made_it_and_what_it_is_based_on() -> None:
    root = article_page(article())
    data, trail = linked_data(root)["@graph"]
    assert data["@type"] == "NewsArticle"
    assert data["publisher"] == {
        "@type": "Organization",
        "name": "The Island Courier",
        "url": "https://courier.example/",
    }
    assert data["author"] == [{"@type": "Person", "name": "Alice Li"}]
    assert data["isBasedOn"] == "https://courier.example/1"
    assert data["datePublished"] == "2022-01-17T11:00:00Z"
    assert [(stop["name"], stop["item"]) for stop in trail["itemListElement"]] == [
        ("Home", "https://reader.example/news/"),
        ("World", "https://reader.example/news/world/"),
    ]


def test_machines_are_told_what_a_list_is_and_where_to_search() -> None:
    data, _ = linked_data(channel_page(article()))["@graph"]
    assert (data["@type"], data["url"]) == ("CollectionPage", "https://reader.example/news/world/")
    site = linked_data(home_page(press()))
    assert site["potentialAction"]["target"] == "https://reader.example/news/search?q={query}"
    assert "potentialAction" not in linked_data(home_page(press(static=True)))


def test_a_title_cannot_end_the_script_or_open_a_tag() -> None:
    title = "</script><script>alert(1)</script><!--"
    documents = article_documents(press(formats=["html"]), article(title=title))
    text = documents[0].body.decode()
    assert text.count("<script") == 1
    assert text.count("</script>") == 1
    assert linked_data(page(documents[0]))["@graph"][0]["headline"] == title


@pytest.mark.parametrize("field", ["title", "summary", "language", "link", "share_link", "image"])
def test_no_field_can_leave_its_attribute(field: str) -> None:
    hostile: dict[str, Any] = {field: 'x" onmouseover="alert(1)" \'><img src=x onerror=alert(1)>'}
    root = article_page(article(**hostile))
    everything = channel_page(article(**hostile))
    for node in [*root.iter(), *everything.iter()]:
        assert not [name for name in node.attrib if name.startswith("on")]
    assert not root.cssselect("img")


def test_a_page_lists_who_else_reports_the_story_and_does_not_say_it_twice() -> None:
    mail = Report(Attribution("The Mail"), "https://mail.example/1", "No <ferry>", NOW)
    echo = Report(Attribution("The Echo"), "", "No boat", NOW)
    root = article_page(article(also=(mail, echo)))
    rows = [" ".join(row.text_content().split()) for row in root.cssselect("section.also li")]
    assert rows == ["The Mail No <ferry>", "The Echo"]
    assert [link.get("href") for link in root.cssselect(".also a")] == ["https://mail.example/1"]
    assert root.cssselect("p.also") == article_page(article()).cssselect(".also") == []


# ── the site's pages ──────────────────────────────────────────────────────────────────────────────


def test_home_shows_the_newest_five_of_each_channel() -> None:
    root = home_page(
        press(), (WORLD, [article(number) for number in range(1, 8)]), (NANCHANG, [chinese()])
    )
    sections = root.cssselect(".shelves section")
    assert [words(section, "h2") for section in sections] == ["World", "南昌日报"]
    assert [len(section.cssselect("li")) for section in sections] == [5, 1]
    first = sections[0].cssselect("li a")[0]
    assert first.get("href") == "world/2022/01/17/abcdefgh01.html"
    assert heads(root, "link[@rel='alternate']/@href")[0] == "all/atom.xml"


def test_home_begins_with_the_newest_of_everything_and_has_a_shelf_for_each_of_several() -> None:
    everything = Channel("all", "Island Reader")
    lead = (everything, [article(number) for number in range(1, 10)])
    root = home_page(press(), lead, (WORLD, [article()]), (NANCHANG, [chinese()]))
    assert len(root.cssselect(".lead li")) == 7
    assert words(root, ".lead li:first-child .short") == "Two sailings are dropped."
    assert len(root.cssselect(".shelves section")) == 2
    single = home_page(press(), lead, (WORLD, [article()]))
    assert single.cssselect(".lead")
    assert not single.cssselect(".shelves")
    assert "Nothing here yet." in words(home_page(press(), (everything, [])), "main")


def test_a_shelf_names_a_publisher_that_the_category_is_not_named_after() -> None:
    root = home_page(press(CHINESE), (NANCHANG, [chinese(1), chinese(2, attribution=HERALD)]))
    assert [words(item, ".by") for item in root.cssselect(".shelves li")] == [
        "1月17日 19:00",
        "1月17日 18:00 The Herald",
    ]


def test_a_site_without_channels_says_so() -> None:
    assert "Nothing here yet." in words(home_page(press()), "main")


def test_pages_ask_nothing_of_other_sites_and_run_no_scripts() -> None:
    for root in (channel_page(article()), article_page(article()), lost_page(press())):
        assert [link for link in heads(root, "link[@rel='stylesheet']/@href") if "//" in link] == []
        assert [node for node in root.iter("script") if node.get("type") is None] == []


@pytest.mark.parametrize("site", [{}, CHINESE])
def test_every_page_has_its_language_a_skip_link_and_one_heading(site: dict[str, Any]) -> None:
    with_press = press(site) if site else press()
    pages = [
        page(rendered(with_press, WORLD, article())["index.html"]),
        article_page(article(), with_press),
        home_page(with_press, (WORLD, [article()])),
        lost_page(with_press),
    ]
    for root in pages:
        assert root.get("lang") == with_press.site.language
        skip = root.cssselect("a.skip")[0].get("href")
        assert root.cssselect(skip)[0].tag == "main"
        assert len(root.cssselect("h1")) == 1
        assert root.cssselect("title")[0].text
