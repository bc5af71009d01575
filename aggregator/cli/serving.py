"""The web server put together: what it serves from, and who works on what comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.cli.orders import Orders
from aggregator.cli.server_process import say_where
from aggregator.config.settings import Settings
from aggregator.errors import Problem
from aggregator.pipeline.pressing import press_for
from aggregator.publish import templating
from aggregator.publish.press import FRESH_MINUTES, Press
from aggregator.push.inbox import Inbox, Mail
from aggregator.push.work import topic_path
from aggregator.serve.app import Watch, create_app
from aggregator.serve.manifest_library import Fallback, ManifestLibrary
from aggregator.serve.metrics import Metrics
from aggregator.serve.pages import Desk
from aggregator.serve.server import WebServer
from aggregator.serve.store_library import StoreLibrary
from aggregator.store.reader import Reader
from aggregator.store.watcher import Watcher
from aggregator.websub import Switchboard


@contextmanager
def serving(orders: Orders) -> Iterator[None]:
    """Have the server run in the block, without anybody who refreshes."""
    settings = orders.settings
    metrics = Metrics(settings.store.path, source_ids(settings), expected=settings.expected)
    server = WebServer(application(orders, metrics), settings.serve.host, settings.serve.port)
    say_where(settings, *server.start())
    try:
        yield
    finally:
        server.stop()


class Front:
    """What the daemon's server answers with: by the settings that it follows now.

    *daemon* is the id of that process.
    """

    def __init__(self, settings: Settings, daemon: int) -> None:
        self._daemon = daemon
        self._problems: tuple[Problem, ...] = ()
        self._left = Mail()
        self._inbox: Inbox | None = None
        self.follow(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def follow(self, settings: Settings) -> None:
        """Answer by *settings* from now on; answers under way are finished as they were begun."""
        self._left = self.empty()
        self._inbox = inbox_of(settings)
        self._metrics = Metrics(
            settings.store.path,
            source_ids(settings),
            lambda: bool(self._problems),
            self._daemon,
            settings.expected,
        )
        orders = Orders(settings, templating.load(settings.publish))
        self._app = application(orders, self._metrics, self._inbox, lambda: self._problems)

    def hear(self, problems: tuple[Problem, ...], published: Sequence[tuple[int, float]]) -> None:
        """Be told what is wrong with config.toml, and of publications: (documents, seconds)."""
        self._problems = problems
        for documents, seconds in published:
            self._metrics.published(documents, seconds)

    def empty(self) -> Mail:
        """Return what came in by WebSub since the last time, and forget it."""
        mail, self._left = self._left, Mail()
        return mail + self._inbox.empty() if self._inbox else mail


def source_ids(settings: Settings) -> list[str]:
    """Return the ids of the sources that the metrics tell of."""
    return [source.id for source in settings.source]


def application(
    orders: Orders,
    metrics: Metrics,
    switchboard: Switchboard | None = None,
    problems: Callable[[], Sequence[Problem]] = lambda: (),
) -> ASGIApp:
    """Return what the server answers with; *switchboard* is None where nobody works on WebSub.

    *problems* are those of a configuration that stands in the file and is not in force.
    """
    settings = orders.settings
    return create_app(
        Fallback(StoreLibrary(settings.store.path), ManifestLibrary(settings.publish.directory)),
        settings.publish.directory,
        max_age=timedelta(minutes=FRESH_MINUTES),  # what the feeds themselves say, too
        moved=settings.moved,
        switchboard=switchboard,
        watch=Watch(metrics, settings.serve.metrics),
        desk=None if settings.publish.static else _desk(orders, problems),
    )


def inbox_of(settings: Settings) -> Inbox:
    """Return where the server puts what comes in by WebSub."""
    library, reader = StoreLibrary(settings.store.path), Reader(settings.store.path)

    def is_topic(address: str) -> bool:
        path = topic_path(settings, address)
        return bool(path) and library.find(path) is not None

    return Inbox(settings.has_own_hub, is_topic, reader.subscription)


def _desk(orders: Orders, problems: Callable[[], Sequence[Problem]]) -> Desk:
    """Return what the pages are made of that are made when they are asked for."""
    store = Watcher(orders.settings.store.path)

    def press() -> Press:
        return press_for(orders.settings, store, orders.templates, datetime.now(UTC))

    return Desk(press, store, orders.settings.expected, problems)
