"""version: what runs, and what it runs on; the first lines of every report of a fault."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

from aggregator import __version__
from aggregator.cli.terminal import print_json, print_line
from aggregator.store.connection import sqlite_version

_LIBRARIES = (
    *("apscheduler", "feedgen", "feedparser", "jinja2", "lxml", "nh3", "pydantic", "requests"),
    *("sqlite-utils", "starlette", "trafilatura", "urllib3", "uvicorn"),
)


def print_version(*, as_json: bool) -> int:
    """Print the versions of what matters; return the exit status.

    With JSON `{"aggregator", "python", "sqlite", "system", "libraries": {name: version}}`; a
    library that is not installed is not named.
    """
    python = f"{platform.python_implementation()} {platform.python_version()} ({sys.executable})"
    sqlite = ".".join(map(str, sqlite_version()))
    facts = {"aggregator": __version__, "python": python, "sqlite": sqlite}
    facts["system"] = platform.platform()
    libraries = {name: found for name in _LIBRARIES if (found := _installed(name))}
    if as_json:
        print_json(facts | {"libraries": libraries})
        return 0
    for name, words in (facts | libraries).items():
        print_line(f"{name:<13} {words}")
    return 0


def _installed(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
