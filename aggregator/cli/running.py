"""Commands that stay: run, serve."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta

from aggregator.cli.composition import Invocation, clerk_of, fetcher, policy, working_on
from aggregator.cli.orders import Intray, Orders
from aggregator.cli.stay import Bell
from aggregator.cli.supervisor import Supervisor
from aggregator.cli.terminal import Quiet, print_error_line
from aggregator.config.settings import Settings
from aggregator.errors import ServeError, StoreError
from aggregator.mirror.courier import Courier
from aggregator.pipeline.gather import Desk
from aggregator.pipeline.pressing import press_for
from aggregator.pipeline.publication import Publisher
from aggregator.pipeline.refresh import Refresher
from aggregator.publish import FRESH_MINUTES, Press, manifest
from aggregator.push.inbox import Inbox
from aggregator.push.work import Push, topic_path
from aggregator.schedule.copies import DailyCopy
from aggregator.schedule.daemon import Daemon
from aggregator.serve.app import Watch, create_app
from aggregator.serve.manifest_library import Fallback, ManifestLibrary
from aggregator.serve.metrics import Metrics
from aggregator.serve.pages import Desk as LiveDesk
from aggregator.serve.server import WebServer
from aggregator.serve.store_library import StoreLibrary
from aggregator.store.backup import Backups
from aggregator.store.reader import Reader
from aggregator.store.tallies import Tallies
from aggregator.websub import Switchboard
from aggregator.workers import Workers, employed

log = logging.getLogger("aggregator")

_TRY_AGAIN = 30.0  # seconds, where the store cannot be used


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
    except StoreError as error:
        _serve_alone(intray.orders, error, signals, supervisor)
        if not signals.stopping:
            intray.read_again()
    except ServeError as error:
        if not intray.take_back():
            raise
        log.error("the configuration before stays in force: %s", error)
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
    orders: Orders, error: StoreError, signals: Signals, supervisor: Supervisor
) -> None:
    """Keep serving what is published while the store cannot be used; return when it can be."""
    settings = orders.settings
    if not (settings.publish.directory / manifest.PATH).exists():
        raise error
    log.error("only serving what is published, and trying again every 30 s: %s", error)
    with _serving(orders, _metrics(settings)):
        supervisor.ready("only serving what is published: the store cannot be used")
        while not signals.wait(_TRY_AGAIN):
            supervisor.alive()
            with suppress(StoreError), working_on(settings):
                return


def run_server(invocation: Invocation) -> int:
    """Serve what is published until told to stop; return the exit status."""
    orders = Intray(invocation).orders
    signals = Signals()
    with _serving(orders, _metrics(orders.settings)):
        signals.wait()
    return 0


@contextmanager
def _running(intray: Intray, supervisor: Supervisor) -> Iterator[None]:
    """Have the whole daemon run in the block."""
    settings, templates = intray.orders
    metrics = _metrics(settings, lambda: intray.faulty)
    inbox = _inbox(settings)
    with (
        working_on(settings) as store,
        fetcher(settings) as network,
        _serving(intray.orders, metrics, inbox),
        closing(Push(settings, store, network, inbox)) as push,
        closing(Courier(settings, store)) as courier,
        employed(Workers()) as workers,
    ):
        publisher = Publisher(settings, store, templates=templates)
        publisher.repair()
        desk = Desk(settings, network, Reader(store.path))
        refresher = Refresher(desk, store, policy(), Quiet())
        clerk = clerk_of(settings, store)
        backups = Backups(settings.store.path, settings.store.backups)
        chores = (
            clerk.work,
            lambda: clerk.report(_published(publisher, metrics)),
            push.work,
            courier.work,
            workers.rest,
            DailyCopy(backups).tick,
        )
        daemon = Daemon(settings, store, refresher, chores, backups.make_room)
        daemon.begun = supervisor.alive
        daemon.start()
        try:
            yield
        finally:
            daemon.stop()


def _metrics(settings: Settings, faulty: Callable[[], bool] = lambda: False) -> Metrics:
    return Metrics(settings.store.path, [source.id for source in settings.source], faulty)


def _published(publisher: Publisher, metrics: Metrics) -> list[str]:
    """Publish what changed and count it; return its paths."""
    begun = time.monotonic()
    changed = publisher.publish()
    if changed:
        metrics.published(len(changed), time.monotonic() - begun)
    return changed


def _inbox(settings: Settings) -> Inbox:
    """Return where the server puts what comes in by WebSub."""
    library, reader = StoreLibrary(settings.store.path), Reader(settings.store.path)

    def is_topic(address: str) -> bool:
        path = topic_path(settings, address)
        return bool(path) and library.find(path) is not None

    return Inbox(settings.has_own_hub, is_topic, reader.subscription)


@contextmanager
def _serving(
    orders: Orders, metrics: Metrics, switchboard: Switchboard | None = None
) -> Iterator[None]:
    """Have the server run in the block."""
    settings = orders.settings
    fresh = timedelta(minutes=FRESH_MINUTES)  # what the feeds themselves say, too
    app = create_app(
        Fallback(StoreLibrary(settings.store.path), ManifestLibrary(settings.publish.directory)),
        settings.publish.directory,
        max_age=fresh,
        moved=settings.moved,
        switchboard=switchboard,
        watch=Watch(metrics, settings.serve.metrics),
        desk=None if settings.publish.static else _desk(orders),
    )
    server = WebServer(app, settings.serve.host, settings.serve.port)
    host, port = server.start()
    print_error_line(f"serving {settings.publish.directory} at http://{host}:{port}/")
    try:
        yield
    finally:
        server.stop()


def _desk(orders: Orders) -> LiveDesk:
    """Return what the pages are made of that are made when they are asked for."""
    store = Tallies(orders.settings.store.path)

    def press() -> Press:
        return press_for(orders.settings, store, orders.templates, datetime.now(UTC))

    return LiveDesk(press, store)


def _leave() -> None:
    """End the process at once: requests that are still under way are not waited for.

    Everything that must be kept is committed and closed by now; what a worker thread is fetching is
    dropped, and Python would wait for it.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
