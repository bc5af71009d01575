"""Content codings made: a document is compressed once, and then kept for all who accept it."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from posixpath import splitext
from typing import NamedTuple

import brotli

from aggregator.coding import zstd

# A level higher each of them takes ten times as long for one hundredth less (60 kB of feed).
_GZIP_LEVEL, _BROTLI_QUALITY, _ZSTD_LEVEL = 6, 5, 9
_TEXTS = frozenset((".css", ".html", ".json", ".md", ".opml", ".svg", ".txt", ".xml"))


class Coding(NamedTuple):
    """How a body is encoded, and the ending of a file that holds it so."""

    encode: Callable[[bytes], bytes]
    suffix: str


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, _GZIP_LEVEL, mtime=0)


def _brotli(data: bytes) -> bytes:
    encoded: bytes = brotli.compress(data, quality=_BROTLI_QUALITY)
    return encoded


def _zstd(data: bytes) -> bytes:
    return zstd.compress(data, _ZSTD_LEVEL)


CODINGS: Mapping[str, Coding] = {
    "br": Coding(_brotli, ".br"),
    "zstd": Coding(_zstd, ".zst"),
    "gzip": Coding(_gzip, ".gz"),
}
"""By their names in HTTP, the one that makes a feed smallest first. The same bytes in are the same
bytes out, whenever that is."""


def compressible(path: str) -> bool:
    """Return whether the document at *path* becomes smaller: pictures are compressed already."""
    return splitext(path)[1] in _TEXTS or path == ".well-known/feeds"
