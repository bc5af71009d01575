"""One entry in each format, served, and what a reader is to see of it."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aggregator.model import Attribution, Person
from tests.publish.desk import WORLD, article, press, rendered

PUBLISHER = "The Island Courier"
FIRST = article(
    1,
    title="R&D at sea: 渡轮 stops",
    authors=(Person("Alice Li"),),
    content="<p>The harbour was <em>quiet</em> &amp; cold.</p>",
    attribution=Attribution(
        PUBLISHER, "https://courier.example/", "https://courier.example/feed.xml"
    ),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader shows of an entry; None is what it has no place for."""

    title: str
    link: str
    date: datetime
    author: str | None
    content: str
    source: str | None = None


Reading = Callable[[str, Path], Seen]  # address of the feed, folder to work in


def expect(seen: Seen) -> None:
    """Assert that a reader sees everything, the source wherever it has a place for it."""
    assert seen.title == FIRST.title
    assert seen.link == FIRST.share_link
    assert seen.date == FIRST.published
    assert seen.author in ("Alice Li via The Island Courier", None)
    assert seen.source in (PUBLISHER, None)
    assert "<em>quiet</em> &amp; cold" in seen.content
    assert f"Source: {PUBLISHER}</a>" in seen.content, "every reader shows the credit line"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a feed of two articles on loopback; yield the address of its folder."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    Handler.extensions_map = {".xml": "application/xml", ".json": "application/feed+json"}
    for name, document in rendered(press(), WORLD, FIRST, article(2)).items():
        (folder / name).write_bytes(document.body)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def run(folder: Path, *command: str, text: str = "", timeout: float = 60) -> str:
    """Run a program at home in *folder*; return what it writes."""
    home = {"HOME": str(folder), "LANG": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin"}
    ended = subprocess.run(
        command, env=home, input=text, capture_output=True, text=True, timeout=timeout, check=True
    )
    return ended.stdout


def installed(*programs: str) -> bool:
    return all(shutil.which(program) for program in programs)


def moment(value: Any) -> datetime:
    """Return a reader's date, which is a number of seconds or a text, in UTC."""
    if isinstance(value, str) and not value.isdecimal():
        return datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(UTC)
    return datetime.fromtimestamp(int(value), UTC)
