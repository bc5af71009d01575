"""A published site behind nginx or Caddy, started with what `aggregator export` prints for it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from aggregator.config.settings import Settings
from aggregator.model import SourceState
from aggregator.pipeline.publication import Publisher
from aggregator.publish.press import FRESH_MINUTES
from aggregator.serve.app import create_app
from aggregator.serve.caddy import caddy
from aggregator.serve.hosting import hosting
from aggregator.serve.nginx import nginx
from aggregator.serve.server import WebServer
from aggregator.serve.store_library import StoreLibrary
from aggregator.store.intake import Intake
from aggregator.store.removals import Deed
from aggregator.store.writer import Store
from tests.articles import NAMING, NOW, article

FRESH = timedelta(minutes=FRESH_MINUTES)
SHARE_HOST = "shares.example"
SHARED, TAKEN_DOWN = article(2), article(3)
BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")


class Place:
    """A site in a folder, its own server, and another one in front of the same documents."""

    def __init__(self, folder: Path, path: str = "") -> None:
        self.folder = folder
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.settings = self._settings(f"{self.base}{path}")
        self._publish()

    @property
    def feeds(self) -> Path:
        return self.folder / "feeds"

    def _settings(self, url: str) -> Settings:
        publish = {"directory": self.feeds, "static": True, "hub": "https://hub.example/"}
        link = f"http://{SHARE_HOST}/html_News/NewsShare.html?infoCode={{infoCode}}"
        return Settings.model_validate(
            {
                "site": {"url": url, "hosts": [SHARE_HOST]},
                "publish": publish,
                "category": {"world": {"formerly": ["abroad", "elsewhere"]}},
                "source": [{"id": "paper", "url": "https://x.example/", "share_link": link}],
            }
        )

    def _publish(self) -> None:
        link = f"http://{SHARE_HOST}/html_News/NewsShare.html?infoCode="
        found = [
            article(number, share_link=f"{link}NW{number}", categories=("World", "Sea"))
            for number in range(1, 6)
        ]
        store = Store(self.folder / "aggregator.db", NAMING)
        with store.transaction():
            store.take_in(Intake(SourceState("paper", last_ok_at=NOW), tuple(found)))
        publisher = Publisher(self.settings, store)
        publisher.publish()
        with store.transaction():
            store.removals.take_down(TAKEN_DOWN.id, Deed("anna", NOW))
        publisher.publish()
        store.close()

    def paths(self) -> list[str]:
        """Return the path of every document that is to be asked for."""
        files = (path for path in self.feeds.rglob("*.*") if path.is_file())
        every = (path.relative_to(self.feeds).as_posix() for path in files)
        left_out = (".gz", ".br", ".zst", "manifest.json", "NewsShare.html")
        documents = (path for path in every if not path.endswith(left_out))
        return sorted(path for path in documents if not path.startswith(("_gone/", "_share/")))

    @contextmanager
    def own_server(self) -> Iterator[str]:
        """Serve the site with our own server; yield its address."""
        library = StoreLibrary(self.folder / "aggregator.db")
        moved = self.settings.moved
        server = WebServer(
            create_app(library, self.feeds, max_age=FRESH, moved=moved), "127.0.0.1", 0
        )
        host, port = server.start()
        try:
            yield f"http://{host}:{port}"
        finally:
            server.stop()

    @contextmanager
    def other_server(self, name: str, *replacements: tuple[str, str]) -> Iterator[str]:
        """Serve the site with nginx or Caddy; yield its address.

        The operator has edited nginx's configuration with *replacements*.
        """
        if not shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin"):
            pytest.skip(f"{name} is not installed")
        command = self._nginx(*replacements) if name == "nginx" else self._caddy()
        home = {"HOME": str(self.folder), "PATH": f"{os.environ['PATH']}:/usr/sbin"}
        log = self.folder / f"{name}.log"
        with (
            log.open("wb") as output,
            subprocess.Popen(
                command, cwd=self.folder, env=home, stdout=output, stderr=output
            ) as process,
        ):
            try:
                self._wait(process, log)
                yield self.base
            finally:
                process.terminate()

    def _wait(self, process: subprocess.Popen[bytes], log: Path) -> None:
        end = time.monotonic() + 20
        while True:
            assert process.poll() is None, log.read_text()
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert time.monotonic() < end, log.read_text()
                time.sleep(0.05)
            else:
                return

    def _nginx(self, *replacements: tuple[str, str]) -> list[str]:
        site = nginx(hosting(self.settings, FRESH))
        if not has_ipv6():
            site = site.replace(f"    listen [::]:{self.port};", "")
        for old, new in replacements:
            assert old in site
            site = site.replace(old, new)
        module = f"load_module {BROTLI};" if BROTLI.exists() else ""
        (self.folder / "site.conf").write_text(site, encoding="utf-8")
        user = "user root;" if os.geteuid() == 0 else ""
        temporary = "\n".join(
            f"{kind}_temp_path {self.folder}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "nginx.conf").write_text(
            f"{module} {user} daemon off; pid {self.folder}/nginx.pid; worker_processes 1;\n"
            "error_log stderr; events { }\n"
            f"http {{ access_log off; {temporary}\ninclude {self.folder}/site.conf; }}\n",
            encoding="utf-8",
        )
        return ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    def _caddy(self) -> list[str]:
        site = caddy(hosting(self.settings, FRESH))
        (self.folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + site, encoding="utf-8")
        return ["caddy", "run", "--adapter", "caddyfile", "--config", "Caddyfile"]


def ask(address: str, path: str, method: str = "GET", **headers: str) -> requests.Response:
    """Ask with no header of the client's own choice but *headers* (`_` is `-`)."""
    with requests.Session() as session:
        session.trust_env = False
        session.headers.clear()
        asked = {"Accept-Encoding": "identity"}
        asked |= {name.replace("_", "-"): value for name, value in headers.items()}
        return session.request(
            method, address + path, headers=asked, allow_redirects=False, timeout=10
        )


def raw(address: str, target: bytes, header: str = "X: y") -> bytes:
    """Ask for *target* as it is, and return all that is answered."""
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        lines = f" HTTP/1.1\r\nHost: {host}:{port}\r\n{header}\r\nConnection: close\r\n\r\n"
        connection.sendall(b"GET " + target + lines.encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True
