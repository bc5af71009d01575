"""How soon a command answers, and what a daemon costs that has nothing to do.

python -m bench starting
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.process import aggregator, in_turn, installed, measure
from bench.table import Row

SOURCES = 2_000
ROUNDS = 7
SETTLING, WATCHED = 20, 30  # seconds: until the daemon has begun, and how long it is watched
LIMITS = {"--help": 0.150, "status": 0.300}  # seconds on the clock
MOST_MEMORY, MOST_CPU = 80, 0.5  # MB, and hundredths of a core
FEED = (
    '<rss version="2.0"><channel><title>{0}</title><link>https://{0}.example/</link>'
    "<description>x</description><item><title>News of {0}</title><guid>{0}</guid>"
    "<pubDate>Sun, 22 Nov 2026 09:00:00 GMT</pubDate></item></channel></rss>"
)
CONFIG = """[site]
url = "https://news.example"
[defaults]
every = "12h"
category = "news"
[serve]
address = "127.0.0.1:0"
[[source]]
id = "paper-{{n}}"
for = {{ n = {numbers} }}
url = "feeds-of-others/{{n}}.xml"
"""


def rows(scale: float) -> Iterator[Row]:
    """Yield how long commands take that only say something, and what an idle daemon costs."""
    count = max(int(SOURCES * scale), 2)
    with tempfile.TemporaryDirectory(prefix="bench-starting-") as name:
        folder = Path(name)
        _write(folder, count)
        measure(aggregator("--quiet", "refresh"), folder)
        tasks = {word: lambda word=word: measure(aggregator(word), folder) for word in LIMITS}
        for word, cost in in_turn(ROUNDS if scale >= 1 else 1, **tasks).items():
            limit = LIMITS[word]
            said = f"{cost.wall * 1000:.0f} ms, {cost.cpu * 1000:.0f} ms of CPU"
            work = f"aggregator {word}" + (f", {count:,} sources" if word == "status" else "")
            yield Row(work, said, f"{limit * 1000:.0f} ms at most", limit / cost.wall, 1)
        yield from _idle(folder, count, scale)


def _write(folder: Path, count: int) -> None:
    """Write a configuration of *count* sources, and their feeds."""
    (folder / "feeds-of-others").mkdir()
    for number in range(count):
        path = folder / "feeds-of-others" / f"{number}.xml"
        path.write_text(FEED.format(f"paper{number}"), encoding="utf-8")
    config = CONFIG.format(numbers=list(range(count)))
    (folder / "config.toml").write_text(config, encoding="utf-8")


def _idle(folder: Path, count: int, scale: float) -> Iterator[Row]:
    """Watch a daemon for a while in which no source is due."""
    settling, watched = (max(span * min(scale, 1), 1) for span in (SETTLING, WATCHED))
    with subprocess.Popen(
        aggregator("--quiet", "run"),
        cwd=folder,
        stderr=subprocess.DEVNULL,
        env=installed(dict(os.environ)),
    ) as daemon:
        time.sleep(settling)
        before, begun = _cpu(daemon.pid), time.monotonic()
        time.sleep(watched)
        share = (_cpu(daemon.pid) - before) / (time.monotonic() - begun) * 100
        memory = _resident(daemon.pid)
        daemon.send_signal(signal.SIGTERM)
    work = f"a daemon with {count:,} sources, idle"
    limit = f"{MOST_MEMORY} MB at most"
    yield Row(f"{work}: memory", f"{memory:.0f} MB", limit, MOST_MEMORY / memory, 1)
    limit = f"{MOST_CPU} % at most"
    yield Row(f"{work}: of a core", f"{share:.2f} %", limit, MOST_CPU / max(share, 0.01), 1)


def _cpu(pid: int) -> float:
    """Return the seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> float:
    """Return the MB of memory that a process has."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    raise RuntimeError(f"{pid} has no memory")
