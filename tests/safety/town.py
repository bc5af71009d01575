"""A town of sources on one server: papers with news, and those that fail, lie or hang."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.web import Answer, document

FIRST = datetime(2026, 11, 1, tzinfo=UTC)
SENTENCE = "What has happened in the world today, in some words that differ a little. "


class Paper:
    """A feed that has one entry more every *pace* seconds; with 0, in every answer.

    It shows its *shown* newest entries, each of about *size* bytes, and answers 304 where it can.
    """

    def __init__(self, name: str, pace: float, shown: int = 20, size: int = 600) -> None:
        self.name = name
        self.asked = 0
        self._pace = pace
        self._shown = shown
        self._text = SENTENCE * max(size // len(SENTENCE), 1)
        self._begun = time.monotonic()

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        self.asked += 1
        newest = self._shown + self._count()
        tag = f'"{newest}"'
        if request.headers.get("If-None-Match") == tag:
            request.send_response(304)
            request.send_header("ETag", tag)
            request.end_headers()
            return
        body = self._feed(newest)
        request.send_response(200)
        request.send_header("Content-Type", "application/rss+xml")
        request.send_header("ETag", tag)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def _count(self) -> int:
        return int((time.monotonic() - self._begun) / self._pace) if self._pace else self.asked

    def _feed(self, newest: int) -> bytes:
        items = "".join(self._item(n) for n in range(newest, newest - self._shown, -1))
        return (
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>{self.name}</title>'
            f"<link>https://{self.name}.example/</link><description>News</description>{items}"
            "</channel></rss>"
        ).encode()

    def _item(self, n: int) -> str:
        link = f"https://{self.name}.example/{n}"
        return (
            f"<item><title>{self.name} reports number {n}</title><link>{link}</link>"
            f"<guid>{link}</guid><pubDate>{format_datetime(FIRST + timedelta(minutes=n))}</pubDate>"
            f"<description>{n} {self._text}</description></item>"
        )


class Fickle:
    """Answers like *paper*, but every second time with the next of *faults*."""

    def __init__(self, paper: Paper, faults: Mapping[str, Answer]) -> None:
        turns: list[Answer] = []
        for fault in faults.values():
            turns += [paper, fault]
        self._turns = itertools.cycle(turns)

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        next(self._turns)(request)


def hang(request: BaseHTTPRequestHandler) -> None:
    """Begin an answer that comes to no end."""
    with suppress(OSError):
        request.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            request.wfile.write(b"X-A: 1\r\n")
            time.sleep(0.2)


def cut_off(request: BaseHTTPRequestHandler) -> None:
    """Promise more than comes."""
    request.send_response(200)
    request.send_header("Content-Length", "99999")
    request.end_headers()
    request.wfile.write(b"<rss><channel><item><title>one</title>")
    request.close_connection = True


def drop(request: BaseHTTPRequestHandler) -> None:
    """End the connection without a word."""
    request.close_connection = True


FAULTS: Mapping[str, Answer] = {
    "error": document(b"no", status=500),
    "missing": document(b"no", status=404),
    "page": document(b"<!doctype html><title>Hello</title><p>Log in", "text/html"),
    "empty": document(b""),
    "cut off": cut_off,
    "dropped": drop,
    "entities": document(b"<!DOCTYPE x [<!ENTITY a 'x'>]><rss><channel><title>&a;&b;"),
}


def configure(
    folder: Path,
    *,
    own_port: int,
    source_port: int,
    paths: list[str],
    more: str = "",
    source: Callable[[str], str] = lambda path: "",
) -> None:
    """Write a configuration of a source for each of *paths*, asked every second.

    *more* are lines of [fetch], *source* gives lines of a source by its path.
    """
    sources = "".join(
        f'[[source]]\nid = "{path.strip("/").replace("/", "-")}"\n'
        f'url = "http://127.0.0.1:{source_port}{path}"\n{source(path)}\n'
        for path in paths
    )
    (folder / "config.toml").write_text(
        f'[site]\nurl = "http://127.0.0.1:{own_port}"\n'
        f'[serve]\naddress = "127.0.0.1:{own_port}"\n'
        f'[fetch]\nallow_private = ["127.0.0.1:{source_port}"]\nper_host = 64\n{more}\n'
        f'[defaults]\nevery = "1s"\nfirst = "all"\n{sources}',
        encoding="utf-8",
    )
