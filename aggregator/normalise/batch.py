"""Many entries at once: what becomes of those that are new or changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import datetime

from aggregator.errors import EntryError
from aggregator.model import Article, BadEntry, Entry, Provenance
from aggregator.normalise.article import explain
from aggregator.normalise.place import Place
from aggregator.normalise.provenance import provenance
from aggregator.record import record

_PORTION = 250  # entries: half a second of work, while handing them over takes a millisecond


@record(frozen=True, slots=True)
class Batch:
    """Articles, how each was made (by guid), and the entries that cannot be one."""

    articles: tuple[Article, ...] = ()
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    bad: tuple[BadEntry, ...] = ()


def make(entries: Iterable[Entry], place: Place, now: datetime) -> Batch:
    """Return what *entries* become at *now* (aware UTC), without those that a rule leaves out."""
    articles: list[Article] = []
    provenances: dict[str, Provenance] = {}
    bad: list[BadEntry] = []
    for entry in entries:
        try:
            explained = explain(entry, place, now)
        except EntryError as error:
            bad.append(BadEntry(entry.guid, str(error), error.code))
            continue
        if explained.article is not None:
            articles.append(explained.article)
            provenances[entry.guid] = provenance(entry, explained)
    return Batch(tuple(articles), provenances, tuple(bad))


def portions(entries: list[Entry]) -> Iterator[list[Entry]]:
    """Yield *entries* in their order, as many at a time as are made well in one task.

    They are taken out of their list: none of thousands stays when its article is made.
    """
    entries.reverse()
    while entries:
        portion = entries[: -_PORTION - 1 : -1]
        del entries[-_PORTION:]
        yield portion


def joined(batches: Iterable[Batch]) -> Batch:
    """Return what was made portion by portion as if it had been made at once."""
    articles: list[Article] = []
    provenances: dict[str, Provenance] = {}
    bad: list[BadEntry] = []
    for batch in batches:
        articles += batch.articles
        provenances |= batch.provenance
        bad += batch.bad
    return Batch(tuple(articles), provenances, tuple(bad))
