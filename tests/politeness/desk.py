"""What the tests of politeness share: documents, and ways to bring a source about."""

from __future__ import annotations

from datetime import timedelta

from aggregator.model import Status
from tests.fetch.server import Answer, reply
from tests.polling import Polling, source
from tests.web import rss

SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=n) for n in (1, 60, 3600, 86400))
LATE = "Sun, 22 Nov 2026 15:00:00 GMT"  # three hours from NOW
FEED = rss("one", "two")
RECENT = FEED.replace(b"20 Nov 2026 10", b"22 Nov 2026 11")  # asked about every half hour


def feed(*headers: str, body: bytes = FEED) -> bytes:
    return reply(200, "Content-Type: application/rss+xml", *headers, body=body)


def channel(elements: str) -> bytes:
    """Return an RSS document with more elements in its channel."""
    return RECENT.replace(b"<item>", elements.encode() + b"<item>", 1)


def paper(world: Polling, *lines: str) -> None:
    world.configure(source("paper", world.at("paper.test"), *lines))


def portal(world: Polling, detail_host: str = "paper.test") -> None:
    """Have the paper be a list of two rows, each with a detail document."""
    rows = b'{"rows": [{"id": "1", "title": "one"}, {"id": "2", "title": "two"}]}'
    world.answers |= {"/feed": feed('ETag: "1"', body=rows), "/1": reply(503), "/2": reply(503)}
    details = world.at(detail_host, "/{id}")
    fields = '[source.fields]\nid = "id"\ntitle = "title"\ncontent = "detail.text"'
    paper(world, 'kind = "json"', 'items = "rows"', f'detail = "{details}"', 'every = "1m"', fields)


def pause_after(world: Polling, answer: Answer, *lines: str) -> timedelta:
    assert isinstance(answer, bytes)
    world.answers["/feed"] = answer
    paper(world, *lines)
    world.turn()
    assert world.outcomes[0].status is Status.OK, world.outcomes[0].error
    return world.pause()


def answered_at(world: Polling) -> list[str]:
    """Ask the paper and return the paths that were asked, after letting its time come."""
    world.wait_for()
    return [heard.target for heard in world.turn()]


def adopted(world: Polling, *lines: str) -> None:
    """Have the paper adopt `/new`."""
    world.answers |= {"/feed": reply(301, "Location: /new"), "/new": feed()}
    paper(world, 'every = "1d"', *lines)
    world.turn()
    for _ in range(3):
        answered_at(world)
    assert world.state().address.endswith("/new")
