"""Content codings undone piece by piece, so that no answer can fill the memory.

urllib3 can do this too, but takes a gzip body that breaks off for a whole one, and lets a zstd
frame demand a window of 128 MB (RFC 9659 allows 8).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping

import brotli

from aggregator.coding import zstd
from aggregator.errors import FetchError

ACCEPT = "gzip, deflate, br, zstd"
PIECE = 1 << 16  # bytes that one step puts out, about
_MEANINGLESS = frozenset({"", "identity", "none", "utf-8", "binary"})  # sent by some, all the same
_MOST = 2  # codings one over the other: some proxies pack what was packed already
_WINDOW: Mapping[int, int] = {zstd.DecompressionParameter.window_log_max: 23}  # 8 MB
_BROKEN = (zlib.error, brotli.error, zstd.ZstdError)


class _CutShortError(Exception):
    """The coded body ends before its own end mark."""


def codings(header: str) -> list[str]:
    """Return what Content-Encoding names, in the order in which it is undone (RFC 9110 §8.4).

    Raises FetchError where a coding is unknown, or where there are more than two.
    """
    named = [name.strip().lower() for name in header.split(",")]
    meant = [name for name in reversed(named) if name not in _MEANINGLESS]
    if len(meant) > _MOST or not _DECODERS.keys() >= set(meant):
        raise FetchError("answered in a content coding that was not asked for", code="E225")
    return meant


def decoded(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    """Yield the body that *pieces* hold in the coding *name*, about PIECE bytes at a time at most.

    Raises FetchError where the body is not in it or ends in the middle.
    """
    try:
        yield from _DECODERS[name](pieces)
    except _CutShortError as error:
        raise FetchError(
            f"ended in the middle of its {name} body; it is asked again", code="E208"
        ) from error
    except _BROKEN as error:
        raise FetchError(f"says that its body is {name}, and it is not", code="E225") from error


def _gzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """RFC 1952: one or more members; what follows them and is none is passed over."""
    machine, whole = None, False
    for data in pieces:
        while data:
            if whole and machine is None and data[0] != 0x1F:
                return
            machine = machine or zlib.decompressobj(31)
            yield from _inflate(machine, data)
            data = machine.unused_data
            if machine.eof:
                machine, whole = None, True
    if machine is not None:
        raise _CutShortError


def _deflate(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """RFC 1950 as the standard says, or bare RFC 1951 as some servers understand it."""
    machine = None
    for data in pieces:
        machine = machine or zlib.decompressobj(15 if data[0] & 0x0F == 8 else -15)
        if not machine.eof:
            yield from _inflate(machine, data)
    if machine is not None and not machine.eof:
        raise _CutShortError


def _inflate(machine: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    out = machine.decompress(data, PIECE)
    yield out
    while not machine.eof and (machine.unconsumed_tail or len(out) == PIECE):
        out = machine.decompress(machine.unconsumed_tail, PIECE)
        yield out


def _br(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """RFC 7932."""
    machine, any_data = brotli.Decompressor(), False
    for data in pieces:
        any_data = True
        out = machine.process(data, output_buffer_limit=PIECE)
        yield out
        # It can hold output back although it would accept input, and pass the limit by half.
        while len(out) >= PIECE or not machine.can_accept_more_data():
            out = machine.process(b"", output_buffer_limit=PIECE)
            yield out
    if any_data and not machine.is_finished():
        raise _CutShortError


def _zstd(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """RFC 8878: one or more frames."""
    machine = None
    for data in pieces:
        while data:
            machine = machine or zstd.ZstdDecompressor(options=_WINDOW)
            yield machine.decompress(data, PIECE)
            while not (machine.needs_input or machine.eof):
                yield machine.decompress(b"", PIECE)
            data = machine.unused_data
            if machine.eof:
                machine = None
    if machine is not None:
        raise _CutShortError


_DECODERS: Mapping[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _br,
    "zstd": _zstd,
}
