"""The hosts that the documentation names, each a server on loopback.

The documentation says `https://blog.example/feed`, as a reader would write it. To try it, every
`https://HOST` of the newsstand becomes the `http://127.0.0.1:PORT` at which it has that host, in
what the reader writes and in what the hosts answer; nothing else changes. `there` is the way back,
by which what came out can be compared with what the documentation promises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from tests.web import Answer, document, serving

_TYPES = {"html": "text/html", "xml": "application/xml", "json": "application/json"}


@dataclass
class Newsstand:
    """Hosts, their answers by path, and where they are on loopback; all may change meanwhile."""

    ports: dict[str, int] = field(default_factory=dict)
    answers: dict[str, dict[str, Answer]] = field(default_factory=dict)

    def here(self, text: str) -> str:
        """Return *text* with the hosts where they are."""
        for host, port in self.ports.items():
            text = re.sub(rf"https://{re.escape(host)}(?![\w.-])", f"http://127.0.0.1:{port}", text)
        return text

    def there(self, text: str) -> str:
        """Return *text* with the hosts as the documentation names them."""
        for host, port in self.ports.items():
            text = text.replace(f"http://127.0.0.1:{port}", f"https://{host}")
        return text

    def put(self, url: str, body: str, kind: str = "") -> None:
        """Have the address answer *body*; of which type, its ending or *kind* says."""
        host, slash, path = url.removeprefix("https://").partition("/")
        kind = kind or _TYPES.get(path.rpartition(".")[2], "text/html")
        self.answers[host][slash + path] = document(self.here(body).encode(), kind)


@contextmanager
def newsstand(pages: Mapping[str, str | Answer]) -> Iterator[Newsstand]:
    """Serve *pages*, by address, on loopback."""
    stand = Newsstand()
    with ExitStack() as stack:
        for url in pages:
            host = url.removeprefix("https://").partition("/")[0]
            if host not in stand.ports:
                answers = stand.answers[host] = {}
                stand.ports[host] = stack.enter_context(serving(answers))
        for url, page in pages.items():
            if isinstance(page, str):
                stand.put(url, page)
            else:
                host, slash, path = url.removeprefix("https://").partition("/")
                stand.answers[host][slash + path] = page
        yield stand


def with_loopback(config: str) -> str:
    """Return *config* with leave to ask hosts of this machine, as the newsstand needs it."""
    leave = 'allow_private = ["127.0.0.0/8"]'
    if "\n[fetch]\n" in f"\n{config}":
        return config.replace("[fetch]\n", f"[fetch]\n{leave}\n", 1)
    return f"{config}\n[fetch]\n{leave}\n"
