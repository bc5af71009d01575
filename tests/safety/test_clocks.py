"""Clocks that are set, machines that sleep, networks that are away: all goes on by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from tests.command import ROOT, aggregator, command, environment, files
from tests.safety.town import Paper, configure
from tests.safety.wholeness import damage, rows
from tests.test_daemon import Site, free_port, until
from tests.web import Answer, serving

pytestmark = pytest.mark.long
HOUR, DAY, YEAR = 3600, 86_400, 365 * 86_400
JUMPS = (HOUR, 0, -HOUR, 0, YEAR, 0, -YEAR, 0, DAY)  # seconds by which the clock is off, in turn


class Town:
    """A daemon whose clock can be set, and two papers: one asked each second, one each hour."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder)
        self.quick, self.slow = Paper("quick", 0, 5, 100), Paper("slow", 0, 5, 100)
        self.answers: dict[str, Answer] = {"/quick": self.quick, "/slow": self.slow}
        self._clock = folder / "clock"

    def set(self, seconds: float) -> None:
        """Have the clock be off by so much from now on."""
        beside = self._clock.with_suffix(".new")
        beside.write_text(str(seconds))
        beside.replace(self._clock)

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[str]]:
        path = os.pathsep.join([str(ROOT / "tests" / "safety" / "clock"), str(ROOT)])
        with subprocess.Popen(
            command("run"),
            cwd=self.site.folder,
            env={**environment(), "PYTHONPATH": path, "CLOCK_OFF_BY": str(self._clock)},
            text=True,
            stderr=subprocess.PIPE,
        ) as daemon:
            try:
                until(lambda: self.site.serves("quick/rss.xml"), 60)
                yield daemon
            finally:
                daemon.kill()

    def dates(self) -> dict[str, str]:
        store = self.site.folder / "aggregator.db"
        sql = "SELECT guid, published FROM article JOIN identity USING (n)"
        return dict(rows(store, sql))

    def goes_on(self) -> None:
        """Wait until the quick one is asked three times more."""
        asked = self.quick.asked
        until(lambda: self.quick.asked >= asked + 3, 60)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path)
    made.site.port = free_port()
    with serving(made.answers) as port:
        configure(
            tmp_path,
            own_port=made.site.port,
            source_port=port,
            paths=["/quick", "/slow"],
            source=lambda path: 'every = "1h"' if path == "/slow" else "",
        )
        yield made


def test_a_clock_that_jumps_delays_nobody_and_dates_nothing_anew(town: Town) -> None:
    with town.running() as daemon:
        known: dict[str, str] = {}
        for off_by in JUMPS:
            town.set(off_by)
            town.goes_on()
            now = town.dates()
            assert {guid: now.get(guid) for guid in known} == known
            assert town.site.serves("quick/rss.xml")
            known = now
        daemon.terminate()
        _, said = daemon.communicate(timeout=20)
    assert "Traceback" not in said
    # Of an hour that never passed the slow one does not know: it is asked where one did.
    assert 1 <= town.slow.asked <= 1 + sum(off > before for before, off in pairwise((0, *JUMPS)))
    assert damage(town.site.folder / "aggregator.db") == []


def test_a_machine_that_sleeps_goes_on_where_it_was(town: Town) -> None:
    with town.running() as daemon:
        town.goes_on()
        daemon.send_signal(signal.SIGSTOP)
        time.sleep(4)  # longer than a daemon goes without a tick
        town.set(HOUR)  # it slept for longer
        daemon.send_signal(signal.SIGCONT)
        town.goes_on()
        assert town.site.healthy()
        daemon.terminate()
        _, said = daemon.communicate(timeout=20)
    assert "Traceback" not in said


def test_all_sources_away_take_nothing_with_them(tmp_path: Path) -> None:
    """The server is gone, and so is the one that knows names."""
    papers: dict[str, Answer] = {f"/{n}": Paper(f"p{n}", 0, 5, 100) for n in range(5)}
    site = Site(tmp_path)
    site.port = free_port()
    with serving(papers) as port:
        configure(
            tmp_path, own_port=site.port, source_port=port, paths=list(papers),
            source=lambda path: 'every = "1h"',
        )  # fmt: skip
        assert aggregator(tmp_path, "refresh").status == 0
    config = tmp_path / "config.toml"
    named = config.read_text().replace(
        f"http://127.0.0.1:{port}/3", "http://nobody-knows.invalid/3"
    )  # fmt: skip
    config.write_text(named)
    before = files(tmp_path / "feeds")
    ended = aggregator(tmp_path, "refresh", "--all", "--json")
    assert ended.status == 1
    outcomes = ended.json()["sources"]
    assert {row["status"] for row in outcomes} == {"failed"}
    assert files(tmp_path / "feeds") == before
    status = aggregator(tmp_path, "status", "--json").json()
    assert {row["state"] for row in status["sources"]} == {"failing"}
    assert status["articles"] == 25
    dues = {row["next_due"] for row in status["sources"]}
    assert len(dues) == 5, "they would all come back in one moment"
