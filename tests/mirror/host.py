"""A server of git repositories over HTTP, git's own, that lets in who has the token."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

TOKEN = "ghp_s3cret/token+of=mine"
_WANTED = "Basic " + base64.b64encode(f"ada:{TOKEN}".encode()).decode()


class Host(ThreadingHTTPServer):
    """Serves the repositories below *root*, or sends everybody on to `redirect`."""

    daemon_threads = True

    def __init__(self, root: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.root = root
        self.asked: list[str] = []  # with which Authorization
        self.redirect = ""

    @property
    def port(self) -> int:
        return self.server_port

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/site.git"


class _Handler(BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        if self.headers["Transfer-Encoding"] != "chunked":
            self._answer(self.rfile.read(int(self.headers["Content-Length"] or 0)))
            return
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        self._answer(body)

    def _answer(self, body: bytes) -> None:
        self.server.asked.append(self.headers["Authorization"] or "")
        if self.server.redirect:
            self._refuse(302, "Location", self.server.redirect + self.path)
        elif self.headers["Authorization"] != _WANTED:
            self._refuse(401, "WWW-Authenticate", 'Basic realm="git"')
        else:
            self._serve(body)

    def _refuse(self, status: int, name: str, value: str) -> None:
        self.send_response(status)
        self.send_header(name, value)
        self.end_headers()

    def _serve(self, body: bytes) -> None:
        """Answer as `git http-backend` does (CGI, RFC 3875)."""
        path, _, query = self.path.partition("?")
        request = {
            "GIT_PROJECT_ROOT": str(self.server.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers["Content-Type"] or "",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers["Content-Encoding"] or "",
            "REMOTE_USER": "ada",
            "REMOTE_ADDR": "127.0.0.1",
        }
        ended = subprocess.run(
            ["git", "http-backend"],
            input=body,
            env={**os.environ, **request},
            capture_output=True,
            check=False,
        )
        head, _, rest = ended.stdout.partition(b"\r\n\r\n")
        self.send_response(200)
        for line in head.decode().splitlines():
            name, _, value = line.partition(":")
            if name != "Status":
                self.send_header(name, value.strip())
        self.end_headers()
        self.wfile.write(rest)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def hosting(root: Path) -> Iterator[Host]:
    """Serve the repositories below *root* on loopback."""
    host = Host(root)
    thread = threading.Thread(target=host.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield host
    finally:
        host.shutdown()
        host.server_close()
        thread.join()
