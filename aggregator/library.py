"""The program as a library: what `from aggregator import …` gives; nothing else is promised.

    settings = load_config("config.toml")
    refresh(settings)                                   # ask, store, publish
    for article in articles(settings, "world"): …       # what is kept
    feed = render_feed(settings, articles(settings, "world"), name="mine", title="Mine")

Times are aware, in UTC. Faults are AggregatorErrors. One process works on a store at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from os import PathLike
from pathlib import Path
from typing import Literal

from aggregator.cli.composition import (
    Invocation,
    fetcher,
    load,
    refresher,
    searchable,
    tell_hub,
    working_on,
)
from aggregator.cli.progress import Quiet
from aggregator.cli.working import sources_due, sources_named
from aggregator.config.settings import Settings, Source
from aggregator.errors import (
    AggregatorError,
    AlreadyRunningError,
    ConfigError,
    PublishError,
    StoreError,
)
from aggregator.mirror.courier import Courier
from aggregator.model import Article, Attribution, Channel, Enclosure, Outcome, Person, Status
from aggregator.pipeline.pressing import press_for
from aggregator.pipeline.publication import Publisher
from aggregator.pipeline.upkeep import put_in_order
from aggregator.publish.addresses import channel_feed
from aggregator.publish.rendering import channel_documents
from aggregator.publish.templating import load as load_templates
from aggregator.store.reader import EVERYTHING, Reader
from aggregator.store.writer import Store

__all__ = [
    "AggregatorError",
    "AlreadyRunningError",
    "Article",
    "Attribution",
    "ConfigError",
    "Enclosure",
    "Outcome",
    "Person",
    "PublishError",
    "Settings",
    "Source",
    "Status",
    "StoreError",
    "articles",
    "load_config",
    "publish_changes",
    "refresh",
    "render_feed",
    "search",
]

FeedFormat = Literal["rss", "atom", "json"]


def load_config(path: str | PathLike[str] = "config.toml") -> Settings:
    """Return the configuration in the file at *path*; ConfigError has every fault of it."""
    return load(Invocation(Path(path)))


def refresh(settings: Settings, *sources: str, publish: bool = True) -> list[Outcome]:
    """Ask *sources* (ids; none: those that are due), store what is new, publish what changed.

    What becomes of each source is in its outcome; a failing one raises nothing. Documents are read
    in this process, without the limits that child processes give the program. Raises ConfigError
    for ids that are none, AlreadyRunningError while a daemon works on the store, StoreError and
    PublishError where the disk fails.
    """
    named = sources_named(settings, sources, "refresh")
    with working_on(settings) as store:
        outcomes = _refreshed(
            settings, store, named or sources_due(settings, store, everything=False)
        )
        if publish:
            _publish(settings, store)
        put_in_order(settings, store, datetime.now(UTC), sum(one.new for one in outcomes))
    return outcomes


def publish_changes(settings: Settings, *, everything: bool = False) -> list[str]:
    """Write the documents that changed, or *everything* anew; return their paths in the folder.

    Raises as `refresh` does.
    """
    with working_on(settings) as store:
        return _publish(settings, store, everything=everything)


def articles(
    settings: Settings,
    category: str = EVERYTHING,
    *,
    since: datetime | None = None,
    limit: int = 100,
) -> list[Article]:
    """Return the newest articles of a category (its folder's name), or of all: the newest first.

    Only those published at or after *since* (aware; None: ever), *limit* at most. What is told
    through another article is in that one's `also`. Raises StoreError where there is no store.
    """
    return Reader(settings.store.path).newest(category, limit, since)


def search(settings: Settings, query: str, *, limit: int = 20) -> list[Article]:
    """Return the articles that hold every word of *query*, the newest first.

    Raises StoreError where there is no store.
    """
    return searchable(settings).search(query, limit)


def render_feed(
    settings: Settings,
    entries: Iterable[Article],
    *,
    format: FeedFormat = "atom",  # noqa: A002
    name: str = EVERYTHING,
    title: str = "",
    description: str = "",
) -> bytes:
    """Return the feed of *entries*, in their order, as it would stand at `<site.url>/<name>/`.

    Nothing is stored or written. *title* is the site's where it is "". How much of each article is
    in it is what its source and licence allow. The same articles give the same bytes.
    """
    publish = settings.publish
    formats = (format, *(one for one in publish.formats if one == "html"))
    alone = settings.model_copy(update={"publish": publish.model_copy(update={"formats": formats})})
    press = press_for(
        alone, Reader(settings.store.path), load_templates(publish), datetime.now(UTC)
    )
    channel = Channel(name, title or settings.site.title, description)
    documents = channel_documents(press, channel, list(entries))
    wanted = channel_feed(name, format)
    return next(document.body for document in documents if document.path == wanted)


def _refreshed(settings: Settings, store: Store, sources: list[Source]) -> list[Outcome]:
    with fetcher(settings) as network:
        refreshing = refresher(settings, store, network, Quiet())
        try:
            return refreshing.all(sources)
        finally:
            refreshing.close()


def _publish(settings: Settings, store: Store, *, everything: bool = False) -> list[str]:
    paths = Publisher(settings, store).publish(everything=everything)
    tell_hub(settings, store)
    if settings.publish.git is not None:
        Courier(settings, store).deliver()  # how it went stands in the store, for `status`
    return paths
