"""What is of the whole site: its channels, home, and the lists of them all.

    channels that are published ─► their sections ─┐
    sections that the others left behind ──────────┴► home
    list of channels, articles that stand only here, sources ─► OPML, sitemap, pages about the site

Home changes with each article and the lists hardly ever, so a process that runs on remembers what
they were made of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from aggregator.config.settings import CategoryTable, Settings
from aggregator.model import Category, Channel, Document, Month, Original
from aggregator.pipeline import grouping
from aggregator.pipeline.output import Owned
from aggregator.pipeline.selections import Selections
from aggregator.publish.press import Imprint, Press, Shelf
from aggregator.publish.rendering import home_documents, site_documents
from aggregator.record import record
from aggregator.store.archives import Archives
from aggregator.store.reader import EVERYTHING, Shelved
from aggregator.store.writer import ChannelState, Store

SITE = ""  # the slug of what is no channel: home, 404, the list of feeds

States = Mapping[str, ChannelState | None]
"""What is remembered of the channels that a publication writes, by their slugs."""


@record(frozen=True, slots=True)
class _Made:
    """What was published of the whole site, and what it was made of."""

    shelves: Mapping[str, Shelved]
    imprint: Imprint
    channels: list[Channel]
    originals: list[Original]

    def has_the_lists_of(self, other: _Made | None) -> bool:
        """Say whether all but home is the same."""
        return other is not None and (self.imprint, self.channels, self.originals) == (
            other.imprint,
            other.channels,
            other.originals,
        )


class WholeSite:
    """The documents of one site that are no article's and no channel's."""

    def __init__(
        self, settings: Settings, store: Store, archives: Archives, selections: Selections
    ) -> None:
        self._settings = settings
        self._store = store
        self._archives = archives
        self._selections = selections
        self._categories: Mapping[str, Category] | None = None
        self._channels: Mapping[str, Channel] = {}
        self._made: _Made | None = None
        self._in_the_making: _Made | None = None

    def channels(self, press: Press) -> Mapping[str, Channel]:
        """Return every channel by its slug: everything, the operator's own, the categories."""
        if press.categories is not self._categories:
            self._channels = dict(self._listed(press))
            self._categories = press.categories
        return self._channels

    def owned(self, press: Press, states: States, *, everything: bool) -> Owned:
        """Return home, and the lists where those are not as they were published.

        *states* are those of the channels that are published with it.
        """
        channels = self.channels(press)
        months = self._archives.months()
        months |= {slug: one.archive.months if one else () for slug, one in states.items()}
        made = self._in_the_making = _Made(
            self._shelves(states),
            press.imprint,
            [_with(one, months.get(slug)) for slug, one in channels.items()],
            self._archives.originals(),
        )
        documents = self._home(press, made.shelves)
        as_before = made.has_the_lists_of(self._made) and not everything
        if not as_before:
            documents += site_documents(press, made.channels, made.originals)
        return Owned(
            "site", tuple(documents), slug=SITE, state=ChannelState(), others_stay=as_before
        )

    def published(self) -> None:
        """Remember that what `owned` returned last is out."""
        self._made = self._in_the_making

    def _shelves(self, states: States) -> Mapping[str, Shelved]:
        shelves = dict(self._made.shelves) if self._made else self._store.shelves()
        for slug, state in states.items():
            shelves.pop(slug, None)
            if state and state.newest:
                shelves[slug] = Shelved(state.newest, state.shelf)
        return shelves

    def _home(self, press: Press, shelves: Mapping[str, Shelved]) -> list[Document]:
        """Render home: the section of everything, then those of the categories, newest first."""
        channels = self.channels(press)
        categories = {category.slug for category in press.categories.values()}
        order = sorted(categories & shelves.keys() & channels.keys())
        order.sort(key=lambda slug: shelves[slug].newest, reverse=True)
        first = [EVERYTHING] if EVERYTHING in shelves else []
        return home_documents(
            press, [Shelf(channels[slug], shelves[slug].markup) for slug in (*first, *order)]
        )

    def _listed(self, press: Press) -> Iterator[tuple[str, Channel]]:
        site = self._settings.site
        yield EVERYTHING, Channel(EVERYTHING, site.title, site.description)
        groups = grouping.groups(self._settings)
        yield from ((channel.slug, channel) for channel in self._selections.channels(groups))
        moved = self._settings.moved
        for category in sorted(press.categories.values(), key=lambda category: category.slug):
            if category.slug in moved:
                continue  # its addresses lead to another one
            table = self._settings.category.get(category.slug, CategoryTable())
            yield (
                category.slug,
                Channel(
                    category.slug,
                    table.title or category.label,
                    table.description,
                    table.language,
                    category.spelling,
                    group=groups.get(table.group),
                ),
            )


def _with(channel: Channel, months: tuple[Month, ...] | None) -> Channel:
    return replace(channel, months=months) if months else channel
