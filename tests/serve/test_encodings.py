"""Compressed answers: RFC 9110 §12.5.3 and one validator for each encoding."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
import pytest
from backports import zstd

from aggregator.coding.encoding import CODINGS, compressible
from aggregator.serve.headers import content_type
from tests.serve.conftest import FEED, Shelf, Site

DECODE: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "zstd": zstd.decompress,
    "gzip": gzip.decompress,
}


def raw_body(site: Site, accept: str) -> bytes:
    request = f"GET /all/rss.xml HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {accept}\r\n"
    answer = site.raw(request.encode() + b"Connection: close\r\n\r\n")
    return answer.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize(
    ("accept", "encoded"),
    [
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate, zstd", "zstd"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip;q=0.5, br;q=0.501, zstd;q=0.5", "br"),
        ("deflate, gzip;q=1.0, *;q=0.5", "gzip"),
        ("br;q=0, gzip;q=0.001", "gzip"),
        ("br;q=0, zstd;q=0, *", "gzip"),
        ("gzip, identity", "gzip"),
        ("*", "gzip"),
        ("identity;q=0", None),  # nothing that we have is accepted: as if it had not been said
        ("identity, gzip;q=0.5", None),
        ("gzip;q=0", None),
        ("gzip; q=0.000, identity", None),
        ("gzip;q=abc", None),
        ("*;q=0", None),
        ("identity", None),
        ("deflate", None),
        ("", None),
        ("notgzip", None),
        (",;,;q=1,", None),
    ],
)
def test_the_coding_that_is_wanted_most_is_used(
    site: Site, accept: str, encoded: str | None
) -> None:
    answer = site.ask("HEAD", "/all/rss.xml", {"Accept-Encoding": accept})
    assert answer.headers.get("Content-Encoding") == encoded
    assert (int(answer.headers["Content-Length"]) < len(FEED)) == bool(encoded)
    assert answer.headers["Vary"].startswith("Accept-Encoding")


@pytest.mark.parametrize("coding", CODINGS)
def test_an_encoded_body_is_the_document_and_the_same_whenever_it_is_made(
    site: Site, coding: str
) -> None:
    body = raw_body(site, coding)
    assert DECODE[coding](body) == FEED
    assert len(body) < len(FEED)
    assert body == CODINGS[coding].encode(FEED)


def test_a_gzip_body_has_nothing_of_the_clock_in_it(site: Site) -> None:
    assert raw_body(site, "gzip")[4:8] == b"\0\0\0\0"


def test_several_lines_of_accepted_codings_are_one_list(site: Site) -> None:
    request = b"GET /all/rss.xml HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    lines = b"Accept-Encoding: gzip;q=0.5\r\nAccept-Encoding: br\r\n\r\n"
    assert b"content-encoding: br\r\n" in site.raw(request + lines)


@pytest.mark.parametrize("coding", CODINGS)
def test_each_encoding_has_a_strong_etag_of_its_own(site: Site, coding: str) -> None:
    plain = site.get("/all/rss.xml").headers["ETag"]
    encoded = site.ask("HEAD", "/all/rss.xml", {"Accept-Encoding": coding}).headers["ETag"]
    assert encoded == f'{plain[:-1]}-{coding}"'
    assert not plain.startswith("W/")


def test_pictures_are_not_compressed_again(site: Site, shelf: Shelf) -> None:
    shelf.put("logo.png", b"\x89PNG" * 1000)
    answer = site.get("/logo.png", {"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Content-Type"] == "image/png"


@pytest.mark.parametrize(
    "path",
    ["a.css", "a.html", "feed.json", "a.json", "a.md", "a.opml", "a.svg", "a.txt", "a.xml",
     ".well-known/feeds"],
)  # fmt: skip
def test_every_kind_of_text_is_compressed(path: str) -> None:
    assert compressible(path)
    assert content_type(path) != "application/octet-stream"
