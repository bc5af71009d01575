"""Waiting for signals."""

from __future__ import annotations

import subprocess
import sys

from aggregator.cli.stay import Bell
from tests.command import ROOT

STORM = """
import signal
from aggregator.cli.stay import Bell

bell = Bell()
signal.signal(signal.SIGALRM, bell.ring)
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
heard = sum(bell.wait(0.00001) for _ in range(5_000))
signal.setitimer(signal.ITIMER_REAL, 0)
print(heard > 0)
"""


def test_a_signal_in_the_middle_of_waiting_stops_nothing() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", STORM], cwd=ROOT, capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip
    assert ended.stdout == "True\n"


def test_a_bell_that_has_rung_is_heard_once_however_often_it_rang() -> None:
    bell = Bell()
    assert not bell.wait(0)
    bell.ring()
    bell.ring()
    assert bell.wait()
    assert not bell.wait(0)
