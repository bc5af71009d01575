"""Imported by Python as it begins: this process's clock is off by what stands in a file.

CLOCK_OFF_BY names the file, which has seconds in it and may change meanwhile. What counts from an
unknown moment (time.monotonic) goes on as it was, as with a real clock that is set.
"""

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine


def _seconds(file: Path) -> float:
    try:
        return float(file.read_text())
    except (OSError, ValueError):
        return 0.0


def _follow(file: Path, clock: Any, off_by: float) -> None:
    while True:
        time.sleep(0.1)
        if (now := _seconds(file)) != off_by:
            clock.shift(timedelta(seconds=now - off_by))
            off_by = now


def _begin(file: Path) -> None:
    off_by = _seconds(file)
    wanted = datetime.now(UTC) + timedelta(seconds=off_by)
    clock = time_machine.travel(wanted, tick=True).start()
    threading.Thread(target=_follow, args=(file, clock, off_by), daemon=True).start()


if "CLOCK_OFF_BY" in os.environ:
    _begin(Path(os.environ["CLOCK_OFF_BY"]))
