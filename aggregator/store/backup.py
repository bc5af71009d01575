"""Copies of the store, made while it is written, and put back in its place.

A copy is whole or not there: it is made under another name, examined, synced and renamed.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from aggregator.errors import StoreError
from aggregator.store.connection import failing_as

_MOST_FAULTS = 20


def back_up(store: Path, target: Path) -> None:
    """Copy *store* to *target*, as it is at one instant; an older *target* is replaced.

    Reads only, so it may run beside the one who writes (`VACUUM INTO`, which also leaves out what
    was deleted). Raises StoreError where the store cannot be read or the copy not be made.
    """
    if not store.is_file():
        raise StoreError(
            f"there is no store at {store} yet; run `aggregator refresh` first", code="E401"
        )
    with _in_the_making(target) as unfinished, failing_as(f"copy {store} to {target}"):
        with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as db:
            db.execute("VACUUM INTO ?", [str(unfinished)])
        _examine(unfinished)


def restore(backup: Path, store: Path) -> Path | None:
    """Put *backup* in the place of *store*, which nobody may have open; return where that went.

    What was there is kept as `<store>.before-restore`; None where there was nothing. Raises
    StoreError where *backup* is damaged or no store of ours: then nothing has changed.
    """
    if not backup.is_file():
        raise StoreError(f"there is no backup at {backup}", code="E405")
    with failing_as(f"restore {backup}"):
        _examine(backup)
        with _in_the_making(store, keep_old=True) as unfinished:
            shutil.copyfile(backup, unfinished)
    kept = _before(store)
    return kept if kept.exists() else None


def faults(store: Path, *, thorough: bool = False) -> list[str]:
    """Return what is wrong with the file, at most twenty faults; [] is nothing.

    SQLite's own check, *thorough* with that of every index, and what our own tables promise each
    other. Raises StoreError where it cannot even be read.
    """
    check = "integrity_check" if thorough else "quick_check"
    with failing_as(f"examine {store}"), _reading(store) as db:
        found = [row[0] for row in db.execute(f"PRAGMA {check}({_MOST_FAULTS})")]
        found = [] if found == ["ok"] else found
        broken = db.execute("PRAGMA foreign_key_check").fetchmany(_MOST_FAULTS)
        found += [f"a row of {row[0]} points to what is not in {row[2]}" for row in broken]
        found += [
            f"{count} {what}"
            for what, query in _PROMISES.items()
            if (count := db.execute(query).fetchone()[0])
        ]
    return found[:_MOST_FAULTS]


_PROMISES = {
    "articles have no identity": (
        "SELECT count(*) FROM article WHERE n NOT IN (SELECT n FROM identity)"
    ),
    "places in a category have no article": (
        "SELECT count(*) FROM placement WHERE n NOT IN (SELECT n FROM article)"
    ),
    "places are in categories without a name": (
        "SELECT count(*) FROM placement WHERE slug != 'all' AND slug NOT IN (SELECT slug FROM slug)"
    ),
    "articles are dated later than their change": (
        "SELECT count(*) FROM article WHERE published > updated"
    ),
    "places have another id than their article": (
        "SELECT count(*) FROM placement JOIN identity USING (n) WHERE placement.id != identity.id"
    ),
    # What follows is never so while the indexes are right: they are not asked.
    "public ids are two articles'": (
        "SELECT count(+public_id) - count(DISTINCT +public_id) FROM identity"
    ),
    "ids are two articles'": "SELECT count(+id) - count(DISTINCT +id) FROM identity",
    "names of folders differ in case alone": (
        "SELECT count(*) - count(DISTINCT lower(slug)) FROM slug"
    ),
    "documents are of articles without an identity": (
        "SELECT count(*) FROM document WHERE owner GLOB 'article:*'"
        " AND substr(owner, 9) NOT IN (SELECT id FROM identity)"
    ),
}


class Backups:
    """The daily copies of a store, in the folder `<store>.backups`: the newest *keep* of them."""

    def __init__(self, store: Path, keep: int) -> None:
        self.directory = store.with_name(f"{store.name}.backups")
        self._store = store
        self._keep = keep

    def all(self) -> list[Path]:
        """Return the copies there are, the oldest first."""
        return sorted(self.directory.glob("????-??-??.db"))

    def is_due(self, now: datetime) -> bool:
        """Say whether the copy of the day of *now* (UTC) is still to be made."""
        return self._keep > 0 and self._store.is_file() and not self._of(now).exists()

    def make(self, now: datetime) -> Path:
        """Make the copy of the day, and let go of those beyond the newest.

        Raises StoreError where that fails, also where the disk has no room for it.
        """
        with failing_as(f"make {self.directory}"):
            self.directory.mkdir(exist_ok=True)
            free = shutil.disk_usage(self.directory).free
        size = self._store.stat().st_size
        if free < 2 * size:  # the store itself wants to grow, too
            raise StoreError(
                f"cannot back up {self._store}: {free // 10**6} MB are free on the disk and "
                f"{2 * size // 10**6} MB are wanted; make room",
                code="E402",
            )
        target = self._of(now)
        back_up(self._store, target)
        for old in self.all()[: -self._keep]:
            old.unlink(missing_ok=True)
        return target

    def make_room(self) -> int:
        """Let go of every copy but the newest; return how many bytes that freed."""
        freed = 0
        for old in self.all()[:-1]:
            with suppress(OSError):
                freed += old.stat().st_size
                old.unlink()
        return freed

    def _of(self, now: datetime) -> Path:
        return self.directory / f"{now:%Y-%m-%d}.db"


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA query_only = ON")
        yield db


@contextmanager
def _in_the_making(target: Path, *, keep_old: bool = False) -> Iterator[Path]:
    """Give the block a name to write under; rename it to *target* when all is well."""
    unfinished = target.with_name(f".{target.name}.unfinished")
    with failing_as(f"write {target}"):
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
    try:
        yield unfinished
        with failing_as(f"write {target}"):
            _sync(unfinished)
            if keep_old:
                _put_aside(target)
            unfinished.replace(target)
            _sync(target.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def _put_aside(store: Path) -> None:
    """Keep the store under another name too; its own is free to be taken at any moment.

    What its log holds is brought into it first: beside another file a log would be damage. Where
    that cannot be, as it is damaged itself, the log goes with it.
    """
    if store.exists():
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(store)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _link(store, _before(store))
    for suffix in ("-wal", "-shm"):
        part, aside = (path.with_name(path.name + suffix) for path in (store, _before(store)))
        aside.unlink(missing_ok=True)
        if part.exists():
            part.replace(aside)


def _link(path: Path, other: Path) -> None:
    """Have the file at *path* stand at *other* too, in the place of what stands there."""
    other.unlink(missing_ok=True)
    try:
        other.hardlink_to(path)
    except OSError:  # not every file system can
        shutil.copyfile(path, other)


def _before(store: Path) -> Path:
    return store.with_name(f"{store.name}.before-restore")


def _examine(path: Path) -> None:
    """Raise StoreError where the file is damaged, or is no store of ours."""
    with _reading(path) as db:
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_schema")}
        if not {"article", "identity", "meta"} <= tables:
            raise StoreError(f"{path} is an SQLite file, but no store of articles", code="E405")
        found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise StoreError(f"{path} is damaged: {found}; take an older backup", code="E405")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
