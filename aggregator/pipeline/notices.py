"""What the readers of a channel are told besides its articles, and for how long."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from aggregator.config.selection import Selection
from aggregator.model import Article, Channel, Correction
from aggregator.pipeline.tombstones import told
from aggregator.publish.press import Press
from aggregator.store.asides import Asides


class Notices:
    """Finds what is to be told in one store; *selections* are the operator's own feeds, by slug."""

    def __init__(
        self,
        store: Path,
        selections: Mapping[str, Selection],
        clock: Callable[[], datetime],
    ) -> None:
        self._asides = Asides(store)
        self._selections = selections
        self._clock = clock

    def beside(
        self, press: Press, channel: Channel, articles: Sequence[Article]
    ) -> tuple[Channel, datetime | None]:
        """Return *channel* with what is told besides its *articles*, and until when that holds.

        None is: that does not depend on the time. Readers of digests are told nothing: their
        entries are no articles.
        """
        if channel.slug in self._selections and self._selections[channel.slug].digest:
            return channel, None
        publish, own = press.publish, channel.slug in self._selections
        gone = self._asides.removed(channel.slug, publish.entries, own=own)
        removed, until = told(gone, articles, publish, self._clock())
        corrections = self._corrections(press, channel.slug)
        ends = [until] if until else []
        if publish.window is not None:
            ends += [one.seen_at + publish.window for one in corrections]
        told_of = replace(channel, removed=removed, corrections=tuple(corrections))
        return told_of, min(ends, default=None)

    def _corrections(self, press: Press, slug: str) -> list[Correction]:
        if press.publish.corrections == "silent":
            return []
        limit, selection = press.publish.entries, self._selections.get(slug)
        if selection is None:
            return self._asides.corrections(slug, limit, press.cutoff)
        return self._asides.selected_corrections(selection, limit, press.cutoff)
