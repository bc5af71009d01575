"""A world of many sources, some of which can be made to fail, each in its own way; and its daemon.

with trouble(folder, well=480) as world:
    world.breakdown()  # every source of FAULTS has its fault
    world.repair()
"""

from __future__ import annotations

import gzip
import json
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import trustme

from tests.command import aggregator, command, environment
from tests.fetch.server import Answer, Heard, Server, reply
from tests.test_daemon import free_port

# What is the matter ─► the state that it is to be called, and what is to be said of it.
FAULTS = {
    "closed-port": ("failing", "refused the connection"),
    "unknown-host": ("failing", "does not resolve"),
    "not-found": ("failing", "answered 404 Not Found"),
    "withdrawn": ("gone", "answered 410 Gone"),
    "broken": ("failing", "answered 500 Internal Server Error"),
    "limited": ("failing", "answered 429 Too Many Requests"),
    "a-page": ("failing", "HTML page"),
    "challenge": ("failing", "shows a check for people"),
    "truncated": ("failing", "ends in the middle"),
    "empty": ("failing", "is empty; expected a feed"),
    "bomb": ("failing", "is larger than"),
    "hanging": ("failing", "within 2 s"),
    "loop": ("failing", "redirects in a circle"),
    "inside": ("failing", "leads to a private address"),
    "untrusted": ("failing", "not trusted here"),
    "expired": ("failing", "certificate that has expired"),
    "vanished": ("quiet", "it lists no entries; usually there are 12"),
    "blank": ("degraded", "its newest texts are empty"),
    "undated": ("degraded", "none of its newest 12 articles have a date"),
    "renumbered": ("held", "12 articles"),
}
PAGE = b"<!doctype html><html><head><title>%b</title></head><body><p>Hello</p></body></html>"
NEVER_WELL = frozenset({"closed-port", "unknown-host", "untrusted", "expired"})
ODD = frozenset({"vanished", "blank", "undated", "renumbered"})


def feed(name: str, *, entries: int = 12, ids: str = "", text: str = "", date: str = "") -> bytes:
    """Return a feed whose articles are like nobody else's."""
    words = text if text != "none" else ""
    items = "".join(
        f"<item><title>{name} reports matter {number} of {ids or 'the day'}</title>"
        f"<link>https://{name}.example/{ids}{number}</link>"
        f"<guid>https://{name}.example/{ids}{number}</guid>"
        f"<pubDate>{date or f'Sat, 28 Nov 2026 10:{number:02}:00 GMT'}</pubDate>"
        f"<description>{words}</description></item>"
        for number in range(entries)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>The {name} paper</title>'
        f"<link>https://{name}.example/</link><description>News</description>{items}"
        "</channel></rss>"
    ).encode()


def story(name: str) -> str:
    return " ".join(f"{name} word {number}" for number in range(60))


class World:
    """Servers on loopback, a configuration that names them, and what the daemon says of it all."""

    plain: Server
    untrusted: Server
    expired: Server
    hook: int

    def __init__(self, folder: Path, well: int) -> None:
        self.folder = folder
        self.well = [f"paper-{number}" for number in range(well)]
        self.broken = False
        self.posted: list[Any] = []
        self.port = free_port()
        self._closed = free_port()
        self._bomb = gzip.compress(bytes(12_000_000))

    # ── what the sources answer ──────────────────────────────────────────────────────────────────

    def answer(self, heard: Heard) -> Answer:
        name = heard.target.strip("/")
        if self.broken and name in FAULTS:
            return self._faulty(name)
        if name in NEVER_WELL:
            return reply(500)
        entries = 12 if name in FAULTS else 2
        return reply(200, body=feed(name, entries=entries, text=story(name)))

    def _faulty(self, name: str) -> Answer:
        whole = feed(name, text=story(name))
        answers: dict[str, Answer] = {
            "not-found": reply(404),
            "withdrawn": reply(410),
            "broken": reply(500),
            "limited": reply(429, "Retry-After: 2"),
            "a-page": reply(200, body=PAGE % b"Welcome"),
            "challenge": reply(200, body=PAGE % b"Just a moment..."),
            "truncated": reply(200, body=whole[: len(whole) // 2]),
            "empty": reply(200),
            "bomb": reply(200, "Content-Encoding: gzip", body=self._bomb),
            "loop": reply(302, "Location: /loop"),
            "inside": reply(302, "Location: http://10.1.2.3/feed"),
            "vanished": reply(200, body=feed(name, entries=0)),
            "blank": reply(200, body=feed(name, text="none")),
            "undated": reply(200, body=feed(name, text=story(name), date="Blursday")),
            "renumbered": reply(200, body=feed(name, ids="new", text=story(name))),
        }  # fmt: skip
        return answers[name] if name != "hanging" else self._hang()

    def _hang(self) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        end = time.monotonic() + 6
        while time.monotonic() < end and self.broken:
            time.sleep(0.1)

    def breakdown(self) -> None:
        self.broken = True

    def repair(self) -> None:
        """Have every source answer well that ever did, and be asked again at once."""
        self.broken = False
        self.configure(timeout="9s")

    # ── the daemon ───────────────────────────────────────────────────────────────────────────────

    def configure(self, timeout: str = "2s") -> None:
        """Write the configuration; with another *timeout* each source of FAULTS is another one."""
        lines = [
            f'[site]\ntitle = "Island Reader"\nurl = "http://127.0.0.1:{self.port}"',
            f'[serve]\naddress = "127.0.0.1:{self.port}"',
            '[publish]\nformats = ["atom", "html"]',
            '[fetch]\nallow_private = ["127.0.0.0/8"]\nper_host = 32',
            f'[notify]\nto = ["json://127.0.0.1:{self.hook}/"]',
            'after = 2\nfor = "1s"\ntogether = "3s"',
            *(self._source(name, 'every = "10m"') for name in self.well),
            *(self._source(name, f'every = "2s"\ntimeout = "{timeout}"') for name in FAULTS),
        ]
        (self.folder / "config.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def _source(self, name: str, *lines: str) -> str:
        places = {
            "closed-port": f"http://127.0.0.1:{self._closed}/feed",
            "unknown-host": "http://nowhere.invalid/feed",
            "limited": self.plain.at("localhost", "/limited"),
            "untrusted": self.untrusted.at("127.0.0.1", "/untrusted"),
            "expired": self.expired.at("127.0.0.1", "/expired"),
        }
        url = places.get(name) or self.plain.at("127.0.0.1", f"/{name}")
        head = f'[[source]]\nid = "{name}"\nurl = "{url}"\ncategory = "papers"'
        return "\n".join([head, f'public_url = "https://{name}.example/feed"', *lines])

    def get(self, path: str) -> bytes:
        with urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=30) as answer:
            body: bytes = answer.read()
        return body

    def status(self) -> dict[str, dict[str, Any]]:
        """Return the row of each source."""
        return {row["id"]: row for row in json.loads(self.get("status.json"))["sources"]}

    def conditions(self) -> dict[str, str]:
        return {name: row["condition"] for name, row in self.status().items()}

    def release(self) -> None:
        assert aggregator(self.folder, "release", "renumbered").status == 0


@contextmanager
def trouble(folder: Path, well: int) -> Iterator[World]:
    """Have the daemon run over this world in the block."""
    world, authority = World(folder, well), trustme.CA()
    yesterday = datetime.now(UTC) - timedelta(days=1)
    stale = authority.issue_cert(
        "127.0.0.1", not_before=yesterday - timedelta(days=9), not_after=yesterday
    )
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    with ExitStack() as stack:
        world.plain = stack.enter_context(Server(world.answer))
        world.untrusted = stack.enter_context(
            Server(world.answer, tls=_tls(trustme.CA().issue_cert("127.0.0.1")))
        )
        world.expired = stack.enter_context(Server(world.answer, tls=_tls(stale)))
        world.hook = stack.enter_context(_receiving(world.posted))
        world.configure()
        stack.enter_context(_daemon(folder))
        yield world


def _tls(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@contextmanager
def _receiving(posted: list[Any]) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@contextmanager
def _daemon(folder: Path) -> Iterator[None]:
    trusting = environment() | {"SSL_CERT_FILE": str(folder / "authority.pem")}
    with (
        open(folder / "log", "wb") as log,  # noqa: PTH123
        subprocess.Popen(command("run"), cwd=folder, env=trusting, stderr=log) as process,
    ):
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)
