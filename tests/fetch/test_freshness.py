from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.fetch.freshness import freshness, read_date

NOW = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
HOUR_ON = "Sun, 06 Nov 1994 09:49:37 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"age": "10"}, None),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, Max-Age = 600, must-revalidate"}, 600),
        ({"cache-control": 'max-age="600"'}, 600),
        ({"cache-control": "max-age=600, max-age=5"}, 600),
        ({"cache-control": "max-age=0"}, 0),
        ({"cache-control": "max-age=-5"}, 0),
        ({"cache-control": "max-age=soon"}, 0),
        ({"cache-control": "max-age"}, 0),
        ({"cache-control": "max-age=99999999999999999999"}, 9999999999),
        ({"cache-control": "s-maxage=600"}, 0),
        ({"cache-control": "s-maxage=9, max-age=600"}, 600),
        ({"cache-control": "stale-while-revalidate=9, x-max-age=3"}, 0),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"cache-control": "max-age=600, no-store"}, 0),
        ({"cache-control": 'max-age=600, no-cache="Age, Set-Cookie"'}, 600),
        ({"cache-control": "max-age=600", "age": "200"}, 400),
        ({"cache-control": "max-age=600", "age": "700"}, 0),
        ({"cache-control": "max-age=600", "age": "old"}, 600),
        ({"expires": HOUR_ON}, 3600),
        ({"expires": HOUR_ON, "date": "Sun, 06 Nov 1994 09:00:37 GMT"}, 2940),
        ({"expires": HOUR_ON, "date": "Sun, 06 Nov 1994 10:49:37 GMT"}, 0),
        ({"expires": HOUR_ON, "age": "600"}, 3000),
        ({"expires": "0"}, 0),
        ({"expires": "-1", "cache-control": "max-age=600"}, 600),
        ({"expires": HOUR_ON, "cache-control": "max-age=0"}, 0),
        ({"expires": HOUR_ON, "cache-control": "public"}, 3600),
    ],
)
def test_for_how_long_an_answer_is_fresh(headers: dict[str, str], seconds: int | None) -> None:
    assert freshness(headers, NOW) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 6 Nov 1994 09:49:37 +0100",
    ],
)
def test_a_date_is_read_in_every_form_that_http_has(text: str) -> None:
    assert read_date(text) == NOW


@pytest.mark.parametrize(
    "text", ["", "0", "soon", "2026-11-22T12:00:00Z", "Sun, 99 Nov 1994", "\0"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) is None
