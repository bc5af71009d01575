"""A thousand feeds, real ones where there are any, and the web server they stand at."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "feeds"
TOGETHER = 4  # feeds of one host
ENTRIES = 30  # of a feed that is made up

NGINX = """{user}daemon off; pid {folder}/nginx.pid; worker_processes 1; error_log stderr;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000;
  types {{ application/xml xml; application/json json; }}
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen {port} backlog=4096; root {folder}/feeds;
    location /whole/ {{
      alias {folder}/feeds/;
      etag off; if_modified_since off; max_ranges 0; add_header Last-Modified "";
    }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Web:
    """Where the feeds stand; at `/whole/` they are never «not modified»."""

    names: tuple[str, ...]
    port: int

    def urls(self, folder: str = "") -> list[str]:
        """Return the address of each feed; every few are of another host."""
        hosts = (place // TOGETHER for place in range(len(self.names)))
        addresses = (f"127.0.{host // 250}.{host % 250 + 1}" for host in hosts)
        pairs = zip(addresses, self.names, strict=True)
        return [f"http://{address}:{self.port}/{folder}{name}" for address, name in pairs]


def nginx() -> str | None:
    """Return the program, None where it is not installed."""
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


@contextmanager
def served(program: str, folder: Path, count: int) -> Iterator[Web]:
    """Have nginx serve *count* feeds from *folder*, which is empty, for the length of the block."""
    web = Web(tuple(_write(folder / "feeds", count)), _free_port())
    user = "user root; " if os.geteuid() == 0 else ""
    settings = folder / "nginx.conf"
    settings.write_text(NGINX.format(user=user, folder=folder, port=web.port), encoding="utf-8")
    with subprocess.Popen([program, "-p", folder, "-c", settings]) as process:
        try:
            _wait(web.port)
            yield web
        finally:
            process.terminate()


def _write(folder: Path, count: int) -> Iterator[str]:
    """Write the feeds and yield their names."""
    folder.mkdir(parents=True)
    for number, body in enumerate(bodies(count)):
        name = f"{number}.{'json' if body.startswith(b'{') else 'xml'}"
        (folder / name).write_bytes(body)
        yield name


def bodies(count: int) -> Iterator[bytes]:
    """Yield so many feeds: the corpus over and over, as it is, or what is made up for it."""
    real = sorted(CORPUS.iterdir()) if CORPUS.is_dir() else []
    for number in range(count):
        yield real[number % len(real)].read_bytes() if real else _made_up(number).encode()


def _made_up(number: int) -> str:
    items = "".join(
        f"<item><title>Article {place} of paper {number}</title>"
        f"<link>https://paper{number}.example/{place}</link>"
        f"<pubDate>{20 + place % 8} Nov 2026 {place % 24:02}:{number % 60:02}:00 GMT</pubDate>"
        f"<description>{'&lt;p&gt;What has happened in the world.&lt;/p&gt;' * 30}</description>"
        "</item>"
        for place in range(ENTRIES)
    )
    return f'<rss version="2.0"><channel><title>Paper {number}</title>{items}</channel></rss>'


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _wait(port: int) -> None:
    for _ in range(200):
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError("nginx does not answer")
