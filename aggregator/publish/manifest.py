"""`manifest.json`: every published document with its SHA-256, and how often anything has changed.

    {
    "generation": 12,
    "documents": {
    "404.html": "9f86d0…",
    "all/atom.xml": "60303a…"
    }}

Each document has a line of its own and the lines are in the order of their bytes, so that a change
is put in where bisection finds its place: among 40,000 documents in 3 ms, where reading and writing
all of them as JSON takes 40.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

PATH = "manifest.json"

_START = '{{\n"generation": {},\n"documents": {{\n'
_HEAD = re.compile(rb'\{\n"generation": (\d+),\n"documents": \{\n')
_END = b"}}\n"
_LONGEST_HEAD = 100  # bytes
_BETWEEN = b",\n"


def render(hashes: Mapping[str, str], generation: int) -> bytes:
    """Return the manifest of documents given as path → SHA-256 in hexadecimal."""
    lines = sorted(_line(path, digest) for path, digest in hashes.items())
    head = _START.format(generation).encode()
    return head + _BETWEEN.join(lines) + b"\n" * bool(lines) + _END


def edit(old: bytes, changed: Mapping[str, str], removed: Iterable[str]) -> bytes:
    """Return manifest *old* with these documents set and those gone, one generation later.

    Raises ValueError where *old* is not as `render` writes it.
    """
    head = _HEAD.match(old)
    if head is None or not old.endswith(_END):
        raise ValueError("is not a manifest")
    lines = {_line(path, "")[:-1]: b"" for path in removed}
    lines |= {_line(path, "")[:-1]: _line(path, digest) for path, digest in changed.items()}
    pieces = list(_spliced(old, head.end(), lines))
    if pieces:  # the last line has no comma
        pieces[-1] = bytes(pieces[-1][: -len(_BETWEEN)]) + b"\n"
    return b"".join((_START.format(int(head[1]) + 1).encode(), *pieces, _END))


def read(manifest: bytes) -> dict[str, str]:
    """Return path → SHA-256 of every document in a manifest."""
    documents: dict[str, str] = json.loads(manifest)["documents"]
    return documents


def generation(folder: Path) -> int:
    """Return how often anything in the published *folder* has changed; 0 where nobody knows."""
    try:
        with (folder / PATH).open("rb") as file:
            head = _HEAD.match(file.read(_LONGEST_HEAD))
    except OSError:
        return 0
    return int(head[1]) if head else 0


def _spliced(old: bytes, start: int, lines: Mapping[bytes, bytes]) -> Iterator[bytes | memoryview]:
    """Yield the lines of *old* from *start* on in large pieces, and *lines* in their places.

    These are by their beginnings, what they begin with; one that is b"" is to be gone. All end
    with a comma.
    """
    end, at = len(old) - len(_END), start
    for key in sorted(lines):
        place = _search(old, key, at, end)
        yield from _piece(old, at, place, end)
        if line := lines[key]:
            yield line + _BETWEEN
        at = old.index(b"\n", place) + 1 if old.startswith(key, place) else place
    yield from _piece(old, at, end, end)


def _piece(old: bytes, start: int, stop: int, end: int) -> Iterator[bytes | memoryview]:
    """Yield the lines from *start* to *stop*; the one before *end* has no comma yet."""
    if start < stop:
        yield memoryview(old)[start:stop] if stop < end else old[start : stop - 1] + _BETWEEN


def _search(old: bytes, key: bytes, low: int, high: int) -> int:
    """Return where the first line stands that is not before *key* (bisection)."""
    first = low
    while low < high:
        middle = (low + high) // 2
        start = max(old.rfind(b"\n", first, middle) + 1, first)
        if old[start : start + len(key)] < key:
            low = old.index(b"\n", middle) + 1
        else:
            high = start
    return low


def _line(path: str, digest: str) -> bytes:
    return f'{json.dumps(path)}: "{digest}"'.encode()
