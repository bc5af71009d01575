"""What is asked for once: pages, whose words about themselves are not always to be believed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.store.reader import EVERYTHING
from tests.fetch.server import reply
from tests.polling import Polling, polling, source
from tests.web import rss

WORDS = "The storks came back two months early and the whole village went out to see them. " * 3
LISTED = (
    'kind = "html"',
    'items = "li"',
    'detail = "{+link}"',
    'fields = { title = "a", link = "a@href", content = "detail.p" }',
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Polling]:
    with polling(tmp_path) as made:
        yield made


def page(canonical: str) -> bytes:
    head = f"<title>x</title><link rel=canonical href='{canonical}'>"
    return reply(body=f"<html><head>{head}</head><body><p>{WORDS}</p></body></html>".encode())


def publish(world: Polling, *names: str, canonical: str) -> None:
    """Have the paper list these articles, whose pages are all called *canonical*."""
    rows = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in names)
    world.answers["/feed"] = reply(body=f"<ul>{rows}</ul>".encode())
    world.answers |= {f"/{name}": page(canonical) for name in names}


def shared(world: Polling) -> dict[str, str]:
    """Return title → the path of its share link."""
    found = world.store.newest(EVERYTHING, 100)
    return {one.title: one.share_link.rpartition("/")[2] for one in found}


def test_what_one_page_calls_itself_is_where_it_is_shared(world: Polling) -> None:
    publish(world, "one", canonical="/its-name")
    world.configure(source("paper", world.at("paper.test"), *LISTED))
    world.turn()
    assert shared(world) == {"one": "its-name"}


def test_one_name_for_every_page_is_not_believed(world: Polling) -> None:
    publish(world, "one", "two", canonical="/news")
    world.configure(source("paper", world.at("paper.test"), *LISTED))
    world.turn()
    assert shared(world) == {"one": "one", "two": "two"}


def test_a_name_that_another_article_has_already_is_not_believed(world: Polling) -> None:
    publish(world, "one", canonical="/news")
    world.configure(source("paper", world.at("paper.test"), *LISTED))
    world.turn()
    publish(world, "two", "one", canonical="/news")
    world.turn("paper")
    assert shared(world)["two"] == "two"


def articles(world: Polling, *names: str) -> list[str]:
    """Have the paper's feed hold these articles; return the pages asked for at the next look."""
    world.answers["/feed"] = reply(200, 'ETag: "x"', body=rss(*names, site=world.at("p.test", "")))
    return [one.target for one in world.turn("paper") if one.target not in ("/feed", "/robots.txt")]


def test_of_a_new_source_only_the_pages_of_its_first_entries_are_asked_for(
    world: Polling,
) -> None:
    pytest.importorskip("trafilatura")
    world.configure(source("paper", world.at("paper.test"), "full_text = true", "first = 2"))
    assert articles(world, *(f"n{number}" for number in range(9))) == ["/n0", "/n1"]
    assert len(world.titles()) == 2


def test_pages_beyond_fifty_wait_for_the_next_look(world: Polling) -> None:
    pytest.importorskip("trafilatura")
    world.configure(source("paper", world.at("paper.test"), "full_text = true", 'first = "all"'))
    articles(world, "n0")
    names = [f"n{number}" for number in range(1, 56)]
    world.answers |= {f"/{name}": page(f"/{name}") for name in names}
    assert articles(world, *names) == [f"/{name}" for name in names[:50]]
    assert world.state().etag == ""
    assert articles(world, *names) == [f"/{name}" for name in names[50:]]
    assert world.state().etag == '"x"'
    assert len(world.titles()) == 56


def test_after_three_failures_in_a_row_the_feeds_own_texts_stay(world: Polling) -> None:
    pytest.importorskip("trafilatura")
    names = [f"n{number}" for number in range(9)]
    world.answers |= {f"/{name}": reply(500) for name in names}
    world.configure(source("paper", world.at("paper.test"), "full_text = true"))
    assert articles(world, *names) == ["/n0", "/n1", "/n2"]
    assert len(world.titles()) == 9
