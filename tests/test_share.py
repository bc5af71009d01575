"""Share links that lead back to the site find the article's page, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urljoin

import pytest

from aggregator import share
from aggregator.config.settings import Publish, Site
from aggregator.model import Category
from aggregator.publish.press import Press
from aggregator.publish.rendering import article_documents
from tests.articles import article

LINK = "http://finews.zning.xyz/html_News/NewsShare.html?infoCode=NW202201172249359827"
PLACE = "_share/html_News/NewsShare.html/infoCode=NW202201172249359827.html"
HOSTS = {"finews.zning.xyz", "news.example"}

ATTACKS = [
    "../secret", "..%2fsecret", "%2e%2e/secret", "..", ".", "", "a/b", "a\\b", "a.b", "a%00", "a\0",
    "a\n", "%0d%0aX:y", "$uri", "新闻", "a b", "a" * 101, "*", "'", '"', "NW1.html", "NW1%2ehtml",
]  # fmt: skip


@pytest.mark.parametrize(
    ("link", "place"),
    [
        (LINK, PLACE),
        (LINK.replace("http:", "https:"), PLACE),
        (LINK.replace("finews.zning.xyz", "FINEWS.zning.xyz:8080"), PLACE),
        ("https://news.example/s?id=3", "_share/s/id=3.html"),
        ("https://news.example/site/s?id=3", "_share/s/id=3.html"),
        ("https://elsewhere.example/html_News/NewsShare.html?infoCode=NW1", ""),
        ("https://news.example.evil.example/s?id=3", ""),
        ("https://news.example/s?id=3&lang=zh", ""),
        ("https://news.example/s", ""),
        ("https://news.example/?id=3", ""),
        ("https://news.example/../s?id=3", ""),
        ("https://news.example/.git/s?id=3", ""),
        ("https://[::1/s?id=3", ""),
        ("", ""),
    ],
)
def test_a_link_to_the_site_has_a_place_in_it(link: str, place: str) -> None:
    assert share.place(link, HOSTS, "/site") == place


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_but_a_plain_word_becomes_part_of_a_path(attack: str) -> None:
    assert share.places("html_News/NewsShare.html", f"infoCode={attack}") == []
    assert share.places("html_News/NewsShare.html", f"{attack}=NW1") == []
    link = f"https://news.example/s?id={attack}"  # its line breaks are dropped, as browsers do
    assert share.place(link, HOSTS) in ("", "_share/s/id=a.html")


def test_other_parameters_do_not_hide_the_one_that_counts() -> None:
    query = "from=timeline&infoCode=NW202201172249359827&x=../y"
    assert share.places("html_News/NewsShare.html", query) == [
        "_share/html_News/NewsShare.html/from=timeline.html",
        PLACE,
    ]
    assert len(share.places("s", "&".join(f"a{number}=b" for number in range(1000)))) == 20


def press(**site: object) -> Press:
    return Press(
        Site.model_validate({"url": "https://news.example", **site}),
        Publish.model_validate({"formats": ["html"]}),
        {"World": Category("world", "World", "world")},
    )


def test_a_page_leads_from_the_share_link_to_the_article() -> None:
    shared = article(1, share_link=LINK, title="<b> & co")
    page, way = article_documents(press(hosts=["Finews.zning.xyz"]), shared)
    assert way.path == PLACE
    text = way.body.decode()
    target = text.split("url=")[1].split('"')[0]
    assert urljoin("/html_News/NewsShare.html", target) == f"/{page.path}"
    assert text.count("&lt;b&gt; &amp; co") == 2


def test_share_links_of_other_sites_have_none() -> None:
    assert len(article_documents(press(), article(1, share_link=LINK))) == 1
    assert len(article_documents(press(), article(1))) == 1


def test_the_page_goes_with_the_article() -> None:
    shared = article(1, share_link=LINK, published=datetime(2026, 11, 1, tzinfo=UTC))
    paths = {one.path for one in article_documents(press(hosts=["finews.zning.xyz"]), shared)}
    assert paths == {f"world/2026/11/01/{shared.id}.html", PLACE}
