"""A published folder and a real server on loopback in front of it."""

from __future__ import annotations

import hashlib
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.edition import marks
from aggregator.errors import StoreError
from aggregator.serve.app import create_app
from aggregator.serve.library import Health, Held, Published
from aggregator.serve.server import Limits, WebServer

CHANGED = datetime(2026, 11, 20, 8, 30, 15, 999_000, tzinfo=UTC)
FEED = b"<?xml version='1.0' encoding='utf-8'?>\n<rss>" + b"<item>news</item>" * 500 + b"</rss>\n"


def eventually(condition: Callable[[], object]) -> bool:
    """Return whether *condition* holds within two seconds: what follows an answer is not in it."""
    deadline = time.monotonic() + 2
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(condition())


class Shelf:
    """A library over a folder: what is put on it is published."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.known: dict[str, Published] = {}
        self.editions: dict[tuple[str, str], frozenset[bytes]] = {}
        self.state = Health(True, {"articles": 3})
        self.broken = False

    def put(self, path: str, body: bytes, changed_at: datetime = CHANGED) -> Published:
        file = self.directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        digest = hashlib.sha256(body).hexdigest()
        self.known[path] = Published(path, digest, changed_at)
        self.editions[path, digest] = frozenset(marks(body))
        return self.known[path]

    def find(self, path: str) -> Published | None:
        if self.broken:
            raise StoreError("cannot read the store: the disk is gone")
        return self.known.get(path)

    def held(self, path: str, hashes: Sequence[str]) -> Held | None:
        for digest in hashes:
            if (path, digest) in self.editions:
                return Held(digest, self.editions[path, digest])
        return None

    def health(self) -> Health:
        return self.state


class Site:
    """A server that runs, with the two ways to ask it: as a reader does, and byte by byte."""

    def __init__(self, server: WebServer, address: tuple[str, int]) -> None:
        self.server = server
        self.address = address

    def url(self, path: str) -> str:
        return f"http://{self.address[0]}:{self.address[1]}{path}"

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> requests.Response:
        """Ask with no header of the client's own choice but *headers*."""
        return self.ask("GET", path, headers)

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            session.headers.clear()
            plain = {"Accept-Encoding": "identity", **(headers or {})}
            return session.request(
                method, self.url(path), headers=plain, data=body, allow_redirects=False, timeout=5
            )

    def connect(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=5)

    def raw(self, request: bytes) -> bytes:
        """Send *request* as it is and return all that comes until the server closes."""
        with self.connect() as connection:
            connection.sendall(request)
            answer = b""
            while piece := connection.recv(65536):
                answer += piece
            return answer


Serve = Callable[..., Site]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shelf = Shelf(tmp_path / "feeds")
    shelf.put("index.html", b"<!doctype html><title>Home</title>")
    shelf.put("404.html", b"<!doctype html><title>Not here</title>")
    shelf.put("feeds.opml", b"<opml version='2.0'/>")
    shelf.put("site.css", b"body { margin: 0 }")
    shelf.put("all/index.html", b"<!doctype html><title>All</title>")
    shelf.put("all/rss.xml", FEED)
    shelf.put("all/atom.xml", b"<feed xmlns='http://www.w3.org/2005/Atom'/>")
    shelf.put("all/feed.json", b'{"items": []}')
    return shelf


@pytest.fixture
def serve(shelf: Shelf) -> Iterator[Serve]:
    """Start servers of the test's own, with limits of its own."""
    servers = []

    def start(**limits: float) -> Site:
        app = create_app(shelf, shelf.directory)
        server = WebServer(app, "127.0.0.1", 0, Limits(**limits))  # type: ignore[arg-type]
        servers.append(server)
        return Site(server, server.start())

    yield start
    for server in servers:
        server.stop()


class Current:
    """The application of the test that runs: one server is enough for all that do not stop it."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def shared() -> Iterator[tuple[Current, Site]]:
    current = Current()
    server = WebServer(current, "127.0.0.1", 0)
    yield current, Site(server, server.start())
    server.stop()


@pytest.fixture
def current(shared: tuple[Current, Site]) -> Current:
    """The application behind `site`, to be replaced."""
    return shared[0]


@pytest.fixture
def site(shared: tuple[Current, Site], shelf: Shelf) -> Site:
    current, site = shared
    current.app = create_app(shelf, shelf.directory)
    return site
