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
from collections.abc import Iterable, Mapping
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
    lines = _Lines(old, head.end())
    for path in (*removed, *changed):
        lines.remove(path)
    for path, digest in changed.items():
        lines.add(path, digest)
    return lines.finish(int(head[1]) + 1)


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


class _Lines:
    """The lines of a manifest, edited where they are: a copy of them costs more than the search."""

    def __init__(self, old: bytes, start: int) -> None:
        self._data = bytearray(old)
        self._start = start
        if self._end > start:
            self._data[self._end - 1 : self._end - 1] = b","  # so that every line ends alike

    @property
    def _end(self) -> int:
        return len(self._data) - len(_END)

    def remove(self, path: str) -> None:
        key = _line(path, "")[:-1]
        at = self._search(key)
        if self._data.startswith(key, at):
            del self._data[at : self._data.index(b"\n", at) + 1]

    def add(self, path: str, digest: str) -> None:
        line = _line(path, digest)
        at = self._search(line)
        self._data[at:at] = line + _BETWEEN

    def finish(self, generation: int) -> bytes:
        if self._end > self._start:
            del self._data[self._end - len(_BETWEEN)]
        self._data[: self._start] = _START.format(generation).encode()
        return bytes(self._data)

    def _search(self, key: bytes) -> int:
        """Return where the first line stands that is not before *key* (bisection)."""
        low, high = self._start, self._end
        while low < high:
            middle = (low + high) // 2
            start = max(self._data.rfind(b"\n", low, middle) + 1, low)
            if self._data[start : start + len(key)] < key:
                low = self._data.index(b"\n", middle) + 1
            else:
                high = start
        return low


def _line(path: str, digest: str) -> bytes:
    return f'{json.dumps(path)}: "{digest}"'.encode()
