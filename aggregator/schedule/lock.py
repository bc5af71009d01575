"""One process at a time works on a store. Sole user of filelock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from aggregator.errors import AlreadyRunningError, StoreError


@contextmanager
def alone(store: Path) -> Iterator[None]:
    """Hold the lock of *store* in the block; the system lets go of it however the process ends.

    Raises AlreadyRunningError where another process holds it.
    """
    path = store.with_name(f"{store.name}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
        lock.acquire(timeout=0)
    except Timeout:
        raise AlreadyRunningError(
            f"another aggregator works on {store}; stop it first, or give this one its own store"
        ) from None
    except OSError as error:
        reason = error.strerror or "unknown fault"
        raise StoreError(
            f"cannot lock {path}: {reason}; check the path and its rights", code="E407"
        ) from error
    try:
        yield
    finally:
        lock.release()
