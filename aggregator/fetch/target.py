"""Addresses: read, made plain, and followed from redirect to redirect."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from requests import PreparedRequest

from aggregator.errors import FetchError
from aggregator.record import record

REDIRECTS = frozenset({300, 301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_MOST = 5
PORTS = {"http": 80, "https": 443}
# Nothing of it is there to be made plain, which takes a tenth of a millisecond with requests.
_PLAIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(?P<port>[1-9]\d{0,4}))?"
    r"(?:/(?!\.{1,2}(?:[/?]|$))[\w.~!$&'()*+,;=:@-]*)+(?:\?[\w.~!$&'()*+,;=:@/?-]+)?",
    re.ASCII,
)


@record(frozen=True, slots=True)
class Target:
    """Where one request goes. `url` has no fragment and no user-info, its host is in ASCII."""

    url: str
    scheme: str
    host: str  # without brackets
    port: int
    authorization: str = field(default="", repr=False)  # what the user-info asked to be sent

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port (RFC 6454 §4)."""
        return self.scheme, self.host, self.port


@lru_cache(maxsize=4096)
def target(url: str) -> Target:
    """Read an address; raises FetchError where it is not one of http or https with a host."""
    if not url.strip().lower().startswith(("http://", "https://")):
        raise FetchError(
            "is not an http, https or file address; write it with http:// in front", code="E201"
        )
    try:
        return _target(url)
    except ValueError as error:  # of which all are that requests raises here
        raise FetchError("is not a valid address; check its host and port", code="E201") from error


def _target(url: str) -> Target:
    if (plain := _PLAIN.fullmatch(url)) and int(plain["port"] or 80) < 65536:
        scheme = plain["scheme"]
        return Target(url, scheme, plain["host"], int(plain["port"] or PORTS[scheme]))
    prepared = PreparedRequest()
    prepared.prepare_url(url.strip(), None)
    parts = urlsplit(str(prepared.url))
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="")
    return Target(
        urlunsplit(bare),
        parts.scheme,
        (parts.hostname or "").rstrip("."),
        parts.port or PORTS[parts.scheme],
        _basic(parts),
    )


class Trail:
    """The redirects of one exchange: where it stands and how it came there."""

    def __init__(self, first: Target) -> None:
        self.target = first
        self.crossed = False  # once another origin was asked, what is for the first is kept back
        self.headers: Mapping[str, str] = {}  # of the last redirect that named a time
        self._seen = [first.url]
        self.permanent = True  # so far
        self.moved_to = ""  # the last place that permanent redirects alone have led to, "" if none

    @property
    def redirected(self) -> bool:
        return len(self._seen) > 1

    def follow(self, status: int, headers: Mapping[str, str]) -> None:
        """Take the redirect to Location (RFC 9110 §10.2.2); FetchError where it leads nowhere.

        One that leaves https for http is followed and not believed to be for good.
        """
        location = headers.get("location", "")
        if headers.get("retry-after"):
            self.headers = headers
        if not location:
            raise FetchError(
                f"answered {status}, a redirect, without saying where to",
                status=status,
                code="E216",
            )
        following = self._resolve(location)
        if following.url in self._seen:
            circle = "redirects in a circle; it may want cookies, which are never sent"
            raise FetchError(circle, status=status, code="E216")
        if len(self._seen) > _MOST:
            too_many = f"redirects more than {_MOST} times; give its final address"
            raise FetchError(too_many, status=status, code="E216")
        self._seen.append(following.url)
        kept_safe = following.scheme == "https" or self.target.scheme != "https"
        self.permanent = self.permanent and status in _PERMANENT and kept_safe
        if self.permanent:
            self.moved_to = following.url
        self.crossed = self.crossed or following.origin != self.target.origin
        self.target = following

    def _resolve(self, location: str) -> Target:
        try:
            return target(urljoin(self.target.url, _as_text(location)))
        except (FetchError, ValueError) as error:
            raise FetchError(
                "redirects to what is not an http or https address", code="E216"
            ) from error


def _as_text(location: str) -> str:
    """Undo the Latin-1 that header bytes are read as: where not ASCII, they are meant as UTF-8."""
    try:
        return location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return location


def _basic(parts: SplitResult) -> str:
    """Turn user-info into the value of an Authorization header (RFC 7617)."""
    if parts.username is None:
        return ""
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return "Basic " + b64encode(pair.encode()).decode()
