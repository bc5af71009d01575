"""A disk that fails at the n-th write, sync or rename: nothing broken, healed in one cycle.

strace makes the system call fail as the disk would; the program is the real one.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.command import aggregator, command, environment
from tests.safety.scale import scaled
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

    def traced(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Refresh and publish under strace."""
        strace = ["strace", "-f", "-qq", "-o", str(self.folder / "trace"), *options]
        return subprocess.run(
            [*strace, *command("refresh", "--all")],
            cwd=self.folder,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def titles(self) -> set[str]:
        return {row[0] for row in rows(self.folder / "aggregator.db", "SELECT title FROM article")}


def may_trace() -> bool:
    if shutil.which("strace") is None:
        return False
    tried = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], check=False)
    return tried.returncode == 0


pytestmark = pytest.mark.skipif(not may_trace(), reason="strace is missing or may not trace")


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
    assert site.traced("-e", f"trace={','.join(CALLS)}").returncode == 0
    trace = (site.folder / "trace").read_text(errors="replace")
    return {call: len(re.findall(rf"^\d+ +{call}\(", trace, re.MULTILINE)) for call in CALLS}


def copied(site: Site, folder: Path) -> Site:
    shutil.copytree(site.folder, folder, dirs_exist_ok=True)
    return Site(folder, site.answers)


def fail_at(prepared: Site, folder: Path, call: str, number: int, error: str) -> None:
    """Have one system call fail, and check what is left of it before and after the next cycle."""
    site = copied(prepared, folder)
    inject = f"inject={call}:error={error}:when={number}"
    ended = site.traced("-e", f"trace={call}", "-e", inject)
    where = f"{call} number {number} with {error}: {ended.stderr}"
    assert "Traceback" not in ended.stderr, where
    assert malformed(folder / "feeds") == [], where
    assert damage(folder / "aggregator.db") == [], where
    healed = aggregator(folder, "refresh", "--all")
    assert healed.status == 0, where + healed.err
    assert site.titles() == set(NEW), where
    assert malformed(folder / "feeds") == [], where
    assert differing(folder / "feeds") == [], where
    assert not list((folder / "feeds").rglob("*.tmp")), where


def moments(count: int, most: int) -> list[int]:
    """Return *most* numbers of 1 … *count*, the first and the last among them."""
    if count <= most:
        return list(range(1, count + 1))
    return sorted({1 + round(step * (count - 1) / (most - 1)) for step in range(most)})


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
    for number in moments(counts[call], scaled("WRITE_FAULTS", 4)):
        fail_at(prepared, tmp_path / str(number), call, number, error)
