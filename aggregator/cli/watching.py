"""Notice that the operator has saved his files. Sole user of watchfiles.

Folders are watched, not files: an editor that saves by renaming puts another file in the place of
the one that was watched. What counts is what stands in the files, so that a save that changes
nothing, and all that else happens in the folder (the store may be in it), is passed over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

_STEP = 200  # ms; the thread wakes so often
_LOOK_ANYWAY = 5_000  # ms; network file systems and mounts into containers tell of no change


def fingerprint(files: Iterable[Path]) -> str:
    """Return a hash of what stands in *files*; "" while one is not there, or none has a word.

    An editor may empty a file before it fills it, and remove it before it renames another.
    """
    digest, empty = hashlib.sha256(), True
    for file in files:
        try:
            data = file.read_bytes()
        except OSError:
            return ""
        empty = empty and not data.strip()
        digest.update(f"{file} {len(data)} ".encode() + data)
    return "" if empty else digest.hexdigest()


@contextmanager
def watching(
    folders: Iterable[Path], has_changed: Callable[[], bool], saved: Callable[[], None]
) -> Iterator[None]:
    """Call *saved*, from another thread, when something was saved and *has_changed* says so.

    *has_changed* is asked when something in *folders* (not below them) changes, and every 5 s.
    """
    ended = Event()

    def watch() -> None:
        from watchfiles import watch

        for _ in watch(
            *folders,
            watch_filter=None,
            debounce=_STEP,  # others may write in the folder without a pause: the store, say
            step=_STEP,
            stop_event=ended,
            rust_timeout=_LOOK_ANYWAY,
            yield_on_timeout=True,
            recursive=False,
            raise_interrupt=False,
        ):
            if not ended.is_set() and has_changed():
                saved()

    thread = Thread(target=watch, name="watch", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
