"""The lists of a Chinese finance portal, and what once went wrong with them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.config.settings import Rule, Site, Source
from aggregator.errors import EntryError
from aggregator.model import Article, Entry, Feed
from aggregator.normalise.article import normalise
from aggregator.normalise.place import Place
from aggregator.normalise.slugs import propose

SHARED = Path(__file__).parents[3] / "shared" / "finews"
NOW = datetime(2022, 5, 27, tzinfo=UTC)
SITE = Site.model_validate(
    {
        "title": "金融消息",
        "url": "https://finews.withounder.com",
        "language": "zh-CN",
        "timezone": "Asia/Shanghai",
    }
)
INDENT = Rule(field="content", match="　　", replace="")

MEDIA = Source(
    id="type-45",
    url="http://portal.example/web/webapi?type=45",
    kind="json",
    items="nodeList",
    fields={"id": "infocode", "title": "title", "published": "showtime", "publisher": "from"},
    category="{from}",
    tags=("{from}新闻",),
    share_link="http://finews.zning.xyz/html_News/NewsShare.html?infoCode={infocode}",
    rule=(INDENT,),
)
ROLLING = Source(
    id="rolling",
    url="http://portal.example/web/webapi?type=102",
    kind="json",
    items="records",
    fields={"id": "infoCode", "title": "title", "published": "showtime", "summary": "digest"},
    category="emnews",
    tags=("东财滚动新闻",),
    share_link="{+url_w}",
    rule=(INDENT, Rule(field="summary", match="^.*】", replace="")),
)


def made(source: Source, entry: Entry) -> Article:
    article = normalise(entry, Place(Feed(), source, SITE), NOW)
    assert article is not None
    return article


def media_entry(row: dict[str, Any], content: str) -> Entry:
    return Entry(
        id=row["infocode"],
        title=row["title"],
        published=row["showtime"],
        publisher=row["from"],
        content=content,
        fields=row,
    )


def rolling_entry(**row: str) -> Entry:
    row = {"infoCode": "202112082206891068", "title": "标题", "digest": "", **row}
    row = {"showtime": "2021-12-08 12:18:54", "url_w": "http://finance.example/a,1.html", **row}
    return Entry(
        id=row["infoCode"],
        title=row["title"],
        published=row["showtime"],
        summary=row["digest"],
        content="<p>　　正文</p>",
        fields=row,
    )


@pytest.mark.skipif(not SHARED.exists(), reason="the portal's real answers are not beside us")
def test_the_real_article_comes_out_byte_for_byte() -> None:
    row = json.loads((SHARED / "api-type45-list.json").read_bytes())["nodeList"][0]
    detail = json.loads((SHARED / f"api-GetNewsText-{row['infocode']}.json").read_bytes())
    article = made(MEDIA, media_entry(row, detail["text"]))
    post = (SHARED / f"2022-01-17-{row['infocode']}.md").read_text(encoding="utf-8")
    assert article.content == detail["text"].replace("　　", "")
    assert f"---\n{article.content}\n\n<{article.share_link}>\n" in post
    assert article.title == "努力实现发展与安全良性互动"
    assert article.published == datetime(2022, 1, 16, 23, 42, 38, tzinfo=UTC)
    assert article.attribution.publisher == "南昌日报"
    assert article.tags == ("南昌日报新闻",)
    assert propose(article.categories[0]) == ("nanchangribao", "nanchangribao")
    assert article.public_id == f"tag:finews.withounder.com,2022:{article.id}"


def test_the_digest_is_what_follows_the_headline() -> None:
    article = made(ROLLING, rolling_entry(digest="【甲】【标题】苏州银行 &lt;12月8日&gt;公告。"))
    assert article.summary == "苏州银行 <12月8日>公告。"
    assert article.content == "<p>正文</p>"
    assert article.share_link == "http://finance.example/a,1.html"


def test_a_row_with_nothing_in_it_is_refused() -> None:
    empty = rolling_entry(title="", showtime="", url_w="")
    with pytest.raises(EntryError, match="'url_w'"):
        made(ROLLING, empty)
    with pytest.raises(EntryError, match="has an empty title"):
        made(ROLLING.model_copy(update={"share_link": None}), empty)


@pytest.mark.parametrize("title", ['他说"好"', "路径C:\\新建\\t", "a: b # c", "- x", "'单引号'"])
def test_titles_keep_quotes_and_backslashes(title: str) -> None:
    assert made(ROLLING, rolling_entry(title=title)).title == title


def test_a_publisher_found_in_the_body_is_credited() -> None:
    row = {"infocode": "1", "title": "t", "showtime": "2022-01-17 07:42:38", "from": "上海证券报"}
    credit = (
        '<p class="em_media">（文章来源：上海<span id="bk_90.BK0473"><a href="http://quote.eastmoney.com/'
        'unify/r/90.BK0473" class="keytip">证券</a></span>报）</p>'
    )
    article = made(MEDIA, media_entry(row, credit))
    assert article.attribution.publisher == "上海证券报"
    assert article.content == (
        '<p class="em_media">（文章来源：上海<span><a href="http://quote.eastmoney.com/unify/r/'
        '90.BK0473" class="keytip" rel="noopener noreferrer">证券</a></span>报）</p>'
    )


def test_bodies_lose_what_the_portal_hides_and_keep_their_charts() -> None:
    row = {"infocode": "1", "title": "t", "showtime": "2022-01-17 07:42:38", "from": "证券时报"}
    body = (
        '<p style="display:none;height:1px;"><br/></p><p>　　多股<span id="stock_1" '
        'class="em_stock_key_common"></span>异动</p>'
        '<center><img src="http://charts.example/GetPic.aspx?id=1&nid=0" width="580"/></center>'
    )
    assert made(MEDIA, media_entry(row, body)).content == (
        '<p>多股<span class="em_stock_key_common"></span>异动</p><div>'
        '<img src="http://charts.example/GetPic.aspx?id=1&amp;nid=0" width="580" alt="">'
        "</div>"
    )


def test_categories_that_differ_in_case_alone_are_two_labels_with_one_slug() -> None:
    assert propose("TechWeb")[0] == propose("Techweb")[0]
    assert propose("TechWeb")[1] != propose("Techweb")[1]
