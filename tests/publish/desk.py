"""Articles and a press to render them with, for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from lxml import etree

from aggregator.config.settings import Publish, Site
from aggregator.model import Article, Attribution, Category, Channel, Document, Person
from aggregator.publish import templating
from aggregator.publish.press import Press
from aggregator.publish.rendering import channel_documents

NOW = datetime(2022, 1, 17, 12, 0, tzinfo=UTC)
WORLD = Channel("world", "World", "What happens elsewhere.")
NANCHANG = Channel("nanchangribao", "南昌日报", spelling="nanchangribao")
CATEGORIES = {
    "World": Category("world", "World", "World"),
    "南昌日报": Category("nanchangribao", "南昌日报", "nanchangribao"),
}
ENGLISH = {
    "title": "Island Reader",
    "url": "https://reader.example/news/",
    "description": "News from the islands.",
    "timezone": "Europe/London",
    "author": "M. Campbell",
}
CHINESE = {
    "title": "金融消息",
    "url": "https://finews.withounder.com",
    "language": "zh-CN",
    "timezone": "Asia/Shanghai",
}


def press(site: dict[str, Any] = ENGLISH, **publish: Any) -> Press:
    wanted = Publish.model_validate(publish)
    return Press(Site.model_validate(site), wanted, CATEGORIES, templates=templating.load(wanted))


def article(number: int = 1, **changes: Any) -> Article:
    """Return article *number*, one hour older than the one before it."""
    published = NOW - timedelta(hours=number)
    whole = Article(
        id=f"abcdefgh{number:02}",
        source="courier",
        guid=f"https://courier.example/{number}",
        public_id=f"https://courier.example/{number}",
        title=f"Ferry {number} stops for the winter",
        link=f"https://courier.example/{number}",
        share_link=f"https://courier.example/{number}",
        published=published,
        updated=published,
        first_seen_at=NOW,
        summary="Two sailings are dropped.",
        content=f"<p>The harbour was <em>quiet</em> on day {number}.</p>",
        language="en",
        authors=(Person("Alice Li", "alice@courier.example", "https://alice.example/"),),
        attribution=Attribution(
            "The Island Courier", "https://courier.example/", "https://courier.example/feed.xml"
        ),
        categories=("World",),
        tags=("ferries",),
        terms=(),
        enclosures=(),
        image="",
        fingerprint=f"f{number}",
    )
    return replace(whole, **changes)


def chinese(number: int = 1, **changes: Any) -> Article:
    """Return an article such as a Chinese paper's: without author and feed address."""
    plain: dict[str, Any] = {
        "guid": f"NW20220117{number:04}",
        "public_id": f"tag:finews.withounder.com,2022:abcdefgh{number:02}",
        "title": "努力实现发展与安全良性互动",
        "summary": "",
        "content": "<p>熊运浪</p>\n <p>不久前召开的会议确定的总基调。</p>",
        "language": "zh-CN",
        "authors": (),
        "attribution": Attribution("南昌日报"),
        "categories": ("南昌日报",),
        "tags": ("南昌日报新闻",),
    }
    return article(number, **{**plain, **changes})


def rendered(with_press: Press, channel: Channel, *articles: Article) -> dict[str, Document]:
    """Return a channel's documents by the last part of their path."""
    documents = channel_documents(with_press, channel, articles)
    return {document.path.rpartition("/")[2]: document for document in documents}


def tree(document: Document) -> Any:
    return etree.fromstring(document.body)
