"""Putting the rooms together: what every command that works on the store starts from."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aggregator.errors import AggregatorError, coded
from aggregator.record import record

if TYPE_CHECKING:
    from aggregator.config.settings import Settings
    from aggregator.fetch.session import Fetcher
    from aggregator.pipeline.courtesy import Courteous
    from aggregator.pipeline.refresh import Policy, Progress, Refresher
    from aggregator.schedule.clerk import Clerk
    from aggregator.store.ledger import Naming
    from aggregator.store.reader import Reader
    from aggregator.store.stories import Merging
    from aggregator.store.writer import Store

log = logging.getLogger("aggregator")


@record(frozen=True, slots=True)
class Invocation:
    """What stood before the command: which configuration, and how much is said."""

    config: Path
    quiet: bool = False


def load(invocation: Invocation) -> Settings:
    """Load the configuration; raises ConfigError with every fault of it."""
    from aggregator.config.load import load as load_config
    from aggregator.publish.formats import FORMATS
    from aggregator.sources import KINDS

    settings = load_config(invocation.config, KINDS, FORMATS)
    if not gc.isenabled():  # the command has started: what is there stays
        gc.freeze()
        gc.enable()
    return settings


@contextmanager
def working_on(settings: Settings) -> Iterator[Store]:
    """Open the store for writing, alone; raises AlreadyRunningError where another works on it."""
    from aggregator.schedule.lock import alone
    from aggregator.store.writer import Store

    with alone(settings.store.path):
        store = Store(settings.store.path, naming(settings), merging(settings))
        try:
            with store.transaction():
                store.part_stories()
                store.watch.leave_to({one.id for one in settings.source}, datetime.now(UTC))
                store.reserve(feed.id for feed in settings.feed)
            _say_what_is_taken(settings, store)
            yield store
        finally:
            store.close()


def searchable(settings: Settings) -> Reader:
    """Return the store to be searched, with all of its articles in the index.

    Where another process works on the store, or we may not, it is as far as that one has come.
    """
    from aggregator.pipeline.upkeep import make_searchable
    from aggregator.store.reader import Reader

    reader = Reader(settings.store.path)
    if not reader.is_indexed():
        with suppress(AggregatorError), working_on(settings) as store:
            make_searchable(store)
    return reader


def _say_what_is_taken(settings: Settings, store: Store) -> None:
    """Name the feeds that are not published, since a category had their addresses first."""
    if not settings.feed:
        return
    from aggregator.pipeline.selections import taken

    for feed, category in taken(settings, store).items():
        message = (
            f'[[feed]] "{feed}" is not published: the category "{category}" stands at /{feed}/, and'
            " no address changes hands; give the feed another id"
        )
        log.error(coded(message, "E408"))


def naming(settings: Settings) -> Naming:
    """Return how names are proposed for this site."""
    from aggregator.normalise import identity, slugs
    from aggregator.store.ledger import Naming

    return Naming(
        slug=slugs.propose,
        article_id=identity.article_id,
        own_public_id=lambda id_, published: identity.tag(settings.site.host, published, id_),
    )


def merging(settings: Settings) -> Merging:
    """Return how the same story from several sources becomes one entry."""
    from aggregator.normalise import stories
    from aggregator.store.stories import Merging

    return Merging(
        stories.signatures, stories.tokens, stories.same_story, stories.WINDOW, settings.merges
    )


def clerk_of(settings: Settings, store: Store) -> Clerk:
    """Return who does what other processes want done in the store."""
    from aggregator.pipeline import tasks
    from aggregator.schedule.clerk import Clerk
    from aggregator.schedule.mailbox import Mailbox

    return Clerk(
        Mailbox(store.path), lambda task: tasks.do(task, settings, store, datetime.now(UTC))
    )


def fetcher(settings: Settings) -> Fetcher:
    """Return the network."""
    from aggregator import __version__
    from aggregator.fetch.session import Fetcher
    from aggregator.pipeline.courtesy import introduced

    return Fetcher(introduced(settings), version=__version__)


def refresher(settings: Settings, store: Store, network: Fetcher, progress: Progress) -> Refresher:
    """Return what refreshes sources: in this process, or on the cluster that is configured."""
    from aggregator.pipeline.gather import Desk
    from aggregator.pipeline.refresh import Refresher
    from aggregator.store.reader import Reader

    reader = Reader(store.path)
    engaged = None
    if settings.engine.dask:
        from aggregator.cluster import clustered

        engaged = clustered(reader)
    return Refresher(Desk(settings, network, reader), store, policy(), progress, engaged)


@contextmanager
def visiting(settings: Settings) -> Iterator[Courteous]:
    """Give the network to one who only looks: it leaves alone whom the store says to leave alone.

    What it learns itself holds as long as it is open.
    """
    from aggregator.errors import StoreError
    from aggregator.pipeline.courtesy import Courteous
    from aggregator.store.reader import Reader

    reader = Reader(settings.store.path)
    try:
        pauses, rules = reader.pauses(), reader.host_rules()
    except StoreError:  # there is none yet, or it cannot be read: others say so
        pauses, rules = [], []
    with fetcher(settings) as network:
        network.remember(rules)
        yield Courteous(network, pauses, lambda: datetime.now(UTC))


def tell_hub(settings: Settings, store: Store) -> None:
    """Tell the hub, where there is one to be told, what a publication has changed."""
    if settings.hub and not settings.has_own_hub:
        from aggregator.push.work import announce

        with fetcher(settings) as network:
            announce(settings, store, network, datetime.now(UTC))


def policy() -> Policy:
    """Return how the next time to ask a source is decided."""
    from aggregator.pipeline.refresh import Policy
    from aggregator.schedule.due import next_due, postponed

    return Policy(next_due, postponed)


def log_to_stderr(level: int) -> None:
    """Write the log to stderr, without what would steer a terminal."""
    from aggregator.cli.terminal import printable

    class Printable(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            # What a source says may hold a line end; no line of its own may look like one of ours.
            return printable(super().format(record)).replace("\n", "\n    ")

    logging.raiseExceptions = False  # a log that cannot be written is no reason to stop
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Printable("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger("aggregator").addHandler(handler)
    logging.getLogger("aggregator").setLevel(level)
