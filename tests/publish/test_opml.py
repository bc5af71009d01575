from __future__ import annotations

from lxml import etree

from aggregator.config.settings import Source
from aggregator.model import Channel
from aggregator.publish import opml
from tests.publish.desk import NANCHANG, WORLD, press


def test_every_channel_is_listed_with_its_atom_feed() -> None:
    document = opml.document(press(), [WORLD, NANCHANG])
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


def test_without_atom_the_rss_feed_is_listed() -> None:
    body = opml.document(press(formats=["rss", "json"]), [WORLD]).body.decode()
    assert 'xmlUrl="https://reader.example/news/world/rss.xml"' in body


def test_without_either_nothing_is_listed() -> None:
    assert b"<outline" not in opml.document(press(formats=["json", "html"]), [WORLD]).body


def test_the_list_has_no_date_that_would_change_it_with_each_article() -> None:
    assert b"date" not in opml.document(press(), [WORLD]).body


def test_names_are_escaped() -> None:
    root = etree.fromstring(opml.document(press(), [Channel("q", 'Q & "A" <1>')]).body)
    assert root.find("body/outline").get("text") == 'Q & "A" <1>'


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
