"""The command inside of this process: for the many cases that differ in what is said, not in how.

A process of its own takes most of a second to begin.
"""

from __future__ import annotations

import io
import logging
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from aggregator.cli import main
from tests.command import Ended


def aggregator(folder: Path, *arguments: str) -> Ended:
    """Run the command in *folder* and return how it ended."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    log = logging.getLogger("aggregator")
    before, level = log.handlers[:], log.level
    with (
        chdir(folder),
        redirect_stdout(out),
        redirect_stderr(err),
        patch.object(sys, "argv", ["aggregator", *arguments]),
    ):
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        finally:
            log.handlers[:] = before
            log.setLevel(level)
    return Ended(status, out.getvalue(), err.getvalue())
