from __future__ import annotations

import sys
import threading
from pathlib import Path
from subprocess import run

import pytest
from lxml import etree

from aggregator.errors import FetchError
from aggregator.workers import aside
from tests.command import ROOT
from tests.workers import tasks


def test_work_aside_is_done_in_a_thread_that_ends() -> None:
    done_by = aside(threading.current_thread)
    assert done_by is not threading.current_thread()
    done_by.join(5)
    assert not done_by.is_alive()


def test_a_fault_aside_is_raised_where_it_is_waited_for() -> None:
    with pytest.raises(FetchError):
        aside(tasks.refused)


def test_names_that_libxml2_keeps_go_with_their_thread() -> None:
    told = "from tests.workers.test_aside import growth; print(growth())"
    ended = run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(ended.stdout) < 10, "in this thread they would take 25 MB"


def growth() -> float:
    """Return by how many megabytes a process grows that reads documents full of names."""
    aside(names, 0)
    before = resident()
    for number in range(40):
        aside(names, number)
    return resident() - before


def names(number: int) -> None:
    etree.fromstring("<a>" + "".join(f"<n{number}x{one}/>" for one in range(20_000)) + "</a>")


def resident() -> float:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096 / 1e6
