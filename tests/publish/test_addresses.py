from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.model import Attribution
from aggregator.publish import addresses
from tests.publish.desk import CHINESE, WORLD, article, chinese, press


def test_a_page_is_dated_in_the_zone_of_the_site() -> None:
    late = datetime(2022, 1, 16, 23, 42, 38, tzinfo=UTC)
    assert (
        addresses.article_page(press(), article(published=late))
        == "world/2022/01/16/abcdefgh01.html"
    )
    assert (
        addresses.article_page(press(CHINESE), chinese(published=late))
        == "nanchangribao/2022/01/17/abcdefgh01.html"
    )


def test_public_addresses_stand_under_the_base_of_the_site() -> None:
    site = press()
    assert addresses.public(site, "world/rss.xml") == "https://reader.example/news/world/rss.xml"
    assert addresses.public(site, "world/index.html") == "https://reader.example/news/world/"
    assert addresses.public(site, "index.html") == "https://reader.example/news/"


def test_an_article_without_a_share_link_is_linked_to_its_page() -> None:
    assert addresses.link(press(), article()) == "https://courier.example/1"
    assert (
        addresses.link(press(), article(share_link=""))
        == "https://reader.example/news/world/2022/01/17/abcdefgh01.html"
    )


@pytest.mark.parametrize(
    ("attribution", "share_link", "source"),
    [
        (
            Attribution("P", "https://p.example/", "https://p.example/feed"),
            "",
            "https://p.example/feed",
        ),
        (Attribution("P", "https://p.example/"), "https://s.example/a", "https://p.example/"),
        (Attribution("P"), "https://s.example:8080/a?b", "https://s.example:8080/"),
        (Attribution("P"), "", ""),
    ],
)
def test_a_source_is_named_by_its_feed_else_its_site_else_where_the_article_stands(
    attribution: Attribution, share_link: str, source: str
) -> None:
    one = article(attribution=attribution, share_link=share_link, link="")
    assert addresses.source_address(one) == source


def test_only_published_formats_have_feeds() -> None:
    assert addresses.feeds(press(formats=["html", "rss"]), WORLD) == [("rss", "world/rss.xml")]
    everything = addresses.feeds(press(), WORLD)
    assert [name for name, _ in everything] == ["atom", "rss", "json"]


def test_without_pages_a_channel_is_linked_to_the_site() -> None:
    assert addresses.channel_link(press(), WORLD) == "https://reader.example/news/world/"
    assert addresses.channel_link(press(formats=["rss"]), WORLD) == "https://reader.example/news/"


def test_a_source_without_a_path_is_named_with_a_slash() -> None:
    one = article(attribution=Attribution("P", "https://p.example"))
    assert addresses.source_address(one) == "https://p.example/"
