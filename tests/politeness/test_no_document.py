"""What is no document of its kind is refused, whatever the kind, and the last good one holds."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import NamedTuple

import pytest

from aggregator.model import Status
from tests.fetch.server import reply
from tests.politeness.desk import FEED, feed, paper
from tests.polling import Polling

ENTRIES = "".join(
    f"<entry><id>urn:x:{name}</id><title>{name}</title><link href='https://paper.example/{name}'/>"
    "<updated>2026-11-20T10:00:00Z</updated></entry>"
    for name in ("one", "two")
)
ATOM = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title>{ENTRIES}</feed>'.encode()
ITEMS = [{"id": name, "title": name, "content_text": name} for name in ("one", "two")]
JSON_FEED = json.dumps(
    {"version": "https://jsonfeed.org/version/1.1", "title": "P", "items": ITEMS}
).encode()
ROWS = json.dumps({"rows": ITEMS}).encode()
PAGE = (
    b"<!doctype html><title>P</title><ul><li><a href='/1'>one</a></li>"
    b"<li><a href='/2'>two</a></li></ul><p>That is all there is today.</p>"
)
URLS = "".join(
    f"<url><loc>https://paper.example/{name}</loc><n:news><n:title>{name}</n:title></n:news></url>"
    for name in ("one", "two")
)
SITEMAP = f'<urlset xmlns:n="http://news.example/">{URLS}</urlset>'.encode()


class Kind(NamedTuple):
    """A good document of a kind, and the lines of the source that reads it."""

    good: bytes
    lines: tuple[str, ...] = ()


KINDS = {
    "rss": Kind(FEED),
    "atom": Kind(ATOM),
    "json feed": Kind(JSON_FEED),
    "json": Kind(
        ROWS, ('kind = "json"', 'items = "rows"', 'fields = { id = "id", title = "title" }')
    ),
    "html": Kind(
        PAGE, ('kind = "html"', 'items = "li"', 'fields = { title = "a", link = "a@href" }')
    ),
    "sitemap": Kind(SITEMAP, ('kind = "sitemap"',)),
    "gzipped sitemap": Kind(gzip.compress(SITEMAP, mtime=0), ('kind = "sitemap"',)),
}

SHELL = b"<!doctype html><html><head><title>%s</title></head><body>%s</body></html>"
CHALLENGE = SHELL % (b"Just a moment...", b"<script src=/cdn-cgi/challenge-platform/x></script>")
LOGIN = SHELL % (b"Log in", b"<form><input name=password></form>")
CUT = b'HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: 99999\r\nConnection: close\r\n\r\n'
MADE: dict[str, Callable[[bytes], bytes]] = {
    "a challenge": lambda good: feed('ETag: "x"', body=CHALLENGE),
    "a challenge that says it is one": lambda good: reply(403, 'ETag: "x"', body=CHALLENGE),
    "a challenge that asks for patience": lambda good: reply(503, 'ETag: "x"', body=CHALLENGE),
    "a page to log in": lambda good: reply(200, 'ETag: "x"', "Content-Type: text/html", body=LOGIN),
    "nothing": lambda good: feed('ETag: "x"', body=b""),
    "white space": lambda good: feed('ETag: "x"', body=b" \r\n\t\n"),
    "no content": lambda good: reply(204, 'ETag: "x"', length=False),
    "a part of the range": lambda good: reply(206, 'ETag: "x"', body=good),
    "less than announced": lambda good: CUT + good,
    "cut gzip": lambda good: feed(
        'ETag: "x"', "Content-Encoding: gzip", body=gzip.compress(good, mtime=0)[:-9]
    ),
    "no gzip at all": lambda good: feed('ETag: "x"', "Content-Encoding: gzip", body=good[:99]),
    "words": lambda good: feed('ETag: "x"', body=b"Internal error: no connection to MySQL"),
    "another kind": lambda good: feed('ETag: "x"', body=b"<svg><path d='M0 0'/></svg>"),
}


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_document_leaves_everything_as_it_was(
    world: Polling, kind: str, made: str
) -> None:
    good, lines = KINDS[kind]
    world.answers["/feed"] = feed('ETag: "good"', body=good)
    paper(world, *lines)
    world.turn()
    assert world.titles() == {"one", "two"}, world.outcomes[0].error
    world.answers["/feed"] = MADE[made](good)
    world.turn("paper")
    assert world.outcomes[0].status is Status.FAILED
    assert world.outcomes[0].error
    assert world.titles() == {"one", "two"}
    world.answers["/feed"] = reply(304, length=False)
    heard = world.turn("paper")[-1]
    assert heard.headers["if-none-match"] == '"good"'
    assert world.state().failures == 0


@pytest.mark.parametrize("kind", ["rss", "atom", "json feed", "json", "sitemap", "gzipped sitemap"])
@pytest.mark.parametrize("part", [0.3, 0.7])
def test_a_document_that_breaks_off_is_none(world: Polling, kind: str, part: float) -> None:
    good, lines = KINDS[kind]
    world.answers["/feed"] = feed('ETag: "x"', body=good[: int(len(good) * part)])
    paper(world, *lines)
    world.turn()
    assert world.outcomes[0].status is Status.FAILED
    assert world.titles() == set()
    world.answers["/feed"] = feed(body=good)
    (heard,) = world.turn("paper")
    assert "if-none-match" not in heard.headers
    assert world.titles() == {"one", "two"}


def test_checks_in_place_of_articles_end_the_asking_and_are_no_last_word(world: Polling) -> None:
    rows = "".join(f"<li><a href='/{number}'>n{number}</a></li>" for number in range(9))
    world.answers["/feed"] = feed('ETag: "list"', body=f"<ul>{rows}</ul>".encode())
    world.answers |= {f"/{number}": reply(body=CHALLENGE) for number in range(9)}
    fields = 'fields = { title = "a", link = "a@href", content = "detail.p" }'
    paper(world, 'kind = "html"', 'items = "li"', 'detail = "{+link}"', fields)
    heard = [one.target for one in world.turn() if one.target != "/robots.txt"]
    assert heard == ["/feed", "/0", "/1", "/2"]
    assert 'shows a check for people ("Just a moment...")' in str(world.outcomes[0].bad[0])
    world.answers |= {f"/{number}": reply(body=b"<p>Rain.</p>") for number in range(9)}
    heard_later = world.turn("paper")
    assert "if-none-match" not in heard_later[0].headers
    assert world.titles() == {f"n{number}" for number in range(9)}
