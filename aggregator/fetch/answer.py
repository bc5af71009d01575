"""What an answer means: a document, nothing new, or a fault in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from http.client import responses

from aggregator.errors import FetchError
from aggregator.fetch.exchange import Fetched, NotModified, Request, hash_of
from aggregator.fetch.freshness import read_date
from aggregator.fetch.target import Trail
from aggregator.record import record

DOCUMENT = frozenset({200, 203})  # 203: changed on the way, but whole (RFC 9110 §15.3.4)
_LONGEST_PAUSE = timedelta(days=7)  # that a server may ask for
_ADVICE = {
    401: "it wants credentials: give it headers, or user:password@ in the address",
    403: "it refuses this program or this network",
    404: "check the address",
    410: "it was withdrawn for good: remove the source",
    429: "ask it less often",
    451: "it may not be shown here for legal reasons",
}
_CODES = {401: "E210", 403: "E210", 404: "E211", 410: "E212", 429: "E213", 451: "E210"}


@record(frozen=True, slots=True)
class Answer:
    """One answer of a server; header names are in lower case, `body` only of a document.

    `limit` and `certificate_until` are those of exchange.Fetched.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    limit: int | None = None
    certificate_until: datetime | None = None


def outcome(request: Request, trail: Trail, answer: Answer, now: datetime) -> Fetched | NotModified:
    """Judge the last answer of an exchange; raises FetchError where it holds no document."""
    etag, last_modified = (answer.headers.get(name, "") for name in ("etag", "last-modified"))
    if etag == "*":  # no tag (RFC 9110 §8.8.3); sent back it is true of anything (§13.1.2)
        etag = ""
    again = _retry_at(trail, answer, now)
    if answer.status == 304:
        if not request.conditions(trail.target.url):
            raise FetchError(
                "answered 304 Not Modified to a question without conditions",
                status=304,
                code="E223",
            )
        # It need not repeat them (RFC 9110 §15.4.5).
        kept = (etag or request.etag, last_modified or request.last_modified, request.body_hash)
        where = (answer.headers, trail.moved_to, again)
        return NotModified(trail.target.url, *kept, *where, 304, answer.certificate_until)
    if answer.status not in DOCUMENT:
        raise refusal(trail, answer, now)
    body_hash = hash_of(answer.body)
    if body_hash == request.body_hash:
        kept = (etag, last_modified, body_hash)
        where = (answer.headers, trail.moved_to, again)
        return NotModified(trail.target.url, *kept, *where, answer.status, answer.certificate_until)
    return Fetched(
        trail.target.url,
        answer.body,
        answer.headers.get("content-type", ""),
        etag,
        last_modified,
        body_hash,
        answer.headers,
        trail.moved_to,
        again,
        answer.limit,
        answer.status,
        answer.certificate_until,
    )


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Read Retry-After (RFC 9110 §10.2.3), seconds or a date; None where it says nothing.

    *headers* has lower-case names. A date is the server's: it is as far off as it was by the
    server's own clock (`Date`). The answer is aware UTC, later than *now*, at most seven days.
    """
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if (first := value.partition(",")[0]).isdecimal():  # sent twice, it comes joined
        value = first
    if value.isascii() and value.isdecimal():
        pause = timedelta(seconds=min(int(value[:9]), _LONGEST_PAUSE.total_seconds()))
    else:
        moment, there = read_date(value), read_date(headers.get("date", ""))
        pause = timedelta(0) if moment is None else moment - (there or now)
    return now + min(pause, _LONGEST_PAUSE) if pause > timedelta(0) else None


def _retry_at(trail: Trail, answer: Answer, now: datetime) -> datetime | None:
    return retry_at(answer.headers, now) or retry_at(trail.headers, now)


def refusal(trail: Trail, answer: Answer, now: datetime) -> FetchError:
    """Say what a status that brings no document means. The server's own phrase is not repeated."""
    status, again = answer.status, _retry_at(trail, answer, now)
    named = f"{status} {responses.get(status, '')}".rstrip()
    message = f"answered {named}; {_advice(trail, status)}"
    if again is not None:
        message += f"; it asks for a pause until {again:%Y-%m-%d %H:%M} UTC"
    return FetchError(message, status=status, retry_at=again, code=_code(status))


def _code(status: int) -> str:
    return _CODES.get(status, "E214" if status >= 500 else "E215")


def _advice(trail: Trail, status: int) -> str:
    if status in (401, 403) and trail.crossed:
        return "credentials are not sent on to another host: give the final address"
    if status in _ADVICE:
        return _ADVICE[status]
    if status >= 500:
        return "the fault is the server's: it is asked again"
    return "a document was expected (200)"
