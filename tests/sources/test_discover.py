"""What stands at an address: which ones are asked, in what order, and when that ends."""

from __future__ import annotations

import pytest

from aggregator.errors import FetchError, ParseError
from aggregator.fetch.exchange import Fetched, NotModified, Request
from aggregator.sources.discover import Remembering, discover
from tests.sources.desk import Answers, rss

HOME = "https://rain.example/"
EMPTY = rss()


def page(*links: str) -> bytes:
    tags = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{link}">' for link in links
    )
    return f"<!doctype html><html lang='en'><title>Rain</title>{tags}</html>".encode()


def test_a_feed_is_asked_once_and_nothing_else() -> None:
    answers = Answers({HOME: rss("one")})
    discovery = discover(HOME, Remembering(answers))
    assert discovery.found is not None
    assert (discovery.found.url, discovery.found.how) == (HOME, "the address itself")
    assert [entry.title for entry in discovery.found.feed.entries] == ["one"]
    assert answers.urls == [HOME]


def test_the_first_feed_that_works_and_holds_something_is_taken() -> None:
    answers = Answers(
        {HOME: page("/gone", "/empty", "/good", "/other"), f"{HOME}empty": EMPTY}
        | {f"{HOME}good": rss("one"), f"{HOME}other": rss("two")}
    )
    discovery = discover(HOME, Remembering(answers))
    assert discovery.found is not None
    assert discovery.found.url == f"{HOME}good"
    assert [other.url for other in discovery.others] == [
        f"{HOME}gone",
        f"{HOME}empty",
        f"{HOME}other",
    ]
    assert f"{HOME}other" not in answers.urls


def test_a_feed_without_entries_is_better_than_none() -> None:
    discovery = discover(HOME, Remembering(Answers({HOME: page("/empty"), f"{HOME}empty": EMPTY})))
    assert discovery.found is not None
    assert discovery.found.url == f"{HOME}empty"


@pytest.mark.parametrize(
    ("asked", "feed"),
    [
        (HOME, f"{HOME}feed"),
        (HOME, f"{HOME}index.xml"),
        (f"{HOME}blog/", f"{HOME}blog/rss.xml"),
        (f"{HOME}blog", f"{HOME}blog/feed"),
        (f"{HOME}blog/one.html", f"{HOME}blog/feed"),
        (f"{HOME}blog/", f"{HOME}atom.xml"),
    ],
)
def test_the_usual_addresses_are_tried_where_the_page_names_none(asked: str, feed: str) -> None:
    discovery = discover(asked, Remembering(Answers({asked: page(), feed: rss("one")})))
    assert discovery.found is not None
    assert (discovery.found.url, discovery.found.how) == (feed, "a usual address for feeds")


def test_where_a_feed_has_moved_for_good_its_new_address_is_found() -> None:
    class Moved(Answers):
        def get(self, request: Request) -> Fetched | NotModified:
            answer = super().get(request)
            assert isinstance(answer, Fetched)
            new = f"{HOME}new"
            return Fetched(new, answer.body, moved_to=new)

    discovery = discover(f"{HOME}old", Remembering(Moved({f"{HOME}old": rss("one")})))
    assert discovery.found is not None
    assert discovery.found.url == f"{HOME}new"


def test_a_site_without_feeds_has_perhaps_a_sitemap() -> None:
    sitemap = b"<urlset><url><loc>https://rain.example/1</loc></url></urlset>"
    robots = b"Sitemap: /map.xml"
    answers = Answers({HOME: page(), f"{HOME}robots.txt": robots, f"{HOME}map.xml": sitemap})
    discovery = discover(HOME, Remembering(answers))
    assert discovery.found is None
    assert (discovery.sitemap, discovery.pages) == (f"{HOME}map.xml", 1)
    assert (
        discover(HOME, Remembering(Answers({HOME: page(), f"{HOME}sitemap.xml": sitemap}))).pages
        == 1
    )
    assert discover(f"{HOME}map.xml", Remembering(answers)).sitemap == f"{HOME}map.xml"


def test_a_page_that_leads_nowhere_costs_few_requests_none_of_them_twice() -> None:
    links = [f"/{number}" for number in range(100)]
    answers = Answers({f"{HOME}blog/": page(*links)})
    discovery = discover(f"{HOME}blog/", Remembering(answers))
    assert discovery.found is None
    assert discovery.sitemap == ""
    assert len(answers.urls) <= 24
    assert len(set(answers.urls)) == len(answers.urls)


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_wants_to_be_left_alone_is_not_asked_further(status: int) -> None:
    class Busy(Answers):
        def get(self, request: Request) -> Fetched | NotModified:
            if request.url == HOME:
                return Fetched(HOME, page("/a", "/b"))
            self.asked.append(request)
            raise FetchError("is busy", status=status)

    answers = Busy({})
    with pytest.raises(FetchError, match="is busy"):
        discover(HOME, Remembering(answers))
    assert answers.urls == [f"{HOME}a"]


def test_a_page_cannot_have_files_of_this_machine_read() -> None:
    answers = Answers({HOME: page("file:///etc/passwd", "file:feed.xml", "ftp://rain.example/f")})
    discover(HOME, Remembering(answers))
    assert all(url.startswith("https://rain.example/") for url in answers.urls)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is empty"),
        (b'{"rows": []}', 'set kind = "json"'),
        (b"\x89PNG\r\n", "neither XML nor JSON"),
        (b"<rss><channel><item>", "ends in the middle"),
    ],
)
def test_what_is_neither_feed_nor_page_is_named(body: bytes, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        discover(HOME, Remembering(Answers({HOME: body})))


def test_an_address_that_does_not_answer_says_so() -> None:
    with pytest.raises(FetchError, match="404"):
        discover(HOME, Remembering(Answers({})))


def test_what_was_asked_once_is_remembered_failures_too() -> None:
    answers = Answers({HOME: rss("one")})
    getter = Remembering(answers)
    for _ in range(2):
        assert isinstance(getter.get(Request(HOME)), Fetched)
        with pytest.raises(FetchError):
            getter.get(Request(f"{HOME}gone"))
    assert len(answers.asked) == 2
