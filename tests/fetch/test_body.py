from __future__ import annotations

import gzip
import os
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import brotli
import pytest
from backports import zstd

from aggregator.errors import FetchError
from aggregator.fetch import Fetched, Request
from tests.fetch.desk import fetching
from tests.fetch.server import Answer, Heard, Server, for_ever, reply, slowly

LIMIT = 100_000
MB = 1_000_000
BODY = b"<rss>" + os.urandom(50_000) + b"</rss>"


def raw_deflate(body: bytes) -> bytes:
    machine = zlib.compressobj(wbits=-15)
    return machine.compress(body) + machine.flush()


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "GZip": ("GZip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "gzip of two members": ("gzip", lambda b: gzip.compress(b[:999]) + gzip.compress(b[999:])),
    "gzip with zeros after it": ("gzip", lambda b: gzip.compress(b) + b"\0" * 512),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", raw_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
    "zstd of two frames": ("zstd", lambda b: zstd.compress(b[:999]) + zstd.compress(b[999:])),
    "gzip twice": ("gzip, GZip", lambda b: gzip.compress(gzip.compress(b))),
    "br over gzip": ("gzip,br", lambda b: brotli.compress(gzip.compress(b))),
    "gzip and words that mean nothing": ("identity, gzip,", gzip.compress),
    "identity": ("identity", bytes),
    "utf-8, which is no coding": ("utf-8", bytes),
}
REAL = [name for name in CODINGS if name in ("gzip", "deflate", "br", "zstd")]


def chunked(*pieces: bytes, end: bytes = b"0\r\n\r\n") -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    for piece in pieces:
        yield b"%x\r\n%s\r\n" % (len(piece), piece)
    yield end


def body_of(answer: Answer, max_size: int = LIMIT) -> bytes:
    with Server(lambda heard: answer) as server, fetching(max_size=max_size) as fetcher:
        fetched = fetcher.get(Request(server.url))
    assert isinstance(fetched, Fetched)
    return fetched.body


def fault_of(answer: Answer | Callable[[Heard], Answer], max_size: int = LIMIT) -> str:
    said = answer if callable(answer) else lambda heard: answer
    with (
        Server(said) as server,
        fetching(max_size=max_size) as fetcher,
        pytest.raises(FetchError) as caught,
    ):
        fetcher.get(Request(server.url))
    return str(caught.value)


def coded(coding: str, body: bytes) -> bytes:
    return reply(200, f"Content-Encoding: {coding}", body=body)


@pytest.mark.parametrize(("coding", "pack"), CODINGS.values(), ids=CODINGS)
@pytest.mark.parametrize(
    "body", [BODY, b"x" * LIMIT, b"x", b""], ids=["feed", "long", "x", "empty"]
)
def test_a_coded_body_is_decoded(coding: str, pack: Callable[[bytes], bytes], body: bytes) -> None:
    assert body_of(coded(coding, pack(body))) == body


@pytest.mark.parametrize("name", REAL)
def test_a_coded_body_may_come_in_any_pieces(name: str) -> None:
    coding, pack = CODINGS[name]
    packed = pack(b"<rss>" + b"y" * 70_000)
    head = b"HTTP/1.0 200 OK\r\nContent-Encoding: %s\r\n\r\n" % coding.encode()
    pieces = (packed[at : at + 1] for at in range(len(packed)))
    assert body_of(slowly(head, *pieces, pause=0)) == b"<rss>" + b"y" * 70_000


@pytest.mark.parametrize("name", REAL)
def test_a_coded_body_that_breaks_off_is_reported(name: str) -> None:
    coding, pack = CODINGS[name]
    packed = pack(BODY)
    for end in (3, len(packed) // 2, len(packed) - 1):
        assert "ended in the middle of its" in fault_of(coded(coding, packed[:end]))


@pytest.mark.parametrize("name", REAL)
def test_a_body_that_is_not_what_it_claims_is_reported(name: str) -> None:
    fault = fault_of(coded(name, b"<rss>plain as day, and long enough to be sure</rss>"))
    assert fault == f"says that its body is {name}, and it is not"


@pytest.mark.parametrize("coding", ["compress", "gzip, compress", "gzip, gzip, gzip", "x\x1b[31m"])
def test_a_coding_that_was_not_asked_for_is_reported(coding: str) -> None:
    assert fault_of(coded(coding, gzip.compress(BODY))) == (
        "answered in a content coding that was not asked for"
    )


@pytest.mark.parametrize("name", REAL)
def test_a_bomb_ends_at_the_limit_and_leaves_the_memory_alone(name: str) -> None:
    coding, pack = CODINGS[name]
    bomb = coded(coding, pack(b"\0" * 20 * MB))
    tracemalloc.start()
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    assert fault_of(bomb, max_size=MB).startswith("is larger than 1 MB")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - before < 4 * MB


def test_a_bomb_in_a_bomb_ends_at_the_limit_too() -> None:
    nothing = gzip.compress(gzip.compress(b"") * 100_000)  # 2 MB of what unfolds to nothing
    assert fault_of(coded("gzip, gzip", nothing), max_size=MB).startswith("is larger than 1 MB")


def test_a_frame_that_wants_a_huge_window_is_refused() -> None:
    machine = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    packed = machine.compress(b"<rss/>") + machine.flush()
    assert "zstd, and it is not" in fault_of(coded("zstd", packed))


def test_a_body_of_just_the_limit_is_taken_and_one_more_byte_is_not() -> None:
    assert len(body_of(reply(body=b"x" * LIMIT))) == LIMIT
    assert len(body_of(chunked(b"x" * LIMIT))) == LIMIT
    assert fault_of(reply(body=b"x" * (LIMIT + 1))) == (
        "is larger than 100 kB; raise max_size if that is meant"
    )
    assert "is larger than 100 kB" in fault_of(chunked(b"x" * LIMIT, b"x"))


def test_a_length_over_the_limit_is_refused_unread() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 60000000\r\n\r\n"
    assert "is larger than" in fault_of(lambda heard: for_ever(head, b"", 0.05))


def test_a_length_of_five_thousand_digits_is_refused_too() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n"
    assert "is larger than" in fault_of(lambda heard: for_ever(head, b"x" * 65536, 0))


def test_a_body_without_end_is_refused_at_the_limit() -> None:
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    assert "is larger than" in fault_of(lambda heard: for_ever(head, b"x" * 65536, 0))


def test_60_megabytes_of_gzip_that_unfold_to_nothing_are_refused() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"")
    assert "is larger than" in fault_of(lambda heard: for_ever(head, gzip.compress(b"") * 9000, 0))


def test_a_source_may_be_allowed_a_larger_body() -> None:
    with Server(lambda heard: reply(body=b"x" * 2 * MB)) as server, fetching() as fetcher:
        answer = fetcher.get(Request(server.url, max_size=2 * MB))
        assert isinstance(answer, Fetched)
        assert len(answer.body) == 2 * MB
        with pytest.raises(FetchError, match="is larger than"):
            fetcher.get(Request(server.url))


@pytest.mark.parametrize(
    "answer",
    {
        "content-length": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n<rss",
        "nothing came": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n",
    }.values(),
)
def test_a_body_shorter_than_announced_is_reported(answer: bytes) -> None:
    assert fault_of(answer) == "ended in the middle of its answer; it is asked again"


@pytest.mark.parametrize("end", [b"", b"9\r\n<r", b"9", b"junk\r\n"])
def test_chunks_that_break_off_are_reported(end: bytes) -> None:
    assert "ended in the middle of its answer" in fault_of(lambda heard: chunked(b"<rss>", end=end))


def test_a_body_may_end_with_the_connection() -> None:
    assert body_of(slowly(b"HTTP/1.0 200 OK\r\n\r\n<rss>", b"</rss>")) == b"<rss></rss>"
