from __future__ import annotations

import threading
from pathlib import Path

import pytest
from lxml import etree

from aggregator.errors import FetchError
from aggregator.workers import aside
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
    aside(names, 0)
    before = resident()
    for number in range(40):
        aside(names, number)
    assert resident() - before < 10, "in this thread they would take 25 MB"


def names(number: int) -> None:
    etree.fromstring("<a>" + "".join(f"<n{number}x{one}/>" for one in range(20_000)) + "</a>")


def resident() -> float:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096 / 1e6
