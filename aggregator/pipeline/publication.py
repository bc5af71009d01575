"""Publish what changed: committed rows ─► documents ─► files ─► what is clean now.

Each document has an owner: an article (its page, its post), a channel (its feeds, its page), a part
of its archive or the site. Publishing an owner replaces its documents: those it no longer has are
removed. Files come first and the record of them after, so a crash in between only has the same
bytes written again.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import PurePosixPath

from aggregator import __version__
from aggregator.config.settings import CategoryTable, Settings
from aggregator.edition import is_feed, marks
from aggregator.model import Article, Channel, Document, fingerprint
from aggregator.pipeline.archives import Archivist, Plan
from aggregator.pipeline.tombstones import Told, told
from aggregator.publish import (
    Press,
    Shelf,
    Writer,
    archive_documents,
    archives,
    article_documents,
    channel_documents,
    home_documents,
    shelf,
    site_documents,
    templating,
)
from aggregator.publish.addresses import is_channel_feed
from aggregator.publish.templating import Templates
from aggregator.store.reader import EVERYTHING, Record
from aggregator.store.rows import read_time, write_time
from aggregator.store.writer import ChannelState, Publication, Store

log = logging.getLogger(__name__)

SITE = ""  # the slug of what is no channel: home, 404, the list of feeds
_OWNERS_AT_ONCE = 400  # written, made safe on the disk and recorded together
_BYTES_AT_ONCE = 32_000_000


@dataclass(frozen=True, slots=True)
class _Owned:
    """All the documents of one owner, and what is clean once they are out."""

    owner: str
    documents: tuple[Document, ...] = ()
    article_id: str | None = None
    slug: str | None = None
    state: ChannelState | None = None


class Publisher:
    """Publishes from one store into one folder, in the thread that calls."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        step: Callable[[int], None] = lambda count: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        templates: Templates | None = None,
    ) -> None:
        """Begin to publish; where no *templates* are given, they are read (or ConfigError)."""
        self._settings = settings
        self._templates = templates or templating.load(settings.publish)
        self._store = store
        self._step = step
        self._clock = clock
        self._writer = Writer(settings.publish.directory)
        self._selections = {selection.id: selection for selection in settings.feed}
        self._archivist = Archivist(store, settings.site.timezone)
        self._sources = {one.id: one for one in settings.source if one.content or one.licence}
        self._terms = json.dumps(
            {id_: [one.content, one.licence] for id_, one in self._sources.items()}
        )
        self._rendering = _rendering(settings, self._templates)

    def publish(self, *, everything: bool = False, dry_run: bool = False) -> list[str]:
        """Write what changed, or with *everything* all of it; return the paths written or removed.

        With *dry_run* nothing is written or marked: the paths are those it would have written.
        Raises PublishError where the disk fails.
        """
        now = self._clock()
        if not dry_run:
            self._mark_site(now)
        everything |= self._store.meta("rendering") != self._rendering or self._terms_changed()
        slugs = self._slugs(now, everything)
        if not slugs and not self._store.has_dirty_articles():
            return []
        press = self._press(now)
        channels = self._known_channels(press)
        owned = chain(
            self._articles(press, everything),
            *(
                self._of_channel(press, slug, channels.get(slug), everything=everything)
                for slug in sorted(slugs - {SITE})
            ),
        )
        write = self._would_write if dry_run else partial(self._write, now=now)
        changed: list[str] = []
        for batch in _batches(owned):
            changed += write(batch)
            self._step(len(batch))
        if slugs:  # home is joined from what the channels have left behind
            changed += write([self._of_site(press, channels)])
        if not dry_run:
            self._remember(press)
        return changed

    def repair(self) -> None:
        """Have documents written again that are missing from the folder."""
        directory = self._settings.publish.directory
        missing = [
            record for record in self._store.records() if not (directory / record.path).is_file()
        ]
        if missing:
            log.warning("documents are missing and are written again: %d", len(missing))
            with self._store.transaction():
                self._store.published(Publication(removed=[record.path for record in missing]))
                self._store.set_meta("rendering", "")

    # ── which ────────────────────────────────────────────────────────────────────────────────────

    def _articles(self, press: Press, everything: bool) -> Iterator[_Owned]:
        """Yield the documents of the articles that changed or have left the window."""
        walk = self._store.walk_listed() if everything else self._store.walk_dirty()
        yield from (self._of_article(press, *found) for found in walk)
        before = self._store.meta("cutoff")
        if press.cutoff is not None and before and not everything:
            leaving = self._store.walk_between(read_time(before), press.cutoff)
            yield from (self._of_article(press, *found) for found in leaving)

    def _slugs(self, now: datetime, everything: bool) -> set[str]:
        """Return the channels to publish; with any category, the operator's own and the site."""
        if everything:
            return self._store.channels() | {EVERYTHING, *self._selections}
        dirty = self._store.dirty_channels(now)
        return dirty | self._selections.keys() if dirty else dirty

    def _terms_changed(self) -> bool:
        """Say whether more or less may be published now of a source that has articles."""
        known = self._store.meta("terms")
        if known == self._terms:
            return False
        old, new = json.loads(known or "{}"), json.loads(self._terms)
        articles = self._store.article_counts()
        return any(old.get(id_) != new.get(id_) and id_ in articles for id_ in old | new)

    # ── what ─────────────────────────────────────────────────────────────────────────────────────

    def _of_article(self, press: Press, article: Article, listed: bool) -> _Owned:
        documents = article_documents(press, article) if listed else ()
        return _Owned(f"article:{article.id}", tuple(documents), article_id=article.id)

    def _of_channel(
        self, press: Press, slug: str, channel: Channel | None, *, everything: bool
    ) -> Iterator[_Owned]:
        """Yield the archive of a channel, then its feeds and its page.

        There are none where it is no longer configured, or has another name now.
        """
        owner = f"channel:{slug}"
        moved = slug in self._settings.moved
        if moved or channel is None:
            yield from self._archived(press, Channel(slug, ""), self._archivist.none(slug))
            yield _Owned(owner, slug=slug, state=ChannelState() if moved else None)
            return
        press, articles = self._content(press, slug)
        plan = self._plan(press, slug, articles, everything=everything)
        channel = replace(channel, months=plan.archive.months)
        yield from self._archived(press, channel, plan)
        removed, until = self._removed(press, slug, articles)
        channel = replace(channel, removed=removed)
        window = press.publish.window
        oldest = articles[-1].published + window if window and articles else None
        state = ChannelState(
            expires_at=min(filter(None, (oldest, until)), default=None),
            newest=articles[0].published if articles else None,
            shelf=shelf(press, channel, articles).markup,
            archive=plan.archive,
        )
        documents = channel_documents(press, channel, articles)
        yield _Owned(owner, tuple(documents), slug=slug, state=state)

    def _plan(
        self, press: Press, slug: str, articles: Sequence[Article], *, everything: bool
    ) -> Plan:
        """Return what the archive of a channel becomes; a selection has none."""
        if slug in self._selections or not archives(press):
            return self._archivist.none(slug)
        return self._archivist.plan(slug, articles, everything=everything)

    def _archived(self, press: Press, channel: Channel, plan: Plan) -> Iterator[_Owned]:
        """Yield the parts of a channel's archive that are to be written or removed."""
        for part in plan.stale:
            articles = self._archivist.articles(channel.slug, part, plan.archive)
            documents = archive_documents(press, channel, part, articles)
            yield _Owned(f"archive:{channel.slug}:{part.name}", tuple(documents))
        yield from (_Owned(f"archive:{channel.slug}:{name}") for name in plan.gone)

    def _content(self, press: Press, slug: str) -> tuple[Press, list[Article]]:
        """Return how a channel is published, and its articles."""
        selection = self._selections.get(slug)
        if selection is None:
            return press, self._store.newest(slug, press.publish.entries, press.cutoff)
        own = {"entries": selection.entries, "formats": selection.formats}
        publish = press.publish.model_copy(
            update={name: value for name, value in own.items() if value is not None}
        )
        articles = self._store.selected(selection, publish.entries, press.cutoff)
        return replace(press, publish=publish), articles

    def _removed(self, press: Press, slug: str, articles: Sequence[Article]) -> Told:
        """Return what a channel's readers are told of that is removed."""
        limit, own = press.publish.entries, slug in self._selections
        removed = self._store.removed(slug, limit, own=own)
        return told(removed, articles, press.publish, self._clock())

    def _of_site(self, press: Press, channels: dict[str, Channel]) -> _Owned:
        kept = self._store.shelves().items()
        shelves = [Shelf(channels[slug], markup) for slug, markup in kept if slug in channels]
        documents = [
            *home_documents(press, shelves),
            *site_documents(press, list(channels.values())),
        ]
        return _Owned("site", tuple(documents), slug=SITE, state=ChannelState())

    def _press(self, now: datetime) -> Press:
        settings = self._settings
        window = settings.publish.window
        titles = {slug: table.title for slug, table in settings.category.items() if table.title}
        return Press(
            settings.site,
            settings.publish,
            self._store.categories(),
            titles,
            cutoff=None if window is None else now - window,
            sources=self._sources,
            templates=self._templates,
        )

    def _known_channels(self, press: Press) -> dict[str, Channel]:
        """Return every channel by its slug: everything, the operator's own, the categories."""
        site = self._settings.site
        channels = {EVERYTHING: Channel(EVERYTHING, site.title, site.description)}
        for selection in self._settings.feed:
            channels[selection.id] = Channel(selection.id, selection.title, selection.description)
        moved = self._settings.moved
        for category in sorted(press.categories.values(), key=lambda category: category.slug):
            if category.slug in moved:
                continue  # its addresses lead to another one
            table = self._settings.category.get(category.slug, CategoryTable())
            channels[category.slug] = Channel(
                category.slug,
                table.title or category.label,
                table.description,
                table.language,
                category.spelling,
            )
        return channels

    # ── out ──────────────────────────────────────────────────────────────────────────────────────

    def _would_write(self, batch: list[_Owned]) -> list[str]:
        """Return the paths that publishing some owners would write or remove."""
        old, new = self._old(batch), self._new(batch)
        changed = [
            path
            for path, (_, document) in new.items()
            if old.get(path) != hashlib.sha256(document.body).hexdigest()
        ]
        return [*changed, *sorted(old.keys() - new.keys())]

    def _write(self, batch: list[_Owned], now: datetime) -> list[str]:
        """Write the documents of some owners and remember them; return the paths that changed."""
        old, new = self._old(batch), self._new(batch)
        written = self._writer.write((document for _, document in new.values()), old)
        for refused in written.refused:
            log.error("refused: %s", refused)
        gone = sorted(old.keys() - new.keys())
        removed = self._writer.remove(gone)
        changes = written.changed
        if changes or removed:
            self._writer.record(changes, removed, lambda: self._all_hashes(changes, gone))
        publication = Publication(
            records=[Record(path, new[path][0], digest, now) for path, digest in changes.items()],
            entries={path: marks(new[path][1].body) for path in changes if is_feed(path)},
            removed=gone,
            article_ids=[owned.article_id for owned in batch if owned.article_id],
            channels={owned.slug: owned.state for owned in batch if owned.slug is not None},
        )
        with self._store.transaction():
            self._store.published(publication)
            if self._settings.hub:
                self._store.push.note_change(self._topics(changes), now)
        return [*changes, *removed]

    def _topics(self, paths: Iterable[str]) -> list[str]:
        """Return the addresses of those of the documents that are feeds."""
        base = self._settings.site.base
        return [f"{base}/{path}" for path in paths if is_channel_feed(path)]

    def _all_hashes(self, changes: Mapping[str, str], gone: Iterable[str]) -> dict[str, str]:
        """Return path → SHA-256 of everything that is out after these changes."""
        hashes = {record.path: record.sha256 for record in self._store.records()}
        hashes.update(changes)
        for path in gone:
            del hashes[path]
        return hashes

    def _old(self, batch: list[_Owned]) -> dict[str, str]:
        """Return path → SHA-256 of what the owners have out now."""
        return {
            record.path: record.sha256
            for owned in batch
            for record in self._store.records(owned.owner)
        }

    def _new(self, batch: list[_Owned]) -> dict[str, tuple[str, Document]]:
        """Return path → owner and document of what the owners are to have out."""
        new: dict[str, tuple[str, Document]] = {}
        for owned in batch:
            for document in owned.documents:
                placed = self._at_a_free_path(document, owned, new)
                new[placed.path] = (owned.owner, placed)
        return new

    def _at_a_free_path(
        self, document: Document, owned: _Owned, new: dict[str, tuple[str, Document]]
    ) -> Document:
        """Return *document* under a path that is no other owner's.

        Only posts can meet: they are named by the ids of their sources.
        """
        record = self._store.record(document.path)
        holder = record.owner if record else new.get(document.path, (owned.owner,))[0]
        if holder == owned.owner or owned.article_id is None:
            return document
        path = PurePosixPath(document.path)
        return replace(document, path=str(path.with_stem(f"{path.stem}-{owned.article_id}")))

    def _mark_site(self, now: datetime) -> None:
        """Have home and lists written again with the channels, even after a crash in between."""
        if self._store.dirty_channels(now):
            with self._store.transaction():
                self._store.soil([SITE])

    def _remember(self, press: Press) -> None:
        """Remember what the published documents were rendered with."""
        facts = {"rendering": self._rendering, "terms": self._terms}
        if press.cutoff is not None:
            facts["cutoff"] = write_time(press.cutoff)
        if any(self._store.meta(key) != value for key, value in facts.items()):
            with self._store.transaction():
                for key, value in facts.items():
                    self._store.set_meta(key, value)


def _batches(owned: Iterable[_Owned]) -> Iterator[list[_Owned]]:
    """Yield what is to be written, in portions that are not too many nor too large."""
    batch: list[_Owned] = []
    room = _BYTES_AT_ONCE
    for one in owned:
        batch.append(one)
        room -= sum(len(document.body) for document in one.documents)
        if len(batch) == _OWNERS_AT_ONCE or room <= 0:
            yield batch
            batch, room = [], _BYTES_AT_ONCE
    if batch:
        yield batch


def _rendering(settings: Settings, templates: Templates) -> str:
    """Return a hash of everything besides the articles that documents are made of."""
    return fingerprint(
        __version__,
        settings.site.model_dump_json(),
        settings.publish.model_dump_json(),
        *(f"{slug} {table.model_dump_json()}" for slug, table in settings.category.items()),
        *(selection.model_dump_json() for selection in settings.feed),
        templates.digest,
    )
