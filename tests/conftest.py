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


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays to the end, half a second each time."""
    gc.freeze()
