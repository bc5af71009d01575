"""For how long readers are told of what was removed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from aggregator.config.settings import Publish
from aggregator.model import Article

AT_LEAST = timedelta(hours=72)  # most readers ask again within that time


class Told(NamedTuple):
    """The removed articles that readers are told of, and when that changes next.

    `until` is None where it does not depend on the time.
    """

    removed: tuple[Article, ...] = ()
    until: datetime | None = None


def told(
    removed: Sequence[Article], articles: Sequence[Article], publish: Publish, now: datetime
) -> Told:
    """Return those of *removed* that a reader may still hold of a feed with *articles* in it now.

    Those are the articles removed within the feed's window, or within 72 hours; and those that
    would stand in the feed, which a reader that never deletes shows as long.
    """
    kept = [
        one
        for one in removed
        if any(end >= now for end in _ends(one, publish)) or _fits(one, articles, publish)
    ]
    ends = [end for one in kept for end in _ends(one, publish) if end >= now]
    return Told(tuple(kept), min(ends, default=None))


def _ends(article: Article, publish: Publish) -> Iterator[datetime]:
    """Yield when it has been known for long enough, and when it would have left the window."""
    if article.removal is not None:
        yield article.removal.at + max(publish.window or AT_LEAST, AT_LEAST)
    if publish.window is not None:
        yield article.published + publish.window


def _fits(article: Article, articles: Sequence[Article], publish: Publish) -> bool:
    """Say whether *article* would be among the newest, where those are all that a feed shows."""
    if publish.window is not None:
        return False
    return len(articles) < publish.entries or article.published > articles[-1].published
