"""Refresh many sources.

    due sources ─► engine: lanes (in turn, by site) ─► gather (in threads) ─► commit (one writer)

What a source brought and what is remembered of it are committed together: no validator is stored
before what it promises. Sources that are ready together share a commit.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Protocol

from aggregator.config.settings import Source
from aggregator.model import Due, Outcome, Rhythm, SourceState, Status
from aggregator.pipeline.courtesy import Courteous
from aggregator.pipeline.engine import Engaged, Terms, Turn, Work
from aggregator.pipeline.gather import Desk, Gathered
from aggregator.pipeline.knowledge import MANY
from aggregator.pipeline.threads import Threads
from aggregator.pipeline.watching import Asked, Watching, tally_of
from aggregator.record import record
from aggregator.store.intake import Counts, Intake
from aggregator.store.reader import ENGINE
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


@record(frozen=True, slots=True)
class Policy:
    """How the next time to ask a source is decided, by what clock and with what chance.

    `postponed` is for a source that was not asked, since its host wants to be left alone till then.
    """

    next_due: Callable[[SourceState, Rhythm, datetime, Random], Due]
    postponed: Callable[[datetime, datetime, Random], Due]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    rng: Random = field(default_factory=Random)


_SOON = timedelta(minutes=1)  # after what came could not be compared with the store
_TOLD_LATELY = timedelta(days=7)


class Refresher:
    """Has an engine gather; commits in the thread that calls `finish`."""

    def __init__(
        self,
        desk: Desk,
        store: Store,
        policy: Policy,
        progress: Progress,
        engaged: Engaged | None = None,
    ) -> None:
        """*engaged* makes the engine, threads of this process where it is None."""
        self._courteous = Courteous(desk.network, store.pauses(), policy.clock)
        self._courteous.remember(store.host_rules())
        self._desk = replace(desk, network=self._courteous, went_on=progress.went_on)
        self._store = store
        self._watching = Watching(desk.settings, store, policy.clock)
        self._policy = policy
        self._progress = progress
        self._uncommitted: list[Work] = []
        self._under_way: set[str] = set()
        terms = Terms(self._desk, self._courteous, policy.clock, progress.started)
        self._engine = engaged(terms) if engaged else Threads(terms, store.asked())
        self._said = store.meta(ENGINE)

    def wind_up(self, seconds: float) -> None:
        """Begin nothing more, and commit what comes of the rest within so many *seconds*."""
        self._engine.rest()
        end = time.monotonic() + seconds
        while self._under_way and (left := end - time.monotonic()) > 0:
            self.finish(left)

    def close(self) -> None:
        """Begin nothing more. What is under way is not waited for and not committed."""
        self._engine.close()

    @property
    def running(self) -> frozenset[str]:
        """The ids of the sources that are started and not finished."""
        return frozenset(self._under_way)

    def start(self, sources: Iterable[Source]) -> None:
        """Have *sources* gathered, those of different sites in turn."""
        wanted = list(sources)
        self._under_way.update(source.id for source in wanted)
        states = self._store.states_of([source.id for source in wanted])
        self._engine.start(Turn(source, states[source.id]) for source in wanted)

    def finish(self, timeout: float | None = None) -> list[Outcome]:
        """Wait (at most *timeout* seconds) until some are ready; commit them and say how it went.

        It may return with none, also when there is no time limit: somebody else could begin. What
        could not be committed is committed the next time.
        """
        self._tell()
        if self._under_way:
            self._uncommitted += self._engine.ready(0 if self._uncommitted else timeout)
        outcomes = self._commit(self._uncommitted)
        self._uncommitted = []
        self._under_way -= {outcome.id for outcome in outcomes}
        return outcomes

    def all(self, sources: Iterable[Source]) -> list[Outcome]:
        """Refresh *sources*, and return when every one is done."""
        self.start(sources)
        outcomes = []
        while self._under_way:
            outcomes += self.finish()
        return outcomes

    def _tell(self) -> None:
        """Have the store say who gathers, for `status`."""
        state = self._engine.state
        if state != self._said:
            with self._store.transaction():
                self._store.set_meta(ENGINE, state)
            self._said = state

    def _commit(self, ready: list[Work]) -> list[Outcome]:
        if not ready:
            return []
        pauses = self._courteous.unsaved()
        with self._store.transaction():
            self._watching.begin()
            told = self._store.push.heard_of(self._policy.clock() - _TOLD_LATELY)
            asked = [
                Asked(one.gathered, self._taken_in(one.gathered), one.seconds) for one in ready
            ]
            self._keep(asked, told)
            self._store.note_pauses(pauses, self._policy.clock())
            self._store.note_host_rules(self._courteous.learned(), self._policy.clock())
        self._courteous.saved(pauses)
        outcomes = [_outcome(one.gathered, one.counts) for one in asked]
        for outcome, work in zip(outcomes, ready, strict=True):
            if log.isEnabledFor(logging.INFO):
                log.info("%s ms=%d", _in_words(outcome), work.seconds * 1000)
            self._progress.finished(outcome)
        return outcomes

    def _keep(self, asked: list[Asked], told: Collection[str]) -> None:
        """Keep how all of these sources are now; *told* are those that hubs tell of."""
        self._store.remember([self._state(one.gathered, told) for one in asked])
        answered = [one for one in asked if one.gathered.status is not Status.WAITING]
        today = self._policy.clock().astimezone(self._desk.settings.site.timezone).date()
        for one in answered:
            self._store.count(one.gathered.source.id, today, tally_of(one.gathered, one.counts.new))
        self._watching.note(answered)

    def _state(self, gathered: Gathered, told: Collection[str]) -> SourceState:
        """Return how a source is that was asked, with the next time that it is."""
        due = self._due(gathered, gathered.source.id in told)
        return replace(gathered.state, next_due_at=due.at, why=due.why)

    def _taken_in(self, gathered: Gathered) -> Counts:
        if gathered.status is not Status.OK:
            return Counts()
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
        return self._store.take_in(intake, partial(self._stored, source.id, len(intake.articles)))

    def _stored(self, source: str, total: int, done: int) -> None:
        if total >= MANY:
            self._progress.went_on(source, "storing", done, total)

    def _due(self, gathered: Gathered, told: bool) -> Due:
        """Decide when the source is asked again, after what it brought is taken in."""
        now, policy, source = self._policy.clock(), self._policy, gathered.source
        if gathered.status is Status.WAITING:
            if gathered.retry_at is None:
                return Due(now + _SOON, gathered.reason)
            return policy.postponed(gathered.retry_at, now, policy.rng)
        fixed = source.every if isinstance(source.every, timedelta) else None
        rhythm = Rhythm(
            every=fixed,
            published=self._store.publishing_times(source.id) if fixed is None else (),
            retry_at=gathered.retry_at,
            local=source.url.startswith("file:"),
            told=told,
        )
        return policy.next_due(gathered.state, rhythm, now, policy.rng)


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
