"""A store of a test's own, without anything in it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from aggregator.store.stories import APART, Merging
from aggregator.store.writer import Store
from tests.articles import NAMING


def new_store(path: Path, merging: Merging = APART) -> Store:
    """Open the store at *path*; one that is not there yet is a copy of an empty one.

    To make its tables takes ten times as long as to open it, and most tests want one.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_empty())
    return Store(path, NAMING, merging)


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder, "empty.db")
        Store(path, NAMING).close()
        return path.read_bytes()
