"""A disk that is really full, and one that is really read-only, under the real daemon."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.command import aggregator, command, environment
from tests.safety.disks import Disk, disk, may_mount
from tests.safety.growing import Growing
from tests.safety.test_kills import configure
from tests.safety.wholeness import damage, differing, malformed, rows
from tests.test_daemon import Site, until
from tests.web import serving

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not may_mount(), reason="nothing can be mounted here"),
]
FEED = "growing/rss.xml"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Disk]:
    with disk(tmp_path / "disk", 24) as made:
        yield made


@pytest.fixture
def source(small: Disk) -> Iterator[Growing]:
    made = Growing()
    with serving({"/feed": made}) as port:
        configure(small.folder, port)
        yield made


def site_of(folder: Path) -> Site:
    site = Site(folder)
    address = (folder / "config.toml").read_text().partition('address = "127.0.0.1:')[2]
    site.port = int(address.partition('"')[0])
    return site


@contextmanager
def running(folder: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command("run"), cwd=folder, env=environment(), text=True, stderr=subprocess.PIPE
    ) as daemon:
        try:
            yield daemon
        finally:
            daemon.kill()


def newest(folder: Path) -> int:
    return len(rows(folder / "aggregator.db", "SELECT 1 FROM article"))


def whole(folder: Path, source: Growing) -> None:
    """Check that nothing is lost, and nothing is half."""
    assert malformed(folder / "feeds") == []
    assert differing(folder / "feeds") == []
    assert damage(folder / "aggregator.db") == []
    kept = {row[0] for row in rows(folder / "aggregator.db", "SELECT guid FROM identity")}
    lost = [n for n in sorted(source.acknowledged) if f"growing-{n}" not in kept]
    assert lost == []


def test_a_full_disk_stops_fetching_and_nothing_else(small: Disk, source: Growing) -> None:
    folder, site = small.folder, site_of(small.folder)
    copies = folder / "aggregator.db.backups"
    copies.mkdir()
    for day in ("2026-01-01", "2026-01-02"):
        (copies / f"{day}.db").write_bytes(b"x" * 2_000_000)
    with running(folder) as daemon:
        until(lambda: site.serves(FEED) and newest(folder) >= 3)
        until(lambda: len(list(copies.glob("*.db"))) == 3, 30)  # today's
        small.fill()
        until(lambda: len(list(copies.glob("*.db"))) == 1, 30)  # what can be made again goes first
        small.fill()
        still(source)
        for _ in range(5):
            assert site.serves(FEED)
            assert malformed(folder / "feeds") == []
            small.fill()
            time.sleep(0.3)
        before = newest(folder)
        small.make_room()
        until(lambda: newest(folder) > before + 2, 30)
        until(lambda: f"News {before + 1}" in site.titles("growing"))
        assert site.healthy()
        daemon.terminate()
        _, said = daemon.communicate(timeout=20)
    assert "the disk is full" in said
    assert "all is well again" in said
    assert "Traceback" not in said
    whole(folder, source)


def still(source: Growing) -> None:
    """Wait until nothing more is asked for."""
    asked, since = source.served, time.monotonic()
    end = since + 40
    while time.monotonic() - since < 4:
        assert time.monotonic() < end, "it goes on fetching"
        time.sleep(0.2)
        if source.served != asked:
            asked, since = source.served, time.monotonic()


def test_a_daemon_that_begins_on_a_full_disk_serves_and_goes_on(
    small: Disk, source: Growing
) -> None:
    folder, site = small.folder, site_of(small.folder)
    assert aggregator(folder, "refresh").status == 0
    small.fill()
    assert states(folder)["disk"] == "fail"
    refused = aggregator(folder, "refresh", "--all")
    assert refused.status == 3
    assert "the disk is full" in refused.err
    with running(folder) as daemon:
        until(lambda: site.serves(FEED), 30)
        small.make_room()
        until(lambda: newest(folder) > 2, 60)
        daemon.terminate()
        daemon.communicate(timeout=20)
    assert aggregator(folder, "refresh", "--all").status == 0
    whole(folder, source)


def test_what_is_on_a_read_only_disk_stays_served(small: Disk, source: Growing) -> None:
    folder, site = small.folder, site_of(small.folder)
    assert aggregator(folder, "refresh").status == 0
    small.read_only()
    ended = aggregator(folder, "refresh")
    assert ended.status == 3
    assert "read-only" in ended.err.lower()
    assert "Traceback" not in ended.err
    assert states(folder)["disk"] == "fail"
    asked = source.served
    with running(folder) as daemon:
        until(lambda: site.serves(FEED), 30)
        assert not site.healthy()
        assert source.served == asked
        small.writable()
        until(lambda: newest(folder) > 1, 60)
        until(site.healthy, 30)
        daemon.terminate()
        _, said = daemon.communicate(timeout=20)
    assert "read-only" in said.lower()
    assert "Traceback" not in said
    assert aggregator(folder, "refresh", "--all").status == 0
    whole(folder, source)


def states(folder: Path) -> dict[str, Any]:
    found = aggregator(folder, "doctor", "--json").json()["findings"]
    return {finding["subject"]: finding["state"] for finding in found}
