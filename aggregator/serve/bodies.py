"""The bytes of published documents, read once from the folder and kept in memory by their hash.

Only the server's event loop touches what is kept, so there is no lock around it; reading, hashing
and compressing are done in a thread, once for each document and encoding.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections import OrderedDict
from collections.abc import Collection
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool

from aggregator.coding.encoding import CODINGS
from aggregator.edition import newer
from aggregator.serve.library import Held, Published
from aggregator.serve.links import link_header

_STRIPES = 16  # so many documents are read at a time


class Body(NamedTuple):
    """What goes over the wire; `sha256` is the hash of the bytes before they were encoded.

    `links` is the Link header that the document asks for.
    """

    sha256: str
    data: bytes
    links: str = ""


class Bodies:
    """The documents of *directory*; at most *capacity* bytes of them, the last used, are kept."""

    def __init__(self, directory: Path, capacity: int) -> None:
        self._directory = directory
        self._capacity = capacity
        self._size = 0
        self._kept: OrderedDict[tuple[str, ...], Body] = OrderedDict()
        self._locks = tuple(asyncio.Lock() for _ in range(_STRIPES))

    async def newer(self, published: Published, held: Held, coding: str) -> Body | None:
        """Return the feed *published* without the entries that were *held* before, encoded.

        None where none of its entries were. Its `sha256` is that of the whole feed.
        """
        whole = await self.get(published, "")
        key = (whole.sha256, held.sha256, coding)
        if body := self._kept.get(key):
            self._kept.move_to_end(key)
            return body
        body = await run_in_threadpool(_without, whole, held.entries, coding)
        if body is not None:
            self._keep(key, body)
        return body

    async def get(self, published: Published, coding: str) -> Body:
        """Return the bytes of *published*, encoded with *coding* ("" for as they are).

        A document that is being replaced while it is read comes as what it has become, under the
        hash it then has; it is whole either way, since files are renamed into place. Raises OSError
        where there is no such regular file inside the folder.
        """
        key = (published.sha256, coding)
        if body := self._kept.get(key):
            self._kept.move_to_end(key)
            return body
        async with self._locks[hash(key) % _STRIPES]:
            if body := self._kept.get(key):
                return body
            body = await run_in_threadpool(_load, self._directory, published.path, coding)
            self._keep((body.sha256, coding), body)
            return body

    def _keep(self, key: tuple[str, ...], body: Body) -> None:
        if key in self._kept or len(body.data) > self._capacity:
            return
        self._kept[key] = body
        self._size += len(body.data)
        while self._size > self._capacity:
            _, dropped = self._kept.popitem(last=False)
            self._size -= len(dropped.data)


def _load(directory: Path, path: str, coding: str) -> Body:
    data = _read(directory.resolve(), path)
    return Body(sha256(data).hexdigest(), _encoded(data, coding), link_header(path, data))


def _without(whole: Body, held: Collection[bytes], coding: str) -> Body | None:
    data = newer(whole.data, held)
    return None if data is None else whole._replace(data=_encoded(data, coding))


def _encoded(data: bytes, coding: str) -> bytes:
    return CODINGS[coding].encode(data) if coding else data


def _read(directory: Path, path: str) -> bytes:
    """Return the bytes of the regular file at *path*; neither a link nor `..` leads elsewhere."""
    file = directory / path
    if file.resolve() != file:
        raise OSError("is a link or leads out of the published folder")
    # Without O_NONBLOCK, opening a named pipe would wait for somebody to write into it.
    with os.fdopen(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise OSError("is not a regular file")
        return opened.read()
