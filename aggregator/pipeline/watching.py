"""What is written down of each time that a source was asked, in the transaction of what it brought.

what was gathered ─► attempt, measure ─► how the source is ─► trouble ─► incident
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from statistics import median_low
from typing import NamedTuple

from aggregator.config.settings import Settings
from aggregator.health.condition import (
    Health,
    Seen,
    after_answer,
    after_failure,
    needs_history,
    needs_times,
    usual_rate,
)
from aggregator.health.history import Measure
from aggregator.health.incident import Incident, Trouble, follow, lasts, trouble
from aggregator.model import Article, Attempt, SourceState, Status, Tally
from aggregator.pipeline.gather import Gathered
from aggregator.store.intake import Counts
from aggregator.store.vitals import Chart
from aggregator.store.writer import Store


class Asked(NamedTuple):
    """What came of asking a source, and in how many seconds."""

    gathered: Gathered
    counts: Counts
    seconds: float


class Watching:
    """Notes attempts, and the incidents that they begin or end."""

    def __init__(self, settings: Settings, store: Store, clock: Callable[[], datetime]) -> None:
        self._patience = settings.notify.patience
        self._store = store
        self._clock = clock
        self._lasting: dict[str, Incident] = {}

    def begin(self) -> None:
        """Begin with a transaction: what stands in the store is what holds."""
        self._lasting = self._store.watch.open_incidents()

    def note(self, asked: Sequence[Asked]) -> None:
        """Note that sources were asked; belongs inside a transaction, after what they brought."""
        charts = self._store.watch.charts([one.gathered.source.id for one in asked])
        for one in asked:
            self._note(one, charts[one.gathered.source.id])

    def _note(self, asked: Asked, chart: Chart) -> None:
        gathered, counts, seconds = asked
        source, book, now = gathered.source, self._store.watch, self._clock()
        attempt = attempt_of(gathered, counts, gathered.state.last_attempt_at or now, seconds)
        health, changed = chart.health, gathered.status is Status.OK
        if gathered.status is Status.FAILED:
            health = after_failure(health)
            book.note(source.id, attempt, health)
        else:
            seen = self._seen(gathered, health, now)
            learns = needs_history(health, seen.recipe, changed=changed)
            health = after_answer(chart.with_history() if learns else health, seen, now)
            known = (usual_rate(seen.published or ()), gathered.certificate_until)
            book.note(source.id, attempt, health, *known, learned=learns)
        self._follow(gathered.state, trouble(gathered.state, health, chart.waiting, now), now)

    def _seen(self, gathered: Gathered, health: Health, now: datetime) -> Seen:
        source, store = gathered.source, self._store
        changed = gathered.status is Status.OK
        published, came = None, (0, 0)
        if needs_times(health, now, changed=changed):
            published = store.publishing_times(source.id)
        if source.expect is not None:
            period = source.expect.period
            came = store.watch.came(source.id, now - period, now - 2 * period)
        return Seen(
            measure=measure_of(gathered) if changed else None,
            published=published,
            expected=source.expect,
            came=came,
            local=source.url.startswith("file:"),
            recipe=gathered.state.recipe,
        )

    def _follow(self, state: SourceState, found: Trouble | None, now: datetime) -> None:
        """Begin, change or end the incident of a source."""
        before = self._lasting.get(state.id)
        ripe = found is not None and lasts(state, found, self._patience, now)
        after = follow(state.id, before, found, ripe, now)
        if after is not None and after != before:
            self._store.watch.keep_incident(after, now)


def attempt_of(gathered: Gathered, counts: Counts, at: datetime, seconds: float) -> Attempt:
    """Return the attempt, made *at* that time, that gathered this in so many *seconds*."""
    return Attempt(
        at,
        gathered.status,
        gathered.answered,
        round(seconds * 1000),
        counts.new,
        counts.changed,
        gathered.reason,
    )


def measure_of(gathered: Gathered) -> Measure:
    """Return what the document that was gathered was like."""
    articles = gathered.articles
    return Measure(
        entries=len(articles) + len(gathered.unchanged) + len(gathered.bad),
        bad=len(gathered.bad),
        made=len(articles),
        dated=sum(one.published != one.first_seen_at for one in articles),
        filled=sum(bool(one.title and (one.link or one.share_link)) for one in articles),
        length=median_low(map(_length, articles)) if articles else 0,
    )


def _length(article: Article) -> int:
    return len(article.content or article.summary)


def tally_of(gathered: Gathered, new: int) -> Tally:
    """Return what is counted of a source that was asked, and brought *new* articles."""
    failed = gathered.status is Status.FAILED
    same = gathered.status is Status.NOT_MODIFIED
    return Tally(int(not failed), int(failed), new, int(same))
