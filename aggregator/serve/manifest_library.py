"""The published documents as their own manifest knows them: for when the store cannot be read.

Feeds stay served whatever becomes of the store: what is published is files.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from aggregator.errors import StoreError
from aggregator.publish import manifest
from aggregator.serve.library import Health, Held, Library, Published

log = logging.getLogger(__name__)


class ManifestLibrary:
    """Looks documents up in the manifest of *directory*, which is read when it has changed."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._read_of = -1  # which generation; 0 is that of a damaged one
        self._hashes: Mapping[str, str] = {}
        self._lock = threading.Lock()

    def find(self, path: str) -> Published | None:
        """Return the document at *path*, None where the manifest has none or cannot be read."""
        digest = self._documents().get(path)
        if digest is None:
            return None
        try:
            changed_at = (self._directory / path).stat().st_mtime
        except OSError:
            return None
        return Published(path, digest, datetime.fromtimestamp(changed_at, UTC))

    def held(self, path: str, hashes: Sequence[str]) -> Held | None:
        """Return None: what earlier editions of a feed held stands in the store alone."""
        return None

    def health(self) -> Health:
        """Return that all is not well."""
        return Health(False, {"error": "the store cannot be read", "served_from": manifest.PATH})

    def _documents(self) -> Mapping[str, str]:
        with self._lock:
            try:
                generation = manifest.generation(self._directory)
                if generation != self._read_of:
                    self._hashes = manifest.documents(self._directory)
                    self._read_of = generation
            except (OSError, ValueError, LookupError) as error:
                log.warning("cannot read the manifest: %s", error)
            return self._hashes


class Fallback:
    """Asks *first*, and where its store fails *second*; says once when that begins and ends."""

    def __init__(self, first: Library, second: Library) -> None:
        self._first = first
        self._second = second
        self._failing = False

    def find(self, path: str) -> Published | None:
        """Return the document at *path*, None where there is none."""
        try:
            found = self._first.find(path)
        except StoreError as error:
            self._note(error)
            return self._second.find(path)
        self._note(None)
        return found

    def held(self, path: str, hashes: Sequence[str]) -> Held | None:
        """Return which entries of a feed were in an earlier edition; None where that is unknown."""
        try:
            return self._first.held(path, hashes)
        except StoreError:
            return self._second.held(path, hashes)

    def health(self) -> Health:
        """Return how the program is."""
        health = self._first.health()
        return (
            health if health.ok else Health(False, {**self._second.health().facts, **health.facts})
        )

    def _note(self, error: StoreError | None) -> None:
        if error is not None and not self._failing:
            log.error("serving from the manifest: %s", error)
        if error is None and self._failing:
            log.warning("serving from the store again")
        self._failing = error is not None
