"""What servers and feeds ask of those who poll them, remembered from answer to answer. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from aggregator.fetch.exchange import Fetched, NotModified
from aggregator.fetch.freshness import freshness
from aggregator.fetch.relations import linked
from aggregator.model import Feed, Hints

_MOST = 366 * 86400  # seconds: a number that fits everywhere


def hints_of(feed: Feed, answer: Fetched, now: datetime) -> Hints:
    """Return what a document that came asks for: it replaces everything said before."""
    return Hints(
        fresh=min(freshness(answer.headers, now) or 0, _MOST),
        interval=min(feed.min_interval or 0, _MOST),
        skip_hours=feed.skip_hours,
        skip_days=feed.skip_days,
    )


def confirmed(hints: Hints, answer: NotModified, now: datetime) -> Hints:
    """Return what holds after an answer without a document: the feed's own wishes do.

    What a 304 leaves out holds as well (RFC 9111 §4.3.4); a 200, whose document we happened to
    have, says all there is to say.
    """
    fresh = freshness(answer.headers, now)
    if fresh is None and answer.status == 304:
        return hints
    return replace(hints, fresh=min(fresh or 0, _MOST))


def hub_of(feed: Feed, answer: Fetched) -> tuple[str, str]:
    """Return the hub that a document names, and what it calls itself there (WebSub §4).

    The header counts before the document. Both are "" where no hub is named; a document that does
    not say what it is called has the address it came from.
    """
    hub = linked(answer.headers, "hub", answer.url) or feed.hub
    topic = linked(answer.headers, "self", answer.url) or feed.self_link or answer.url
    return (hub, topic) if hub else ("", "")
