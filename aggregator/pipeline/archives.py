"""What of a channel's archive is to be published: how far it goes, and which parts are stale.

    what is shown ─► its end ─► months and their entries ─► stale parts
                                        ▲
                    marks that the store set where rows changed

The archive ends where the feed still shows all that is newer, so that both together hold
everything; and it ends at a round time, so that it changes once a day and not with each article.
All of it follows from the rows and from what is shown, never from the clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from aggregator.model import Archive, Article, Month
from aggregator.publish.archive import PART, Part, part_name, part_place, parts, size
from aggregator.record import record
from aggregator.store.archives import Archives, Place

_RESOLUTION = timedelta(seconds=1)  # of the times in the store
_BEFORE_ALL = "~"  # instead of an id: before all articles of that time
_LOOKED_UP = 20  # changed entries of a month; where there are more, all after the first are stale


@record(frozen=True, slots=True)
class Plan:
    """What an archive becomes: the parts to write, and the names of those to remove."""

    archive: Archive
    stale: Sequence[Part] = ()
    gone: Sequence[str] = ()


class Archivist:
    """Plans the archives of a store's channels; months are those of *zone*."""

    def __init__(self, store: Archives, zone: ZoneInfo) -> None:
        self._store = store
        self._zone = zone

    def plan(self, slug: str, shown: Sequence[Article], *, everything: bool = False) -> Plan:
        """Return what the archive at *slug* becomes where its feed has the articles *shown*.

        Stale are the parts that hold a changed entry or other entries than before, and those that
        link other parts; with *everything* all are.
        """
        before = self._store.archive(slug)
        known = Archive() if everything else before
        until = self._end(slug, shown)
        entries = {month.name: month.entries for month in known.months}
        stale: set[str] = set()
        for month, places in self._changes(slug, known.until, until).items():
            since, end = self._bounds(month, until)
            entries[month] = self._store.count_between(slug, since, end)
            indexes = self._indexes(slug, since, places, size(entries[month]))
            stale.update(part_name(month, index) for index in indexes)
        months = tuple(Month(name, entries[name]) for name in sorted(entries) if entries[name])
        return _planned(before, Archive(until, months), stale)

    def none(self, slug: str) -> Plan:
        """Return the plan for a channel that is to have no archive."""
        return _planned(self._store.archive(slug), Archive(), ())

    def articles(self, slug: str, part: Part, archive: Archive) -> list[Article]:
        """Return what one part of an *archive* holds, newest first."""
        month, index = part_place(part.name)
        return self._store.stretch(slug, *self._bounds(month, archive.until), index * PART, PART)

    # ── how far ──────────────────────────────────────────────────────────────────────────────────

    def _end(self, slug: str, shown: Sequence[Article]) -> datetime | None:
        """Return before when everything is archived; None where nothing is.

        That is when the day of the newest article begins, or its hour or minute where the feed does
        not reach back so far. A month of which the feed shows everything is not begun.
        """
        hidden = self._store.published_beyond(slug, len(shown))
        if hidden is None:
            return None
        starts = self._starts(shown[0].published) if shown else ()
        end = next((start for start in starts if start > hidden), hidden + _RESOLUTION)
        return self._bounds(self._month(hidden), end)[1]

    def _starts(self, moment: datetime) -> Iterator[datetime]:
        minute = moment.astimezone(self._zone).replace(second=0)
        hour = minute.replace(minute=0)
        for start in (hour.replace(hour=0), hour, minute):
            yield start.astimezone(UTC)

    def _month(self, moment: datetime) -> str:
        local = moment.astimezone(self._zone)
        return f"{local.year:04}-{local.month:02}"

    def _bounds(self, month: str, until: datetime | None) -> tuple[datetime, datetime]:
        """Return where a month begins, and where the next one does or before that *until*."""
        year, number = map(int, month.split("-"))
        begin = datetime(year, number, 1, tzinfo=self._zone).astimezone(UTC)
        end = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=self._zone).astimezone(UTC)
        return begin, min(end, until or begin)

    # ── what is stale ────────────────────────────────────────────────────────────────────────────

    def _changes(
        self, slug: str, known: datetime | None, until: datetime | None
    ) -> Mapping[str, Sequence[Place]]:
        """Return by month the places that are not as they were when it ended at *known*."""
        changes: dict[str, list[Place]] = defaultdict(list)
        for place in self._store.archive_marks(slug):
            changes[self._month(place.published)].append(place)
        if known != until:
            ends = [end for end in (known, until) if end]
            since = min(ends) if len(ends) > 1 else None
            for month, first in self._months(slug, since, max(ends)):
                changes[month].append(Place(first, _BEFORE_ALL))
        return changes

    def _months(
        self, slug: str, since: datetime | None, until: datetime
    ) -> Iterator[tuple[str, datetime]]:
        """Yield the months that have articles in between, each with the time of its first one."""
        first = self._store.published_from(slug, since)
        while first and first < until:
            month = self._month(first)
            yield month, first
            first = self._store.published_from(slug, self._bounds(month, until)[1])

    def _indexes(self, slug: str, since: datetime, places: Sequence[Place], count: int) -> set[int]:
        """Return which of the *count* parts of a month are stale.

        All are that come after something that was added or removed: their entries have moved on.
        """
        changed = [place for place in places if not place.moved]
        moved = [place for place in places if place.moved or len(changed) > _LOOKED_UP]
        first = count
        if moved:
            start = Place(min(place.published for place in moved), _BEFORE_ALL)
            first = self._store.count_before(slug, since, start) // PART
            changed = [place for place in changed if place.published < start.published]
        single = {self._store.count_before(slug, since, place) // PART for place in changed}
        return single | set(range(first, count))


def _planned(before: Archive, archive: Archive, stale: Collection[str]) -> Plan:
    old, new = parts(before.months), parts(archive.months)
    return Plan(
        archive,
        [part for name, part in new.items() if name in stale or part != old.get(name)],
        [name for name in old if name not in new],
    )
