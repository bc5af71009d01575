"""A source that has news at every request, and remembers what was acknowledged of it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler

FIRST = datetime(2026, 11, 1, tzinfo=UTC)
SHOWN = 12  # entries in the feed: who is away for longer than that loses some


class Growing:
    """Entry number n is new with the n-th answer; its ETag tells later what was taken in.

    An entry is *acknowledged* when a later request names the ETag of an answer that held it: the
    one who asks promises that it is kept. `asked` are the answers' numbers, each with what was
    known when it was asked for.
    """

    def __init__(self) -> None:
        self.served = 0
        self.acknowledged = set[int]()
        self.asked: list[tuple[int, str]] = []
        self._lock = threading.Lock()

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        with self._lock:
            known = request.headers.get("If-None-Match", "").strip('"')
            if known:
                self.acknowledged.update(_shown(int(known)))
            self.served += 1
            number = self.served
            self.asked.append((number, known))
        body = self._feed(number)
        request.send_response(200)
        request.send_header("Content-Type", "application/rss+xml")
        request.send_header("ETag", f'"{number}"')
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def _feed(self, newest: int) -> bytes:
        items = "".join(map(self._item, _shown(newest)))
        return (
            '<?xml version="1.0"?><rss version="2.0"><channel><title>Growing</title>'
            f"<link>https://growing.example/</link><description>x</description>{items}"
            "</channel></rss>"
        ).encode()

    def _item(self, n: int) -> str:
        return (
            f"<item><title>News {n}</title><link>https://growing.example/{n}</link>"
            f'<guid isPermaLink="false">growing-{n}</guid>'
            f"<pubDate>{format_datetime(published(n))}</pubDate>"
            f"<description>{f'Text of {n}. ' * 40}</description></item>"
        )


def _shown(newest: int) -> range:
    """Return the numbers of the entries in the answer with that number, newest first."""
    return range(newest, max(newest - SHOWN, 0), -1)


def published(n: int) -> datetime:
    """Return the date that entry number *n* has."""
    return FIRST + timedelta(minutes=n)
