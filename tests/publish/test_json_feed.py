from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from aggregator.model import Article, Attribution, Channel, Enclosure, Term
from tests.publish.desk import NOW, WORLD, article, press, rendered


def feed(*articles: Article, channel: Channel = WORLD) -> dict[str, Any]:
    loaded = json.loads(rendered(press(), channel, *articles)["feed.json"].body)
    assert isinstance(loaded, dict)
    return loaded


def item(one: Article) -> dict[str, Any]:
    only: dict[str, Any] = feed(one)["items"][0]
    return only


def test_a_feed_says_what_it_is() -> None:
    whole = feed(article(1), article(2))
    assert whole["version"] == "https://jsonfeed.org/version/1.1"
    assert whole["title"] == "World"
    assert whole["home_page_url"] == "https://reader.example/news/world/"
    assert whole["feed_url"] == "https://reader.example/news/world/feed.json"
    assert whole["description"] == "What happens elsewhere."
    assert whole["language"] == "en"
    assert [one["id"] for one in whole["items"]] == [
        "https://courier.example/1",
        "https://courier.example/2",
    ]


def test_the_feed_has_no_authors_of_its_own() -> None:
    assert not {"author", "authors"} & feed(article()).keys()


def test_an_item_has_what_every_reader_needs() -> None:
    one = item(article(updated=NOW))
    assert one["url"] == "https://courier.example/1"
    assert "external_url" not in one
    assert one["title"] == "Ferry 1 stops for the winter"
    assert one["summary"] == "Two sailings are dropped."
    assert one["content_html"].endswith("Source: The Island Courier</a></p>")
    assert one["date_published"] == "2022-01-17T11:00:00Z"
    assert one["date_modified"] == "2022-01-17T12:00:00Z"
    assert one["tags"] == ["World", "ferries"]
    assert "language" not in one


def test_authors_are_written_in_both_ways() -> None:
    one = item(article())
    assert one["authors"] == [
        {"name": "Alice Li via The Island Courier", "url": "https://alice.example/"}
    ]
    assert one["author"] == one["authors"][0]


def test_the_source_stands_in_an_extension() -> None:
    attribution = Attribution("P", "https://p.example/", "https://p.example/feed", rights="CC BY")
    assert item(article(attribution=attribution))["_aggregator"] == {
        "source": "P",
        "source_url": "https://p.example/",
        "feed_url": "https://p.example/feed",
        "rights": "CC BY",
    }


def test_the_extension_says_what_the_source_calls_a_tag() -> None:
    terms = (Term("Technology", "https://c.example/sections", "tech"), Term("plain"))
    one = item(article(terms=terms))
    assert one["tags"] == ["World", "ferries", "Technology", "plain"]
    assert one["_aggregator"]["terms"] == [
        {"label": "Technology", "term": "tech", "scheme": "https://c.example/sections"}
    ]


def test_the_original_is_named_where_the_link_is_another() -> None:
    one = item(article(share_link="", link="https://courier.example/1"))
    assert one["url"] == "https://reader.example/news/world/2022/01/17/abcdefgh01.html"
    assert one["external_url"] == "https://courier.example/1"


def test_every_file_is_an_attachment() -> None:
    files = (
        Enclosure("https://c.example/a.mp3", "", 7, "Part 1", 90),
        Enclosure("https://c.example/b"),
    )
    assert item(article(enclosures=files))["attachments"] == [
        {
            "url": "https://c.example/a.mp3",
            "mime_type": "audio/mpeg",
            "title": "Part 1",
            "size_in_bytes": 7,
            "duration_in_seconds": 90,
        },
        {"url": "https://c.example/b", "mime_type": "application/octet-stream"},
    ]


def test_an_image_goes_out_once() -> None:
    image = "https://c.example/a.png"
    assert item(article(image=image))["image"] == image
    assert "image" not in item(article(image=image, content=f'<img src="{image}">'))


def test_a_foreign_language_is_named() -> None:
    assert item(article(language="gd"))["language"] == "gd"


def test_a_feed_without_items_is_whole_too() -> None:
    assert feed()["items"] == []


def test_items_of_different_days_keep_their_order() -> None:
    late = article(3, published=NOW + timedelta(days=1))
    assert [one["id"][-1] for one in feed(article(1), late)["items"]] == ["1", "3"]
