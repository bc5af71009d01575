"""What an entry does not bring along: asked for once, when it is new or has changed.

entries ─► their pages' texts ─► without names that pages share
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.config.settings import Source
from aggregator.fetch.exchange import Getter
from aggregator.model import Entry, SourceState
from aggregator.normalise import sharing
from aggregator.normalise.redirectors import unwrapped
from aggregator.sources.details import as_pages
from aggregator.sources.full_text import FullTexts
from aggregator.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Completed:
    """Entries made whole, and how many wait for the next look."""

    entries: list[Entry]
    waiting: int = 0


def completed(
    entries: Sequence[Entry], source: Source, state: SourceState, getter: Getter, reader: Reader
) -> Completed:
    """Return the new and changed *entries* of *source* with all that is to be asked for."""
    whole = list(entries)
    if source.full_text:
        texts = FullTexts(source, getter, as_pages(source, state))
        tried = [texts.completed(entry, unwrapped(entry.link) or entry.link) for entry in entries]
        whole = [entry for entry in tried if entry is not None]
    if claims := sharing.claims(whole):
        whole = sharing.without_shared_claims(whole, reader.sharing(source.id, claims))
    return Completed(whole, len(entries) - len(whole))
