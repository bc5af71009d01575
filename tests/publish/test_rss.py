from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import feedparser
import pytest

from aggregator.model import Article, Attribution, Channel, Enclosure, Person, Term
from tests.publish.desk import (
    CHINESE,
    NANCHANG,
    NOW,
    WORLD,
    article,
    chinese,
    press,
    rendered,
    tree,
)

DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
ATOM = "{http://www.w3.org/2005/Atom}"
MEDIA = "{http://search.yahoo.com/mrss/}"
SY = "{http://purl.org/rss/1.0/modules/syndication/}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def rss(*articles: Article, channel: Channel = WORLD, site: dict[str, Any] | None = None) -> bytes:
    return rendered(press(site) if site else press(), channel, *articles)["rss.xml"].body


def item(one: Article, **channel: Any) -> Any:
    document = rendered(press(), WORLD, one)["rss.xml"]
    return tree(document).find("channel/item")


def test_a_channel_says_what_it_is() -> None:
    channel = tree(rendered(press(), WORLD, article())["rss.xml"]).find("channel")
    assert channel.findtext("title") == "World"
    assert channel.findtext("link") == "https://reader.example/news/world/"
    assert channel.findtext("description") == "What happens elsewhere."
    assert channel.findtext("language") == "en"
    own = channel.find(f"{ATOM}link")
    assert dict(own.attrib) == {
        "href": "https://reader.example/news/world/rss.xml",
        "rel": "self",
        "type": "application/rss+xml",
    }
    assert channel.findtext("ttl") == "10"
    assert channel.findtext(f"{SY}updatePeriod") == "hourly"
    assert channel.findtext(f"{SY}updateFrequency") == "6"


def test_a_channel_without_a_description_has_one_in_its_language() -> None:
    channel = tree(rendered(press(CHINESE), NANCHANG, chinese())["rss.xml"]).find("channel")
    assert channel.findtext("description") == "金融消息：南昌日报"


def test_nobody_is_the_author_of_a_feed_of_several_sources() -> None:
    channel = tree(rendered(press(), WORLD, article())["rss.xml"]).find("channel")
    assert channel.find("managingEditor") is None
    assert channel.find("webMaster") is None
    assert channel.find("item/author") is None


def test_the_date_of_a_channel_is_that_of_the_newest_change() -> None:
    changed = article(2, updated=NOW)
    text = rss(article(1), changed).decode()
    assert "<lastBuildDate>Mon, 17 Jan 2022 12:00:00 GMT</lastBuildDate>" in text


def test_a_channel_without_articles_is_a_whole_document_too() -> None:
    text = rss().decode()
    assert "<lastBuildDate>Mon, 01 Jan 1990 00:00:00 GMT</lastBuildDate>" in text
    assert feedparser.parse(text).feed.title == "World"


def test_feedparser_reads_back_what_was_written() -> None:
    read = feedparser.parse(rss(article(1), article(2)))
    assert not read.bozo
    assert read.version == "rss20"
    assert read.feed.link == "https://reader.example/news/world/"
    first, second = read.entries
    assert (first.id, first.link) == ("https://courier.example/1", "https://courier.example/1")
    assert not first.guidislink
    assert first.title == "Ferry 1 stops for the winter"
    assert first.published == "Mon, 17 Jan 2022 11:00:00 GMT"
    assert first.author == "Alice Li via The Island Courier"
    assert first.source == {
        "href": "https://courier.example/feed.xml",
        "title": "The Island Courier",
    }
    assert [tag.term for tag in first.tags] == ["World", "ferries"]
    assert first.summary == "Two sailings are dropped."
    assert first.content[0].value.endswith("Source: The Island Courier</a></p>")
    assert second.id == "https://courier.example/2"


def test_the_short_description_comes_before_the_whole_text() -> None:
    names = [child.tag for child in item(article())]
    assert names.index("description") < names.index(f"{CONTENT}encoded")


def test_a_description_is_plain_text_written_as_html() -> None:
    assert item(article(summary="1 < 2 & 3")).findtext("description") == "1 &lt; 2 &amp; 3"


def test_without_a_summary_the_description_is_the_beginning_of_the_text() -> None:
    assert item(article(summary="")).findtext("description") == "The harbour was quiet on day 1."


def test_titles_are_escaped_once_and_in_numbers() -> None:
    title = 'R&D <b>1 < 2</b> &amp; "quotes"'
    channel = Channel("world", "Q&A <1>")
    text = rss(article(title=title), channel=channel).decode()
    assert '<title>R&#x26;D &#x3C;b&gt;1 &#x3C; 2&#x3C;/b&gt; &#x26;amp; "quotes"</title>' in text
    assert "<title>Q&#x26;A &#x3C;1&gt;</title>" in text
    assert item(article(title=title)).findtext("title") == title


def test_every_author_is_a_creator() -> None:
    creators = item(article(authors=(Person("A"), Person("B")))).findall(f"{DC}creator")
    assert [creator.text for creator in creators] == [
        "A via The Island Courier",
        "B via The Island Courier",
    ]


def test_rights_language_and_change_are_named_where_there_are_any() -> None:
    plain = item(article())
    assert plain.find(f"{DC}rights") is None
    assert plain.find(f"{DC}language") is None
    assert plain.find(f"{ATOM}updated") is None
    attribution = Attribution("P", "https://p.example/", rights="CC BY 4.0")
    rich = item(article(attribution=attribution, language="gd", updated=NOW - timedelta(minutes=1)))
    assert rich.findtext(f"{DC}rights") == "CC BY 4.0"
    assert rich.findtext(f"{DC}language") == "gd"
    assert rich.findtext(f"{ATOM}updated") == "2022-01-17T11:59:00Z"


@pytest.mark.parametrize("language", ["", "en", "EN", "english (UK)"])
def test_the_channels_own_language_is_not_repeated(language: str) -> None:
    assert item(article(language=language)).find(f"{DC}language") is None


def test_a_source_without_any_address_is_not_named_as_one() -> None:
    nowhere = article(attribution=Attribution("P"), share_link="", link="")
    assert item(nowhere).find("source") is None
    somewhere = article(attribution=Attribution("P"))
    assert item(somewhere).find("source").get("url") == "https://courier.example/"


def test_one_enclosure_goes_out_with_length_and_type() -> None:
    files = (Enclosure("https://c.example/a.mp3"), Enclosure("https://c.example/b", "video/mp4", 7))
    found = item(article(enclosures=files)).findall("enclosure")
    assert [dict(one.attrib) for one in found] == [
        {"url": "https://c.example/a.mp3", "length": "0", "type": "audio/mpeg"}
    ]


def test_an_enclosure_is_one_that_validators_accept() -> None:
    files = (Enclosure("https://c.example?file=a.mp3"), Enclosure("https://c.example/b.mp3"))
    found = item(article(enclosures=files)).findall("enclosure")
    assert [one.get("url") for one in found] == ["https://c.example/b.mp3"]


def test_an_image_in_the_text_is_not_an_enclosure_too() -> None:
    shown = "https://c.example/a?x=1&y=2"
    one = article(
        content=f'<p><img src="{shown.replace("&", "&amp;")}"></p>',
        enclosures=(Enclosure(shown, "image/png"), Enclosure("https://c.example/b", "image/png")),
    )
    assert item(one).find("enclosure").get("url") == "https://c.example/b"


def test_a_term_of_the_source_keeps_its_scheme() -> None:
    one = item(article(terms=(Term("Technology", "https://c.example/sections", "tech"),)))
    categories = [(category.text, category.get("domain")) for category in one.findall("category")]
    assert categories[-1] == ("Technology", "https://c.example/sections")
    assert categories[0] == ("World", None)


def test_an_image_that_nothing_else_shows_is_a_thumbnail() -> None:
    one = item(article(image="https://c.example/a.png"))
    assert one.find(f"{MEDIA}thumbnail").get("url") == "https://c.example/a.png"
    assert item(article()).find(f"{MEDIA}thumbnail") is None


def test_a_browser_is_given_a_stylesheet_and_one_link() -> None:
    document = tree(rendered(press(), WORLD, article())["rss.xml"])
    assert document.getprevious().target == "xml-stylesheet"
    assert document.getprevious().text == 'type="text/css" href="../assets/style.css"'
    (companion,) = document.iter(f"{XHTML}div")
    assert companion.getparent().tag == "channel"
    assert companion.find(f"{XHTML}a").get("href") == "https://reader.example/news/world/"


def test_prefixes_are_declared_once() -> None:
    text = rss(article(), article(2)).decode()
    assert text.count("xmlns:dc=") == text.count("xmlns:content=") == text.count("xmlns:atom=") == 1


def test_the_markup_of_the_text_arrives_unharmed() -> None:
    content = '<p>a &amp; b &lt;c&gt; ]]&gt; <a href="https://x.example/?a=1&amp;b=2">x</a></p>'
    text = item(article(content=content)).findtext(f"{CONTENT}encoded")
    assert text.startswith(content)
    assert "]]>" in unescape(text)
