"""The published documents as the store knows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from aggregator.errors import StoreError
from aggregator.serve.library import Health, Held, Published
from aggregator.store.editions import Editions


class StoreLibrary:
    """Looks documents up in the store; before the first publication there are none."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._reader = Editions(store)

    def find(self, path: str) -> Published | None:
        """Return the document published at *path*, None where there is none.

        One look into an index that is in memory: some 20 µs.
        """
        if not self._store.exists():
            return None
        record = self._reader.record(path)
        return Published(record.path, record.sha256, record.changed_at) if record else None

    def held(self, path: str, hashes: Sequence[str]) -> Held | None:
        """Return which entries of a feed were in an earlier edition; None where that is unknown."""
        try:
            found = self._reader.held(path, hashes)
        except StoreError:  # of an earlier version, perhaps: then the whole feed is as good
            return None
        return found and Held(*found)

    def health(self) -> Health:
        """Return whether the store can be read, and how the sources are."""
        if not self._store.exists():
            return Health(True, {"articles": 0, "sources": {}})
        try:
            states = self._reader.states().values()
            articles = self._reader.article_total()
        except StoreError:
            return Health(False, {"error": "the store cannot be read"})
        words = Counter("failing" if state.failures else "ok" for state in states)
        return Health(True, {"articles": articles, "sources": dict(words)})
