"""The headers of an answer: what it is, how long it holds, and what a browser may do with it.

Conditions (If-None-Match, If-Modified-Since) are judged by Starlette's own static files, which keep
RFC 9110 §13; here they are only brought to it.
"""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from email.utils import format_datetime
from pathlib import PurePosixPath

from starlette.datastructures import Headers
from starlette.staticfiles import StaticFiles

from aggregator.serve.bodies import Body
from aggregator.serve.library import Published

STALE_IF_ERROR = timedelta(days=1)  # a cache may go on with what it has while we are away

# A feed is opened in a browser as XML, where scripts in it would run at our origin.
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; sandbox"
# A page shows articles, whose pictures and films stand anywhere; nothing in it may run.
_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src * data:; media-src *; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_TEXT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".md": "text/plain; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",  # application/rss+xml would be downloaded, not shown
}
_OTHER_TYPES = {
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
_TYPES = _TEXT_TYPES | _OTHER_TYPES
_NOTHING = re.compile(r"\s*q=0(\.0{0,3})?\s*", re.IGNORECASE)
_CONDITIONS = StaticFiles()  # for its rules alone: it serves no folder


def content_type(path: str) -> str:
    """Return the media type of the document at *path*; what is unknown is not to be shown."""
    name = PurePosixPath(path)
    if name.name == "feed.json":
        return "application/feed+json"
    return _TYPES.get(name.suffix, "application/octet-stream")


def safety(media_type: str) -> dict[str, str]:
    """Return what every answer says to a browser, errors too, for one of this type."""
    page = media_type.startswith("text/html")
    return {
        "Content-Security-Policy": _PAGE_POLICY if page else _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


def caching(max_age: timedelta) -> str:
    """Return the Cache-Control of what may be kept for *max_age* (RFC 9111 §5.2.2, RFC 5861)."""
    seconds = round(max_age.total_seconds())
    return (
        f"public, max-age={seconds}, stale-while-revalidate={seconds}, "
        f"stale-if-error={round(STALE_IF_ERROR.total_seconds())}"
    )


def coding(path: str, accepted: str) -> str:
    """Return how to encode the document at *path* for this Accept-Encoding: "gzip" or "".

    Only a coding named with a weight above zero is used (RFC 9110 §12.5.3); `*` gets it plain.
    """
    if PurePosixPath(path).suffix not in _TEXT_TYPES:
        return ""
    for offer in accepted.lower().split(","):
        name, _, weight = offer.partition(";")
        if name.strip() in ("gzip", "x-gzip") and not _NOTHING.fullmatch(weight):
            return "gzip"
    return ""


def validators(published: Published, body: Body, encoded: str, cache: str) -> dict[str, str]:
    """Return the headers that a 200 and a 304 share (RFC 9110 §15.4.5).

    The strong ETag is the hash of the document, with a mark for each encoding of it (§8.8.3.3).
    """
    changed = published.changed_at.astimezone(UTC)
    return {
        "ETag": f'"{body.sha256}-{encoded}"' if encoded else f'"{body.sha256}"',
        "Last-Modified": format_datetime(changed, usegmt=True),
        "Vary": "Accept-Encoding",
        "Cache-Control": cache,
    } | safety(content_type(published.path))


def unchanged(asked: Headers, answer: dict[str, str]) -> bool:
    """Return whether who asked already has what *answer* describes."""
    conditions = {
        # Several lines of a list header are one list (RFC 9110 §5.3).
        "if-none-match": ", ".join(asked.getlist("if-none-match")),
        "if-modified-since": asked.get("if-modified-since", ""),
    }
    return _CONDITIONS.is_not_modified(Headers(answer), Headers(conditions))
