"""The whole job of a real site, from its configuration alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser
import pytest
import yaml

from tests.cli.inside import aggregator
from tests.command import Ended, files
from tests.newsroom import Newsroom, generated, real_article, serving
from tests.validity.published import unaccepted

SHARE = "http://finews.zning.xyz/html_News/NewsShare.html?infoCode="


@dataclass
class Job:
    """A newsroom that was refreshed once, and what came of it."""

    room: Newsroom
    folder: Path
    first: Ended
    real_post: bytes | None

    @property
    def feeds(self) -> Path:
        return self.folder / "feeds"

    def post(self, name: str) -> str:
        return (self.feeds / "_posts" / name).read_bytes().decode()


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Job]:
    room = generated()
    real_post = real_article(room)
    folder = tmp_path_factory.mktemp("finews")
    with serving(room):
        (folder / "config.toml").write_text(room.config(), encoding="utf-8")
        first = aggregator(folder, "refresh", "--json")
        yield Job(room, folder, first, real_post)


def front_matter(post: str) -> dict[str, Any]:
    loaded = yaml.safe_load(post.split("---\n")[1])
    assert isinstance(loaded, dict)
    return loaded


def test_the_refresh_takes_every_list_and_counts_the_bad_row(job: Job) -> None:
    assert job.first.status == 0, job.first.err
    rows = {row["id"]: row for row in job.first.json()["sources"]}
    assert set(rows) == {"rolling", "nodes", "market-37", "market-38", "market-39"}
    assert (rows["rolling"]["new"], rows["rolling"]["bad"]) == (2, 1)
    assert rows["nodes"]["new"] == 3 + (job.real_post is not None)
    assert all(row["status"] == "ok" and row["error"] is None for row in rows.values())
    bad = rows["rolling"]["bad_entries"][0]
    assert bad["entry"] == "202205262391921712"


def test_the_real_post_comes_out_byte_for_byte(job: Job) -> None:
    if job.real_post is None:
        pytest.skip("the real article is not beside this checkout")
    post = job.feeds / "_posts" / "2022-01-17-NW202201172249359827.md"
    assert post.read_bytes() == job.real_post


def test_categories_are_spelled_in_pinyin(job: Job) -> None:
    folders = {path.name for path in job.feeds.iterdir() if (path / "rss.xml").exists()}
    assert {
        "all",
        "emnews",
        "nanchangribao",
        "shanghaizhengquanbao",
        "anxinguojizhengquan-xianggang",
        "21shijijingjibaodao-21caijingapp",
        "techweb",
        "techweb-2",
    } == folders
    spellings = {
        front_matter(path.read_text(encoding="utf-8"))["categories"]
        for path in (job.feeds / "_posts").iterdir()
    }
    assert {
        "emnews",
        "nanchangribao",
        "shanghaizhengquanbao",
        "anxinguojizhengquan(xianggang)",
        "21shijijingjibaodao 21caijingAPP",
        "TechWeb",
        "Techweb",
    } == spellings


def test_a_rolling_post_quotes_the_digest_and_has_the_address_of_its_row(job: Job) -> None:
    post = job.post("2026-11-20-NW1.md")
    body = post.split("---\n", 2)[2]
    assert body.startswith("> 人民银行今日开展100亿元操作。\n\n<p>")
    assert "\n<http://finance.example/a/NW1.html>\n" in body
    assert job.post("2026-11-20-NW2.md").split("---\n", 2)[2].startswith("> 只有摘要。\n\n")


def test_hostile_titles_give_valid_front_matter(job: Job) -> None:
    matter = front_matter(job.post("2026-11-20-NW3.md"))
    assert matter["title"] == '他说："好" \\ 坏'
    assert matter["date"] == "2026-11-20 09:00:00 +0800"


def test_a_credit_with_markup_inside_is_read_whole(job: Job) -> None:
    entry = feedparser.parse((job.feeds / "shanghaizhengquanbao/rss.xml").read_bytes()).entries[0]
    assert entry.source.title == "上海证券报"
    assert entry.author == "上海证券报"


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_xml_feeds_carry_the_share_link_and_credit_the_medium(job: Job, name: str) -> None:
    feed = feedparser.parse((job.feeds / "nanchangribao" / name).read_bytes())
    entry = next(entry for entry in feed.entries if "NW3" in entry.link)
    assert entry.link == f"{SHARE}NW3"
    assert entry.source.title == "南昌日报"
    assert entry.author == "南昌日报"
    assert entry.title == '他说："好" \\ 坏'
    assert entry.published_parsed[:5] == (2026, 11, 20, 1, 0)


def test_the_json_feed_carries_the_share_link_and_credits_the_medium(job: Job) -> None:
    feed = json.loads((job.feeds / "nanchangribao" / "feed.json").read_bytes())
    item = next(item for item in feed["items"] if "NW3" in item["url"])
    assert item["url"] == f"{SHARE}NW3"
    assert [author["name"] for author in item["authors"]] == ["南昌日报"]
    assert item["_aggregator"]["source"] == "南昌日报"


def test_the_site_has_a_page_for_home_category_article_and_what_is_missing(job: Job) -> None:
    pages = [path for path in files(job.feeds) if path.endswith(".html")]
    assert {"index.html", "404.html", "nanchangribao/index.html"} <= set(pages)
    articles = [path for path in pages if path.startswith("nanchangribao/2026/11/20/")]
    assert len(articles) == 1
    assert f"{SHARE}NW3" in (job.feeds / articles[0]).read_text(encoding="utf-8")


def test_everything_that_is_published_is_valid(job: Job) -> None:
    assert unaccepted(job.feeds, "https://finews.withounder.com/") == []


def test_a_second_refresh_asks_politely_stores_nothing_and_writes_nothing(job: Job) -> None:
    before, asked = files(job.feeds), sum(job.room.asked.values())
    again = aggregator(job.folder, "refresh", "--all", "--json")
    assert again.status == 0, again.err
    assert again.json()["published"] == []
    assert {row["status"] for row in again.json()["sources"]} == {"not-modified"}
    assert sum(job.room.asked.values()) - asked == 5, "details are fetched once"
    assert sum(job.room.not_modified.values()) == 5
    assert files(job.feeds) == before


def test_publishing_everything_again_gives_the_same_bytes(job: Job) -> None:
    before = files(job.feeds)
    assert aggregator(job.folder, "publish", "--all").status == 0
    assert files(job.feeds) == before


def test_one_new_article_touches_only_what_lists_it(job: Job) -> None:
    before = files(job.feeds)
    job.room.sell(37, "NW99", "新的文章", "新的日报")
    ended = aggregator(job.folder, "refresh", "market-37", "--json")
    assert ended.status == 0, ended.err
    after = files(job.feeds)
    touched = {path for path in after if after[path] != before.get(path)}
    assert touched - {"manifest.json"} == set(ended.json()["published"]) - {"manifest.json"}
    folders = {path.split("/")[0] for path in touched if "/" in path}
    assert folders == {"xinderibao", "all", "_posts", ".well-known"}, "the list has a new category"
