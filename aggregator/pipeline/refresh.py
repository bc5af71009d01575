"""Refresh many sources.

    due sources ─► gather (many at a time, in threads) ─► commit (one writer)

What a source brought and what is remembered of it are committed together: no validator is stored
before what it promises. Sources that are ready together share a commit.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain, zip_longest
from random import Random
from typing import Protocol
from urllib.parse import urlsplit

from aggregator.config.settings import Source
from aggregator.model import Due, Hints, Outcome, Rhythm, SourceState
from aggregator.pipeline.gather import Desk, Gathered, gather
from aggregator.store.writer import Counts, Intake, Store

log = logging.getLogger(__name__)

_LOCAL = timedelta(minutes=1)  # for files of one's own: nobody else is asked


class Progress(Protocol):
    """Who is told how a refresh goes on; called from several threads."""

    def started(self, source: str) -> None:
        """Say that a source is being asked."""

    def finished(self, outcome: Outcome) -> None:
        """Say that a source is done, and what it brought is committed."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How the next time to ask a source is decided, by what clock and with what chance."""

    next_due: Callable[[Rhythm, Hints, datetime, Random], Due]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    rng: Random = field(default_factory=Random)


class Refresher:
    """Gathers in worker threads; commits in the thread that calls `finish`."""

    def __init__(self, desk: Desk, store: Store, policy: Policy, progress: Progress) -> None:
        self._desk = desk
        self._store = store
        self._policy = policy
        self._progress = progress
        self._workers = ThreadPoolExecutor(desk.settings.fetch.workers, "gather")
        self._running: dict[Future[tuple[Gathered, float]], str] = {}

    def close(self) -> None:
        """Start nothing more. What is under way is not waited for and not committed."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    @property
    def running(self) -> frozenset[str]:
        """The ids of the sources that are started and not finished."""
        return frozenset(self._running.values())

    def start(self, sources: Iterable[Source]) -> None:
        """Have *sources* gathered, those of different hosts in turn."""
        for source in _hosts_in_turn(sources):
            self._running[self._workers.submit(self._gather, source)] = source.id

    def finish(self, timeout: float | None = None) -> list[Outcome]:
        """Wait (at most *timeout* seconds) until some are ready; commit them, say how it went."""
        done, _ = wait(self._running, timeout, FIRST_COMPLETED)
        outcomes = self._commit([future.result() for future in done])
        for future in done:
            del self._running[future]
        return outcomes

    def all(self, sources: Iterable[Source]) -> list[Outcome]:
        """Refresh *sources*, and return when every one is done."""
        self.start(sources)
        outcomes = []
        while self._running:
            outcomes += self.finish()
        return outcomes

    def _gather(self, source: Source) -> tuple[Gathered, float]:
        self._progress.started(source.id)
        begun = time.monotonic()
        gathered = gather(source, self._desk, self._policy.clock())
        return gathered, time.monotonic() - begun

    def _commit(self, ready: list[tuple[Gathered, float]]) -> list[Outcome]:
        outcomes = []
        with self._store.transaction():
            for gathered, seconds in ready:
                outcome = self._take_in(gathered)
                log.info("%s ms=%d", _in_words(outcome), seconds * 1000)
                outcomes.append(outcome)
        for outcome in outcomes:
            self._progress.finished(outcome)
        return outcomes

    def _take_in(self, gathered: Gathered) -> Outcome:
        source = gathered.source
        first = None if source.first == "all" else source.first
        counts = self._store.take_in(Intake(self._scheduled(gathered), gathered.articles, first))
        return _outcome(gathered, counts)

    def _scheduled(self, gathered: Gathered) -> SourceState:
        """Return the state of the source with its next time; the articles of now count already."""
        state, every = gathered.state, gathered.source.every
        times = [article.published for article in gathered.articles]
        times += self._store.publishing_times(state.id)
        if every == "auto" and gathered.source.url.startswith("file:"):
            every = _LOCAL
        rhythm = Rhythm(
            every if isinstance(every, timedelta) else None,
            state.failures,
            tuple(sorted(times, reverse=True)[:20]),
        )
        now = state.last_attempt_at or self._policy.clock()
        due = self._policy.next_due(rhythm, gathered.hints, now, self._policy.rng)
        return replace(state, next_due_at=due.at, why=due.why)


def _outcome(gathered: Gathered, counts: Counts) -> Outcome:
    return Outcome(
        gathered.source.id,
        gathered.status,
        counts.new,
        counts.changed,
        counts.unchanged + gathered.unchanged,
        gathered.bad,
        gathered.state.error,
    )


def _in_words(outcome: Outcome) -> str:
    words = f"refreshed source={outcome.id} status={outcome.status}"
    words += f" new={outcome.new} changed={outcome.changed} unchanged={outcome.unchanged}"
    if outcome.bad:
        words += f" bad={len(outcome.bad)}"
    return words


def _hosts_in_turn(sources: Iterable[Source]) -> Iterator[Source]:
    """Yield one source of each host, then the second of each: a slow host holds up no other."""
    hosts: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        hosts[urlsplit(source.url).netloc].append(source)
    rounds = chain.from_iterable(zip_longest(*hosts.values()))
    return (source for source in rounds if source is not None)
