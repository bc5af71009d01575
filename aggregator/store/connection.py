"""How the file is opened, and the one border where sqlite's errors become ours."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aggregator.errors import DiskFullError, StoreError

_BUSY_MS = 10_000
_CACHE_KIB = 16_384
# Each of some seventy threads has one, which is void when anything was written meanwhile.
_READERS_CACHE_KIB = 128
_WAL_LIMIT = 16 * 1024 * 1024
_FULL = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")  # no room for a page, or for the log's index


def sqlite_version() -> tuple[int, int, int]:
    """Return the version of the SQLite that this Python has."""
    return sqlite3.sqlite_version_info


def open_writer(path: Path) -> sqlite3.Connection:
    """Open *path* for the one writing connection of this process, making the file if need be.

    Write-ahead log with `synchronous=FULL`: with less, a power cut loses commits. Only this
    connection checkpoints: SQLite before 3.51.3 can corrupt a log that several checkpoint. What is
    deleted is overwritten, so that nothing can be left of an article that is taken down.
    """
    with failing_as(f"open {path}"):
        path.parent.mkdir(parents=True, exist_ok=True)
        return _connect(
            path,
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "recursive_triggers = ON",
            "secure_delete = ON",
            f"journal_size_limit = {_WAL_LIMIT}",
        )


def open_reader(path: Path) -> sqlite3.Connection:
    """Open *path* for reading; raises StoreError where there is no store yet."""
    if not path.exists():
        raise StoreError(
            f"there is no store at {path} yet; run `aggregator refresh` first", code="E401"
        )
    with failing_as(f"open {path}"):
        cache = f"cache_size = -{_READERS_CACHE_KIB}"
        return _connect(path, cache, "query_only = ON", "wal_autocheckpoint = 0")


def _connect(path: Path, *pragmas: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, isolation_level=None, timeout=_BUSY_MS / 1000, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    try:
        for pragma in (f"cache_size = -{_CACHE_KIB}", *pragmas):
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block in one transaction that holds the write lock from its first moment.

    `BEGIN IMMEDIATE`, because a transaction that reads first fails at once, without waiting, when
    another has written in between.
    """
    with failing_as("write the store"):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise


@contextmanager
def failing_as(action: str) -> Iterator[None]:
    """Turn sqlite's errors in the block into a StoreError that says what could not be done."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        kind = DiskFullError if _name(error).startswith(_FULL) else StoreError
        code, advice = _advice(error)
        raise kind(f"cannot {action}: {error}; {advice}", code=code) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(f"cannot {action}: the disk is full: make room") from error
        reason = error.strerror or "unknown fault"
        raise StoreError(
            f"cannot {action}: {reason}; check the path and its rights", code="E407"
        ) from error


def _name(error: sqlite3.DatabaseError) -> str:
    return getattr(error, "sqlite_errorname", "")


def _advice(error: sqlite3.DatabaseError) -> tuple[str, str]:
    """Return the code of the fault, and what to do."""
    name = _name(error)
    if name.startswith(_FULL):
        return "E402", "the disk is full: make room and try again"
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "E406", "another program holds it: close that one and try again"
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return "E404", "the file is damaged or no SQLite store: put a backup in its place"
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return "E407", "check the path and its rights"
    if str(error).startswith("no such"):  # column or table: reading does not migrate
        return (
            "E403",
            "it is of an earlier version: run `aggregator refresh` to bring it up to date",
        )
    return "E400", "try again, and keep a copy of the file"
