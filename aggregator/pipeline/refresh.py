"""Refresh many sources.

    due sources ─► lanes (in turn, by site) ─► gather (in threads) ─► commit (one writer)

What a source brought and what is remembered of it are committed together: no validator is stored
before what it promises. Sources that are ready together share a commit.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from queue import Empty, SimpleQueue
from random import Random
from typing import Protocol

from aggregator.config.settings import Source
from aggregator.model import Due, Outcome, Rhythm, SourceState, Status, Tally
from aggregator.pipeline.courtesy import Courteous
from aggregator.pipeline.gather import Desk, Gathered, gather
from aggregator.pipeline.lanes import Lanes
from aggregator.pipeline.making import MANY
from aggregator.store.intake import Counts, Intake
from aggregator.store.writer import Store

log = logging.getLogger(__name__)


class Progress(Protocol):
    """Who is told how a refresh goes on; called from several threads."""

    def started(self, source: str) -> None:
        """Say that a source is being asked."""

    def went_on(self, source: str, what: str, done: int, total: int) -> None:
        """Say how much is done of something that takes long for one source."""

    def finished(self, outcome: Outcome) -> None:
        """Say that a source is done, and what it brought is committed."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How the next time to ask a source is decided, by what clock and with what chance.

    `postponed` is for a source that was not asked, since its host wants to be left alone till then.
    """

    next_due: Callable[[SourceState, Rhythm, datetime, Random], Due]
    postponed: Callable[[datetime, datetime, Random], Due]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    rng: Random = field(default_factory=Random)


_TOLD_LATELY = timedelta(days=7)

Work = tuple[Gathered, float]  # what was gathered, and in how many seconds


class Refresher:
    """Gathers in worker threads; commits in the thread that calls `finish`."""

    def __init__(self, desk: Desk, store: Store, policy: Policy, progress: Progress) -> None:
        fetch = desk.settings.fetch
        self._courteous = Courteous(desk.network, store.pauses(), policy.clock)
        self._courteous.remember(store.host_rules())
        self._desk = replace(desk, network=self._courteous, went_on=progress.went_on)
        self._store = store
        self._policy = policy
        self._progress = progress
        self._workers = ThreadPoolExecutor(fetch.workers, "gather")
        self._lanes = Lanes(fetch.per_host, fetch.spacing.total_seconds())
        self._under_way: set[str] = set()
        self._done: SimpleQueue[Future[Work]] = SimpleQueue()
        _hold_lanes(self._lanes, desk, store.states(), policy.clock())

    def close(self) -> None:
        """Start nothing more. What is under way is not waited for and not committed."""
        self._lanes.close()
        self._workers.shutdown(wait=False, cancel_futures=True)

    @property
    def running(self) -> frozenset[str]:
        """The ids of the sources that are started and not finished."""
        return frozenset(self._under_way)

    def start(self, sources: Iterable[Source]) -> None:
        """Have *sources* gathered, those of different sites in turn."""
        for source in sources:
            self._under_way.add(source.id)
            self._lanes.put(source)
        self._begin()

    def finish(self, timeout: float | None = None) -> list[Outcome]:
        """Wait (at most *timeout* seconds) until some are ready; commit them and say how it went.

        It may return with none, also when there is no time limit: somebody else could begin.
        """
        self._begin()
        done = list(self._ready(timeout)) if self._under_way else []
        try:
            outcomes = self._commit([future.result() for future in done])
        except BaseException:
            for future in done:  # to be committed the next time
                self._done.put(future)
            raise
        self._under_way -= {outcome.id for outcome in outcomes}
        return outcomes

    def all(self, sources: Iterable[Source]) -> list[Outcome]:
        """Refresh *sources*, and return when every one is done."""
        self.start(sources)
        outcomes = []
        while self._under_way:
            outcomes += self.finish()
        return outcomes

    def _begin(self) -> None:
        """Give the workers those whose turn has come; called from any thread."""
        for source in self._lanes.take():
            self._workers.submit(self._gather, source).add_done_callback(self._done.put)

    def _ready(self, timeout: float | None) -> Iterator[Future[Work]]:
        """Yield those that are ready, after waiting for the first one."""
        limits = [limit for limit in (timeout, self._lanes.pause()) if limit is not None]
        try:
            yield self._done.get(timeout=min(limits, default=None))
            while True:
                yield self._done.get_nowait()
        except Empty:
            return

    def _gather(self, source: Source) -> Work:
        try:
            self._progress.started(source.id)
            begun = time.monotonic()
            gathered = gather(source, self._desk, self._policy.clock())
            return gathered, time.monotonic() - begun
        finally:
            self._lanes.leave(source)
            self._begin()

    def _commit(self, ready: list[Work]) -> list[Outcome]:
        if not ready:
            return []
        outcomes = []
        pauses = self._courteous.unsaved()
        with self._store.transaction():
            for gathered, seconds in ready:
                outcome = self._take_in(gathered)
                log.info("%s ms=%d", _in_words(outcome), seconds * 1000)
                outcomes.append(outcome)
            self._store.note_pauses(pauses, self._policy.clock())
            self._store.note_host_rules(self._courteous.learned(), self._policy.clock())
        self._courteous.saved(pauses)
        for outcome in outcomes:
            self._progress.finished(outcome)
        return outcomes

    def _take_in(self, gathered: Gathered) -> Outcome:
        source = gathered.source
        first = None if source.first == "all" else source.first
        intake = Intake(
            gathered.state,
            gathered.articles,
            first,
            gathered.unchanged,
            gathered.provenance,
            edits_count=source.edits == "significant",
            listing=gathered.listing,
            passed_over=gathered.passed_over,
            names=gathered.names,
        )
        counts = self._store.take_in(intake, partial(self._stored, source.id, len(intake.articles)))
        self._store.schedule(source.id, self._due(gathered))
        if gathered.status is not Status.WAITING:
            failed = gathered.status is Status.FAILED
            self._store.count(
                source.id, self._today(), Tally(int(not failed), int(failed), counts.new)
            )
        return _outcome(gathered, counts)

    def _today(self) -> date:
        return self._policy.clock().astimezone(self._desk.settings.site.timezone).date()

    def _stored(self, source: str, total: int, done: int) -> None:
        if total >= MANY:
            self._progress.went_on(source, "storing", done, total)

    def _due(self, gathered: Gathered) -> Due:
        """Decide when the source is asked again, after what it brought is taken in."""
        now, policy, source = self._policy.clock(), self._policy, gathered.source
        if gathered.status is Status.WAITING:
            return policy.postponed(gathered.retry_at or now, now, policy.rng)
        rhythm = Rhythm(
            every=source.every if isinstance(source.every, timedelta) else None,
            published=self._store.publishing_times(source.id),
            retry_at=gathered.retry_at,
            local=source.url.startswith("file:"),
            told=self._store.push.is_told(source.id, now - _TOLD_LATELY),
        )
        return policy.next_due(gathered.state, rhythm, now, policy.rng)


def _hold_lanes(lanes: Lanes, desk: Desk, states: Mapping[str, SourceState], now: datetime) -> None:
    """Have the sites wait that the process before this one asked a moment ago."""
    spacing = desk.settings.fetch.spacing
    for source in desk.settings.source:
        asked_at = states[source.id].last_attempt_at if source.id in states else None
        if asked_at is not None and now - spacing < asked_at <= now:
            lanes.hold(source.url, (asked_at + spacing - now).total_seconds())


def _outcome(gathered: Gathered, counts: Counts) -> Outcome:
    return Outcome(
        gathered.source.id,
        gathered.status,
        counts.new,
        counts.changed,
        counts.unchanged + len(gathered.unchanged),
        gathered.bad,
        gathered.reason,
        counts.held,
        counts.withdrawn,
        counts.leaving,
    )


def _in_words(outcome: Outcome) -> str:
    words = f"refreshed source={outcome.id} status={outcome.status}"
    words += f" new={outcome.new} changed={outcome.changed} unchanged={outcome.unchanged}"
    if outcome.bad:
        words += f" bad={len(outcome.bad)}"
    if outcome.held:
        words += f" held={outcome.held}"
    if outcome.withdrawn or outcome.leaving:
        words += f" withdrawn={outcome.withdrawn} leaving={outcome.leaving}"
    return f'{words} error="{outcome.error}"' if outcome.error else words
