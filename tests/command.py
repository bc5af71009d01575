"""The `aggregator` command as another program calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it wrote."""

    status: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


def command(*arguments: str) -> list[str]:
    """Return the command line."""
    return [sys.executable, "-m", "aggregator", *arguments]


def environment() -> dict[str, str]:
    """Return an environment that is the same wherever the tests run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AGGREGATOR")}
    return {**kept, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "100"}


def aggregator(folder: Path, *arguments: str, timeout: float = 120) -> Ended:
    """Run the command in *folder* and wait for its end."""
    ended = subprocess.run(
        command(*arguments),
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return time of change and bytes of every file below *folder*."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
