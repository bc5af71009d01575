"""Commands that stay: run, serve."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from typing import NamedTuple

from aggregator.cli.composition import Invocation, clerk_of, fetcher, refresher, working_on
from aggregator.cli.orders import Intray
from aggregator.cli.progress import Quiet
from aggregator.cli.server_process import ServerProcess, Serving
from aggregator.cli.stay import Bell
from aggregator.cli.supervisor import Supervisor
from aggregator.errors import (
    AggregatorError,
    AlreadyRunningError,
    DiskFullError,
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
    with closing(Serving(lambda: intray.problems)) as serving:
        lasting = _Lasting(intray, Signals(), Supervisor(), serving)
        while not lasting.signals.stopping:
            with intray.watched(lasting.signals.reload):
                _work(lasting)
    log.info("stopped")
    _leave()
    return 0


class _Lasting(NamedTuple):
    """What stays when there are new orders."""

    intray: Intray
    signals: Signals
    supervisor: Supervisor
    serving: Serving


def _work(lasting: _Lasting) -> None:
    """Have the daemon run until it is told to stop, or there are new orders."""
    try:
        with _running(lasting):
            _wait(lasting)
    except (StoreError, PublishError) as error:
        _serve_alone(lasting, error)
        if not lasting.signals.stopping:
            lasting.intray.read_again()
    except ServeError as error:
        if not lasting.intray.take_back(error):
            raise
        log.error("the configuration before stays in force: %s", error.coded)
        _work(lasting)


def _wait(lasting: _Lasting) -> None:
    """Wait until the daemon is told to stop, or there are new orders."""
    intray, signals, supervisor, _ = lasting
    while True:
        supervisor.ready(f"{len(intray.orders.settings.source)} sources")
        signals.wait()
        if signals.stopping:
            supervisor.stopping()
            return
        supervisor.reloading()
        if intray.read_again():
            return


def _serve_alone(lasting: _Lasting, error: AggregatorError) -> None:
    """Keep serving what is published while nothing can be written; return when it may be again."""
    settings = lasting.intray.orders.settings
    if not (settings.publish.directory / manifest.PATH).exists():
        raise error
    log.error("only serving what is published, and trying again every 10 s: %s", error.coded)
    if isinstance(error, DiskFullError):
        Backups(settings.store.path, settings.store.backups).make_room()
    lasting.serving.by(settings)
    lasting.supervisor.ready("only serving what is published: nothing can be written")
    while not lasting.signals.wait(_TRY_AGAIN):
        lasting.supervisor.alive()
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
def _running(lasting: _Lasting) -> Iterator[None]:
    """Have the whole daemon run in the block."""
    settings, templates = lasting.intray.orders
    with (
        working_on(settings) as store,
        fetcher(settings) as network,
        nullcontext(lasting.serving.by(settings)) as server,  # it goes on after the block
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
        daemon.begun = lasting.supervisor.alive
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
