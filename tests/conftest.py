"""What holds for every test."""

from __future__ import annotations

import gc

from hypothesis import settings

# How long an example takes says more about the machine than about us.
settings.register_profile("without time limits", deadline=None)
settings.load_profile("without time limits")


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays to the end, half a second each time."""
    gc.freeze()
