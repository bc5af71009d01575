"""What an RSS or Atom document of ours holds, entry by entry, and what is new to who had another.

RFC 3229 with the instance manipulation "feed": who asks with the ETag of an earlier edition gets
the document with only those entries that it did not have, or had otherwise.

An entry is told by a hash of its bytes, so that whatever changes in it makes it new.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from hashlib import blake2b

MARK = 8  # bytes
# All other text is escaped or in elements of other names, so that nothing else looks like these.
_TAG = re.compile(rb"</?(?:item|entry)[\s>]")


def is_feed(path: str) -> bool:
    """Return whether the document at *path* is one that readers ask for again and again.

    JSON Feed is not among them: no reader of it asks for less than all.
    """
    return path.endswith(("/rss.xml", "/atom.xml"))


def marks(document: bytes) -> list[bytes]:
    """Return a mark for each entry of *document*, in their order."""
    return [_mark(document[start:end]) for start, end in _entries(document)]


def newer(document: bytes, held: Collection[bytes]) -> bytes | None:
    """Return *document* without the entries whose marks are *held*, None where it has none."""
    old = [(a, b) for a, b in _entries(document) if _mark(document[a:b]) in held]
    if not old:
        return None
    starts = [*(start for start, _ in old), len(document)]
    ends = [0, *(end for _, end in old)]
    return b"".join(document[end:start] for end, start in zip(ends, starts, strict=True))


def _entries(document: bytes) -> Iterator[tuple[int, int]]:
    """Yield from where to where each entry stands, with the end of its line."""
    tags = _TAG.finditer(document)
    for opening, closing in zip(tags, tags, strict=False):
        end = closing.end()
        yield opening.start(), end + document.startswith(b"\n", end)


def _mark(entry: bytes) -> bytes:
    return blake2b(entry.rstrip(), digest_size=MARK).digest()
