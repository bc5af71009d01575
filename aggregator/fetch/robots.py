"""robots.txt (RFC 9309): whether a page may be asked for by a program. Sole user of protego."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from aggregator.errors import FetchError, ForbiddenError
from aggregator.fetch.exchange import Fetched, NotModified, Request
from aggregator.model import HostRules

PRODUCT = "aggregator"  # what we are called in robots.txt, and what the User-Agent begins with
_FRESH = timedelta(days=1)  # RFC 9309 §2.4
_RETRY = timedelta(minutes=10)  # where it cannot be read
_TOO_MANY = 429  # RFC 6585 §4: says how often we ask, and nothing of the rules
_LONGEST_DELAY = 30.0  # seconds
_READ = 500 * 1024  # bytes of it that count, as the RFC asks for at least (§2.5)
_KEPT = 64 * 1024  # characters of it that are worth to be handed on to another process
_HOSTS = 1000  # remembered at a time
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_AGENT = re.compile(r"\s*user[\s-]*agent\b\s*:?\s*([^#]*)", re.IGNORECASE)


@dataclass(slots=True)
class _Host:
    """What is known of one host's robots.txt; `rules` is None until it was read once."""

    rules: Protego | None = None
    fault: FetchError | None = None  # why it could not be read the last time
    until: datetime = _LONG_AGO
    asking: threading.Lock = field(default_factory=threading.Lock)


class Robots:
    """The rules of the hosts whose pages are asked for; safe in threads.

    *get* is how a robots.txt is fetched, *now* the clock (aware UTC).
    """

    def __init__(
        self, get: Callable[[Request], Fetched | NotModified], now: Callable[[], datetime]
    ) -> None:
        self._get = get
        self._now = now
        self._hosts: OrderedDict[str, _Host] = OrderedDict()
        self._learned: list[HostRules] = []
        self._lock = threading.Lock()

    def remember(self, rules: Iterable[HostRules]) -> None:
        """Take over what an earlier process has learned, as far as it is still good."""
        now = self._now()
        for known in rules:
            if now < known.until <= now + _FRESH:
                host = self._host(known.origin)
                host.rules, host.until = Protego.parse(known.text), known.until

    def learned(self) -> list[HostRules]:
        """Return what was learned since the last call."""
        with self._lock:
            learned, self._learned = self._learned, []
            return learned

    def check(self, url: str, request: Request) -> float:
        """Let the page at *url* pass, for the sake of which *request* is made.

        Returns how many seconds its host wants to have between two pages: `Crawl-delay`, which is
        no part of the RFC, half a minute at most. Raises ForbiddenError where the host forbids the
        page, FetchError where that cannot be known now.
        """
        rules = self._rules(url, request)
        if not rules.can_fetch(url, PRODUCT):
            host = urlsplit(url).hostname
            raise ForbiddenError(
                f"must not be asked for: robots.txt of {host} forbids it to programs"
            )
        return min(float(rules.crawl_delay(PRODUCT) or 0), _LONGEST_DELAY)

    def _rules(self, url: str, request: Request) -> Protego:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        host = self._host(origin)
        with host.asking:
            if host.until <= self._now():
                self._read(host, origin, request)
            rules, fault = host.rules, host.fault
        if fault is not None and (rules is None or _wants_peace(fault)):
            raise FetchError(
                f"is not asked for now, since robots.txt of {parts.hostname} {fault}",
                status=fault.status,
                retry_at=fault.retry_at,
                code="E218",
            )
        return rules or Protego.parse("")

    def _host(self, origin: str) -> _Host:
        with self._lock:
            host = self._hosts.setdefault(origin, _Host())
            self._hosts.move_to_end(origin)
            if len(self._hosts) > _HOSTS:
                self._hosts.popitem(last=False)
            return host

    def _read(self, host: _Host, origin: str, request: Request) -> None:
        """Bring *host* up to date.

        A host that answers 4xx, or with redirects that lead nowhere, has no rules (§2.3.1.2,
        §2.3.1.3). Where it cannot be reached, and 429 is no answer either, the last ones count, and
        without these everything is forbidden (§2.3.1.4, §2.4), until it is asked again.
        """
        asked = Request(
            f"{origin}/robots.txt",
            timeout=request.timeout,
            allow_private=request.allow_private,
            avoid=request.avoid,
        )
        text = ""
        try:
            answer = self._get(asked)
            text = _for_us(answer.body) if isinstance(answer, Fetched) else ""
        except FetchError as error:
            if not _has_none(error):
                soon = self._now() + _RETRY
                host.until = max(soon, error.retry_at or soon)
                host.fault = FetchError(
                    str(error), status=error.status, retry_at=error.retry_at, code=error.code
                )
                return
        host.rules, host.fault, host.until = Protego.parse(text), None, self._now() + _FRESH
        if len(text) <= _KEPT:
            with self._lock:
                self._learned.append(HostRules(origin, text, host.until))


def _has_none(error: FetchError) -> bool:
    return error.status is not None and 300 <= error.status < 500 and error.status != _TOO_MANY


def _wants_peace(error: FetchError) -> bool:
    return error.status == _TOO_MANY or error.retry_at is not None


def _for_us(body: bytes) -> str:
    """Return what *body* says to us and to everybody.

    Other programs get one name: thousands of names would be multiplied by thousands of rules.
    """
    lines = body[:_READ].decode("utf-8-sig", "replace").splitlines()
    return "\n".join(map(_for_us_or_others, lines))


def _for_us_or_others(line: str) -> str:
    agent = _AGENT.match(line)
    if agent is None:
        return line
    name = agent[1].partition("/")[0].strip().lower()
    return f"User-agent: {name if name in ('*', PRODUCT) else 'others'}"
