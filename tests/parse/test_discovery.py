"""Where pages say that their feeds are."""

from __future__ import annotations

import pytest

from aggregator.parse.discovery import is_html, leads, sitemaps

URL = "https://rain.example/"
RSS = 'type="application/rss+xml"'


def found(head: str = "", body: str = "", url: str = URL) -> list[str]:
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return [one.url for one in leads(page.encode(), url=url).candidates]


@pytest.mark.parametrize(
    ("head", "address"),
    [
        (f'<link rel="alternate" {RSS} href="/feed">', "https://rain.example/feed"),
        (f"<LINK HREF=feed {RSS} REL='Alternate Home'>", "https://rain.example/feed"),
        (f'<link rel=alternate {RSS} href="//cdn.example/f">', "https://cdn.example/f"),
        (
            '<link rel=alternate type="application/atom+xml; charset=utf-8" href=a.xml>',
            "https://rain.example/a.xml",
        ),
        (
            '<link rel=alternate type="application/feed+json" href=feed.json>',
            "https://rain.example/feed.json",
        ),
        (
            f'<base href="/blog/"><link rel=alternate {RSS} href=feed>',
            "https://rain.example/blog/feed",
        ),
        ('<link rel=feed href="/feed">', "https://rain.example/feed"),
        (
            '<script type="application/ld+json">{"@graph": [{"webFeed": "/pod.xml"}]}</script>',
            "https://rain.example/pod.xml",
        ),
        (
            '<script type="application/ld+json">{"a": [{"webFeed": {"url": "/d"}}]}</script>',
            "https://rain.example/d",
        ),
    ],
)
def test_a_feed_is_named_in_the_head(head: str, address: str) -> None:
    assert found(head) == [address]


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ('<a href="/rss.xml">Abonnieren</a>', "https://rain.example/rss.xml"),
        ('<a href="/feed/"><img></a>', "https://rain.example/feed/"),
        (f'<a {RSS} href="https://other.example/x">all</a>', "https://other.example/x"),
        ('<a href="https://other.example/rss/1">RSS</a>', "https://other.example/rss/1"),
    ],
)
def test_a_feed_is_linked_in_the_text(link: str, address: str) -> None:
    assert found(body=link) == [address]


@pytest.mark.parametrize(
    "markup",
    [
        '<link rel="alternate" type="text/html" hreflang="de" href="/de/">',
        '<link rel="stylesheet" type="application/rss+xml" href="/x">',
        '<a href="/feedback">feedback</a>',
        '<a href="https://reader.example/subscribe/feed">add to your reader</a>',
        f'<link rel="alternate" {RSS} href="file:///etc/passwd">',
        f'<link rel="alternate" {RSS} href="javascript:alert(1)">',
        f'<link rel="alternate" {RSS} href="">',
        '<script type="application/ld+json">{"webFeed": </script>',
        f'<script type="application/ld+json">{"[" * 100_000}</script>',
    ],
)
def test_other_links_are_no_feeds(markup: str) -> None:
    assert found(markup, markup) == []


def test_of_several_the_sites_own_comes_first_and_comments_last() -> None:
    head = (
        f'<link rel=alternate {RSS} title="Rain » Comments" href="/comments/feed/">'
        '<link rel=alternate type="application/json" href="/wp-json/wp/v2/pages/2">'
        f'<link rel=alternate {RSS} title="Rain" href="/feed/">'
    )
    assert found(head, '<a href="/rss">RSS</a>') == [
        "https://rain.example/feed/",
        "https://rain.example/wp-json/wp/v2/pages/2",
        "https://rain.example/rss",
        "https://rain.example/comments/feed/",
    ]


def test_the_feed_of_a_section_comes_before_the_sites() -> None:
    head = (
        f'<link rel=alternate {RSS} href="/feed/"><link rel=alternate {RSS} href="/snow/feed/">'
        f'<link rel=alternate {RSS} title="Kommentare" href="/snow/comments/">'
    )
    addresses = found(head, url="https://rain.example/snow/")
    assert addresses[0] == "https://rain.example/snow/feed/"
    assert addresses[-1] == "https://rain.example/snow/comments/"


def test_a_page_says_its_title_language_and_licence() -> None:
    page = leads(
        '<html lang="de-AT"><title>Regen\n &amp; Schnee</title><p>© <a rel="license nofollow"'
        ' href="https://creativecommons.org/licenses/by/4.0/deed.de">CC</a>'.encode(),
        url=URL,
    )
    assert (page.title, page.language, page.licence) == ("Regen & Schnee", "de-AT", "CC BY 4.0")


def test_a_page_is_told_from_data() -> None:
    assert is_html(b"<p>Rain", "")
    assert is_html(b"rain", "text/html; charset=utf-8")
    assert not is_html(b'{"a": "<p>"}', "application/json")
    assert not is_html(b"<urlset><url/></urlset>", "application/xml")


def test_a_robots_txt_names_sitemaps_those_of_news_first() -> None:
    robots = (
        b"User-agent: *\nSitemap: /a.xml\n sitemap:https://x.example/news.xml\nSitemap: file:/e"
    )
    assert sitemaps(robots, "https://rain.example/robots.txt") == [
        "https://x.example/news.xml",
        "https://rain.example/a.xml",
    ]


def test_an_attribute_whose_name_is_none_harms_nobody() -> None:
    page = b'<a \x06x=1 href="/feed.xml">Feed</a>'
    assert [one.url for one in leads(page, url="https://rain.example/").candidates]
