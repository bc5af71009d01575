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

A large one is not written anew for each change: what has changed since stands beside it, in
`manifest.changes.json`, as it does in the other, with null for a document that is gone. It counts
where it is of a later generation, so there is no moment in which the two contradict each other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

PATH = "manifest.json"
CHANGES = "manifest.changes.json"
LARGE = 10_000_000
"""Bytes, of 80,000 documents: below that the manifest alone tells everything, whoever reads it."""
BESIDE = 250_000
"""Bytes: so much may stand beside a large one before it is put into it."""

Hashes = Mapping[str, str | None]
"""Path → SHA-256 in hexadecimal; None for a document that is gone."""

_START = '{{\n"generation": {},\n"documents": {{\n'
_HEAD = re.compile(rb'\{\n"generation": (\d+),\n"documents": \{\n')
_END = b"}}\n"
_LONGEST_HEAD = 100  # bytes
_BETWEEN = b",\n"


def render(hashes: Hashes, generation: int) -> bytes:
    """Return the manifest of these documents, or what has changed beside one."""
    lines = sorted(_line(path, digest) for path, digest in hashes.items())
    head = _START.format(generation).encode()
    return head + _BETWEEN.join(lines) + b"\n" * bool(lines) + _END


def edit(old: bytes, changes: Hashes, generation: int) -> bytes:
    """Return manifest *old* with these changes, as that of a later *generation*.

    Raises ValueError where *old* is not as `render` writes it.
    """
    head = _HEAD.match(old)
    if head is None or not old.endswith(_END):
        raise ValueError("is not a manifest")
    lines = {_key(path): _line(path, digest) if digest else b"" for path, digest in changes.items()}
    pieces = list(_spliced(old, head.end(), lines))
    if pieces:  # the last line has no comma
        pieces[-1] = bytes(pieces[-1][: -len(_BETWEEN)]) + b"\n"
    return b"".join((_START.format(generation).encode(), *pieces, _END))


def read(manifest: bytes, beside: bytes = b"") -> dict[str, str]:
    """Return path → SHA-256 of every document in a manifest with the changes *beside* it.

    Raises ValueError or LookupError where either is damaged.
    """
    found: dict[str, str] = json.loads(manifest)["documents"]
    if _generation(beside) > _generation(manifest):
        for path, digest in json.loads(beside)["documents"].items():
            if digest is None:
                found.pop(path, None)
            else:
                found[path] = digest
    return found


def documents(folder: Path) -> dict[str, str]:
    """Return what `read` does of the manifest in *folder*; raises OSError where there is none."""
    return read((folder / PATH).read_bytes(), _beside(folder))


def changes(folder: Path) -> dict[str, str | None]:
    """Return what has changed since the manifest in *folder* was written.

    Raises ValueError or LookupError where that is damaged.
    """
    beside = _beside(folder)
    if _generation(beside) <= _generation(_head(folder / PATH)):
        return {}
    found: dict[str, str | None] = json.loads(beside)["documents"]
    return found


def generation(folder: Path) -> int:
    """Return how often anything in the published *folder* has changed; 0 where nobody knows."""
    whole = _generation(_head(folder / PATH))
    return max(whole, _generation(_head(folder / CHANGES))) if whole else 0


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST_HEAD)
    except OSError:
        return b""


def _beside(folder: Path) -> bytes:
    try:
        return (folder / CHANGES).read_bytes()
    except FileNotFoundError:
        return b""


def _generation(manifest: bytes) -> int:
    head = _HEAD.match(manifest)
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


def _line(path: str, digest: str | None) -> bytes:
    return _key(path) + (f'"{digest}"' if digest else "null").encode()


def _key(path: str) -> bytes:
    """Return what the line of the document at *path* begins with."""
    return f"{json.dumps(path)}: ".encode()
