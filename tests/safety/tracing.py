"""The real program under strace, which makes a system call fail, or kills who makes it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.command import Ended, command, environment


def _may_trace() -> bool:
    if shutil.which("strace") is None:
        return False
    tried = subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], check=False)
    return tried.returncode == 0


MAY_TRACE = _may_trace()


def traced(folder: Path, options: Sequence[str], *arguments: str) -> Ended:
    """Run the command in *folder* under strace; its trace is left there."""
    strace = ["strace", "-f", "-qq", "-o", str(folder / "trace"), *options]
    ended = subprocess.run(
        [*strace, *command(*arguments)],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def counted(folder: Path, calls: Sequence[str]) -> dict[str, int]:
    """Return how often each of *calls* stands in the trace in *folder*."""
    trace = (folder / "trace").read_text(errors="replace")
    return {call: len(re.findall(rf"^\d+ +{call}\(", trace, re.MULTILINE)) for call in calls}


def moments(count: int, most: int) -> list[int]:
    """Return *most* numbers of 1 … *count*: the first and the last among them, or the middle."""
    if count <= most:
        return list(range(1, count + 1))
    if most == 1:
        return [(count + 1) // 2]
    return sorted({1 + round(step * (count - 1) / (most - 1)) for step in range(most)})
