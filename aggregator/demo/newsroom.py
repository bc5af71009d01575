"""The web servers of the papers: one on loopback, at which every paper has its folder."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from aggregator.demo import printing
from aggregator.demo.papers import Paper, Script, Story
from aggregator.record import record

LOOPBACK = "127.0.0.1"
_TYPES = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json-feed": "application/feed+json",
    "api": "application/json",
    "sitemap": "application/xml",
    "html": "text/html",
}


@record(frozen=True, slots=True)
class Answer:
    """What is sent back: a document, after *delay* seconds, or where it stands by now."""

    body: str
    form: str = "html"
    status: int = 200
    delay: float = 0.0
    location: str = ""


class Newsroom:
    """The papers, what they have printed so far, and how often they were asked.

    `asked` counts the answers, `not_modified` those that say that nothing has changed.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.papers = {paper.id: paper for paper in script.papers}
        self._stories = {(story.paper, story.id): story for story in script.stories}
        self._counting = threading.Lock()
        self.asked = self.not_modified = 0
        self.port = 0

    @property
    def base(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def print(self, story: Story) -> None:
        """Print a story: a new one, or an edited one in the place of what was printed."""
        self._stories = {**self._stories, (story.paper, story.id): story}

    def count(self, *, not_modified: bool) -> None:
        """Note that something was asked for, and whether it was as the one who asked knew it."""
        with self._counting:
            self.asked += 1
            self.not_modified += not_modified

    def write_posts(self, folder: Path) -> None:
        """Write the papers that are folders of posts, each below *folder*."""
        for paper in self.papers.values():
            if paper.form == "posts":
                (folder / paper.id).mkdir()
                for story in self._of(paper):
                    name = f"{story.published:%Y-%m-%d}-{story.id}.md"
                    (folder / paper.id / name).write_text(printing.post(story), encoding="utf-8")

    def answer(self, target: str) -> Answer:
        """Return what stands at *target*, path and query."""
        parts = urlsplit(target)
        paper_id, _, name = parts.path.removeprefix("/").partition("/")
        paper = self.papers.get(paper_id)
        if paper is None:
            return Answer("There is no such paper.", status=404)
        if name == "text":
            return self._text(paper, parse_qs(parts.query).get("id", [""])[0])
        story = self._stories.get((paper.id, name))
        return Answer(printing.article(paper, story)) if story else self._front(paper, name)

    def _text(self, paper: Paper, id_: str) -> Answer:
        """Return the detail of a row of the JSON interface."""
        story = self._stories.get((paper.id, id_))
        if story is None:
            return Answer("There is no such row.", status=404)
        return Answer(printing.detail(story), "api")

    def _front(self, paper: Paper, name: str) -> Answer:
        """Return what a paper prints: its list of stories, wherever that is asked for."""
        if paper.broken:
            return Answer("The keeper is asleep.", status=500)
        if paper.moved and name == "feed":
            return Answer("", status=301, location=f"{self.base}/{paper.id}/new/feed")
        form = paper.form if name else "page"
        if form not in printing.FORMS:
            return Answer("There is no such page.", status=404)
        body = printing.FORMS[form](paper, self._of(paper), f"{self.base}/{paper.id}")
        return Answer(body, form, delay=paper.delay)

    def _of(self, paper: Paper) -> list[Story]:
        """Return the stories of *paper*, the newest first."""
        own = [story for story in self._stories.values() if story.paper == paper.id]
        return sorted(own, key=lambda story: story.published, reverse=True)


@contextmanager
def open_newsroom(script: Script) -> Iterator[Newsroom]:
    """Have the papers answer in the block, on a free port of loopback."""
    newsroom = Newsroom(script)
    closing = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            answer = newsroom.answer(self.path)
            closing.wait(answer.delay)
            with suppress(ConnectionError):
                _send(self, answer, newsroom)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing: the tour does."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    server.daemon_threads = True
    newsroom.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield newsroom
    finally:
        closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _send(request: BaseHTTPRequestHandler, answer: Answer, newsroom: Newsroom) -> None:
    """Send *answer*, or only that it is as the one who asks knows it."""
    body = answer.body.encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    known = answer.status == 200 and request.headers["If-None-Match"] == etag
    newsroom.count(not_modified=known)
    request.send_response(304 if known else answer.status)
    if answer.location:
        request.send_header("Location", answer.location)
    if answer.status == 200:
        request.send_header("ETag", etag)
    if known:
        request.end_headers()
        return
    content_type = _TYPES.get(answer.form, _TYPES["html"])
    request.send_header("Content-Type", f"{content_type}; charset=utf-8")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
