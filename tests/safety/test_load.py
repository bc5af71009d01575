"""Readers are served while everything is refreshed, and whoever is slow costs the others nothing.

The figures mean something on a machine that does nothing else: the bounds here are for one that
does. SAFETY_LOAD_SECONDS is for how long; SAFETY_LOAD=strict asks for what is promised.
"""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

import pytest

from tests.command import command, environment
from tests.safety.load import Answers, ask
from tests.safety.scale import scaled
from tests.safety.town import Paper, configure
from tests.test_daemon import Site, free_port, until
from tests.web import serving

SECONDS = scaled("LOAD_SECONDS", 3)
SOURCES = scaled("LOAD_SOURCES", 30)
SLOW = scaled("LOAD_SLOW", 500)
STRICT = os.environ.get("SAFETY_LOAD") == "strict"
RATE, P99 = (1500, 50) if STRICT else (100, 2000)  # requests a second; milliseconds
TIMES = 2.0 if STRICT else 8.0  # what slow ones may make of p99
PATH = "/still/rss.xml"
HALF = f"GET {PATH} HTTP/1.1\r\nHost: x\r\nX-Slow: ".encode()
WHOLE = f"GET {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode()

pytestmark = pytest.mark.long


@dataclass
class Busy:
    """A daemon that never comes to the end of its sources, which have news in each answer."""

    site: Site
    daemon: subprocess.Popen[bytes]
    papers: list[Paper]

    def read(self) -> Answers:
        answers = ask(self.site.port, PATH, SECONDS)
        print(answers)  # noqa: T201 - the figures
        return answers

    def asked(self) -> int:
        return sum(paper.asked for paper in self.papers)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Busy]:
    folder, own = tmp_path_factory.mktemp("busy"), free_port()
    papers = {f"/paper/{n}": Paper(f"paper-{n}", 0, 20, 2000) for n in range(SOURCES)}
    site = Site(folder)
    site.port = own
    with serving({**papers, "/still": Paper("still", 1e9, 100, 80)}) as port:
        configure(folder, own_port=own, source_port=port, paths=[*papers, "/still"])
        with subprocess.Popen(
            command("--quiet", "run"),
            cwd=folder, env=environment(), stderr=subprocess.DEVNULL,
        ) as daemon:  # fmt: skip
            try:
                until(lambda: site.serves(PATH[1:]), 60)
                assert 55_000 < (folder / "feeds" / PATH[1:]).stat().st_size < 75_000
                yield Busy(site, daemon, list(papers.values()))
            finally:
                daemon.kill()


def test_readers_are_served_while_all_sources_are_refreshed(busy: Busy) -> None:
    for _ in range(10):
        asked = busy.asked()
        answers = busy.read()
        if busy.asked() > asked:
            break
    assert busy.asked() > asked, "nothing was refreshed: the test showed nothing"
    assert answers.failed == 0
    assert answers.rate >= RATE
    assert answers.p99 <= P99


@contextmanager
def slow(port: int, count: int) -> Iterator[list[socket.socket]]:
    """Have so many clients be slow: in saying nothing, in saying what they want, in reading it."""
    with ExitStack() as stack:
        clients = []
        for number in range(count):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            client.connect(("127.0.0.1", port))
            client.sendall((b"", HALF, WHOLE)[number % 3])
            clients.append(client)
        done = threading.Event()
        stack.callback(done.set)
        trickling = threading.Thread(target=_trickle, args=(clients, done), daemon=True)
        trickling.start()
        yield clients
        done.set()
        trickling.join()


def _trickle(clients: list[socket.socket], done: threading.Event) -> None:
    """Have each say, or read, a byte now and then."""
    while not done.wait(0.5):
        for number, client in enumerate(clients):
            with suppress(OSError):
                if number % 3 == 1:
                    client.send(b"x")
                elif number % 3 == 2:
                    client.recv(1, socket.MSG_DONTWAIT)


def test_slow_connections_cost_the_others_nothing(busy: Busy) -> None:
    before = busy.read()
    with slow(busy.site.port, SLOW):
        during = busy.read()
    after = busy.read()
    assert during.failed <= 16, "who reads was sent away"
    assert during.p99 <= TIMES * max(before.p99, after.p99, 5.0)
