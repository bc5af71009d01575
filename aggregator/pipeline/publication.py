"""Publish what changed: committed rows ─► documents ─► files ─► what is clean now.

Each document has an owner: an article (its page, its post), a channel (its feeds, its page), a part
of its archive or the site. Publishing an owner replaces its documents: those it no longer has are
removed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import chain, starmap

from aggregator import __version__
from aggregator.config.settings import Settings
from aggregator.model import Article, Channel, fingerprint
from aggregator.pipeline.archives import Archivist, Plan
from aggregator.pipeline.fragments import Keeper
from aggregator.pipeline.imprint import imprint
from aggregator.pipeline.notices import Notices
from aggregator.pipeline.output import Output, Owned, Portion, batches
from aggregator.pipeline.pressing import press_for, with_terms
from aggregator.pipeline.selections import Content, Selections, own_feeds
from aggregator.pipeline.whole_site import SITE, WholeSite
from aggregator.publish import templating
from aggregator.publish.press import Press
from aggregator.publish.rendering import (
    archive_documents,
    archives,
    article_documents,
    channel_documents,
    shelf,
)
from aggregator.publish.templating import Templates
from aggregator.store.archives import Archives
from aggregator.store.reader import EVERYTHING
from aggregator.store.rows import read_time, write_time
from aggregator.store.writer import ChannelState, Publication, Store

log = logging.getLogger(__name__)


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
        self._output = Output(settings, store)
        self._selections = Selections(settings, store)
        self._notices = Notices(store.path, own_feeds(settings, store), clock)
        self._archives = Archives(store.path)
        self._archivist = Archivist(self._archives, settings.site.timezone)
        self._terms = json.dumps(
            {id_: [one.content, one.licence] for id_, one in with_terms(settings).items()}
        )
        self._imprinted = fingerprint(repr(imprint(settings, {})))
        self._rendering = _rendering(settings, self._templates)
        self._keeper = Keeper(store)
        self._site = WholeSite(settings, store, self._archives, self._selections)

    def publish(self, *, everything: bool = False, dry_run: bool = False) -> list[str]:
        """Write what changed, or with *everything* all of it; return the paths written or removed.

        With *dry_run* nothing is written or marked: the paths are those it would have written.
        Raises PublishError where the disk fails.
        """
        now = self._clock()
        if not dry_run:
            if everything:
                self.repair(thorough=True)
            self._forget_fragments(everything)
        everything |= self.is_anew
        slugs = self._slugs(now, everything)
        if not slugs and not self._store.has_dirty_articles():
            return []
        press = press_for(self._settings, self._store, self._templates, now)
        put = partial(self._put, now=None if dry_run else now)
        portions = self._portions(self._owned(press, slugs, everything), slugs)
        # unlike a loop, `map` lets go of a portion before the next one is made
        changed = list(chain.from_iterable(map(put, portions)))
        if not dry_run:
            self._remember(press)
            if slugs:
                self._site.published()
            self._note_published()
        return changed

    @property
    def is_anew(self) -> bool:
        """Whether all is to be rendered anew, since what documents are made with has changed."""
        return self._store.meta("rendering") != self._rendering or self._terms_changed()

    @property
    def removed(self) -> tuple[str, ...]:
        """Every path that was removed so far, or would have been by a dry run."""
        return tuple(self._output.removed)

    def repair(self, *, thorough: bool = False) -> None:
        """Have documents written again that are missing; *thorough*: that are not as written, too.

        The manifest is written again where it does not name what is out.
        """
        lost = [one for one in self._store.records() if not self._output.is_out(one, thorough)]
        if lost:
            log.warning("documents are missing or changed and are written again: %d", len(lost))
            with self._store.transaction():
                self._store.published(Publication(removed=[record.path for record in lost]))
                self._store.set_meta("rendering", "")
        self._output.mend_manifest()

    def _owned(self, press: Press, slugs: Collection[str], everything: bool) -> Iterator[Owned]:
        """Yield everything that is to be published, home last: it is joined from the channels."""
        yield from self._articles(press, everything)
        channels = self._site.channels(press)
        states: dict[str, ChannelState | None] = {}
        # That of everything comes after all others, which have kept what it shows.
        for slug in sorted(slugs, key=lambda slug: (slug == EVERYTHING, slug)):
            if slug != SITE:
                channel = channels.get(slug)
                for owned in self._of_channel(press, slug, channel, everything=everything):
                    if owned.slug is not None:
                        states[slug] = owned.state
                    yield owned
        if slugs:
            yield self._site.owned(press, states, everything=everything)

    def _portions(self, owned: Iterable[Owned], slugs: Collection[str]) -> Iterator[Portion]:
        """Yield *owned* in portions, each with what else is to be written down with it."""
        later = [slug for slug in (SITE, *self._selections) if slug in slugs]
        return starmap(partial(self._portion, later), batches(owned))

    def _portion(self, later: Sequence[str], batch: Sequence[Owned], is_last: bool) -> Portion:
        return Portion(batch, () if is_last else later, self._keeper.take())

    def _put(self, portion: Portion, now: datetime | None) -> list[str]:
        """Write a portion, or with None only look; return the paths that change by it."""
        output = self._output
        paths = output.write(portion, now) if now else output.would_write(portion)
        self._step(len(portion.owned))
        return paths

    # ── which ────────────────────────────────────────────────────────────────────────────────────

    def _articles(self, press: Press, everything: bool) -> Iterator[Owned]:
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
            return self._store.channels() | {SITE, EVERYTHING, *self._selections}
        dirty = self._store.dirty_channels(now)
        if dirty or self._store.meta("imprint") != self._imprinted:
            return dirty | {SITE} | self._selections.touched(now)
        return dirty

    def _terms_changed(self) -> bool:
        """Say whether more or less may be published now of a source that has articles."""
        known = self._store.meta("terms")
        if known == self._terms:
            return False
        old, new = json.loads(known or "{}"), json.loads(self._terms)
        articles = self._store.article_counts()
        return any(old.get(id_) != new.get(id_) and id_ in articles for id_ in old | new)

    # ── what ─────────────────────────────────────────────────────────────────────────────────────

    def _of_article(self, press: Press, article: Article, listed: bool) -> Owned:
        documents = article_documents(press, article) if listed else ()
        return Owned(f"article:{article.id}", tuple(documents), article_id=article.id)

    def _of_channel(
        self, press: Press, slug: str, channel: Channel | None, *, everything: bool
    ) -> Iterator[Owned]:
        """Yield the archive of a channel, then its feeds and its page.

        There are none where it is no longer configured, or has another name now.
        """
        owner = f"channel:{slug}"
        moved = slug in self._settings.moved
        if moved or channel is None:
            yield from self._archived(press, Channel(slug, ""), self._archivist.none(slug))
            yield Owned(owner, slug=slug, state=ChannelState() if moved else None)
            return
        content = self._content(press, channel)
        press, articles = content.press, content.entries
        language = press.language(channel)
        if press.most == "full":
            press = replace(press, fragments=self._keeper.of(articles, language))
        plan = self._plan(press, slug, articles, everything=everything)
        channel = replace(channel, months=plan.archive.months)
        yield from self._archived(press, channel, plan)
        channel, until = self._notices.beside(press, channel, articles)
        window = press.publish.window
        oldest = articles[-1].published + window if window and articles else None
        state = ChannelState(
            expires_at=min(filter(None, (oldest, until, content.due)), default=None),
            newest=articles[0].published if articles else None,
            shelf=shelf(press, channel, articles).markup,
            archive=plan.archive,
        )
        documents = (*channel_documents(press, channel, articles), *content.documents)
        self._keeper.note(press.fragments, articles, language)
        yield Owned(owner, documents, slug=slug, state=state)

    def _plan(
        self, press: Press, slug: str, articles: Sequence[Article], *, everything: bool
    ) -> Plan:
        """Return what the archive of a channel becomes; a selection has none."""
        if slug in self._selections or not archives(press):
            return self._archivist.none(slug)
        return self._archivist.plan(slug, articles, everything=everything)

    def _archived(self, press: Press, channel: Channel, plan: Plan) -> Iterator[Owned]:
        """Yield the parts of a channel's archive that are to be written or removed."""
        for part in plan.stale:
            articles = self._archivist.articles(channel.slug, part, plan.archive)
            fragments = self._keeper.of(articles, press.language(channel))
            documents = archive_documents(
                replace(press, fragments=fragments), channel, part, articles
            )
            yield Owned(f"archive:{channel.slug}:{part.name}", tuple(documents))
        yield from (Owned(f"archive:{channel.slug}:{name}") for name in plan.gone)

    def _content(self, press: Press, channel: Channel) -> Content:
        """Return how a channel is published, and what it shows."""
        if channel.slug in self._selections:
            return self._selections.content(press, channel, self._clock())
        articles = self._store.newest(channel.slug, press.publish.entries, press.cutoff)
        return Content(press, articles)

    def _forget_fragments(self, everything: bool) -> None:
        """Forget what articles look like in feeds where they look otherwise from now on."""
        made_with = fingerprint(self._rendering, self._terms)
        if everything or self._store.meta("fragments") != made_with:
            with self._store.transaction():
                self._store.forget_fragments()
                self._store.set_meta("fragments", made_with)

    def _note_published(self) -> None:
        """Note when what sources brought was out: how long that took is told of each."""
        if self._store.watch.is_waiting_to_publish():
            with self._store.transaction():
                self._store.watch.published(self._clock())

    def _remember(self, press: Press) -> None:
        """Remember what the published documents were rendered with."""
        facts = {
            "rendering": self._rendering,
            "terms": self._terms,
            "imprint": self._imprinted,
        }
        if press.cutoff is not None:
            facts["cutoff"] = write_time(press.cutoff)
        if any(self._store.meta(key) != value for key, value in facts.items()):
            with self._store.transaction():
                for key, value in facts.items():
                    self._store.set_meta(key, value)


def _rendering(settings: Settings, templates: Templates) -> str:
    """Return a hash of everything besides the articles that documents are made of."""
    return fingerprint(
        __version__,
        settings.site.model_dump_json(),
        settings.publish.model_dump_json(exclude={"git"}),
        *(f"{slug} {table.model_dump_json()}" for slug, table in settings.category.items()),
        *(selection.model_dump_json() for selection in settings.feed),
        templates.digest,
    )
