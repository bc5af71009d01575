"""The real daemon, killed at any instant: nothing lost, nothing twice, every file whole."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from tests.command import aggregator, command, environment
from tests.safety.growing import Growing, published
from tests.safety.scale import scaled
from tests.safety.wholeness import damage, differing, malformed, rows
from tests.test_daemon import free_port, until
from tests.web import serving

LONGEST = 1.5  # seconds that a daemon lives at most, if a refresh takes less: more than one tick
LANES = scaled("LANES", 3)  # daemons at a time: each waits more than it works
SEED = scaled("SEED", 2)  # of chance: another one is other moments


@dataclass
class Report:
    """What the kills did; every list is to be empty. `commits` are those that were told of."""

    kills: int = 0
    commits: int = field(default=0, compare=False)
    malformed: list[str] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)
    redated: list[str] = field(default_factory=list)
    damage: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)


def kill_loop(folder: Path, kills: int, seed: int) -> Report:
    """Kill a daemon so many times at moments of chance; return what that did."""
    chance = random.Random(seed)
    source, report, seen = Growing(), Report(kills), set[tuple[Path, int]]()
    with serving({"/feed": source}) as port:
        configure(folder, port)
        longest = max(LONGEST, 2 * _refresh(folder))
        for number in range(kills):
            begun = chance.random() < 0.7  # else it may die before it has begun
            live(folder, source if begun else None, chance.uniform(0.1, longest))
            found = malformed(folder / "feeds", seen)
            assert not found, f"after kill {number}: {found}"
            (folder / "kills").write_text(f"{number + 1}\n")  # to look at while it runs
        _refresh(folder)
        acknowledged = source.acknowledged
    published_again = aggregator(folder, "publish", "--json")
    assert published_again.status == 0
    store = folder / "aggregator.db"
    kept = dict(rows(store, "SELECT guid, published FROM article JOIN identity USING (n)"))
    report.lost = sorted(n for n in acknowledged if f"growing-{n}" not in kept)
    if report.lost:
        (folder / "asked").write_text("\n".join(map(str, source.asked)))
    report.redated = [
        guid
        for guid, date in kept.items()
        if datetime.fromisoformat(date) != published(int(guid.partition("-")[2]))
    ]
    report.damage, report.differing = damage(store), differing(folder / "feeds")
    report.malformed += malformed(folder / "feeds")
    report.commits = len({known for _, known in source.asked if known})
    assert report.commits > 1, "nothing was acknowledged: the loop showed nothing"
    return report


def _refresh(folder: Path) -> float:
    """Have all sources asked; return how many seconds that took, which tells of the machine."""
    begun = time.monotonic()
    ended = aggregator(folder, "refresh", "--all")
    assert ended.status == 0, ended.err
    return time.monotonic() - begun


def configure(folder: Path, port: int) -> None:
    own = free_port()
    (folder / "config.toml").write_text(
        f'[site]\nurl = "http://127.0.0.1:{own}"\n'
        f'[serve]\naddress = "127.0.0.1:{own}"\n'
        f'[fetch]\nallow_private = ["127.0.0.1:{port}"]\nspacing = "0s"\n'
        f'[[source]]\nid = "growing"\nurl = "http://127.0.0.1:{port}/feed"\n'
        'every = "1s"\nfirst = "all"\n',
        encoding="utf-8",
    )


def live(folder: Path, source: Growing | None, seconds: float) -> None:
    """Have a daemon run for so long, counted from its first request to *source* where given."""
    with subprocess.Popen(
        command("run"), cwd=folder, env=environment(), stderr=subprocess.DEVNULL
    ) as daemon:
        if source is not None:
            served = source.served
            until(lambda: source.served > served, 180)
        time.sleep(seconds)
        assert daemon.poll() is None, "it ended by itself"
        daemon.send_signal(signal.SIGKILL)


def check(report: Report) -> None:
    assert report == Report(report.kills)


def test_a_few_kills_do_no_harm(tmp_path: Path) -> None:
    check(kill_loop(tmp_path, scaled("FEW_KILLS", 3), seed=1))


@pytest.mark.long
def test_many_kills_do_no_harm(tmp_path: Path) -> None:
    """60 in every run, 10,000 with `make safety-kills`."""
    begun = time.monotonic()
    folders = [tmp_path / str(lane) for lane in range(LANES)]
    for folder in folders:
        folder.mkdir()
    shares = [len(range(lane, scaled("KILLS", 60), LANES)) for lane in range(LANES)]
    with ThreadPoolExecutor(LANES) as pool:
        reports = list(pool.map(kill_loop, folders, shares, range(SEED, SEED + LANES)))
    commits = sum(report.commits for report in reports)
    print(  # noqa: T201 - the figures
        f"{sum(shares)} kills and {commits} commits in {time.monotonic() - begun:.0f} s"
    )
    for report in reports:
        check(report)
