"""The headers of an answer: what it is, how long it holds, and what a browser may do with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from posixpath import splitext

from aggregator.edition import is_feed
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
_OPML = "text/x-opml; charset=utf-8"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".md": "text/plain; charset=utf-8",
    ".opml": _OPML,
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",  # application/rss+xml would be downloaded, not shown
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}
_NAMED = {"feed.json": "application/feed+json", "feeds": _OPML}  # in /.well-known


def content_type(path: str) -> str:
    """Return the media type of the document at *path*; what is unknown is not to be shown."""
    name = path.rpartition("/")[2]
    return _NAMED.get(name) or _TYPES.get(splitext(name)[1], "application/octet-stream")


def types() -> list[tuple[str, str]]:
    """Return (ending of a name, media type) of what is published; `feed.json` differs from it."""
    return [(suffix.removeprefix("."), kind) for suffix, kind in _TYPES.items()]


def policy(media_type: str) -> str:
    """Return what a browser may do with an answer of this type (Content Security Policy)."""
    return _PAGE_POLICY if media_type.startswith("text/html") else _POLICY


def safety(media_type: str) -> dict[str, str]:
    """Return what every answer says to a browser, errors too, for one of this type."""
    return {
        "Content-Security-Policy": policy(media_type),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


@cache
def caching(max_age: timedelta, by: str = "public") -> str:
    """Return the Cache-Control of what may be kept for *max_age* (RFC 9111 §5.2.2, RFC 5861).

    *by* says who may keep it.
    """
    seconds = round(max_age.total_seconds())
    return (
        f"{by}, max-age={seconds}, stale-while-revalidate={seconds}, "
        f"stale-if-error={round(STALE_IF_ERROR.total_seconds())}"
    )


def news(earlier: str, max_age: timedelta) -> dict[str, str]:
    """Return what a 226 says besides a 200: that it is no whole document (RFC 3229 §10).

    *earlier* is the entity tag of the edition that the reader has. No cache may give the answer to
    others; those that know of it (`im`) may keep it.
    """
    return {
        "IM": "feed",
        "Delta-Base": f'"{earlier}"',
        "Cache-Control": caching(max_age, "no-store, im"),
    }


def validators(
    published: Published, body: Body, encoded: str, max_age: timedelta
) -> dict[str, str]:
    """Return the headers that a 200 and a 304 share (RFC 9110 §15.4.5).

    The strong ETag is the hash of the document, with a mark for each encoding of it (§8.8.3.3).
    Last-Modified is never later than now, whatever the clock once was (§8.8.2.1).
    """
    changed = min(published.changed_at, datetime.now(UTC)).astimezone(UTC)
    links = {"Link": body.links} if body.links else {}
    return {
        "ETag": f'"{body.sha256}-{encoded}"' if encoded else f'"{body.sha256}"',
        "Last-Modified": format_datetime(changed, usegmt=True),
        "Vary": "Accept-Encoding, A-IM" if is_feed(published.path) else "Accept-Encoding",
        "Cache-Control": caching(max_age),
        **links,
    } | safety(content_type(published.path))
