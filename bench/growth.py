"""One new article where there are a thousand, ten thousand, a hundred thousand: taken in and out.

    python -m bench growth

Everything is published first, pages and posts too; then one article at a time in the same process.
There are so few categories that the fewest articles fill all feeds, so that what is written is the
same each time.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from statistics import median

from aggregator.config.settings import Settings
from aggregator.model import Article, SourceState
from aggregator.pipeline.publication import Publisher
from aggregator.store.intake import Intake
from aggregator.store.writer import Store
from bench.table import Row
from tests.articles import NAMING, NOW, article

SIZES = (1_000, 10_000, 100_000)
CATEGORIES = 10
ROUNDS = 9
FLAT = 1.5  # times what it costs with the fewest, at most
TEXT = "<p>" + "What has happened in the world, in some words that differ. " * 8 + "</p>"


def rows(scale: float) -> Iterator[Row]:
    """Yield what one more article costs, the fewest articles first."""
    first = None
    for size in SIZES:
        count = max(int(size * scale), 10)
        with tempfile.TemporaryDirectory(prefix="bench-growth-") as folder:
            cost = _one_more(Path(folder), count)
        work = f"take in and publish one, among {count:,}"
        said = f"{cost * 1000:.1f} ms of CPU"
        if first is None:
            first = cost
            yield Row(work, said)
        else:
            least = f"with the fewest {first * 1000:.1f} ms"
            yield Row(work, said, least, first / cost, round(1 / FLAT, 2))


def _one_more(folder: Path, count: int) -> float:
    """Return the seconds of CPU that one more article costs where there are *count*."""
    settings = Settings.model_validate({"publish": {"directory": folder / "feeds"}})
    with closing(Store(folder / "aggregator.db", NAMING)) as store:
        for start in range(0, count, 1000):
            _take_in(store, [_article(n) for n in range(start, min(start + 1000, count))])
        publisher = Publisher(settings, store, clock=lambda: NOW + timedelta(minutes=1))
        publisher.publish()
        spent = []
        for number in range(ROUNDS):
            begun = time.process_time()
            _take_in(store, [_article(count + number)])
            publisher.publish()
            spent.append(time.process_time() - begun)
    return median(spent)


def _article(number: int) -> Article:
    """Return article *number*, a minute younger than the one before it."""
    moment = NOW - timedelta(days=80) + timedelta(minutes=number)
    return article(
        number,
        content=f"<p>{number}</p>{TEXT}",
        published=moment,
        updated=moment,
        categories=(f"C{number % CATEGORIES}",),
    )


def _take_in(store: Store, articles: Sequence[Article]) -> None:
    with store.transaction():
        store.take_in(Intake(SourceState("paper", last_ok_at=NOW), tuple(articles)))
