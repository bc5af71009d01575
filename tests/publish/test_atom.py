from __future__ import annotations

from datetime import timedelta
from typing import Any

import feedparser

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

ATOM = "{http://www.w3.org/2005/Atom}"
MEDIA = "{http://search.yahoo.com/mrss/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XHTML = "{http://www.w3.org/1999/xhtml}"


def feed(*articles: Article, channel: Channel = WORLD) -> Any:
    return tree(rendered(press(), channel, *articles)["atom.xml"])


def entry(one: Article) -> Any:
    return feed(one).find(f"{ATOM}entry")


def names(parent: Any) -> list[str]:
    return [child.tag.removeprefix(ATOM) for child in parent]


def test_a_feed_says_what_it_is() -> None:
    root = feed(article(1), article(2, updated=NOW))
    assert root.get(LANG) == "en"
    assert root.findtext(f"{ATOM}id") == "https://reader.example/news/world/atom.xml"
    assert root.findtext(f"{ATOM}title") == "World"
    assert root.findtext(f"{ATOM}subtitle") == "What happens elsewhere."
    assert root.findtext(f"{ATOM}updated") == "2022-01-17T12:00:00Z"
    assert [dict(link.attrib) for link in root.findall(f"{ATOM}link")] == [
        {
            "href": "https://reader.example/news/world/atom.xml",
            "rel": "self",
            "type": "application/atom+xml",
        },
        {"href": "https://reader.example/news/world/", "rel": "alternate", "type": "text/html"},
    ]


def test_atom_is_the_default_namespace() -> None:
    text = rendered(press(), WORLD, article())["atom.xml"].body.decode()
    assert '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">' in text
    assert "<atom:" not in text


def test_the_feed_has_no_author_and_each_entry_has_one() -> None:
    root = feed(article(1), article(2, authors=()))
    assert root.find(f"{ATOM}author") is None
    authors = [one.findtext(f"{ATOM}author/{ATOM}name") for one in root.findall(f"{ATOM}entry")]
    assert authors == ["Alice Li via The Island Courier", "The Island Courier"]


def test_feedparser_reads_back_what_was_written() -> None:
    read = feedparser.parse(rendered(press(), WORLD, article(), article(2))["atom.xml"].body)
    assert not read.bozo
    assert read.version == "atom10"
    first = read.entries[0]
    assert (first.id, first.link) == ("https://courier.example/1", "https://courier.example/1")
    assert first.title == "Ferry 1 stops for the winter"
    assert (first.published, first.updated) == ("2022-01-17T11:00:00Z", "2022-01-17T11:00:00Z")
    assert first.author == "Alice Li via The Island Courier"
    assert first.source.title == "The Island Courier"
    assert first.source.link == "https://courier.example/"
    assert first.summary == "Two sailings are dropped."
    assert first.content[0].type == "text/html"
    assert first.content[0].value.endswith("Source: The Island Courier</a></p>")
    assert [(tag.term, tag.label) for tag in first.tags] == [("World", "World"), ("ferries",) * 2]


def test_a_title_is_plain_text() -> None:
    title = entry(article(title="R&D <b>")).find(f"{ATOM}title")
    assert (title.get("type"), title.text) == ("text", "R&D <b>")


def test_the_source_is_the_last_child_and_has_no_author_or_category() -> None:
    attribution = Attribution(
        "P", "https://p.example/", "https://p.example/feed", "tag:p.example,2020:feed", "CC BY"
    )
    one = entry(article(attribution=attribution))
    assert names(one)[-1] == "source"
    source = one[-1]
    assert names(source) == ["id", "title", "updated", "link", "link", "rights"]
    assert source.findtext(f"{ATOM}id") == "tag:p.example,2020:feed"
    assert source.findtext(f"{ATOM}updated") == one.findtext(f"{ATOM}updated")
    assert [(link.get("rel"), link.get("href")) for link in source.findall(f"{ATOM}link")] == [
        ("self", "https://p.example/feed"),
        ("alternate", "https://p.example/"),
    ]
    assert source.findtext(f"{ATOM}rights") == one.findtext(f"{ATOM}rights") == "CC BY"


def test_a_source_without_any_address_of_its_own_is_named_by_the_host_of_its_article() -> None:
    source = entry(article(attribution=Attribution("P")))[-1]
    assert source.findtext(f"{ATOM}id") == "https://courier.example/"
    assert source.findall(f"{ATOM}link") == [], "that host need not be its site"


def test_without_any_address_there_is_no_source() -> None:
    one = entry(article(attribution=Attribution("P"), share_link="", link=""))
    assert "source" not in names(one)
    assert one.findtext(f"{ATOM}author/{ATOM}name") == "Alice Li via P"


def test_the_page_is_the_last_link_and_every_file_is_one() -> None:
    files = (
        Enclosure("https://c.example/a.mp3", length=7, title="Part 1"),
        Enclosure("https://c.example/b.mp3", "audio/mpeg"),
    )
    one = entry(article(enclosures=files, link="https://c.example/original"))
    assert [dict(link.attrib) for link in one.findall(f"{ATOM}link")] == [
        {
            "href": "https://c.example/a.mp3",
            "rel": "enclosure",
            "type": "audio/mpeg",
            "length": "7",
            "title": "Part 1",
        },
        {"href": "https://c.example/b.mp3", "rel": "enclosure", "type": "audio/mpeg"},
        {"href": "https://c.example/original", "rel": "via"},
        {"href": "https://courier.example/1", "rel": "alternate", "type": "text/html"},
    ]


def test_a_term_of_the_source_keeps_its_scheme_and_is_readable_in_term_and_label() -> None:
    terms = (
        Term("Technology", "https://c.example/sections", "tech"),
        Term("Ships", "no address"),
    )
    categories = entry(article(tags=("Ships",), terms=terms)).findall(f"{ATOM}category")
    assert [dict(one.attrib) for one in categories] == [
        {"term": "World", "label": "World"},
        {"term": "Ships", "label": "Ships"},
        {"term": "Technology", "label": "Technology", "scheme": "https://c.example/sections"},
    ]


def test_an_image_that_nothing_else_shows_is_a_thumbnail() -> None:
    image = "https://c.example/a.png"
    thumbnail = entry(article(image=image)).find(f"{MEDIA}thumbnail")
    assert thumbnail.get("url") == image
    shown = article(image=image, content=f'<p><img src="{image}"></p>')
    enclosed = article(image=image, enclosures=(Enclosure(image, "image/png"),))
    for one in (shown, enclosed):
        assert entry(one).find(f"{MEDIA}thumbnail") is None


def test_dates_are_in_utc_to_the_second() -> None:
    moment = NOW.replace(microsecond=123456) - timedelta(hours=1)
    one = entry(article(published=moment, updated=NOW))
    assert one.findtext(f"{ATOM}published") == "2022-01-17T11:00:00Z"
    assert one.findtext(f"{ATOM}updated") == "2022-01-17T12:00:00Z"


def test_an_entry_in_another_language_says_so() -> None:
    assert entry(article(language="gd")).get(LANG) == "gd"
    assert entry(article(language="en")).get(LANG) is None
    assert entry(article(language="no tag at all")).get(LANG) is None


def test_a_channel_may_have_its_own_language() -> None:
    root = feed(
        article(language="gd"), article(2), channel=Channel("world", "An Saoghal", language="gd")
    )
    assert root.get(LANG) == "gd"
    assert [one.get(LANG) for one in root.findall(f"{ATOM}entry")] == [None, "en"]


def test_authors_keep_their_web_address_and_not_their_mail_address() -> None:
    author = entry(article(authors=(Person("A", "a@b.example", "https://a.example/"),))).find(
        f"{ATOM}author"
    )
    assert names(author) == ["name", "uri"]


def test_a_browser_is_given_a_stylesheet_and_one_link() -> None:
    root = tree(rendered(press(CHINESE), NANCHANG, chinese())["atom.xml"])
    assert root.getprevious().text == 'type="text/css" href="../assets/style.css"'
    (companion,) = root.iter(f"{XHTML}div")
    assert companion.getparent() is root
    assert companion.find(f"{XHTML}a").text == "打开网页版"


def test_a_feed_without_articles_is_a_whole_document_too() -> None:
    assert feed().findtext(f"{ATOM}updated") == "1990-01-01T00:00:00Z"
