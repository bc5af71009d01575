"""`python -m bench [--scale X] [NAME…]` measures, prints a table and writes bench/RESULTS.md.

Each module of the table has `rows(scale)`, which yields `bench.table.Row`s: 1 is the size that is
told of, 0.01 a hundredth of it. Peers that are not installed are said to be so.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from aggregator import __version__
from bench import (
    clustering,
    finews,
    growth,
    moving_in,
    newest,
    parsing,
    publishing,
    refreshing,
    serving,
    starting,
    stories,
)
from bench.table import in_columns, write_down

BENCHMARKS = {
    "clustering": clustering,
    "finews": finews,
    "growth": growth,
    "moving-in": moving_in,
    "newest": newest,
    "parsing": parsing,
    "refreshing": refreshing,
    "publishing": publishing,
    "serving": serving,
    "starting": starting,
    "stories": stories,
}
RESULTS = Path(__file__).with_name("RESULTS.md")
PEERS = ("reader", "feedparser", "fastfeedparser")  # whose versions are worth to be told


def main(arguments: list[str]) -> None:
    """Run the measurements named on the command line, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--scale", type=float, default=1.0, help="of the size that is told of")
    wanted = parser.parse_args(arguments)
    if unknown := set(wanted.names).difference(BENCHMARKS):
        parser.error(f"there is no measurement {', '.join(sorted(unknown))}")
    for name in wanted.names or BENCHMARKS:
        rows = list(BENCHMARKS[name].rows(wanted.scale))
        print(f"\n== {name}\n\n{in_columns(rows)}", flush=True)
        if wanted.scale == 1:
            write_down(RESULTS, name, conditions(), rows)


def conditions() -> str:
    """Return on what machine this is, with which programs, and on what day."""
    there = [f"{name} {version}" for name in PEERS if (version := _version(name))]
    python = f"Python {platform.python_version()}"
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    parts = (today, _machine(), python, f"aggregator {__version__}", *there)
    return ", ".join(parts)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _machine() -> str:
    cores = f"{os.cpu_count()} cores"
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return f"{cores} ({platform.machine()})"
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{cores} ({models[0] if models else platform.machine()})"


if __name__ == "__main__":
    main(sys.argv[1:])
