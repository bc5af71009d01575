"""Compressed answers: RFC 9110 §12.5.3 and one validator for each encoding."""

from __future__ import annotations

import gzip

import pytest

from tests.serve.conftest import FEED, Shelf, Site


@pytest.mark.parametrize(
    ("accept", "encoded"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("deflate, gzip;q=1.0, *;q=0.5", True),
        ("br;q=1, gzip;q=0.001", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, identity", False),
        ("identity", False),
        ("br", False),
        ("*", False),
        ("", False),
        ("notgzip", False),
    ],
)
def test_gzip_is_used_where_it_is_asked_for(site: Site, accept: str, encoded: bool) -> None:
    answer = site.get("/all/rss.xml", {"Accept-Encoding": accept})
    assert answer.content == FEED
    assert answer.headers.get("Content-Encoding") == ("gzip" if encoded else None)
    assert (int(answer.headers["Content-Length"]) < len(FEED)) == encoded
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_each_encoding_has_a_strong_etag_of_its_own(site: Site) -> None:
    plain = site.get("/all/rss.xml").headers["ETag"]
    zipped = site.get("/all/rss.xml", {"Accept-Encoding": "gzip"}).headers["ETag"]
    assert zipped == f'{plain[:-1]}-gzip"'
    assert not plain.startswith("W/")


def test_a_compressed_answer_is_one_gzip_stream_with_nothing_of_the_clock_in_it(site: Site) -> None:
    request = b"GET /all/rss.xml HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n"
    answer = site.raw(request + b"Connection: close\r\n\r\n")
    body = answer.partition(b"\r\n\r\n")[2]
    assert gzip.decompress(body) == FEED
    assert body[4:8] == b"\0\0\0\0"


def test_pictures_are_not_compressed_again(site: Site, shelf: Shelf) -> None:
    shelf.put("logo.png", b"\x89PNG" * 1000)
    answer = site.get("/logo.png", {"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Content-Type"] == "image/png"
