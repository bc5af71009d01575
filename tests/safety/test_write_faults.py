"""A disk that fails at the n-th write, sync or rename: nothing broken, healed in one cycle.

strace makes the system call fail as the disk would; the program is the real one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.inside import aggregator
from tests.command import Ended
from tests.safety.scale import scaled
from tests.safety.tracing import MAY_TRACE, counted, moments, traced
from tests.safety.wholeness import damage, differing, malformed, rows
from tests.web import Answer, document, rss, serving

CALLS = ("pwrite64", "write", "fsync", "fdatasync", "rename", "unlink")
FAULTS = ("ENOSPC", "EIO")
OLD, NEW = ("one", "two"), ("one", "two", "three", "four")


@dataclass
class Site:
    """A folder whose source has news that are to be taken in while the disk fails."""

    folder: Path
    answers: dict[str, Answer]

    def make(self, port: int) -> None:
        (self.folder / "config.toml").write_text(
            f'[fetch]\nallow_private = ["127.0.0.1:{port}"]\n'
            f'[[source]]\nid = "paper"\nurl = "http://127.0.0.1:{port}/feed"\n',
            encoding="utf-8",
        )
        self.answers["/feed"] = document(rss(*OLD))
        assert aggregator(self.folder, "refresh").status == 0
        self.answers["/feed"] = document(rss(*NEW))

    def traced(self, *options: str) -> Ended:
        """Refresh and publish under strace."""
        return traced(self.folder, options, "refresh", "--all")

    def titles(self) -> set[str]:
        return {row[0] for row in rows(self.folder / "aggregator.db", "SELECT title FROM article")}


pytestmark = pytest.mark.skipif(not MAY_TRACE, reason="strace is missing or may not trace")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield a site before its news, whose folder is copied for each fault."""
    site = Site(tmp_path_factory.mktemp("faults"), {})
    with serving(site.answers) as port:
        site.make(port)
        yield site


@pytest.fixture(scope="module")
def counts(prepared: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """Return how often each system call happens in one refresh and publication."""
    site = copied(prepared, tmp_path_factory.mktemp("counted"))
    assert site.traced("-e", f"trace={','.join(CALLS)}").status == 0
    return counted(site.folder, CALLS)


def copied(site: Site, folder: Path) -> Site:
    shutil.copytree(site.folder, folder, dirs_exist_ok=True)
    return Site(folder, site.answers)


def fail_at(prepared: Site, folder: Path, call: str, number: int, error: str) -> None:
    """Have one system call fail, and check what is left of it before and after the next cycle."""
    site = copied(prepared, folder)
    inject = f"inject={call}:error={error}:when={number}"
    ended = site.traced("-e", f"trace={call}", "-e", inject)
    where = f"{call} number {number} with {error}: {ended.err}"
    assert "Traceback" not in ended.err, where
    assert malformed(folder / "feeds") == [], where
    assert damage(folder / "aggregator.db") == [], where
    healed = aggregator(folder, "refresh", "--all")
    assert healed.status == 0, where + healed.err
    assert site.titles() == set(NEW), where
    assert malformed(folder / "feeds") == [], where
    assert differing(folder / "feeds") == [], where
    assert not list((folder / "feeds").rglob("*.tmp")), where


@pytest.mark.parametrize("call", ["pwrite64", "fsync", "rename"])
def test_a_failing_disk_breaks_nothing(
    prepared: Site, counts: dict[str, int], tmp_path: Path, call: str
) -> None:
    assert counts[call], f"{call} is never called: the test showed nothing"
    fail_at(prepared, tmp_path, call, max(counts[call] // 2, 1), "ENOSPC")


@pytest.mark.long
@pytest.mark.parametrize("error", FAULTS)
@pytest.mark.parametrize("call", CALLS)
def test_whichever_write_fails_nothing_breaks(
    prepared: Site, counts: dict[str, int], tmp_path: Path, call: str, error: str
) -> None:
    """The first and the last call in every run, each with `make safety-writes`."""
    for number in moments(counts[call], scaled("WRITE_FAULTS", 2)):
        fail_at(prepared, tmp_path / str(number), call, number, error)
