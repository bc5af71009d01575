"""Documents onto the disk: only what changed, whole or not at all, and nowhere but in its folder.

    document ─► same hash, and the file is there? ─► nothing
                  │ no
                  ▼
                temporary file ─► synced with all others ─► renamed ─► folders synced

At any instant, and after any power cut, who reads the folder finds the old file or the new one.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from aggregator.model import Document
from aggregator.publish import manifest
from aggregator.publish.tree import RefusedError, Tree, failure, sync

MARK = ".writing"
"""A file that is there while temporary files are: only where a run was killed, the next one has to
walk the folder for what it left."""

_TEMPORARY = re.compile(r"\.[0-9a-f]{16}\.tmp")


@dataclass(slots=True)
class Written:
    """What became of a batch: path → SHA-256 of what was written, and what was refused."""

    changed: dict[str, str] = field(default_factory=dict)
    unchanged: int = 0
    refused: list[RefusedError] = field(default_factory=list)


class Writer:
    """Writes below one folder, which is made where it is missing. For one process at a time."""

    def __init__(self, directory: Path) -> None:
        """Clear away what a killed run left; raise PublishError where the folder cannot be used."""
        self.directory = directory
        try:
            directory.mkdir(parents=True, exist_ok=True)
            if os.path.lexists(directory / MARK):
                _remove_temporary_files(directory)
                (directory / MARK).unlink()
        except OSError as error:
            raise failure(str(directory), error) from error

    def write(
        self,
        documents: Iterable[Document],
        known: Mapping[str, str],
        is_fit: Callable[[Document], bool] = lambda document: True,
    ) -> Written:
        """Write the *documents* that are not on the disk as they are, and that are fit to be.

        *known* is path → SHA-256 of what was written before; a file that is missing or of another
        size is written again. In the place of what is not fit stays what is there. A path that
        leaves the folder, or leads through a symbolic link, is refused and the others are written.
        Raises PublishError where the disk fails: the files renamed by then are whole, and the
        others as they were. All of a batch is written before any of it is renamed, so the disk
        needs room for it twice.
        """
        batch = _Batch(self.directory)
        try:
            for document in documents:
                batch.add(document, known.get(document.path), is_fit)
            batch.commit()
        finally:
            batch.clear()
        return batch.written

    def remove(self, paths: Iterable[str]) -> list[str]:
        """Delete documents, and the folders they leave empty; return those that were there.

        Raises PublishError for a path that leaves the folder, and where the disk fails.
        """
        tree = Tree(self.directory)
        removed = []
        for path in paths:
            try:
                if tree.remove(path):
                    removed.append(path)
            except OSError as error:
                raise failure(path, error) from error
        _or_failure(tree.sync, self.directory)
        return removed

    def record(
        self,
        changed: Mapping[str, str],
        removed: Iterable[str],
        known: Callable[[], Mapping[str, str]],
        *,
        anew: bool = False,
    ) -> None:
        """Bring the manifest up to date after a change.

        *known* returns path → SHA-256 of all that is published now: what a manifest is made of
        that is missing, damaged or to be made *anew*.
        """
        generation = manifest.generation(self.directory) + 1
        changes: manifest.Hashes = {**dict.fromkeys(removed), **changed}
        written = None if anew else self._edited(changes, generation)
        if written is None:
            self.remove([manifest.CHANGES])  # what it was beside is no more
            written = Document(manifest.PATH, manifest.render(known(), generation))
        batch = _Batch(self.directory)
        try:
            batch.stage(written.path, written.body, digest="")
            batch.commit()
        finally:
            batch.clear()
        if batch.written.refused:
            raise batch.written.refused[0]
        if written.path == manifest.PATH:
            self.remove([manifest.CHANGES])

    def recorded(self) -> dict[str, str]:
        """Return path → SHA-256 by the manifest; {} where it is missing or cannot be read."""
        try:
            return manifest.documents(self.directory)
        except (OSError, ValueError, LookupError):
            return {}

    def _edited(self, changes: manifest.Hashes, generation: int) -> Document | None:
        """Return the manifest with *changes*, or what stands beside a large one.

        None where it is missing or damaged.
        """
        whole = self.directory / manifest.PATH
        try:
            changes = {**manifest.changes(self.directory), **changes}
            if whole.stat().st_size > manifest.LARGE:
                beside = manifest.render(changes, generation)
                if len(beside) <= manifest.BESIDE and generation > 1:
                    return Document(manifest.CHANGES, beside)
            return Document(manifest.PATH, manifest.edit(whole.read_bytes(), changes, generation))
        except (OSError, ValueError, LookupError):
            return None


class _Staged(NamedTuple):
    path: str
    digest: str
    temporary: str
    place: str


class _Batch:
    """The documents of one call of `write`, from their temporary files to their places."""

    def __init__(self, root: Path) -> None:
        self.written = Written()
        self._tree = Tree(root)
        self._mark = root / MARK
        self._staged: list[_Staged] = []
        self._token = secrets.token_hex(4)

    def add(
        self, document: Document, known: str | None, is_fit: Callable[[Document], bool]
    ) -> None:
        """Stage *document*, unless it is on the disk as it is, unfit or its path is refused."""
        digest = hashlib.sha256(document.body).hexdigest()
        try:
            place = self._tree.locate(document.path)
            if digest == known and _is_there(place, len(document.body)):
                self.written.unchanged += 1
            elif is_fit(document):
                self.stage(document.path, document.body, digest)
        except RefusedError as refusal:
            self.written.refused.append(refusal)

    def stage(self, path: str, body: bytes, digest: str) -> None:
        """Write a temporary file that `commit` is to put at *path*."""
        try:
            if not self._staged:
                self._mark.touch()
            folder = self._tree.make_way(path)
            temporary = f"{folder}/.{self._token}{len(self._staged):08x}.tmp"
            place = f"{folder}/{path.rpartition('/')[2]}"
            self._staged.append(_Staged(path, digest, temporary, place))
            _write(temporary, body)
        except OSError as error:
            raise failure(path, error) from error

    def commit(self) -> None:
        """Put everything staged into its place."""
        root = self._tree.root
        _or_failure(lambda: sync([one.temporary for one in self._staged], root), root)
        for staged in self._staged:
            try:
                os.replace(staged.temporary, staged.place)
            except IsADirectoryError:
                self.written.refused.append(RefusedError(f"{staged.place} is a folder; remove it"))
            except OSError as error:
                raise failure(staged.path, error) from error
            else:
                self.written.changed[staged.path] = staged.digest
        _or_failure(self._tree.sync, root)

    def clear(self) -> None:
        """Leave no temporary file behind; what cannot be deleted now goes at the next start."""
        with suppress(OSError):
            for staged in self._staged:
                if staged.path not in self.written.changed:
                    Path(staged.temporary).unlink(missing_ok=True)
            self._mark.unlink(missing_ok=True)


def _write(path: str, body: bytes) -> None:
    """Write a file that is not there yet."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        rest = memoryview(body)
        while rest:
            rest = rest[os.write(file, rest) :]
    finally:
        os.close(file)


def _is_there(place: str, size: int) -> bool:
    try:
        status = os.lstat(place)
    except FileNotFoundError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size == size


def _remove_temporary_files(directory: Path) -> None:
    for folder, _, names in os.walk(directory):
        for name in filter(_TEMPORARY.fullmatch, names):
            (Path(folder) / name).unlink()


def _or_failure(step: Callable[[], None], folder: Path) -> None:
    try:
        step()
    except OSError as error:
        raise failure(str(folder), error) from error
