"""Many entries at once: what becomes of those that are new or changed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.errors import EntryError
from aggregator.model import Article, BadEntry, Entry, Provenance
from aggregator.normalise.article import explain
from aggregator.normalise.place import Place
from aggregator.normalise.provenance import provenance


@dataclass(frozen=True, slots=True)
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
            bad.append(BadEntry(entry.guid, str(error)))
            continue
        if explained.article is not None:
            articles.append(explained.article)
            provenances[entry.guid] = provenance(explained)
    return Batch(tuple(articles), provenances, tuple(bad))
