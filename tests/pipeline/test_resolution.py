"""Links that go through redirectors: where they lead is asked for, once, and only where wanted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.store.history import Historian
from aggregator.store.reader import EVERYTHING
from tests.fetch.server import reply
from tests.polling import Polling, polling, source

QUICK = 'spacing = "0s"'
STORY = "https://paper.example/story"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Polling]:
    with polling(tmp_path) as made:
        yield made


def items(*links: str, text: str = "Rain.") -> bytes:
    """Return a feed with an entry for each link; their ids are no addresses."""
    entries = [
        {"id": f"n{number}", "title": f"t{number}", "url": link, "content_text": text}
        for number, link in enumerate(links)
    ]
    version = "https://jsonfeed.org/version/1.1"
    return reply(body=json.dumps({"version": version, "title": "P", "items": entries}).encode())


def read(world: Polling, *lines: str) -> None:
    world.configure(source("paper", world.at("paper.test"), *lines), fetch=QUICK)
    world.turn()


def asked(world: Polling) -> list[str]:
    """Return what was asked for besides the feed."""
    heard = (f"{one.headers['host'].partition(':')[0]}{one.target}" for one in world.server.heard)
    return [one for one in heard if one != "paper.test/feed"]


def shared(world: Polling) -> list[str]:
    found = world.store.newest(EVERYTHING, 100)
    return [one.share_link for one in sorted(found, key=lambda one: one.title)]


def test_nothing_is_asked_where_it_is_not_wanted(world: Polling) -> None:
    link = world.at("t.co", "/x")
    world.answers["/feed"] = items(link)
    read(world)
    assert asked(world) == []
    assert shared(world) == [link]


def test_a_link_is_followed_through_redirectors_and_no_further(world: Polling) -> None:
    there = f"{STORY}?id=1&utm_source=t"
    world.answers |= {
        "/feed": items(world.at("t.co", "/x")),
        "/x": reply(301, f"Location: {world.at('bit.ly', '/y')}"),
        "/y": reply(302, f"Location: https://www.google.com/url?url={STORY}%3Fid%3D1%26utm_x%3Dt"),
    }
    read(world, "resolve = true")
    assert there not in asked(world)
    assert asked(world) == ["t.co/robots.txt", "t.co/x", "bit.ly/robots.txt", "bit.ly/y"]
    assert shared(world) == [f"{STORY}?id=1"]
    (history,) = Historian(world.store.path).find([f"{STORY}?id=1"])
    assert history.provenance is not None
    assert ("where its redirector leads", f"{STORY}?id=1") in history.provenance.candidates
    assert history.link == world.at("t.co", "/x")


def test_nobody_is_asked_twice_for_one_article(world: Polling) -> None:
    link = world.at("t.co", "/x")
    world.answers |= {"/feed": items(link), "/x": reply(301, f"Location: {STORY}")}
    read(world, "resolve = true")
    world.answers["/feed"] = items(link, text="More rain.")
    world.turn("paper")
    assert world.outcomes[0].changed == 1
    assert asked(world) == ["t.co/robots.txt", "t.co/x"]
    assert shared(world) == [STORY]


def test_a_link_that_leads_somewhere_else_now_is_followed_anew(world: Polling) -> None:
    world.answers |= {
        "/feed": items(world.at("t.co", "/x")),
        "/x": reply(301, f"Location: {STORY}"),
        "/z": reply(301, f"Location: {STORY}-2"),
    }
    read(world, "resolve = true")
    world.answers["/feed"] = items(world.at("t.co", "/z"))
    world.turn("paper")
    assert shared(world) == [f"{STORY}-2"]


@pytest.mark.parametrize(
    "answer",
    [
        reply(404),
        reply(503),
        reply(body=b"<html>Continue?</html>"),
        reply(301, "Location: https://paper.example/"),
        reply(301, "Location: /x"),
        reply(301, "Location: javascript:alert(1)"),
        reply(301, "Location: https://news.google.com/rss/articles/CBMiAUyqL"),
        reply(301),
        b"nonsense\r\n\r\n",
    ],
    ids=["404", "503", "page", "home", "circle", "script", "opaque", "nowhere", "nonsense"],
)
def test_what_leads_nowhere_leaves_the_feeds_own_link(world: Polling, answer: bytes) -> None:
    link = world.at("t.co", "/x")
    world.answers |= {"/feed": items(link), "/x": answer}
    read(world, "resolve = true")
    assert world.outcomes[0].error == ""
    assert shared(world) == [link]


def test_only_redirectors_are_asked_and_only_where_nothing_better_is_known(
    world: Polling,
) -> None:
    wrapped = f"https://www.google.com/url?url={STORY}"
    world.answers["/feed"] = items(STORY, wrapped, "https://news.google.com/rss/articles/CBMiA")
    read(world, "resolve = true")
    assert asked(world) == []


def test_robots_txt_of_a_redirector_is_heeded(world: Polling) -> None:
    link = world.at("t.co", "/x")
    rules = reply(body=b"User-agent: *\nDisallow: /")
    world.answers |= {"/feed": items(link), "/robots.txt": rules}
    read(world, "resolve = true")
    assert asked(world) == ["t.co/robots.txt"]


def test_a_redirector_inside_the_network_is_not_asked(world: Polling) -> None:
    link = world.at("t.co", "/x")
    world.answers |= {"/feed": items(link), "/x": reply(301, f"Location: {STORY}")}
    world.configure(source("paper", world.at("paper.test"), "resolve = true"))
    world._text = world._text.replace("127.0.0.0/8", "paper.test")
    world.restart()
    world.turn()
    assert asked(world) == []
    assert shared(world) == [link]


def test_a_look_ends_after_fifty_questions(world: Polling) -> None:
    links = [world.at("bit.ly", f"/{number}") for number in range(60)]
    world.answers["/feed"] = items(*links)
    world.answers |= {f"/{n}": reply(301, f"Location: {STORY}{n}") for n in range(60)}
    read(world, "resolve = true", 'first = "all"')
    assert len(asked(world)) == 1 + 50
    assert len(world.titles()) == 60


def test_a_look_ends_after_three_failures_in_a_row(world: Polling) -> None:
    world.answers["/feed"] = items(*(world.at("bit.ly", f"/{number}") for number in range(9)))
    read(world, "resolve = true")
    assert len(asked(world)) == 1 + 3


def test_of_a_new_source_only_the_first_links_are_followed(world: Polling) -> None:
    world.answers["/feed"] = items(*(world.at("bit.ly", f"/{number}") for number in range(9)))
    world.answers |= {f"/{n}": reply(301, f"Location: {STORY}{n}") for n in range(9)}
    read(world, "resolve = true", "first = 2")
    assert asked(world) == ["bit.ly/robots.txt", "bit.ly/0", "bit.ly/1"]
