"""A coordinator with a real store and a server of feeds, and clusters for it: near, and real."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from aggregator.cli.composition import policy
from aggregator.cli.progress import Quiet
from aggregator.cluster.engine import Cluster
from aggregator.cluster.hand import gather_all
from aggregator.cluster.link import Link, Mishap, Outcome
from aggregator.cluster.parcel import Parcel
from aggregator.fetch import Fetcher
from aggregator.model import Outcome as Refreshed
from aggregator.pipeline.engine import Engine, Terms
from aggregator.pipeline.gather import Desk
from aggregator.pipeline.refresh import Refresher
from aggregator.pipeline.threads import Threads
from aggregator.sources import KINDS
from aggregator.store.reader import EVERYTHING, Reader
from tests.command import ROOT
from tests.config.desk import settings
from tests.stores import new_store

DASK = [sys.executable, "-m", "dask"]


@dataclass
class Near:
    """A link whose workers are threads of this process; what travels is pickled as it would be.

    `deadly` are sources that kill whoever gathers them; where it is `dying`, all workers at once.
    The worker of an `unlucky` one dies once of something else.
    """

    deadly: set[str] = field(default_factory=set)
    unlucky: set[str] = field(default_factory=set)
    sent: list[Parcel] = field(default_factory=list)
    hands: int = 4
    fault: str = ""
    losses: int = 0
    holding: bool = False  # nothing is answered
    dying: bool = False
    address: str = "tcp://near:1"

    def __post_init__(self) -> None:
        self._workers = ThreadPoolExecutor(4)

    def send(self, name: str, parcel: Parcel, then: Callable[[Outcome], None]) -> None:
        assert "secret" not in f"{name} {parcel!r}"
        self.sent.append(parcel)
        if not self.holding:
            self._workers.submit(self._work, pickle.dumps(parcel), then)

    def _work(self, sent: bytes, then: Callable[[Outcome], None]) -> None:
        parcel = pickle.loads(sent)
        asked = {turn.source.id for turn in parcel.turns}
        if asked & (self.deadly | self.unlucky):
            self.unlucky -= asked
            if self.dying:
                self.hands, self.dying = 0, False
            then(Mishap.KILLED)
            return
        then(pickle.loads(pickle.dumps(gather_all(parcel))))

    def is_deserted(self, patience: float) -> bool:
        return False

    def lose(self) -> None:
        self.hands, self.fault, self.losses = 0, "cannot be reached", self.losses + 1

    def close(self) -> None:
        self._workers.shutdown(wait=False)


class Coordinator:
    """The process with the store; *link* leads to its cluster."""

    def __init__(self, folder: Path, text: str, link: Near | Link) -> None:
        self.settings = settings(folder, text, KINDS)
        self.store = new_store(self.settings.store.path)
        self.network = Fetcher(self.settings.fetch, version="1")
        self.here: list[str] = []
        reader = Reader(self.store.path)

        def engaged(terms: Terms) -> Engine:
            local = Recorded(Threads(terms), self.here)
            return Cluster(terms, link, local, reader, reader.asked())  # type: ignore[arg-type]

        desk = Desk(self.settings, self.network, reader)
        self.refresher = Refresher(desk, self.store, policy(), Quiet(), engaged)

    def refresh(self) -> dict[str, Refreshed]:
        return {one.id: one for one in self.refresher.all(self.settings.source)}

    def titles(self) -> set[str]:
        return {article.title for article in self.store.newest(EVERYTHING, 100)}

    def close(self) -> None:
        self.refresher.close()
        self.network.close()
        self.store.close()


@dataclass
class Recorded:
    """Threads that note whom they were given."""

    threads: Threads
    noted: list[str]

    @property
    def state(self) -> str:
        return ""

    def start(self, turns):  # type: ignore[no-untyped-def]
        given = list(turns)
        self.noted += [turn.source.id for turn in given]
        self.threads.start(given)

    def ready(self, timeout):  # type: ignore[no-untyped-def]
        return self.threads.ready(timeout)

    def close(self) -> None:
        self.threads.close()


@contextmanager
def coordinator(folder: Path, text: str, link: Near | Link) -> Iterator[Coordinator]:
    made = Coordinator(folder, text, link)
    try:
        yield made
    finally:
        made.close()


class Machines:
    """A scheduler and its workers: processes of their own, started as an operator starts them."""

    def __init__(self, folder: Path, *options: str, scheme: str = "tcp") -> None:
        self._folder = folder
        self._options = options
        self.port = free_port()
        self.address = f"{scheme}://127.0.0.1:{self.port}"
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def start_scheduler(self) -> None:
        self.scheduler = self._start("scheduler", "--port", str(self.port))

    def start_worker(self, *options: str) -> None:
        self.workers.append(self._start("worker", self.address, "--nthreads", "2", *options))

    def logs(self) -> str:
        return "".join(path.read_text() for path in self._folder.glob("*.log"))

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            if process is not None and process.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        number = len(list(self._folder.glob("*.log")))
        command = [*DASK, what, *arguments, "--host", "127.0.0.1", "--no-dashboard"]
        with (self._folder / f"{what}-{number}.log").open("wb") as log:
            return subprocess.Popen(
                [*command, *self._options],
                cwd=self._folder,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


@contextmanager
def machines(
    folder: Path, *options: str, workers: int = 2, scheme: str = "tcp"
) -> Iterator[Machines]:
    made = Machines(folder, *options, scheme=scheme)
    try:
        made.start_scheduler()
        for _ in range(workers):
            made.start_worker()
        yield made
    finally:
        made.close()


def until(true: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.1)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
