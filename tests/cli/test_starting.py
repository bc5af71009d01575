from __future__ import annotations

import subprocess
import sys

import pytest

# What takes long to import, and a command that only reads has no use for.
HEAVY = {"rich", "feedparser", "feedgen", "jinja2", "lxml", "httpx", "httpcore", "apscheduler"}


@pytest.mark.parametrize("room", ["app", "asking", "terminal"])
def test_what_a_quick_command_does_not_need_is_not_imported(room: str) -> None:
    code = f"import sys, aggregator.cli.{room}; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY.intersection(said.stdout.split())
