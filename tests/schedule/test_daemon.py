"""The tick, with a clock that is set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.cli.progress import Quiet
from aggregator.fetch import Fetcher
from aggregator.model import Outcome, SourceState, Status
from aggregator.pipeline.gather import Desk
from aggregator.pipeline.refresh import Policy, Refresher
from aggregator.schedule.daemon import STEADY, Daemon, Ticks
from aggregator.schedule.due import next_due, postponed
from aggregator.sources import KINDS
from aggregator.store.intake import Intake
from aggregator.store.reader import Reader
from aggregator.store.writer import Store
from tests.articles import article
from tests.config.desk import settings
from tests.stores import new_store

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR, YEAR = timedelta(hours=1), timedelta(days=365)


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


def test_a_year_that_was_not_ticked_through_is_passed_over_in_one_step() -> None:
    ticks, second = Ticks(seconds=1, start_date=NOW), timedelta(seconds=1)
    assert ticks.get_next_fire_time(None, NOW) == NOW
    assert ticks.get_next_fire_time(NOW, NOW) == NOW + second
    assert ticks.get_next_fire_time(NOW, NOW + second) == NOW + second
    for later in (NOW + timedelta(days=365), NOW + 1.5 * second):
        assert ticks.get_next_fire_time(NOW, later) == later + second


def test_a_tick_that_is_late_waits_for_no_time_before_the_clock_was_set_back() -> None:
    ticks, second = Ticks(seconds=1, start_date=NOW), timedelta(seconds=1)
    before = NOW - timedelta(hours=1)
    assert ticks.get_next_fire_time(before, before + 1.5 * second) == before + 2.5 * second


@contextmanager
def daemon_of(
    store: Store, folder: Path, clocks: Clocks, chores: Iterable[Callable[[], object]] = ()
) -> Iterator[Daemon]:
    wanted = settings(folder, "[publish]\nentries = 1\n", KINDS)
    with Fetcher(wanted.fetch, version="1") as network:
        desk = Desk(wanted, network, Reader(store.path))
        refresher = Refresher(desk, store, Policy(next_due, postponed), Quiet())
        yield Daemon(
            wanted,
            store,
            refresher,
            chores,
            clock=lambda: clocks.wall,
            monotonic=lambda: clocks.runs,
        )
        refresher.close()


def ask(store: Store, at: datetime) -> None:
    """Have the paper be asked at *at*, and an hour later."""
    state = replace(store.state("paper"), last_attempt_at=at, next_due_at=at + HOUR)
    with store.transaction():
        store.remember([state])


def test_a_clock_that_is_set_a_year_ahead_lets_nothing_go(store: Store, tmp_path: Path) -> None:
    clocks = Clocks()
    with daemon_of(store, tmp_path, clocks) as daemon:
        daemon.tick()
        clocks.wall += YEAR
        for _ in range(3):
            clocks.pass_(STEADY / 4)
            daemon.tick()
        assert store.article_total() == 4
        clocks.wall -= YEAR
        for _ in range(9):
            clocks.pass_(STEADY / 4)
            daemon.tick()
        assert store.article_total() == 4
        clocks.wall += YEAR
        for _ in range(9):
            clocks.pass_(STEADY / 4)
            daemon.tick()
        assert len(store.newest("all", 10)) == 1, "it is that late indeed"


def test_a_clock_that_is_set_during_a_tick_lets_nothing_go(store: Store, tmp_path: Path) -> None:
    clocks = Clocks()
    leaps = [timedelta(0)] * 5 + [YEAR]

    def leap() -> None:
        clocks.wall += leaps.pop(0) if leaps else timedelta(0)

    with daemon_of(store, tmp_path, clocks, [leap]) as daemon:
        for _ in range(7):
            clocks.pass_(STEADY / 4)
            daemon.tick()
    assert not leaps
    assert store.article_total() == 4


def test_a_source_that_was_asked_in_the_future_waits_from_now(store: Store, tmp_path: Path) -> None:
    """Whether a daemon finds it so when it begins, or the clock is set back while it runs."""
    clocks = Clocks()
    ask(store, NOW + YEAR)
    with daemon_of(store, tmp_path, clocks) as daemon:
        daemon.tick()
        assert store.state("paper").next_due_at == NOW + HOUR
        clocks.wall += YEAR
        daemon.tick()
        ask(store, clocks.wall)
        clocks.wall -= YEAR
        daemon.tick()
        assert store.state("paper").next_due_at == clocks.wall + HOUR


def test_whose_answer_comes_after_the_clock_was_set_back_waits_from_now(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clocks = Clocks()

    def finish(_: object, timeout: float | None) -> list[Outcome]:
        ask(store, NOW + YEAR)
        return [Outcome("paper", Status.OK)]

    with daemon_of(store, tmp_path, clocks) as daemon:
        daemon.tick()
        with monkeypatch.context() as patched:
            patched.setattr(Refresher, "finish", finish)
            daemon.tick()
    assert store.state("paper").next_due_at == NOW + HOUR


def test_where_nothing_comes_in_nobody_looks_through_all_sources(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[datetime] = []
    monkeypatch.setattr(Store, "heal_clock", lambda _, now: looks.append(now))
    clocks = Clocks()
    with daemon_of(store, tmp_path, clocks) as daemon:
        for _ in range(5):
            clocks.pass_(timedelta(seconds=1))
            daemon.tick()
    assert len(looks) == 1
