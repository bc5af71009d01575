"""What it costs to read feeds, and to make articles of them, beside other parsers of Python.

    python -m bench parsing

Of the corpus, where it lies beside this checkout, all feeds are read in turns by us and by each
peer; medians of CPU time are compared. One process, one core. feedparser is as it comes: it
sanitises and makes addresses absolute, which we do later. fastfeedparser does neither.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib.util import find_spec
from io import BytesIO
from statistics import median

import feedparser

from aggregator.config.settings import Site, Source
from aggregator.model import Feed
from aggregator.normalise.batch import make
from aggregator.normalise.place import Place
from aggregator.parse import feed_xml, json_feed
from aggregator.parse.charset import decode
from aggregator.parse.document import is_json
from aggregator.sources.kind import finish
from bench.feeds import CORPUS, bodies
from bench.table import Row, missing

ROUNDS = 9
FEEDS = 48  # as many as the corpus has
URL = "https://paper.example/feed"
SOURCE = Source(id="paper", url=URL)
NOW = datetime(2026, 11, 22, tzinfo=UTC)

Read = Callable[[bytes], object]


def rows(scale: float) -> Iterator[Row]:
    """Yield what reading costs, and what reading and making articles does."""
    feeds = list(bodies(max(int(FEEDS * scale), 1)))
    readers: dict[str, Read] = {"ours": entries, "articles": articles, "feedparser": _feedparser}
    has_peer = find_spec("fastfeedparser") is not None
    if has_peer:
        readers["fastfeedparser"] = _fastfeedparser
    costs = _costs(readers, feeds, max(int(ROUNDS * scale), 1))
    read, made, slow = (costs[name] for name in ("ours", "articles", "feedparser"))
    what = f"{len(feeds)} {'real' if CORPUS.is_dir() else 'made-up'} feeds"
    yield Row(f"read {what}", _ms(read), f"feedparser {_ms(slow)}", slow / read, 25)
    if has_peer:
        quick = costs["fastfeedparser"]
        yield Row(f"read {what}", _ms(read), f"fastfeedparser {_ms(quick)}", quick / read, 0.33)
    else:
        yield missing(f"read {what}", _ms(read), "fastfeedparser", 0.33)
    work = f"read {what}, sanitise, normalise"
    yield Row(work, _ms(made), f"feedparser {_ms(slow)}", slow / made, 12)


def _costs(readers: dict[str, Read], feeds: Sequence[bytes], rounds: int) -> dict[str, float]:
    """Return seconds of CPU for all *feeds*, by reader: medians of rounds in which each reads."""
    found: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(rounds):
        for name, read in readers.items():
            begun = time.process_time()
            for body in feeds:
                read(body)
            found[name].append(time.process_time() - begun)
    return {name: median(costs) for name, costs in found.items()}


def entries(body: bytes) -> Feed:
    """Read a feed as a refresh does."""
    is_of_json = is_json(decode(body[:256]))
    return json_feed.parse(body, url=URL) if is_of_json else feed_xml.parse(body, url=URL)


def articles(body: bytes) -> object:
    """Read a feed that is all new, and make its articles."""
    feed = finish(entries(body), SOURCE)
    return make(feed.entries, Place(feed, SOURCE, Site(), ()), NOW)


def _feedparser(body: bytes) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return feedparser.parse(BytesIO(body))


def _fastfeedparser(body: bytes) -> object:
    import fastfeedparser

    with suppress(ValueError):  # what it refuses to read
        return fastfeedparser.parse(body)
    return None


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
