"""A site with its store, its server and what works on WebSub; and the others it talks to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import requests

from aggregator.fetch import Fetcher
from aggregator.model import SourceState
from aggregator.push.inbox import Inbox
from aggregator.push.work import Push, topic_path
from aggregator.serve.app import create_app
from aggregator.serve.server import WebServer
from aggregator.serve.store_library import StoreLibrary
from aggregator.sources import KINDS
from aggregator.store.intake import Intake
from aggregator.store.reader import Reader, Record
from aggregator.store.writer import Publication
from tests.config.desk import settings
from tests.stores import new_store
from tests.test_daemon import free_port

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Heard:
    """One request that somebody else's server got; `query` has the last value of each field."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Other:
    """Somebody else's server: it repeats challenges, and answers *status* to everything."""

    port: int = 0
    status: int = 202
    challenge: Callable[[str], str] = lambda challenge: challenge
    heard: list[Heard] = field(default_factory=list)

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def posts(self) -> list[Heard]:
        return [heard for heard in self.heard if heard.method == "POST"]

    def questions(self) -> list[Heard]:
        return [heard for heard in self.heard if heard.method == "GET"]


@contextmanager
def other() -> Iterator[Other]:
    """Have somebody else's server run in the block."""
    made = Other()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._note()
            given = made.heard[-1].query.get("hub.challenge", "")
            self._answer(200, made.challenge(given).encode())

        def do_POST(self) -> None:
            self._note()
            self._answer(made.status, b"")

        def _note(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            made.heard.append(Heard(self.command, parts.path, query, headers, body))

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield made
        server.shutdown()
        thread.join()


class Site:
    """Our side, with a clock to move."""

    def __init__(self, folder: Path, hub: str, allow: str = '"127.0.0.1"') -> None:
        self.now = NOW
        port = free_port()
        self.base = f"http://127.0.0.1:{port}"
        self.settings = settings(
            folder,
            f'[site]\nurl = "{self.base}"\n[publish]\nhub = "{hub}"\n'
            f"[fetch]\nallow_private = [{allow}]\npush = true\n"
            '[[source]]\nid = "paper"\nurl = "https://paper.example/feed"\n',
            KINDS,
        )
        self.store = new_store(self.settings.store.path)
        self.reader = Reader(self.store.path)
        self.library = StoreLibrary(self.store.path)
        self.network = Fetcher(self.settings.fetch, version="1", now=lambda: self.now)
        self.inbox = Inbox(self.settings.has_own_hub, self._is_topic, self.reader.subscription)
        self.push = self._push()
        app = create_app(self.library, self.settings.publish.directory, switchboard=self.inbox)
        self._server = WebServer(app, "127.0.0.1", port)

    def _push(self) -> Push:
        return Push(self.settings, self.store, self.network, self.inbox, lambda: self.now)

    def _is_topic(self, address: str) -> bool:
        path = topic_path(self.settings, address)
        return bool(path) and self.library.find(path) is not None

    def __enter__(self) -> Site:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()
        self.push.close()
        self.network.close()
        self.reader.close()
        self.store.close()

    def restart(self) -> None:
        """Lose everything that does not stand in the store."""
        self.push.close()
        self.push = self._push()

    def topic(self, path: str = "all/atom.xml") -> str:
        return f"{self.base}/{path}"

    def publish(self, body: bytes, path: str = "all/atom.xml") -> None:
        """Have this document out, and told of."""
        file = self.settings.publish.directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        record = Record(path, "channel:all", sha256(body).hexdigest(), self.now)
        with self.store.transaction():
            self.store.published(Publication([record]))
            self.store.push.note_change([self.topic(path)], self.now)

    def meet(self, hub: str, topic: str) -> None:
        """Have the source name a hub."""
        state = SourceState("paper", hub=hub, topic=topic, last_attempt_at=self.now)
        later = self.now + timedelta(hours=5)
        with self.store.transaction():
            self.store.take_in(Intake(state))
            self.store.push.poll("paper", later, "later")

    def ask(self, callback: str, mode: str = "subscribe", **more: str) -> requests.Response:
        """Ask our hub as a subscriber does."""
        form = {"hub.mode": mode, "hub.topic": self.topic(), "hub.callback": callback}
        form |= {f"hub.{name}": value for name, value in more.items()}
        return requests.post(f"{self.base}/hub", data=form, timeout=10)

    def until(self, condition: Callable[[], object], seconds: float = 5) -> bool:
        """Tick until *condition* holds; return whether it did in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.push.work()
            if condition():
                return True
            time.sleep(0.02)
        return False

    def settle(self) -> None:
        """Tick until what was begun has been kept."""
        self.push.work()
        assert self.until(lambda: not self.push.busy)
        self.push.work()
        assert self.until(lambda: not self.push.busy)

    def subscribe(self, someone: Other, path: str = "/me", **more: str) -> None:
        """Have somebody subscribed."""
        before = len(someone.questions())
        assert self.ask(someone.at(path), **more).status_code == 202
        assert self.until(lambda: len(someone.questions()) > before)
        self.settle()
