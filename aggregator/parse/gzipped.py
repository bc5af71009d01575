"""Documents that are gzip files, whatever their headers say: `feed.xml.gz` (RFC 1952)."""

from __future__ import annotations

import zlib

from aggregator.errors import ParseError, TruncatedError

MARK = b"\x1f\x8b"
"""What a gzip file begins with."""
LARGEST = 10_000_000  # bytes, unfolded


def unfolded(body: bytes, max_size: int) -> bytes:
    """Return *body* as it was before gzip, or as it is; ParseError where it is cut or a bomb."""
    found = b""
    while body.startswith(MARK):
        gzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            found += gzip.decompress(body, max_size + 1 - len(found))
        except zlib.error as error:
            raise ParseError("is broken gzip", code="E302") from error
        if len(found) > max_size:
            raise ParseError(
                f"unfolds to more than {max_size} bytes; raise the source's max_size if meant so",
                code="E219",
            )
        if not gzip.eof:
            raise TruncatedError("is only the first part of a gzip file")
        body = gzip.unused_data
        if not body.startswith(MARK):
            return found
    return body
