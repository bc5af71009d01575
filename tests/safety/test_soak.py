"""The real daemon for long, with sources that change, fail and hang: it takes no more than before.

SAFETY_SOAK_MINUTES is for how long; a third of that, half an hour at most, is for warming up. With
SAFETY_SOAK_NEWS=0 there is nothing new, so nothing has a reason to grow, not even what is stored.
With SAFETY_SOAK_KEEP=15 the store keeps that many minutes: as much leaves it as comes, once the
daemon believes the clock, and what is measured begins when that has gone on for a while.
"""

from __future__ import annotations

import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.command import command, environment
from tests.safety.processes import PROC, Holding, holding, tree
from tests.safety.scale import scaled
from tests.safety.town import FAULTS, Fickle, Paper, configure, hang
from tests.safety.wholeness import damage, differing, malformed
from tests.test_daemon import Site, free_port, until
from tests.web import Answer, serving

MIB = 2**20
MINUTES = scaled("SOAK_MINUTES", 1)
KEEP = scaled("SOAK_KEEP", 0)  # minutes; 0 is for ever
BELIEVED = 60  # minutes that the daemon looks at the clock before it lets an article go
WARMING_UP = (BELIEVED + 2 * KEEP if KEEP else min(MINUTES / 3, 30)) * 60  # seconds
SHORT = f'[publish]\nentries = 20\n[store]\nkeep = "{KEEP}m"' if KEEP else ""
EVERY = max(MINUTES * 60 / 720, 1.0)  # seconds between two samples
SLOWER = 1 if scaled("SOAK_NEWS", 1) else 10**9  # news come so many times more slowly
SLOPE = 1.0  # MiB an hour
# What comes and goes by itself, in a short run also what is not warm yet: each of some seventy
# threads opens the store and its log when it first reads.
NOISE, MORE_HANDLES = (6.0, 4) if MINUTES >= 30 else (24.0, 150)  # MiB; at most
ASKED = ("", "all/atom.xml", "archive-0/feed.json", "healthz", "status", "metrics")
LARGEST_WAL = 16 * MIB + 65_536

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not PROC.exists(), reason="there is no /proc to look into"),
]


@dataclass(frozen=True)
class Sample:
    """What the daemon itself held `at` a time (seconds), what it held with its workers, the log."""

    at: float
    own: Holding
    whole: Holding
    wal: int


def town() -> dict[str, Answer]:
    """Return the sources: most have news now and then, some fail in every way, some hang."""
    papers = {
        f"/paper/{n}": Paper(f"paper-{n}", SLOWER * (20 + 7 * n), 20, 3000) for n in range(16)
    }
    fickle = {
        f"/fickle/{n}": Fickle(Paper(f"fickle-{n}", SLOWER * 60, 10, 400), FAULTS) for n in range(6)
    }
    failing = {f"/failing/{n}": answer for n, answer in enumerate(FAULTS.values())}
    old = Paper("archive", 1e9, 2500 if MINUTES > 5 else 100, 3000)  # what fills every cache
    hanging = {"/hanging/0": hang, "/hanging/1": hang}
    return {**papers, **fickle, **failing, **hanging, "/archive/0": old}


def soaked(folder: Path) -> list[Sample]:
    """Have the daemon run for MINUTES; return what it held meanwhile."""
    answers, own = town(), free_port()
    site = Site(folder)
    site.port = own
    with serving(answers) as port:
        configure(folder, own_port=own, source_port=port, paths=list(answers),
                  more=f'timeout = "3s"\n{SHORT}')  # fmt: skip
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(command("run"), cwd=folder, env=environment(), stderr=log) as daemon,
        ):
            try:
                until(site.healthy, 60)
                until(lambda: all(map(site.serves, ASKED)), 600)
                samples = _samples(folder, own, daemon)
                daemon.terminate()
                assert daemon.wait(30) == 0
            finally:
                daemon.kill()
    return samples


def _samples(folder: Path, port: int, daemon: subprocess.Popen[bytes]) -> list[Sample]:
    begun, samples = time.monotonic(), []
    while (at := time.monotonic() - begun) < MINUTES * 60:
        for path in ASKED:
            with urlopen(f"http://127.0.0.1:{port}/{path}", timeout=30) as answer:
                answer.read()
        wal = folder / "aggregator.db-wal"
        samples.append(
            Sample(
                at,
                holding([daemon.pid]),
                holding(tree(daemon.pid)),
                wal.stat().st_size if wal.exists() else 0,
            )
        )
        with (folder / "samples").open("a") as file:  # to look at while it runs
            print(samples[-1], file=file)
        assert daemon.poll() is None, "it ended by itself"
        time.sleep(EVERY)
    return samples


def grown(values: list[float]) -> float:
    """Return by how much the median of the last third is above that of the first."""
    third = max(len(values) // 3, 1)
    return statistics.median(values[-third:]) - statistics.median(values[:third])


def test_the_daemon_takes_no_more_the_longer_it_runs(tmp_path: Path) -> None:
    samples = [sample for sample in soaked(tmp_path) if sample.at >= WARMING_UP]
    hours = (samples[-1].at - samples[0].at) / 3600 * 2 / 3  # between the middles of the thirds
    own, whole = (
        grown([getattr(sample, name).resident / MIB for sample in samples])
        for name in ("own", "whole")
    )
    handles = grown([sample.whole.handles for sample in samples])
    threads = grown([sample.whole.threads for sample in samples])
    wal = max(sample.wal for sample in samples)
    print(  # noqa: T201 - the figures
        f"{MINUTES} min: daemon {samples[-1].own.resident / MIB:.0f} MiB, {own / hours:+.2f} MiB/h;"
        f" with workers {samples[-1].whole.resident / MIB:.0f} MiB, {whole / hours:+.2f} MiB/h;"
        f" {samples[-1].whole.handles} handles, {handles:+.0f}; {samples[-1].whole.threads}"
        f" threads, {threads:+.0f}; log at most {wal / MIB:.1f} MiB"
    )
    assert own < SLOPE * hours + NOISE
    assert handles <= MORE_HANDLES
    assert threads <= 2
    assert wal <= LARGEST_WAL
    assert malformed(tmp_path / "feeds") == []
    assert differing(tmp_path / "feeds") == []
    assert damage(tmp_path / "aggregator.db") == []
