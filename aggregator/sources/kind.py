"""What a kind of source is, and what one look at a source brings: the contract of this room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from aggregator.config.settings import Source
from aggregator.errors import EntryError
from aggregator.fetch.exchange import Fetched, Getter, NotModified, Request
from aggregator.model import BadEntry, Entry, Feed, SourceState, fingerprint

Known = Callable[[Sequence[str]], Mapping[str, str]]
"""guids → the fingerprints of those that the store has."""


@dataclass(frozen=True, slots=True)
class Harvest:
    """What one look at a source brought.

    `answer` is the list document's: its validators promise what `feed` holds. They are not to be
    kept where `complete` is false: something failed that the next look may bring.
    """

    feed: Feed
    answer: Fetched
    complete: bool = True


Collect = Callable[[Source, SourceState, Getter, Known], Harvest | NotModified]


class Kind(NamedTuple):
    """One row of the table of kinds."""

    summary: str  # one line for help and docs
    needs: frozenset[str]  # the keys of [[source]] it requires besides id and url
    takes: frozenset[str]  # further keys that only make sense for such kinds
    files: bool  # whether the url may be a path
    collect: Collect


def ask(source: Source, state: SourceState) -> Request:
    """Return the request for the source's own document, with the validators of the last answer."""
    return Request(
        url=source.url,
        etag=state.etag,
        last_modified=state.last_modified,
        body_hash=state.body_hash,
        headers={name: value.get_secret_value() for name, value in source.headers.items()},
        timeout=source.timeout.total_seconds() if source.timeout else None,
        max_size=source.max_size,
        allow_private=source.allow_private,
    )


def finish(feed: Feed, source: Source) -> Feed:
    """Return *feed* as a kind hands it on.

    Every entry has a guid and a fingerprint of its own and the fields that [source.extract] finds;
    one on which that fails is a bad entry.
    """
    from aggregator.parse.extract import extract

    entries: list[Entry] = []
    bad = list(feed.bad)
    for entry in distinct(feed.entries):
        named = entry if entry.fingerprint else replace(entry, fingerprint=fingerprint(repr(entry)))
        try:
            entries.append(extract(named, source.extract))
        except EntryError as error:
            bad.append(BadEntry(entry.guid, str(error)))
    return replace(feed, entries=tuple(entries), bad=tuple(bad))


def distinct(entries: Sequence[Entry]) -> list[Entry]:
    """Return *entries* with no guid twice, in their order.

    Some publishers give one id to everything: entries of one id are told apart by their links, or,
    where they have none, by their titles. What is then still the same is a repetition, of which the
    first is kept.
    """
    marks: dict[str, set[str]] = {}
    for entry in entries:
        marks.setdefault(entry.guid, set()).add(entry.link or entry.title)
    found: dict[str, Entry] = {}
    for entry in entries:
        shared = len(marks[entry.guid]) > 1
        one = replace(entry, id=_other_id(entry)) if shared else entry
        found.setdefault(one.guid, one)
    return list(found.values())


def _other_id(entry: Entry) -> str:
    return entry.link or fingerprint(entry.id, entry.title, entry.published)
