"""Documents of their owners ─► the published folder, and the record of what is out.

Files come first and the record of them after, so a crash in between only has the same bytes
written again. The manifest is written once for each publication: in one of many portions it is
marked as behind with the first of them, and made anew of all records with the last.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from pathlib import PurePosixPath

from aggregator.config.settings import Settings
from aggregator.edition import is_feed, marks
from aggregator.model import Document
from aggregator.publish import precompressed, proof
from aggregator.publish.addresses import is_channel_feed
from aggregator.publish.writer import Writer
from aggregator.record import record
from aggregator.store.fragments import Key
from aggregator.store.reader import Record
from aggregator.store.writer import ChannelState, Publication, Store

log = logging.getLogger(__name__)

_OWNERS_AT_ONCE = 400  # written, made safe on the disk and recorded together
_BYTES_AT_ONCE = 8_000_000
_BEHIND = "manifest"  # remembered while the manifest does not name everything that is out


@record(frozen=True, slots=True)
class Owned:
    """All the documents of one owner, and what is clean once they are out.

    With `others_stay` they are some of its documents only, and the others are as they were.
    """

    owner: str
    documents: tuple[Document, ...] = ()
    article_id: str | None = None
    slug: str | None = None
    state: ChannelState | None = None
    others_stay: bool = False


@record(frozen=True, slots=True)
class Portion:
    """What is written, made safe on the disk and recorded together.

    `still_due` are the channels that are yet to be written though nothing in the store says so:
    they are marked. It is empty with the last portion of a publication. `fragments` are to be kept.
    """

    owned: Sequence[Owned]
    still_due: Collection[str] = ()
    fragments: Mapping[Key, bytes] = field(default_factory=dict)


@record(frozen=True, slots=True)
class _Batch:
    """What some owners have out and are to have out.

    `old` is path → SHA-256, `new` path → owner and document; `gone` are the paths that have no
    document any more.
    """

    old: Mapping[str, str]
    new: Mapping[str, tuple[str, Document]]
    gone: tuple[str, ...]


class Output:
    """Writes into the folder of *settings* and remembers it in *store*."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._writer = Writer(settings.publish.directory)
        self.removed: list[str] = []  # all that was removed so far, or would have been

    def would_write(self, portion: Portion) -> list[str]:
        """Return the paths that publishing some owners would write or remove."""
        batch = self._batch(portion.owned)
        changed = [
            path
            for path, (_, document) in batch.new.items()
            if batch.old.get(path) != _digest(document)
        ]
        self.removed += batch.gone
        return [*changed, *batch.gone]

    def write(self, portion: Portion, now: datetime) -> list[str]:
        """Write the documents of some owners and remember them; return the paths that changed."""
        owned = portion.owned
        batch = self._batch(owned)
        new = batch.new
        documents = (document for _, document in new.values())
        written = self._writer.write(documents, batch.old, _is_fit)
        for refused in written.refused:
            log.error("refused: %s", refused)
        removed = self._writer.remove(batch.gone)
        changes = written.changed
        behind = self._is_behind(portion, changes, batch.gone)
        publication = Publication(
            records=[Record(path, new[path][0], digest, now) for path, digest in changes.items()],
            removed=batch.gone,
            article_ids=[one.article_id for one in owned if one.article_id],
            channels={one.slug: one.state for one in owned if one.slug is not None},
            entries={path: marks(new[path][1].body) for path in changes if is_feed(path)},
            fragments=portion.fragments,
        )
        with self._store.transaction():
            self._store.soil(portion.still_due)
            self._store.published(publication)
            if behind != self._store.meta(_BEHIND):
                self._store.set_meta(_BEHIND, behind)
            if self._settings.hub:
                self._store.push.note_change(self._topics(changes), now)
        self.removed += removed
        return [*changes, *removed]

    def is_out(self, record: Record, thorough: bool) -> bool:
        """Say whether the document of *record* is there, *thorough*: as it was written."""
        path = self._settings.publish.directory / record.path
        if not thorough:
            return path.is_file()
        try:
            return hashlib.sha256(path.read_bytes()).hexdigest() == record.sha256
        except OSError:
            return False

    def mend_manifest(self) -> None:
        """Write the manifest again where it is missing, damaged, or not what the store knows."""
        hashes = self._all_hashes({}, ())
        if hashes != self._writer.recorded():
            self._writer.record({}, (), lambda: hashes, anew=True)

    def _is_behind(self, portion: Portion, changes: Mapping[str, str], gone: Sequence[str]) -> str:
        """Bring the manifest up to date where it is time; return "" or that it is behind."""
        behind = self._store.meta(_BEHIND)
        if portion.still_due:
            return "manifest" if changes or gone else behind
        if behind or changes or gone:
            self._writer.record(
                changes, gone, lambda: self._all_hashes(changes, gone), anew=bool(behind)
            )
        return ""

    def _topics(self, paths: Iterable[str]) -> list[str]:
        """Return the addresses of those of the documents that are feeds."""
        base = self._settings.site.base
        return [f"{base}/{path}" for path in paths if is_channel_feed(path)]

    def _all_hashes(self, changes: Mapping[str, str], gone: Iterable[str]) -> dict[str, str]:
        """Return path → SHA-256 of everything that is out after these changes."""
        hashes = self._store.hashes()
        hashes.update(changes)
        for path in gone:
            hashes.pop(path, None)
        return hashes

    def _batch(self, owned: Sequence[Owned]) -> _Batch:
        old, new = self._old(owned), self._new(owned)
        kept: set[str] = set()
        if self._settings.publish.static:
            for path, (owner, document) in list(new.items()):
                copies = precompressed.paths(path)
                if old.get(path) == _digest(document) and old.keys() >= copies:
                    kept |= copies
                else:
                    made = precompressed.documents(document)
                    new.update((copy.path, (owner, copy)) for copy in made)
        return _Batch(old, new, tuple(sorted(old.keys() - new.keys() - kept)))

    def _old(self, owned: Sequence[Owned]) -> dict[str, str]:
        """Return path → SHA-256 of what the owners have out now, as far as it is concerned."""
        part = {one.owner: _paths(one) for one in owned if one.others_stay}
        return {
            record.path: record.sha256
            for record in self._store.records([one.owner for one in owned])
            if record.owner not in part or record.path in part[record.owner]
        }

    def _new(self, owned: Sequence[Owned]) -> dict[str, tuple[str, Document]]:
        """Return path → owner and document of what the owners are to have out."""
        new: dict[str, tuple[str, Document]] = {}
        holders = self._store.owners(
            document.path for one in owned if one.article_id for document in one.documents
        )
        for one in owned:
            for document in one.documents:
                holder = holders.setdefault(document.path, one.owner)
                placed = document if holder == one.owner else _at_a_free_path(document, one)
                new[placed.path] = (one.owner, placed)
        return new


def _at_a_free_path(document: Document, owned: Owned) -> Document:
    """Return *document*, which stands where another one does, under a path of its own.

    Only posts can meet: they are named by the ids of their sources.
    """
    path = PurePosixPath(document.path)
    return replace(document, path=str(path.with_stem(f"{path.stem}-{owned.article_id}")))


def _paths(owned: Owned) -> set[str]:
    """Return where the documents of an owner stand, and what is made of them."""
    paths = {document.path for document in owned.documents}
    return paths.union(*map(precompressed.paths, paths))


def batches(owned: Iterable[Owned]) -> Iterator[tuple[Sequence[Owned], bool]]:
    """Yield what is to be written, in batches that are not too many nor too large.

    Each comes with whether it is the last one.
    """
    batch: list[Owned] = []
    room = _BYTES_AT_ONCE
    for one in owned:
        if len(batch) == _OWNERS_AT_ONCE or room <= 0:
            yield batch, False
            batch, room = [], _BYTES_AT_ONCE
        batch.append(one)
        room -= sum(len(document.body) for document in one.documents)
    if batch:
        yield batch, True


def _is_fit(document: Document) -> bool:
    """Say whether *document* can be read where that is proved; report it where it cannot."""
    fault = proof.fault(document) if proof.is_read(document.path) else ""
    if fault:
        log.error("refused: %s cannot be read: %s; please report it", document.path, fault)
    return not fault


def _digest(document: Document) -> str:
    return hashlib.sha256(document.body).hexdigest()
