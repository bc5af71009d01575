"""What goes into the fetching room and what comes out of it: plain records, no network code here.

An outcome is a value (`Fetched | NotModified`), a fault is a `FetchError` whose message is fit to
be shown and never holds a secret (no query, no user-info). An empty text means «nothing known».
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import datetime
from typing import Protocol

from aggregator.model import HostRules
from aggregator.record import record


@record(frozen=True, slots=True)
class Request:
    """What to fetch, and what we already have of it.

    `url` is an http, https or file address. `etag` and `last_modified` are sent back exactly as
    they came, to the place (as of `place_of`) where the `document` stood that they are of or, where
    that is "", wherever redirects lead. `body_hash` is the one of the last body. `headers` are the
    operator's: they go to the origin of `url` alone and are dropped on a redirect to another one.
    `timeout` (seconds, of the whole exchange) and `max_size` (bytes of the decoded body) are the
    settings' where None.
    `allow_private` is in addition to the settings'. `page` says that it is a page made for people,
    so that its host's robots.txt applies; feeds and interfaces are made for programs. `apart` says
    that it is one of many, to be asked for some time after the one before it, as pages are. `avoid`
    has the hosts (as `site.host_of` names them) that are not to be asked now, not as targets of
    redirects either, and until when.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    document: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: float | None = None
    max_size: int | None = None
    allow_private: tuple[str, ...] = ()
    page: bool = False
    apart: bool = False
    avoid: Mapping[str, datetime] = field(default_factory=dict, repr=False)

    def conditions(self, url: str) -> dict[str, str]:
        """Return the headers that ask *url* for a newer document only (RFC 9110 §13.1).

        They are in the server's own words, and none where it is not this place's word.
        """
        if self.document not in ("", place_of(url)):
            return {}
        words = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in words.items() if value}


@record(frozen=True, slots=True)
class Fetched:
    """A document that came.

    `url` is where it came from, after redirects. `body` is decoded (no gzip). `content_type` is the
    whole header value. `headers` has lower-case names; fields sent twice are joined by `, `
    (RFC 9110 §5.3). `moved_to` is the last place that permanent redirects (301, 308) alone have
    led to, "" where none did. `retry_at` is the earliest time (aware UTC) at which the server wants
    to be asked again, None where it did not say. `limit` is the max_size that held, for what the
    body unfolds to in turn. `status` is None for a file. `certificate_until` is the end of the
    server's certificate (aware UTC), None without TLS.
    """

    url: str
    body: bytes = field(repr=False)
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    moved_to: str = ""
    retry_at: datetime | None = None
    limit: int | None = None
    status: int | None = None
    certificate_until: datetime | None = None


@record(frozen=True, slots=True)
class NotModified:
    """What we have is what there is: a 304, or a body whose hash is the one we have.

    The validators are the ones to remember from now on. `status` tells the two cases apart.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    moved_to: str = ""
    retry_at: datetime | None = None
    status: int = 304
    certificate_until: datetime | None = None


@record(frozen=True, slots=True)
class Call:
    """What is said to a program at an address, or asked of it; no document is wanted.

    `body` goes by POST; None is a GET. `timeout` (seconds) is the settings' where None.
    """

    url: str
    body: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout: float | None = None


@record(frozen=True, slots=True)
class Reply:
    """What it answered: header names in lower case, and of the body as much as is of interest."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


class Caller(Protocol):
    """Anything that can be had to call; `Fetcher` is the real one. Safe in threads."""

    def call(self, call: Call) -> Reply:
        """Return the reply, whatever its status; raise FetchError where there is none."""
        ...


class Getter(Protocol):
    """Anything that turns requests into answers; `Fetcher` is the real one. Safe in threads."""

    def get(self, request: Request) -> Fetched | NotModified:
        """Return the answer; raise FetchError where there is none that can be used."""
        ...


class Network(Getter, Protocol):
    """A getter that can also ask an address where it leads, and tells what it learns of hosts."""

    def location(self, request: Request) -> str:
        """Return where a redirect leads, "" where a document stands; FetchError as of `get`."""
        ...

    def remember(self, rules: Iterable[HostRules]) -> None:
        """Take over what robots.txt files have said to an earlier process."""
        ...

    def learned(self) -> list[HostRules]:
        """Return what robots.txt files have said since the last call."""
        ...


def place_of(url: str) -> str:
    """Return *url* without its query: a place that is signed anew each time stays one place."""
    return url.partition("?")[0]


def hash_of(body: bytes) -> str:
    """Return what tells a body from another one (32 hexadecimal digits)."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def size_in_words(size: int) -> str:
    """Write a number of bytes as config.toml does: `500 kB`, `10 MB`."""
    for unit, worth in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= worth:
            return f"{size / worth:.3g} {unit}"
    return f"{size} bytes"
