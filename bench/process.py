"""A command measured as a whole process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: seconds on the clock and of CPU, and its peak memory in MB."""

    wall: float
    cpu: float
    peak_mb: float

    def __str__(self) -> str:
        return f"{self.wall:8.2f} s wall {self.cpu:8.2f} s cpu {self.peak_mb:6.0f} MB"


def measure(command: Sequence[str | Path], folder: Path) -> Cost:
    """Run *command* in *folder* and return its cost; raises where it fails with more than 1."""
    begun = time.monotonic()
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    ) as process:
        assert process.stderr is not None
        errors = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command} failed:\n{errors.decode()[-2000:]}")
    wall = time.monotonic() - begun
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def aggregator(*arguments: str) -> list[str]:
    """Return the command line of our program."""
    return [sys.executable, "-m", "aggregator", *arguments]
