"""Conditional requests: RFC 9110 §13 as feed readers send it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from tests.serve.conftest import CHANGED, FEED, Shelf, Site

SHA = hashlib.sha256(FEED).hexdigest()
TAG = f'"{SHA}"'
ZIP = f'"{SHA}-gzip"'
BR = f'"{SHA}-br"'
SAME = "Fri, 20 Nov 2026 08:30:15 GMT"
BEFORE = "Fri, 20 Nov 2026 08:30:14 GMT"
AFTER = "Sat, 21 Nov 2026 00:00:00 GMT"


def asked(
    tag: str | None = None, since: str | None = None, accept: str = "identity"
) -> dict[str, str]:
    headers = {"If-None-Match": tag, "If-Modified-Since": since, "Accept-Encoding": accept}
    return {name: value for name, value in headers.items() if value is not None}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (asked(), 200),
        (asked(TAG), 304),
        (asked('"other"'), 200),
        (asked(f"W/{TAG}"), 304),
        (asked(f'"a", {TAG}'), 304),
        (asked(f'W/"a",{TAG} , "b"'), 304),
        (asked(f'"a", W/{TAG}'), 304),
        (asked('"a", "b"'), 200),
        (asked("*"), 304),
        (asked(SHA), 200),  # without its quotes it is no entity tag
        (asked(f'"{SHA.upper()}"'), 200),
        (asked(f'"{SHA[:-1]}"'), 200),
        (asked('""'), 200),
        (asked(""), 200),
        (asked("", SAME), 304),
        (asked(since=SAME), 304),
        (asked(since=AFTER), 304),
        (asked(since=BEFORE), 200),
        (asked(since="Friday, 20-Nov-26 08:30:15 GMT"), 304),
        (asked(since="Fri Nov 20 08:30:15 2026"), 304),
        (asked(since="Fri, 20 Nov 2026 08:30:15"), 304),
        (asked(since="20 Nov 2026 08:30:15 +0000"), 304),
        (asked(since="Fri, 20 Nov 2026 16:30:15 +0800"), 304),
        (asked(since="Fri, 20 Nov 2026 16:30:14 +0800"), 200),
        (asked(since="Fri, 20 Nov 2026 08:30:15 GMT; length=9"), 304),
        (asked(since="Fri, 20 Nov 99999 08:30:15 GMT"), 200),
        (asked(since="Fri, 99 Nov 2026 99:99:99 GMT"), 200),
        (asked(since="Thu, 01 Jan 1970 00:00:00 GMT"), 200),
        (asked(since="yesterday"), 200),
        (asked(since=""), 200),
        (asked('"other"', AFTER), 200),
        (asked(TAG, BEFORE), 304),
        (asked("*", BEFORE), 304),
        (asked('"a,b", ' + TAG), 304),
        (asked(SHA, AFTER), 200),
        (asked(BR, accept="br, gzip"), 304),
        (asked(ZIP, accept="br, gzip"), 200),
        (asked(TAG, accept="gzip"), 200),
        (asked(ZIP, accept="gzip"), 304),
        (asked(f"W/{ZIP}", accept="gzip"), 304),
        (asked(f"{TAG}, {ZIP}", accept="gzip"), 304),
        (asked(ZIP), 200),
        (asked(since=SAME, accept="gzip"), 304),
    ],
)
def test_a_condition_decides_between_200_and_304(
    site: Site, headers: dict[str, str], status: int
) -> None:
    answer = site.get("/all/rss.xml", headers)
    assert answer.status_code == status
    assert bool(answer.content) == (status == 200)
    assert site.ask("HEAD", "/all/rss.xml", headers).status_code == status


def test_several_lines_of_a_condition_are_one_list(site: Site) -> None:
    lines = f'If-None-Match: "a"\r\nIf-None-Match: {TAG}\r\n'
    request = f"GET /all/rss.xml HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{lines}\r\n"
    assert site.raw(request.encode()).startswith(b"HTTP/1.1 304 ")


@pytest.mark.parametrize("accept", ["identity", "gzip", "br", "zstd"])
def test_a_304_repeats_the_headers_of_the_200(site: Site, accept: str) -> None:
    whole = site.ask("HEAD", "/all/rss.xml", {"Accept-Encoding": accept})
    none = site.get(
        "/all/rss.xml", {"Accept-Encoding": accept, "If-None-Match": whole.headers["ETag"]}
    )
    described = {"content-type", "content-length", "content-encoding", "date"}
    kept = {name: value for name, value in whole.headers.items() if name not in described}
    assert {"etag", "last-modified", "vary", "cache-control"} <= kept.keys()
    assert {name: none.headers[name] for name in kept} == kept
    assert "content-length" not in none.headers


def test_the_same_bytes_keep_their_etag_and_other_bytes_get_another(
    site: Site, shelf: Shelf
) -> None:
    first = site.get("/all/rss.xml").headers["ETag"]
    shelf.put("all/rss.xml", FEED, CHANGED + timedelta(days=1))
    assert site.get("/all/rss.xml").headers["ETag"] == first
    shelf.put("all/rss.xml", FEED + b"<!-- more -->")
    assert site.get("/all/rss.xml").headers["ETag"] != first


def test_a_last_change_in_another_zone_is_told_in_gmt(site: Site, shelf: Shelf) -> None:
    shelf.put("all/rss.xml", FEED, datetime.fromisoformat("2026-11-20T16:30:15+08:00"))
    assert site.get("/all/rss.xml").headers["Last-Modified"] == SAME
    shelf.put("all/rss.xml", FEED, datetime(2026, 11, 20, 8, 30, 15, tzinfo=UTC))
    assert site.get("/all/rss.xml").headers["Last-Modified"] == SAME


def test_a_last_change_in_the_future_is_told_as_now_and_never_taken_for_known(
    site: Site, shelf: Shelf
) -> None:
    shelf.put("all/rss.xml", FEED, datetime.now(UTC) + timedelta(days=1))
    answer = site.get("/all/rss.xml")
    told = parsedate_to_datetime(answer.headers["Last-Modified"])
    assert told <= datetime.now(UTC)
    again = site.get("/all/rss.xml", asked(since=answer.headers["Last-Modified"]))
    assert again.status_code == 200
