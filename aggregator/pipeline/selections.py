"""The operator's own feeds: how each one is published, and which articles are in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from aggregator.config.settings import Selection, Settings
from aggregator.model import Article, Channel
from aggregator.periods import Calendar
from aggregator.publish import Press
from aggregator.store.choosing import Choice, Span
from aggregator.store.reader import Reader

_MOST_DAYS = 366  # looked at for a feed that takes so many articles of each


class Selections:
    """Every [[feed]], by its id."""

    def __init__(self, settings: Settings, store: Reader) -> None:
        self._site = settings.site
        self._store = store
        self._selections = {selection.id: selection for selection in settings.feed}

    def __contains__(self, slug: str) -> bool:
        return slug in self._selections

    def __iter__(self) -> Iterator[str]:
        return iter(self._selections)

    def channels(self) -> Iterator[Channel]:
        """Yield each of them as a channel, in the order of the configuration."""
        for one in self._selections.values():
            yield Channel(one.id, one.title, one.description, one.language)

    def content(self, press: Press, slug: str) -> tuple[Press, list[Article]]:
        """Return how the feed at *slug* is published, and its articles."""
        selection = self._selections[slug]
        own = {"entries": selection.entries, "formats": selection.formats}
        given = {name: value for name, value in own.items() if value is not None}
        publish = press.publish.model_copy(update=given)
        press = replace(press, publish=publish, most=selection.content)
        return press, self._articles(selection, publish.entries, press.cutoff)

    def _articles(self, selection: Selection, limit: int, since: datetime | None) -> list[Article]:
        choice = self._store.choice(selection)
        if selection.max_per_day is None:
            return choice.newest(limit, Span(since))
        days = _days(choice, Calendar(selection.timezone or self._site.timezone), since)
        found: list[Article] = []
        for day in days:
            found += choice.first(selection.max_per_day, day)
            if len(found) >= limit:
                break
        return found[:limit]


def _days(choice: Choice, calendar: Calendar, since: datetime | None) -> Iterator[Span]:
    """Yield each day that has articles, the last one first, none before *since*."""
    last = choice.last_before(None)
    for _ in range(_MOST_DAYS):
        if last is None or (since is not None and last < since):
            return
        day = calendar.around(last)
        yield Span(day.begin if since is None else max(day.begin, since), day.end)
        last = choice.last_before(day.begin)
