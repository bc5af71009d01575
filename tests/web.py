"""A web server on loopback whose every address is a function of the request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]
_FIRST = datetime(2026, 11, 20, 10, tzinfo=UTC)


def document(body: bytes, content_type: str = "application/xml", status: int = 200) -> Answer:
    """Return an answer that is always this document."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", content_type)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


def redirect(location: str, status: int = 302) -> Answer:
    """Return an answer that sends to another address."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Location", location)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


def stream(chunk: bytes, count: int | None) -> Answer:
    """Return an answer of *count* chunks without a length; None is for ever."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "application/xml")
        request.send_header("Connection", "close")
        request.end_headers()
        sent = 0
        while count is None or sent < count:
            request.wfile.write(chunk)
            sent += 1
        request.close_connection = True

    return answer


@contextmanager
def serving(answers: Mapping[str, Answer]) -> Iterator[int]:
    """Serve *answers* by path; yield the port. The mapping may change meanwhile."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            answer = answers.get(self.path, document(b"not found", "text/plain", 404))
            with suppress(ConnectionError):
                answer(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def rss(*titles: str, site: str = "https://paper.example") -> bytes:
    """Return an RSS document with an item for each title, a minute apart."""
    items = "".join(
        f"<item><title>{title}</title><link>{site}/{title}</link><guid>{site}/{title}</guid>"
        f"<pubDate>{format_datetime(_FIRST + timedelta(minutes=number), usegmt=True)}</pubDate>"
        f"<description>&lt;p&gt;Text of {title}.&lt;/p&gt;</description></item>"
        for number, title in enumerate(titles)
    )
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>The Paper</title>'
        f"<link>{site}/</link><description>News</description>{items}</channel></rss>"
    ).encode()
