from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from aggregator.config.settings import Source
from aggregator.model import Channel, Document, Group
from aggregator.publish import opml
from tests.publish.desk import NANCHANG, WORLD, press
from tests.validity.opml import check_opml

PAPERS = Group("Papers & more", "papers-more")


def whole(*channels: Channel, **publish: Any) -> Document:
    return next(opml.documents(press(**publish), channels))


def test_every_channel_is_listed_with_its_atom_feed() -> None:
    document = whole(WORLD, NANCHANG)
    root = etree.fromstring(document.body)
    assert (document.path, root.tag, root.get("version")) == ("feeds.opml", "opml", "2.0")
    assert root.findtext("head/title") == "Island Reader"
    assert [dict(outline.attrib) for outline in root.iter("outline")][1] == {
        "text": "南昌日报",
        "title": "南昌日报",
        "type": "rss",
        "xmlUrl": "https://reader.example/news/nanchangribao/atom.xml",
        "htmlUrl": "https://reader.example/news/nanchangribao/",
        "language": "en",
    }


@pytest.mark.parametrize(
    ("formats", "address"),
    [(["rss", "json"], "world/rss.xml"), (["json", "html"], "world/feed.json")],
)
def test_without_atom_the_next_best_feed_is_listed(formats: list[str], address: str) -> None:
    assert (
        f'xmlUrl="https://reader.example/news/{address}"'
        in whole(WORLD, formats=formats).body.decode()
    )


def test_a_channel_without_a_feed_is_listed_with_its_page() -> None:
    outline = etree.fromstring(whole(WORLD, formats=["html"]).body).find("body/outline")
    page = "https://reader.example/news/world/"
    assert dict(outline.attrib) == {"text": "World", "type": "link", "url": page}


def test_a_channel_is_listed_with_a_feed_that_it_has() -> None:
    own = Channel("birds", "Birds", formats=("json",))
    outline = etree.fromstring(whole(own).body).find("body/outline")
    assert outline.get("xmlUrl") == "https://reader.example/news/birds/feed.json"
    assert outline.get("htmlUrl") == "https://reader.example/news/"


def test_the_list_has_no_date_that_would_change_it_with_each_article() -> None:
    assert b"date" not in whole(WORLD).body


def test_names_are_escaped() -> None:
    root = etree.fromstring(whole(Channel("q", 'Q & "A" <1>')).body)
    assert root.find("body/outline").get("text") == 'Q & "A" <1>'


def test_a_group_is_a_folder_behind_the_others_and_a_list_of_its_own() -> None:
    grouped = [replace(NANCHANG, group=PAPERS), WORLD]
    documents = {one.path: one.body for one in opml.documents(press(), grouped)}
    assert list(documents) == ["feeds.opml", ".well-known/feeds", "feeds-papers-more.opml"]
    body = etree.fromstring(documents["feeds.opml"]).find("body")
    assert [dict(one.attrib)["text"] for one in body] == ["World", "Papers & more"]
    assert dict(body[1].attrib) == {"text": "Papers & more"}
    assert [one.get("text") for one in body[1]] == ["南昌日报"]
    alone = etree.fromstring(documents["feeds-papers-more.opml"])
    assert alone.findtext("head/title") == "Island Reader: Papers & more"
    assert [one.get("text") for one in alone.find("body")] == ["南昌日报"]
    assert all(check_opml(document) == [] for document in documents.values())


def test_the_list_also_stands_where_programs_look_for_it() -> None:
    everything, known = opml.documents(press(), [WORLD])
    assert (known.path, known.body) == (".well-known/feeds", everything.body)


def test_the_operators_own_subscriptions_are_listed_too() -> None:
    sources = [
        Source(id="bbc", url="https://bbc.example/rss", title="BBC"),
        Source(id="other", url="https://other.example/feed?a=1&b=2"),
    ]
    root = etree.fromstring(opml.subscriptions(press().site, sources))
    assert [(one.get("title"), one.get("xmlUrl")) for one in root.iter("outline")] == [
        ("BBC", "https://bbc.example/rss"),
        ("other", "https://other.example/feed?a=1&b=2"),
    ]
