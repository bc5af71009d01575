from __future__ import annotations

from typing import Any

import pytest

from aggregator import __version__
from aggregator.config.settings import Settings
from aggregator.pipeline.imprint import Names, imprint
from aggregator.publish.supplier import Supplier


def supplier(names: Names | None = None, **source: Any) -> Supplier:
    table = {"id": "paper", "url": "https://paper.example/rss", **source}
    return imprint(Settings.model_validate({"source": [table]}), names or {}).suppliers[0]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ({"title": "The Paper", "publisher": "Paper Inc."}, "The Paper"),
        ({"publisher": "Paper Inc."}, "Paper Inc."),
        ({"publisher": "{medianame}"}, "paper.example"),
        ({"url": "https://www.paper.example/rss"}, "paper.example"),
        ({"url": "file:///srv/posts"}, "paper"),
    ],
)
def test_a_source_is_called_what_is_known_of_it(source: dict[str, Any], name: str) -> None:
    assert supplier(**source).name == name


def test_what_a_source_calls_itself_counts_where_the_operator_says_nothing() -> None:
    names = {"paper": ("The Paper – News", "https://paper.example/")}
    told = supplier(names)
    assert (told.name, told.site) == names["paper"]
    ours = supplier(names, title="Paper", publisher_url="https://www.paper.example/")
    assert (ours.name, ours.site) == ("Paper", "https://www.paper.example/")


@pytest.mark.parametrize(
    "url",
    [
        "https://paper.example/rss?token=abcdef",
        "https://me:secret@paper.example/rss",
        "http://10.0.0.1/rss",
        "file:///srv/posts",
    ],
)
def test_no_address_that_is_not_for_readers_is_told(url: str) -> None:
    assert supplier(url=url).feed == ""
    told = supplier(url=url, public_url="https://paper.example/feed")
    assert told.feed == "https://paper.example/feed"


def test_only_a_feed_is_offered_as_one() -> None:
    assert supplier().feed == "https://paper.example/rss"
    assert supplier(kind="html", items="li").feed == ""


def test_a_category_is_told_where_all_articles_have_it() -> None:
    assert supplier().category == "paper"
    assert supplier(category="World").category == "World"
    assert supplier(category="{medianame}").category is None


def test_who_asks_is_told_as_publishers_see_it() -> None:
    told = imprint(Settings.model_validate({"fetch": {"contact": "https://me.example/about"}}), {})
    assert told.user_agent == f"aggregator/{__version__} (+https://me.example/about)"
