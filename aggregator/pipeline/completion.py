"""What an entry does not bring along: asked for once, when it is new or has changed.

entries ─► where their links lead ─► their pages' texts ─► without names that pages share
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aggregator.config.settings import Source
from aggregator.fetch.exchange import Network
from aggregator.model import Entry, SourceState
from aggregator.normalise import sharing
from aggregator.normalise.redirectors import unwrapped
from aggregator.pipeline.knowledge import Knowledge
from aggregator.pipeline.resolution import Resolution
from aggregator.record import record
from aggregator.sources.details import Manner, as_pages
from aggregator.sources.full_text import FullTexts


@record(frozen=True, slots=True)
class Completed:
    """Entries made whole, and how many wait for the next look."""

    entries: list[Entry]
    waiting: int = 0


def completed(
    entries: Sequence[Entry],
    source: Source,
    state: SourceState,
    network: Network,
    reader: Knowledge,
) -> Completed:
    """Return the new and changed *entries* of *source* with all that is to be asked for."""
    manner = as_pages(source, state)
    whole = list(entries)
    if source.resolve:
        whole = _resolved(whole, Resolution(source, network), manner, reader)
    if source.full_text:
        texts = FullTexts(source, network, manner)
        tried = [texts.completed(entry, _address(entry)) for entry in whole]
        whole = [entry for entry in tried if entry is not None]
    if claims := sharing.claims(whole):
        whole = sharing.without_shared_claims(whole, reader.sharing(source.id, claims))
    return Completed(whole, len(entries) - len(whole))


def _address(entry: Entry) -> str:
    return entry.resolved or unwrapped(entry.link) or entry.link


def _resolved(
    entries: Sequence[Entry], resolution: Resolution, manner: Manner, reader: Knowledge
) -> list[Entry]:
    """Return *entries* with where their links lead: by what is stored of them, else by asking."""
    following = [entry.guid for entry in entries if sharing.to_follow(entry)]
    known = reader.candidates(resolution.source.id, following) if following else {}
    found: list[Entry] = []
    for place, entry in enumerate(entries):
        said = dict(known.get(entry.guid, ()))
        if sharing.RESOLVED in said and sharing.to_follow(entry) in said.values():
            entry = replace(entry, resolved=said[sharing.RESOLVED])
        elif manner.first is None or place < manner.first:
            entry = resolution.resolved(entry)
        found.append(entry)
    return found
