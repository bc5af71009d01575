"""Whose turn it is: of the sources configured now, those to ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from aggregator.config.settings import Source
from aggregator.model import SourceState
from aggregator.pipeline.recall import is_changed


def unmet(sources: Iterable[Source], states: Mapping[str, SourceState]) -> set[str]:
    """Return the ids of those whose time does not stand in the store, or is no longer meant.

    They were never asked, or not since their own table has changed.
    """
    return {source.id for source in sources if _is_unmet(source, states.get(source.id))}


def due(
    sources: Collection[Source], states: Mapping[str, SourceState], passed: Collection[str]
) -> list[Source]:
    """Return the sources to ask now; *passed* are the ids of those whose time has come."""
    ids = unmet(sources, states).union(passed)
    return [source for source in sources if source.id in ids]


def all_but_gone(sources: Iterable[Source], states: Mapping[str, SourceState]) -> list[Source]:
    """Return every source but those that are gone for good and configured as before.

    *states* may lack sources that are not gone.
    """
    return [source for source in sources if not _is_gone(source, states.get(source.id))]


def _is_unmet(source: Source, state: SourceState | None) -> bool:
    if state is None or is_changed(source, state):
        return True
    return state.next_due_at is None and not state.gone


def _is_gone(source: Source, state: SourceState | None) -> bool:
    return state is not None and state.gone and not is_changed(source, state)
