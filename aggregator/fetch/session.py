"""The fetcher: one request from its address to its outcome.

Request → target → slot at its host → guarded connection → body within its limits → outcome
             ↑___________________ redirect (at most five) ___________|
"""

from __future__ import annotations

import io
import logging
import re
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from requests import ConnectionError as RequestsConnectionError
from urllib3 import BaseHTTPResponse

from aggregator.coding.decoding import ACCEPT, PIECE, codings, decoded
from aggregator.config.settings import Fetch
from aggregator.errors import FetchError, PausedError
from aggregator.fetch import local
from aggregator.fetch.address import permits
from aggregator.fetch.answer import DOCUMENT, Answer, outcome, refusal
from aggregator.fetch.connect import Exchange
from aggregator.fetch.deadline import Deadline, Watch
from aggregator.fetch.exchange import (
    Call,
    Fetched,
    NotModified,
    Reply,
    Request,
    size_in_words,
)
from aggregator.fetch.faults import FAULTS, fetch_error
from aggregator.fetch.names import Names, Resolver, system_resolver
from aggregator.fetch.pace import Pace
from aggregator.fetch.robots import Robots
from aggregator.fetch.site import host_of, site_of
from aggregator.fetch.slots import Slots
from aggregator.fetch.target import REDIRECTS, Target, Trail, target
from aggregator.fetch.transport import EXCHANGE, Transport
from aggregator.model import HostRules
from aggregator.record import record

# Its warnings and debug lines quote whole addresses, query and all.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)

_ACCEPT_TYPES = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.8, */*;q=0.1"
)
_ACCEPT_PAGES = "text/html, application/xhtml+xml, */*;q=0.1"
_SMALL = 16_384  # bytes of an unwanted body that are read to keep the connection
_NOT_MODIFIED = 304
_SAME_METHOD = frozenset({307, 308})
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 §5.6.2
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


@record(frozen=True, slots=True)
class _Job:
    """One request with everything that the settings add to it."""

    request: Request
    limit: int
    deadline: Deadline
    exchange: Exchange
    trail: Trail
    own: Mapping[str, str]  # headers for the origin of the address alone
    body: bytes | None = None  # goes by POST


class Fetcher:
    """Fetches documents; safe in threads, closed by `with`. One for a whole program.

    *version* goes into the User-Agent. *resolve*, *now* (aware UTC) and *trust* (of TLS) stand in
    for the name service, the clock and the certificate authorities of this machine.
    """

    def __init__(
        self,
        settings: Fetch,
        *,
        version: str,
        resolve: Resolver = system_resolver,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._names = Names(resolve)
        self._now = now
        self._transport = Transport(settings.per_host, trust)
        self._slots = Slots(settings.per_host)
        self._pace = Pace()
        self._watch = Watch()
        self._robots = Robots(self.get, now)
        self._headers = {
            "User-Agent": user_agent(version, settings.contact),
            "Accept": _ACCEPT_TYPES,
            "Accept-Encoding": ACCEPT,
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Break off what is running (it raises FetchError) and close every connection."""
        self._watch.close()
        self._pace.close()
        self._transport.close()

    def get(self, request: Request) -> Fetched | NotModified:
        """Return the document at the address, or that it is the one we have.

        Waiting for a free connection to the host does not count against the timeout; everything
        after it does, redirects included. Raises FetchError for everything else.
        """
        if request.url[:5].lower() == "file:":
            return local.read_file(replace(request, max_size=self._limit(request)))
        job = self._job(request)
        try:
            answer = self._ask(job, _answer)
            while answer.status in REDIRECTS:
                job.trail.follow(answer.status, answer.headers)
                answer = self._ask(job, _answer)
            return outcome(request, job.trail, answer, self._now())
        except FetchError as error:
            raise _placed(error, job.trail) from error.__cause__

    def call(self, call: Call) -> Reply:
        """Return what the address answers to a call, whatever its status.

        Of redirects only 307 and 308 are followed: the others may turn a POST into a GET
        (RFC 9110 §15.4). Raises FetchError where there is no answer.
        """
        job = self._job(Request(call.url, headers=call.headers, timeout=call.timeout))
        job = replace(job, body=call.body, limit=_SMALL)
        try:
            answer = self._ask(job, _reply)
            while answer.status in _SAME_METHOD:
                job.trail.follow(answer.status, answer.headers)
                answer = self._ask(job, _reply)
        except FetchError as error:
            raise _placed(error, job.trail) from error.__cause__
        return Reply(answer.status, answer.headers, answer.body)

    def location(self, request: Request) -> str:
        """Return where the address redirects to, "" where a document stands there.

        It takes one request, and no document is read. Raises FetchError for everything else.
        """
        job = replace(self._job(request), limit=_SMALL)
        try:
            answer = self._ask(job, _reply)
            if answer.status in REDIRECTS:
                job.trail.follow(answer.status, answer.headers)
                return job.trail.target.url
            if answer.status not in DOCUMENT:
                raise refusal(job.trail, answer, self._now())
            return ""
        except FetchError as error:
            raise _placed(error, job.trail) from error.__cause__

    def remember(self, rules: Iterable[HostRules]) -> None:
        """Take over what robots.txt files have said to an earlier process."""
        self._robots.remember(rules)

    def learned(self) -> list[HostRules]:
        """Return what robots.txt files have said since the last call."""
        return self._robots.learned()

    def _limit(self, request: Request) -> int:
        return self._settings.max_size if request.max_size is None else request.max_size

    def _job(self, request: Request) -> _Job:
        first = target(request.url)
        seconds = request.timeout
        if seconds is None:
            seconds = self._settings.timeout.total_seconds()
        deadline = Deadline(seconds)
        allowed = permits((*self._settings.allow_private, *request.allow_private))
        return _Job(
            request,
            self._limit(request),
            deadline,
            Exchange(deadline, allowed, self._names),
            Trail(first),
            _own_headers(request, first),
        )

    def _ask(self, job: _Job, read: Callable[[BaseHTTPResponse, _Job], Answer]) -> Answer:
        """Ask once, at the place where the trail stands."""
        url = job.trail.target.url
        if (until := job.request.avoid.get(host_of(url))) is not None:
            message = f"wants to be left alone until {until:%Y-%m-%d %H:%M} UTC"
            raise PausedError(message, retry_at=until)
        site = site_of(url)
        wanted = self._robots.check(url, job.request) if job.request.page else 0.0
        if job.request.page or job.request.apart:
            own = self._settings.spacing.total_seconds() if site.public else 0.0
            self._pace.wait(site.name, max(own, wanted))
        with self._slots.hold(site.name), closing(job.exchange), self._watch.over(job.deadline):
            token = EXCHANGE.set(job.exchange)
            try:
                return read(self._send(job), job)
            except FAULTS as fault:
                raise fetch_error(fault, job.deadline) from fault
            finally:
                EXCHANGE.reset(token)

    def _send(self, job: _Job) -> BaseHTTPResponse:
        url, body = job.trail.target.url, job.body
        headers = self._headers | job.request.conditions(url)
        if body is not None:
            headers["Content-Length"] = str(len(body))
        if job.request.page:
            headers["Accept"] = _ACCEPT_PAGES
        if not job.trail.crossed or body is not None:  # a body says what it is wherever it goes
            headers = _joined(headers, job.own)
        while True:
            try:
                return self._transport.ask(url, headers, job.deadline.left(), body)
            except RequestsConnectionError:
                # A kept connection may be closed by its server at any moment (RFC 9112 §9.3.1).
                if not job.exchange.reused or job.deadline.over:
                    raise


def _placed(error: FetchError, trail: Trail) -> FetchError:
    """Return *error* with the place where it arose."""
    if trail.redirected:
        message = f"redirects to {trail.target.host}, which {error}"
        error = type(error)(message, status=error.status, retry_at=error.retry_at)
    error.url = trail.target.url
    error.permanent = trail.permanent
    return error


def _answer(raw: BaseHTTPResponse, job: _Job) -> Answer:
    """Read a document whole and of anything else only what keeps the connection usable."""
    headers = {name.lower(): value for name, value in raw.headers.itermerged()}
    headers.pop("set-cookie", None)
    until = job.exchange.certificate_until
    try:
        job.deadline.left()  # cut off, headers look as if they ended there
        if raw.status in DOCUMENT:
            job.deadline.doing = "sent only a part of its answer"
            body = _body(raw, job.limit)
            job.deadline.left()  # cut off, a body that ends with the connection looks whole
            return Answer(raw.status, headers, body, job.limit, until)
        if raw.status == _NOT_MODIFIED:  # has no body (RFC 9110 §15.4.5)
            raw.read()
        elif raw.status >= 200:  # what follows 101 Switching Protocols is no HTTP
            with suppress(*FAULTS):
                raw.read(_SMALL)
        return Answer(raw.status, headers, certificate_until=until)
    finally:
        if not raw.closed:
            raw.close()
        raw.release_conn()


def _reply(raw: BaseHTTPResponse, job: _Job) -> Answer:
    """Read the beginning of whatever comes; more than that nobody has to say."""
    headers = {name.lower(): value for name, value in raw.headers.itermerged()}
    headers.pop("set-cookie", None)
    body = b""
    try:
        job.deadline.left()
        for piece in _pieces(raw):
            body += piece
            if len(body) >= job.limit:
                break
        job.deadline.left()
        return Answer(raw.status, headers, body[: job.limit])
    finally:
        if not raw.closed:
            raw.close()
        raw.release_conn()


def _body(raw: BaseHTTPResponse, limit: int) -> bytes:
    """Return the decoded body; the limit holds for what is sent and for what it unfolds to."""
    if (raw.length_remaining or 0) > limit:  # Content-Length
        raise _too_large(limit)
    body = io.BytesIO()
    pieces = _within(limit, _pieces(raw))
    for name in codings(raw.headers.get("content-encoding", "")):
        pieces = _within(limit, decoded(pieces, name))
    for piece in pieces:
        body.write(piece)
    return body.getvalue()


def _pieces(raw: BaseHTTPResponse) -> Iterator[bytes]:
    while piece := raw.read1(PIECE, decode_content=False):
        yield piece


def _within(limit: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise _too_large(limit)
        yield piece


def _too_large(limit: int) -> FetchError:
    return FetchError(
        f"is larger than {size_in_words(limit)}; raise max_size if that is meant", code="E219"
    )


def _joined(headers: dict[str, str], own: Mapping[str, str]) -> dict[str, str]:
    """Return *headers* with *own* ones in the place of those of the same name."""
    if not own:
        return headers
    names = {name.lower() for name in own}
    kept = {name: value for name, value in headers.items() if name.lower() not in names}
    return {**kept, **own}


def _own_headers(request: Request, first: Target) -> dict[str, str]:
    """Collect what the origin of the address alone is sent: the user-info's and the operator's."""
    own = {"Authorization": first.authorization} if first.authorization else {}
    for name, value in request.headers.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            raise FetchError(
                f"cannot be sent the header {name!r}: it holds a character that may not",
                code="E222",
            )
        own[name] = value
    return own


def user_agent(version: str, contact: str) -> str:
    """Say who asks and where to complain (RFC 9110 §10.1.5)."""
    plain = "".join(character for character in contact if "!" <= character <= "~")
    return f"aggregator/{version} (+{plain})" if plain else f"aggregator/{version}"
