"""What a configuration would do to a store and its documents before anything of it is done.

    settings + a copy of the store ─► sources ─► categories ─► what leaves ─► documents

The copy may be written to, since nobody keeps it: so retention and publication are tried and not
guessed. What sources would bring is not asked; what the rules would make of it is judged by what is
stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from datetime import datetime

from aggregator import template
from aggregator.config.settings import Settings, Source
from aggregator.model import SourceState
from aggregator.normalise.again import Again, again
from aggregator.normalise.public import public_address
from aggregator.pipeline.publication import Publisher
from aggregator.pipeline.recall import configured, recalled
from aggregator.publish.templating import Templates
from aggregator.record import record
from aggregator.store.census import Census
from aggregator.store.writer import Store


@record(frozen=True, slots=True)
class SourceChange:
    """What becomes of a source: `change` is new, gone, renamed or changed.

    `articles` are kept of it (of the one that it `was`, where it is renamed). `moving` of them have
    another category than it has now; of what its rules are tried on, so many are `dropped` and
    `rewritten`. These hold for what it still lists, when it is asked the next time.
    """

    id: str
    change: str
    articles: int = 0
    was: str = ""
    category: str = ""
    moving: Mapping[str, int] = field(default_factory=dict)
    dropped: int = 0
    rewritten: int = 0


@record(frozen=True, slots=True)
class Forecast:
    """What would change. Paths are those of documents; `moved` ones lead to another address.

    `everything` says that all documents are rendered anew, since what they are made with has
    changed. `retired` articles leave the store by age. `categories` are new labels.
    """

    sources: tuple[SourceChange, ...] = ()
    categories: tuple[str, ...] = ()
    everything: bool = False
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)
    retired: int = 0
    articles: int = 0

    @property
    def withdraws(self) -> bool:
        """Whether something would be gone that is there now."""
        return bool(self.removed or self.retired)


def forecast(
    settings: Settings,
    store: Store,
    templates: Templates,
    now: datetime,
    step: Callable[[int], None] = lambda count: None,
) -> Forecast:
    """Return what *settings* would change; *store* is a copy and is not the same afterwards."""
    census = Census(store.path)
    sources = tuple(_sources(settings, census, now))
    labels = tuple(sorted(_new_labels(settings, census)))
    total = census.total()
    before = {record.path for record in store.records()}
    if settings.store.keep is not None:
        with store.transaction():
            store.retire(now - settings.store.keep, settings.publish.entries)
    publisher = Publisher(settings, store, step, lambda: now, templates)
    paths = dict.fromkeys(publisher.publish(dry_run=True))
    gone = set(publisher.removed)
    moved = {path: to for path in gone if (to := _address_now(path, settings))}
    return Forecast(
        sources=sources,
        categories=labels,
        everything=publisher.is_anew and bool(before),
        new=tuple(sorted(path for path in paths if path not in before)),
        changed=tuple(sorted(path for path in paths if path in before and path not in gone)),
        removed=tuple(sorted(gone - moved.keys())),
        moved=moved,
        retired=total - census.total(),
        articles=total,
    )


# ── sources ───────────────────────────────────────────────────────────────────────────────────────


def renamed(
    settings: Settings, states: Mapping[str, SourceState], addresses: Mapping[str, str]
) -> dict[str, str]:
    """Return by its id which source was another one before, as far as the store can tell.

    It has the same table but for its id, or the address that another had which is not configured
    any more; *addresses* are those of the articles that are kept.
    """
    ours = {source.id for source in settings.source}
    left = {id_: state for id_, state in states.items() if id_ not in ours}
    found: dict[str, str] = {}
    for source in settings.source:
        if source.id in states:
            continue
        address = public_address(source.public_url or source.url)
        for old, state in left.items():
            same = configured(source.model_copy(update={"id": old})) == state.configured
            if old not in found.values() and (same or (address and address == addresses.get(old))):
                found[source.id] = old
                break
    return found


def _sources(settings: Settings, census: Census, now: datetime) -> Iterator[SourceChange]:
    states, counts, homes = census.states(), census.article_counts(), census.homes()
    was = renamed(settings, states, census.addresses())
    for source in settings.source:
        state = states.get(source.id)
        if state is None:
            old = was.get(source.id, "")
            change = "renamed" if old else "new"
            yield SourceChange(source.id, change, counts.get(old, 0), old)
        elif state.recipe and recalled(state, source, settings).recipe != state.recipe:
            yield _changed(source, settings, census, homes.get(source.id, {}), now)
    ours = {*(source.id for source in settings.source), *was.values()}
    for id_ in sorted(states.keys() - ours):
        if counts.get(id_):
            yield SourceChange(id_, "gone", counts[id_])


def _changed(
    source: Source, settings: Settings, census: Census, homes: Mapping[str, int], now: datetime
) -> SourceChange:
    label = fixed_category(source)
    every = (*source.rule, *settings.rule)
    found = [again(one, every, now) for one in census.articles_of(source.id)] if every else []
    return SourceChange(
        source.id,
        "changed",
        sum(homes.values()),
        category=label,
        moving={home: count for home, count in homes.items() if label and home != label},
        dropped=found.count(Again.DROPPED),
        rewritten=found.count(Again.CHANGED),
    )


def fixed_category(source: Source) -> str:
    """Return the category of all that *source* brings, "" where its articles say it themselves."""
    label = source.category or source.id
    return "" if template.names(label) else label


def _new_labels(settings: Settings, census: Census) -> set[str]:
    labels = {fixed_category(source) for source in settings.source}
    return set(census.unnamed(filter(None, labels)))


# ── documents ─────────────────────────────────────────────────────────────────────────────────────


def _address_now(path: str, settings: Settings) -> str:
    """Return where readers of *path* are led to, "" where they are not."""
    folder, slash, rest = path.partition("/")
    slug = settings.moved.get(folder, "")
    return f"{slug}/{rest}" if slash and slug else ""
