"""Commands measured as whole processes, with all the processes that they start."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

_LOOK_EVERY = 0.2  # seconds between two looks at the memory: each costs a millisecond or more


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took: seconds on the clock and of CPU, and its peak memory in MB.

    The memory is that of all its processes together, shared pages counted once (PSS).
    """

    wall: float
    cpu: float
    peak_mb: float

    def __str__(self) -> str:
        return f"{self.wall:.2f} s, {self.cpu:.2f} s of CPU, {self.peak_mb:.0f} MB"


def measure(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> Cost:
    """Run *command* in *folder* and return its cost; raises where it fails with more than 1."""
    begun = time.monotonic()
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            [str(part) for part in command],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=installed({**os.environ, **(environment or {})}),
        ) as process,
        _Memory(process.pid) as memory,
    ):
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            errors.seek(0)
            raise RuntimeError(f"{command} failed:\n{errors.read().decode()[-2000:]}")
    peak = memory.peak or usage.ru_maxrss * 1024  # of one process, where it cannot be looked at
    return Cost(wall, usage.ru_utime + usage.ru_stime, peak / 1e6)


def installed(environment: dict[str, str]) -> dict[str, str]:
    """Return *environment* for a program that has its byte code, as one that is installed has."""
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**environment, "PYTHONPATH": str(Path(__file__).parents[1])}


def in_turn(rounds: int, **tasks: Callable[[], Cost]) -> dict[str, Cost]:
    """Run each of *tasks*, one after the other, so many times over; return the medians by name.

    What else the machine does meanwhile falls upon all of them alike.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            costs[name].append(task())
    return {name: _median(found) for name, found in costs.items()}


def aggregator(*arguments: str) -> list[str]:
    """Return the command line of our program."""
    return [sys.executable, "-m", "aggregator", *arguments]


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        median(cost.wall for cost in costs),
        median(cost.cpu for cost in costs),
        median(cost.peak_mb for cost in costs),
    )


@dataclass(slots=True)
class _Memory:
    """Looks again and again how much memory a process and its descendants have."""

    pid: int
    peak: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> _Memory:
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_LOOK_EVERY):
            self.peak = max(self.peak, sum(map(_pss, family(self.pid))))


def family(pid: int) -> list[int]:
    """Return *pid* and its descendants; Linux alone tells them."""
    found = [pid]
    for one in found:
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def _pss(pid: int) -> int:
    """Return the bytes of memory of a process, pages that n processes share being 1/n of each's."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
