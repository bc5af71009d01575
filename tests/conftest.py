"""What holds for every test."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

# How long an example takes says more about the machine than about us.
settings.register_profile("without time limits", deadline=None)
settings.load_profile("without time limits")


@pytest.hookimpl(optionalhook=True)  # of xdist
def pytest_xdist_auto_num_workers() -> int:
    """Have half as many workers again as cores: tests wait for servers, ticks and disks."""
    return (os.cpu_count() or 1) * 3 // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the modules with long tests come first, and among them those that hold a promise.

    Who has nothing more to do takes from the end of what another one is to do: so no long test
    is begun when everybody else has finished.
    """
    long = {item.path for item in items if item.get_closest_marker("long")}
    items.sort(key=lambda item: (item.path not in long, item.path.parent.name != "safety"))


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays to the end, half a second each time."""
    gc.freeze()
