"""What travels to a worker and back: plain records.

What could be a secret of a source is in no text that they can be printed as: the scheduler, the
workers and their logs know an errand by its site.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime

from aggregator.config.settings import Settings
from aggregator.model import HostRules, Pause
from aggregator.pipeline.engine import Turn, Work
from aggregator.record import record
from aggregator.store.notes import Shared
from aggregator.store.reader import Reader

_KNOWN = (
    2_000  # entries of a source that a worker is told of; older ones are found to be known later
)


@record(frozen=True, slots=True)
class Snapshot:
    """What the store knows of one source, as far as gathering may ask (`pipeline.knowledge`).

    An entry that is too old to be in it is made into an article again, which the store then finds
    to be the same.
    """

    entries: Mapping[str, str] = field(default_factory=dict)  # guid → fingerprint
    earlier: frozenset[str] = frozenset()  # guids of before it began to move
    addresses: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    shared: tuple[Shared, ...] = ()


@record(frozen=True, slots=True)
class Recollection:
    """The snapshots of several sources, asked as one asks the store."""

    of: Mapping[str, Snapshot]

    def fingerprints(
        self, source: str, guids: Sequence[str], before: datetime | None = None
    ) -> Mapping[str, str]:
        known = self.of[source]
        among = known.earlier if before else known.entries
        return {guid: known.entries[guid] for guid in guids if guid in among}

    def candidates(
        self, source: str, guids: Collection[str]
    ) -> Mapping[str, tuple[tuple[str, str], ...]]:
        addresses = self.of[source].addresses
        return {guid: addresses[guid] for guid in guids if guid in addresses}

    def sharing(self, source: str, links: Collection[str]) -> list[Shared]:
        return [one for one in self.of[source].shared if one.share_link in links]

    def unnamed(self, labels: Iterable[str]) -> list[str]:
        """Return all of them: a name for what has one already is not used."""
        return sorted(set(labels))


@record(frozen=True, slots=True)
class Parcel:
    """An errand: the due sources of one site, and all that is needed to gather them.

    `settings` has but site, rules and fetch, `wait` is in how many seconds the site may be asked
    again.
    """

    version: str
    settings: Settings = field(repr=False)
    turns: tuple[Turn, ...] = field(repr=False)
    known: Recollection = field(repr=False)
    pauses: tuple[Pause, ...] = field(repr=False)
    rules: tuple[HostRules, ...] = field(repr=False)
    wait: float = 0.0


@record(frozen=True, slots=True)
class Answer:
    """What came of an errand, and what was learnt of hosts meanwhile."""

    works: tuple[Work, ...] = field(repr=False)
    pauses: tuple[Pause, ...] = field(repr=False)
    rules: tuple[HostRules, ...] = field(repr=False)


def snapshot(turn: Turn, reader: Reader) -> Snapshot:
    """Return what *reader* knows that the gathering of a source may ask for."""
    source = turn.source
    entries = reader.newest_entries(source.id, _KNOWN)
    since = turn.state.move.since
    earlier = frozenset(reader.fingerprints(source.id, list(entries), since) if since else ())
    addresses = reader.candidates(source.id, entries) if source.resolve else {}
    # Only pages say under which address an article is shared.
    reads_pages = bool(source.full_text) or source.kind in ("html", "sitemap")
    shared = reader.shared_lately(source.id, _KNOWN) if reads_pages else []
    return Snapshot(entries, earlier, addresses, tuple(shared))
