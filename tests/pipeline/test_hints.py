from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.fetch.exchange import Fetched, NotModified
from aggregator.model import Feed, Hints
from aggregator.pipeline.hints import confirmed, hints_of

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KNOWN = Hints(600, 3600, frozenset({1}), frozenset({6}))


def test_a_document_says_everything_anew() -> None:
    feed = Feed(min_interval=60, skip_hours=frozenset({3}))
    answer = Fetched("", b"", headers={"cache-control": "max-age=30"})
    assert hints_of(feed, answer, NOW) == Hints(30, 60, frozenset({3}), frozenset())
    assert hints_of(Feed(), Fetched("", b""), NOW) == Hints()


@pytest.mark.parametrize(
    ("status", "headers", "fresh"),
    [
        (304, {}, 600),
        (304, {"cache-control": "max-age=30"}, 30),
        (304, {"cache-control": "no-cache"}, 0),
        (304, {"expires": "Sun, 22 Nov 2026 12:01:00 GMT"}, 60),
        (200, {"cache-control": "max-age=30"}, 30),
        (200, {}, 0),
    ],
)
def test_an_answer_without_a_document_leaves_the_feeds_wishes(
    status: int, headers: dict[str, str], fresh: int
) -> None:
    answer = NotModified("", headers=headers, status=status)
    assert confirmed(KNOWN, answer, NOW) == Hints(fresh, 3600, frozenset({1}), frozenset({6}))


def test_absurd_numbers_are_cut() -> None:
    answer = Fetched("", b"", headers={"cache-control": "max-age=99999999999"})
    hints = hints_of(Feed(min_interval=10**12), answer, NOW)
    assert max(hints.fresh, hints.interval) <= 366 * 86400
