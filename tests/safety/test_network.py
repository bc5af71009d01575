"""A hostile server ends a refresh within its deadline, takes no memory, and delays nobody else."""

from __future__ import annotations

import gc
import gzip
import itertools
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import brotli
import pytest
from backports import zstd

from aggregator.model import Status
from aggregator.workers import Workers, employed
from aggregator.workers.pool import SMALL
from tests.fetch.server import Answer, Heard, for_ever, reply
from tests.polling import Polling, polling, source
from tests.safety.scale import scaled
from tests.web import rss

SECONDS = 0.5
OWN = 0.2  # seconds that the test itself takes to set the world up
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP = OK + b"Content-Encoding: gzip\r\n\r\n"
BOMB = b"\0" * 20_000_000
FEED = rss("one", "two")
Say = Callable[[Heard], Answer]


def drops(first: bytes, again: bytes = b"x", pause: float = 0.02) -> Say:
    return lambda heard: for_ever(first, again, pause)


def flood(first: bytes, again: bytes) -> Say:
    return drops(first, again, 0)


def once(*pieces: bytes) -> Say:
    return lambda heard: iter(pieces)


def always(answer: bytes) -> Say:
    return lambda heard: answer


def coded(coding: str, body: bytes) -> Say:
    return always(reply(200, f"Content-Encoding: {coding}", body=body))


def on_and_on(heard: Heard) -> Answer:
    return reply(302, f"Location: {heard.target}x")


def late(heard: Heard) -> Iterable[bytes]:
    time.sleep(SECONDS * 4)
    yield reply(body=FEED)


def elsewhere(address: str) -> Say:
    return always(reply(302, f"Location: {address}"))


def from_host_to_host(heard: Heard) -> Answer:
    """Send to another host name of this server each time, for ever."""
    host, _, port = heard.headers["host"].partition(":")
    number = int(host.strip("abcdefghijklmnopqrstuvwxyz.-") or 0) + 1
    return reply(302, f"Location: http://n{number}.test:{port}/feed")


def to_and_fro(heard: Heard) -> Answer:
    host, _, port = heard.headers["host"].partition(":")
    other = "two.test" if host == "hostile.test" else "hostile.test"
    return reply(307, f"Location: http://{other}:{port}/feed", f"Set-Cookie: a={'x' * 4000}")


BEHAVIOURS: dict[str, Say] = {
    "nothing": once(),
    "silence": drops(b"", b""),
    "an answer too late": late,
    "a status line in drops": drops(b"H", b"T"),
    "a status line without end": flood(b"HTTP/1.1 200 ", b"x" * 999),
    "100 Continue without end": flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "102 Processing now and then": drops(b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "103 Early Hints without end": flood(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
    "101 Switching Protocols": once(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", b"\0" * 99),
    "headers in drops": drops(OK, b"X-A: 1\r\n"),
    "headers without end": flood(OK, b"X-A: 1\r\n" * 99),
    "one header without end": flood(OK + b"X: ", b"x" * 999),
    "a folded header without end": flood(OK + b"X: a\r\n", b" x\r\n" * 99),
    "a thousand headers": once(OK + b"X-A: 1\r\n" * 1000 + b"\r\n" + FEED),
    "a header of a megabyte": once(OK + b"X: " + b"x" * 1_000_000 + b"\r\n\r\n"),
    "no headers at all": once(b"HTTP/1.1 200 OK\r\n\r\n"),
    "HTTP/0.9": once(FEED),
    "HTTP/3.7": once(b"HTTP/3.7 200 OK\r\n\r\n" + FEED),
    "another protocol": once(b"SSH-2.0-OpenSSH_9.2p1\r\n"),
    "TLS where none was asked for": once(b"\x15\x03\x01\x00\x02\x02\x28"),
    "zeros without end": flood(b"", b"\0" * 65536),
    "line ends without end": flood(b"", b"\r\n" * 9999),
    "no status": once(b"HTTP/1.1\r\n\r\n"),
    "a status in letters": once(b"HTTP/1.1 abc OK\r\n\r\n"),
    "status 0": once(b"HTTP/1.1 000 OK\r\n\r\n"),
    "status 999": always(reply(999)),
    "status 99999": once(b"HTTP/1.1 99999 OK\r\n\r\n"),
    "a negative status": once(b"HTTP/1.1 -200 OK\r\n\r\n"),
    "204": always(reply(204)),
    "205": always(reply(205)),
    "206 that nobody asked for": always(reply(206, "Content-Range: bytes 0-9/99", body=FEED[:10])),
    "304 that nobody asked for": always(reply(304)),
    "304 with a body": once(b"HTTP/1.1 304 No\r\nContent-Length: 9999\r\n\r\n" + FEED),
    "a body in drops": drops(OK + b"Content-Length: 100000\r\n\r\n", b"<"),
    "a body in drops that ends with the connection": drops(OK + b"\r\n", b"<"),
    "an HTTP/1.0 body in drops": drops(b"HTTP/1.0 200 OK\r\n\r\n", b"<"),
    "a body that never comes": drops(OK + b"Content-Length: 5\r\n\r\n", b""),
    "a body without end": flood(OK + b"Connection: close\r\n\r\n", b"x" * 65536),
    "a body cut short": once(OK + b"Content-Length: 99999\r\n\r\n" + FEED),
    "a length of five thousand digits": flood(
        OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", b"x" * 65536
    ),
    "a negative length": once(OK + b"Content-Length: -1\r\n\r\n" + FEED),
    "two lengths": once(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + FEED),
    "a length in hex": once(OK + b"Content-Length: 0x10\r\n\r\n" + FEED),
    "a length and chunks": once(
        OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
    "a length that is less than comes": once(OK + b"Content-Length: 40\r\n\r\n" + FEED * 99),
    "lengths in a row": once(OK + b"Content-Length: 5, 5\r\n\r\n<rss>"),
    "a length with a sign": once(OK + b"Content-Length: +5\r\n\r\n<rss>"),
    "a length in other digits": once(OK + "Content-Length: ٥\r\n\r\n<rss>".encode()),
    "an answer and another one": once(reply(body=FEED) + reply(500, body=b"x" * 99_999)),
    "an answer to nobody's question": once(reply(304) * 50),
    "chunks twice": once(OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"),
    "lines that end in half": once(OK[:-2] + b"\nContent-Length: 5\n\n<rss>"),
    "a header without a name": once(OK + b": x\r\n\r\n" + FEED),
    "a header without a colon": once(OK + b"what\r\nContent-Length: 0\r\n\r\n"),
    "zeros in a header": once(OK + b'X-A: \0\0\0\r\nETag: "\0\x1b[31m"\r\n\r\n' + FEED),
    "an ETag of a megabyte": always(reply(200, "ETag: " + '"' + "x" * 60_000 + '"', body=FEED)),
    "a date that never was": always(reply(200, "Last-Modified: Fri, 99 Foo 9999", body=FEED)),
    "199 without end": flood(b"", b"HTTP/1.1 199 What\r\n\r\n"),
    "103 and then nothing": drops(b"HTTP/1.1 103 Early Hints\r\n\r\n", b""),
    "HTTP/2 where none was asked for": once(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0" * 99),
    "who are you": always(reply(401, 'WWW-Authenticate: Basic realm="' + "x" * 9000 + '"')),
    "chunks in drops": drops(CHUNKED, b"1\r\n<\r\n"),
    "chunks without end": flood(CHUNKED, b"ffff\r\n" + b"x" * 65535 + b"\r\n"),
    "a chunk size in drops": drops(CHUNKED, b"0"),
    "a chunk size of a megabyte": once(CHUNKED + b"f" * 1_000_000),
    "a chunk size that is none": once(CHUNKED + b"zz\r\nxx\r\n"),
    "a negative chunk size": once(CHUNKED + b"-5\r\nxx\r\n"),
    "a chunk that is announced huge": drops(CHUNKED + b"7fffffffffffffff\r\n", b"x"),
    "a chunk extension without end": flood(CHUNKED + b"1;", b"x" * 999),
    "trailers in drops": drops(CHUNKED + b"0\r\n", b"X-A: 1\r\n"),
    "trailers without end": flood(CHUNKED + b"0\r\n", b"X-A: 1\r\n" * 99),
    "chunks that end too early": once(CHUNKED + b"5\r\n<rss"),
    "a gzip bomb": coded("gzip", gzip.compress(BOMB)),
    "a deflate bomb": coded("deflate", zlib.compress(BOMB)),
    "a brotli bomb": coded("br", brotli.compress(BOMB, quality=1)),
    "a zstd bomb": coded("zstd", zstd.compress(BOMB)),
    "gzip in drops": drops(GZIP, b"\x1f"),
    "gzip of nothing without end": flood(GZIP, gzip.compress(b"") * 999),
    "half a gzip": coded("gzip", gzip.compress(FEED)[:-20]),
    "no gzip": coded("gzip", FEED),
    "gzip in gzip": coded("gzip, gzip", gzip.compress(gzip.compress(BOMB))),
    "gzip with more behind it": coded("gzip", gzip.compress(FEED) + b"\0" * 100_000),
    "a thousand gzips in a row": coded("gzip", gzip.compress(b" " * 99_999) * 1000),
    "a brotli bomb in chunks": flood(
        OK + b"Content-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"40\r\n" + brotli.compress(BOMB, quality=1)[:64] + b"\r\n",
    ),
    "zstd with a window of gigabytes": coded("zstd", b"\x28\xb5\x2f\xfd\x00\xf8" + b"\0" * 99),
    "zstd frames that are skipped": coded(
        "zstd", (b"\x50\x2a\x4d\x18" + (4096).to_bytes(4, "little") + b"x" * 4096) * 50
    ),
    "gzip that says it is deflate": coded("deflate", gzip.compress(FEED)),
    "a coding within a transfer": once(
        OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n"
    ),
    "an unknown coding": coded("x-evil", FEED),
    "a hundred codings": coded(", ".join(["gzip"] * 100), gzip.compress(FEED)),
    "a redirect to itself": lambda heard: reply(302, f"Location: {heard.target}"),
    "a redirect on and on": on_and_on,
    "a redirect to nowhere": always(reply(302)),
    "a redirect to a file": always(reply(302, "Location: file:///etc/passwd")),
    "a redirect to a script": always(reply(302, "Location: javascript:x")),
    "a redirect to data": elsewhere("data:text/xml,<rss/>"),
    "a redirect to FTP": elsewhere("ftp://127.0.0.1/feed"),
    "a redirect to gopher": elsewhere("gopher://127.0.0.1:25/_HELO"),
    "a redirect to a socket": elsewhere("unix:/var/run/docker.sock"),
    "a redirect into a header": always(reply(302, "Location: /x\r\n X-Injected: 1")),
    "a redirect with zeros": always(reply(302, "Location: /x\0\x01\x7f")),
    "a redirect with bytes of no charset": always(reply(302, "Location: /\xff\xfe")),
    "a redirect to no port": elsewhere("http://hostile.test:99999/"),
    "a redirect to brackets": elsewhere("http://[::1/"),
    "a redirect to nobody": elsewhere("http:///x"),
    "two redirects in one": always(reply(302, "Location: /a", "Location: /b")),
    "a redirect from host to host": from_host_to_host,
    "a redirect to and fro with cookies": to_and_fro,
    "a refresh": always(reply(200, "Refresh: 0; url=file:///etc/passwd", body=FEED)),
    "a redirect to a megabyte": always(reply(302, "Location: /" + "x" * 60_000)),
    "a redirect with a body without end": flood(
        b"HTTP/1.1 302 F\r\nLocation: /x\r\nContent-Length: 999999999\r\n\r\n", b"x" * 9999
    ),
    "an error in drops": drops(b"HTTP/1.1 404 No\r\nContent-Length: 9000\r\n\r\n"),
    "an error without end": flood(b"HTTP/1.1 500 No\r\n\r\n", b"x" * 65536),
    "a pause of a thousand years": always(reply(503, "Retry-After: " + "9" * 50)),
    "a pause that is none": always(reply(429, "Retry-After: \xff\xfe")),
    "cookies without end": always(reply(200, *["Set-Cookie: a=" + "x" * 900] * 90, body=FEED)),
    "a type that lies": always(reply(200, "Content-Type: image/png", body=FEED)),
    "an encoding that lies": always(
        reply(200, "Content-Type: text/xml; charset=utf-32", body=FEED)
    ),
    "a page": always(reply(body=b"<!doctype html><title>x</title>" + b"<p>" * 5000)),
    "an empty document": always(reply()),
    "half a feed": always(reply(body=FEED[: len(FEED) // 2])),
    "entities in entities": always(
        reply(
            body=b"<!DOCTYPE x ["
            + b"".join(
                b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 20 if n else b"ha" * 50)
                for n in range(12)
            )
            + b"]><rss><channel><item><title>&a11;</title></item></channel></rss>"
        )
    ),
    "deep nesting": always(reply(body=b"<rss><channel>" + b"<div>" * 90_000)),
    "deep JSON": always(reply(body=b'{"items":' + b"[" * 200_000)),
}
KINDS = {
    "feed": (),
    "json": ('kind = "json"', 'items = "rows"', 'fields = { title = "t", id = "t" }'),
    "html": ('kind = "html"', 'items = "li"', 'fields = { title = "a", link = "a@href" }'),
    "sitemap": ('kind = "sitemap"',),
}
EVERY = scaled("BEHAVIOURS_EVERY", 24)  # so many-th behaviour is tried of each kind
CASES = [
    pytest.param(kind, name, id=f"{kind}: {name}")
    for shift, kind in enumerate(KINDS)
    for name in itertools.islice(BEHAVIOURS, shift, None, EVERY)
]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Polling]:
    with polling(tmp_path_factory.mktemp("hostile")) as made, employed(Workers(1)):
        made.answers = _Everything(lambda heard: reply(body=b"<rss>" + b" " * SMALL))
        for kind in KINDS:  # a worker takes long to begin
            turned(made, kind)
        gc.freeze()  # what other tests have left behind is not to be looked at twice in each
        yield made


def test_the_table_is_long_enough() -> None:
    assert len(BEHAVIOURS) >= 60


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_a_hostile_server_ends_in_time_and_takes_no_memory(
    world: Polling, kind: str, name: str
) -> None:
    def say(heard: Heard) -> Answer:
        return reply(404) if heard.target == "/robots.txt" else BEHAVIOURS[name](heard)

    world.answers = _Everything(say)
    gc.collect()
    before = resident()
    begun = time.monotonic()
    turned(world, kind)
    took = time.monotonic() - begun
    assert world.outcomes[0].status in (Status.OK, Status.FAILED, Status.NOT_MODIFIED)
    assert "unexpected" not in world.outcomes[0].error
    assert took < SECONDS + 0.5 + OWN
    gc.collect()
    assert resident() - before < 32 * 2**20


def turned(world: Polling, kind: str) -> None:
    """Have a source of this kind asked."""
    world.configure(
        source("s", world.at("hostile.test"), *KINDS[kind], f'timeout = "{SECONDS:g}s"'),
        fetch='spacing = "0s"\nmax_size = "1MB"',
    )
    world.wait(days=9)
    world.turn("s")


class _Everything(dict[str, bytes | Say]):
    """The same answer to whatever is asked for."""

    def __init__(self, say: Say) -> None:
        super().__init__()
        self._say = say

    def get(self, key: str, default: object = None) -> Say:
        return self._say


def resident() -> int:
    """Return the bytes of memory that this process holds (Linux)."""
    status = Path("/proc/self/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


# ── TLS ───────────────────────────────────────────────────────────────────────────────────────────

HANDSHAKES = {
    "nothing": (b"", b""),
    "a record in drops": (b"\x16\x03\x03\x40\x00", b"\x02"),
    "records of nothing": (b"", b"\x16\x03\x03\x00\x00"),
    "warnings without end": (b"", b"\x15\x03\x03\x00\x02\x01\x00"),
    "no TLS": (b"HTTP/1.1 400 Bad Request\r\n\r\n", b""),
}


@pytest.mark.parametrize("name", HANDSHAKES)
def test_a_handshake_that_comes_to_no_end_ends_in_time(world: Polling, name: str) -> None:
    first, again = HANDSHAKES[name]
    with _raw(first, again) as port:
        world.configure(
            source("s", f"https://hostile.test:{port}/feed", f'timeout = "{SECONDS:g}s"'),
            fetch='spacing = "0s"',
        )
        world.wait(days=9)
        begun = time.monotonic()
        world.turn("s")
        took = time.monotonic() - begun
    assert world.outcomes[0].status is Status.FAILED
    assert "unexpected" not in world.outcomes[0].error
    assert took < SECONDS + 0.5 + OWN


@contextmanager
def _raw(first: bytes, again: bytes) -> Iterator[int]:
    """Listen, and say this to whoever connects, whatever he says."""

    def talk(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.sendall(first)
            while True:
                time.sleep(0.02)
                connection.sendall(again)
                if not again and not connection.recv(1, socket.MSG_PEEK):
                    return

    def listen() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=talk, args=(listening.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=listen, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


# ── one that hangs delays nobody ──────────────────────────────────────────────────────────────────

PAUSE = 0.3  # seconds that a good source takes to answer


@contextmanager
def many(folder: Path, count: int, hanging: int) -> Iterator[tuple[Polling, list[str]]]:
    folder.mkdir()
    with polling(folder) as made:
        for number in range(count):
            made.answers[f"/{number}"] = drops(OK, b"X: 1\r\n") if number < hanging else _in_a_while
        made.configure(
            *(
                source(f"s{number}", made.at(f"site{number}.test", f"/{number}"))
                for number in range(count)
            ),
            fetch='timeout = "6s"',
        )
        yield made, [f"s{number}" for number in range(hanging, count)]


def _in_a_while(heard: Heard) -> bytes:
    time.sleep(PAUSE)
    return reply(body=rss(heard.target.strip("/"), site=f"https://{heard.headers['host']}"))


def seconds_until(world: Polling, good: list[str]) -> float:
    """Start every source and return when the last of the *good* ones is committed."""
    waiting = set(good)
    begun = time.monotonic()
    world.start_all()
    while waiting:
        waiting -= {outcome.id for outcome in world.finish(1)}
        assert time.monotonic() - begun < 60
    return time.monotonic() - begun


def test_sources_that_hang_do_not_delay_the_others(tmp_path: Path) -> None:
    count = scaled("HANGING", 40)
    for turn in range(3):  # on a busy machine the first may not show it
        took = {}
        for hanging in (0, count // 10):
            with many(tmp_path / f"{turn}-{hanging}", count, hanging) as (world, good):
                took[hanging] = seconds_until(world, good[-(count - count // 10) :])
        print(took)  # noqa: T201 - the figures
        if took[count // 10] < 1.1 * took[0] + 0.1:
            return
    raise AssertionError(f"it does each time: {took}")
