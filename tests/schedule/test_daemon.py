"""The tick, with a clock that is set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.cli.terminal import Quiet
from aggregator.fetch import Fetcher
from aggregator.model import SourceState
from aggregator.pipeline.gather import Desk
from aggregator.pipeline.refresh import Policy, Refresher
from aggregator.schedule.daemon import STEADY, Daemon
from aggregator.schedule.due import next_due, postponed
from aggregator.sources import KINDS
from aggregator.store.intake import Intake
from aggregator.store.reader import Reader
from aggregator.store.writer import Store
from tests.articles import article
from tests.config.desk import settings
from tests.stores import new_store

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clocks:
    """The wall's, which can be set, and the one that only ever grows."""

    def __init__(self) -> None:
        self.wall, self.runs = NOW, 0.0

    def pass_(self, span: timedelta) -> None:
        self.wall, self.runs = self.wall + span, self.runs + span.total_seconds()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "aggregator.db")
    articles = tuple(article(n) for n in range(4))
    with made.transaction():
        made.take_in(Intake(SourceState("paper", last_ok_at=NOW), articles))
    yield made
    made.close()


def test_a_clock_that_is_set_a_year_ahead_lets_nothing_go(store: Store, tmp_path: Path) -> None:
    wanted = settings(tmp_path, "[publish]\nentries = 1\n", KINDS)
    clocks = Clocks()
    with Fetcher(wanted.fetch, version="1") as network:
        desk = Desk(wanted, network, Reader(store.path))
        refresher = Refresher(desk, store, Policy(next_due, postponed), Quiet())
        daemon = Daemon(
            wanted, store, refresher, [], clock=lambda: clocks.wall, monotonic=lambda: clocks.runs
        )
        daemon.tick()
        clocks.wall += timedelta(days=365)
        for _ in range(3):
            clocks.pass_(STEADY / 4)
            daemon.tick()
        assert store.article_total() == 4
        clocks.wall -= timedelta(days=365)
        for _ in range(9):
            clocks.pass_(STEADY / 4)
            daemon.tick()
        assert store.article_total() == 4
        clocks.wall += timedelta(days=365)
        for _ in range(9):
            clocks.pass_(STEADY / 4)
            daemon.tick()
        assert len(store.newest("all", 10)) == 1, "it is that late indeed"
        refresher.close()
