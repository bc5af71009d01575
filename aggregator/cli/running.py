"""Commands that stay: run, serve."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

from aggregator.cli.composition import Invocation, clerk_of, fetcher, refresher, working_on
from aggregator.cli.orders import Intray, Orders
from aggregator.cli.server_process import ServerProcess
from aggregator.cli.stay import Bell
from aggregator.cli.supervisor import Supervisor
from aggregator.cli.terminal import Quiet
from aggregator.config.settings import Settings
from aggregator.errors import (
    AggregatorError,
    AlreadyRunningError,
    DiskFullError,
    Problem,
    PublishError,
    ServeError,
    StoreError,
)
from aggregator.mirror.courier import Courier
from aggregator.notify.messenger import Messenger
from aggregator.pipeline.publication import Publisher
from aggregator.publish import manifest
from aggregator.push.work import Push
from aggregator.schedule.copies import DailyCopy
from aggregator.schedule.daemon import Daemon
from aggregator.schedule.scales import Scales
from aggregator.store.backup import Backups
from aggregator.workers import Workers, employed

log = logging.getLogger("aggregator")

_M_ARENA_MAX = -8  # mallopt(3)
_TRY_AGAIN = 10.0  # seconds, where the store cannot be used


class Signals:
    """What the operator asks for by signal: to stop (SIGTERM, Ctrl-C), to reload (SIGHUP)."""

    def __init__(self) -> None:
        self._asked = Bell()
        self.stopping = False
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGHUP, self.reload)

    def _stop(self, *_: object) -> None:
        self.stopping = True
        self._asked.ring()

    def reload(self, *_: object) -> None:
        """Have `wait` end, as SIGHUP does; from any thread."""
        self._asked.ring()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until something is asked for, or for so many seconds; return whether it was."""
        return self._asked.wait(seconds)


def run_daemon(invocation: Invocation) -> int:
    """Refresh on schedule, publish and serve until told to stop; return the exit status."""
    _share_arenas()
    intray = Intray(invocation)
    if not invocation.quiet:
        logging.getLogger("aggregator").setLevel(logging.INFO)
    signals, supervisor = Signals(), Supervisor()
    while not signals.stopping:
        with intray.watched(signals.reload):
            _work(intray, signals, supervisor)
    log.info("stopped")
    _leave()
    return 0


def _work(intray: Intray, signals: Signals, supervisor: Supervisor) -> None:
    """Have the daemon run until it is told to stop, or there are new orders."""
    try:
        with _running(intray, supervisor):
            _wait(intray, signals, supervisor)
    except (StoreError, PublishError) as error:
        _serve_alone(intray.orders, error, signals, supervisor)
        if not signals.stopping:
            intray.read_again()
    except ServeError as error:
        if not intray.take_back(error):
            raise
        log.error("the configuration before stays in force: %s", error.coded)
        _work(intray, signals, supervisor)


def _wait(intray: Intray, signals: Signals, supervisor: Supervisor) -> None:
    """Wait until the daemon is told to stop, or there are new orders."""
    while True:
        supervisor.ready(f"{len(intray.orders.settings.source)} sources")
        signals.wait()
        if signals.stopping:
            supervisor.stopping()
            return
        supervisor.reloading()
        if intray.read_again():
            return


def _serve_alone(
    orders: Orders, error: AggregatorError, signals: Signals, supervisor: Supervisor
) -> None:
    """Keep serving what is published while nothing can be written; return when it may be again."""
    settings = orders.settings
    if not (settings.publish.directory / manifest.PATH).exists():
        raise error
    log.error("only serving what is published, and trying again every 10 s: %s", error.coded)
    if isinstance(error, DiskFullError):
        Backups(settings.store.path, settings.store.backups).make_room()
    with _serving(settings):
        supervisor.ready("only serving what is published: nothing can be written")
        while not signals.wait(_TRY_AGAIN):
            supervisor.alive()
            # Somebody else may have the store meanwhile, to put a copy in its place.
            with suppress(StoreError, AlreadyRunningError), working_on(settings):
                return


def run_server(invocation: Invocation) -> int:
    """Serve what is published until told to stop; return the exit status."""
    from aggregator.cli.serving import serving

    orders = Intray(invocation).orders
    signals = Signals()
    with serving(orders):
        signals.wait()
    return 0


@contextmanager
def _running(intray: Intray, supervisor: Supervisor) -> Iterator[None]:
    """Have the whole daemon run in the block."""
    settings, templates = intray.orders
    with (
        working_on(settings) as store,
        fetcher(settings) as network,
        _serving(settings, lambda: intray.problems) as server,
        closing(Push(settings, store, network, server)) as push,
        closing(Courier(settings, store)) as courier,
        closing(Messenger(settings, store)) as messenger,
        employed(Workers()) as workers,
    ):
        publisher = Publisher(settings, store, templates=templates)
        publisher.repair()
        refreshing = refresher(settings, store, network, Quiet())
        clerk = clerk_of(settings, store)
        backups = Backups(settings.store.path, settings.store.backups)
        chores = (
            clerk.work,
            lambda: clerk.report(_published(publisher, server)),
            push.work,
            courier.work,
            messenger.tick,
            workers.rest,
            DailyCopy(backups).tick,
            Scales(store, settings.publish.directory).tick,
        )
        daemon = Daemon(settings, store, refreshing, chores, backups.make_room)
        daemon.begun = supervisor.alive
        daemon.start()
        try:
            yield
        finally:
            daemon.stop()


def _published(publisher: Publisher, server: ServerProcess) -> list[str]:
    """Publish what changed and have it counted; return its paths."""
    begun = time.monotonic()
    changed = publisher.publish()
    if changed:
        server.published(len(changed), time.monotonic() - begun)
    return changed


@contextmanager
def _serving(
    settings: Settings, problems: Callable[[], tuple[Problem, ...]] = lambda: ()
) -> Iterator[ServerProcess]:
    """Have the server run in the block, in a process of its own."""
    server = ServerProcess(settings, problems)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _share_arenas() -> None:
    """Have all threads take their memory from two of glibc's arenas.

    With one for each, as glibc would have it, what a thread has freed is of no use to the others,
    and the process grows for hours.
    """
    import ctypes

    with suppress(AttributeError, OSError):  # another system's library has no such thing
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


def _leave() -> None:
    """End the process at once: requests that are still under way are not waited for.

    Everything that must be kept is committed and closed by now; what a worker thread is fetching is
    dropped, and Python would wait for it.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
