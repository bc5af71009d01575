"""version: what runs, and what it runs on; the first lines of every report of a fault."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from aggregator import __version__
from aggregator.cli.terminal import print_json, print_line
from aggregator.store.connection import sqlite_version

_LIBRARIES = (
    *("apscheduler", "feedgen", "feedparser", "jinja2", "lxml", "nh3", "pydantic", "requests"),
    *("sqlite-utils", "starlette", "trafilatura", "typer", "urllib3", "uvicorn"),
)
# The extras of pyproject.toml, and the module that each brings.
_EXTRAS = {"cluster": "distributed", "fulltext": "trafilatura", "notify": "apprise"}


def print_version(*, as_json: bool) -> int:
    """Print the versions of what matters; return the exit status.

    With JSON `{"aggregator", "python", "sqlite", "libxml2", "system", "extras": {name: whether it
    is installed}, "libraries": {name: version}}`; a library that is not installed is not named.
    """
    facts = _facts()
    extras = {name: find_spec(module) is not None for name, module in _EXTRAS.items()}
    libraries = {name: found for name in _LIBRARIES if (found := _installed(name))}
    if as_json:
        print_json(facts | {"extras": extras, "libraries": libraries})
        return 0
    present = {f"[{name}]": "installed" if there else "absent" for name, there in extras.items()}
    for name, words in (facts | present | libraries).items():
        print_line(f"{name:<13} {words}")
    return 0


def _facts() -> dict[str, str]:
    from lxml import etree

    python = f"{platform.python_implementation()} {platform.python_version()} ({sys.executable})"
    return {
        "aggregator": __version__,
        "python": python,
        "sqlite": ".".join(map(str, sqlite_version())),
        "libxml2": ".".join(map(str, etree.LIBXML_VERSION)),
        "system": platform.platform(),
    }


def _installed(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
