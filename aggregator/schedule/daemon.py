"""The daemon: one tick a second, which commits what is ready, publishes it, and starts what is due.

Sole user of APScheduler. The tick is its only job, so nothing is dropped when many sources are due
at once, when the clock jumps or when the machine was asleep; which source is due stands in the
store alone. Every write happens in the tick's thread.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from aggregator.config.settings import Settings, Source
from aggregator.errors import AggregatorError, DiskFullError
from aggregator.pipeline.refresh import Refresher
from aggregator.pipeline.upkeep import keep_house
from aggregator.schedule.turn import unmet
from aggregator.store.writer import Store

log = logging.getLogger(__name__)

TICK_SECONDS = 1
STEADY = timedelta(hours=1)
_GRACE = 0.5  # seconds at the end for what is being fetched
_LATE = 3.0  # seconds without a tick
_STEP = timedelta(minutes=1)  # the clock may be corrected by so much without a word

logging.getLogger("apscheduler").setLevel(logging.ERROR)  # that a tick takes long is no news


class Ticks(IntervalTrigger):  # type: ignore[misc]
    """Steady ticks, of which those that were missed are passed over in one step.

    The scheduler's own trigger goes through them one by one: of a year there are 31 million.
    """

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """Return when to tick next; *previous* is when it last was to."""
        is_late = previous is not None and now - previous > self.interval
        wanted: datetime | None = (
            now + self.interval if is_late else super().get_next_fire_time(previous, now)
        )
        return wanted


class Daemon:
    """Refreshes sources when they are due; after that the chores of each tick, in their order.

    `begun` is called as each tick begins, whatever became of the one before.
    """

    begun: Callable[[], object] = staticmethod(lambda: None)

    def __init__(
        self,
        settings: Settings,
        store: Store,
        refresher: Refresher,
        chores: Iterable[Callable[[], object]],
        make_room: Callable[[], object] = lambda: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._sources = {source.id: source for source in settings.source}
        self._store = store
        self._refresher = refresher
        self._chores = tuple(chores)
        self._make_room = make_room
        self._fault = ""
        self._stopped = threading.Event()
        self._clock = clock
        self._monotonic = monotonic
        self._healed = False  # no source waits for a time that the clock was set back from
        self._was_set()
        self._unmet = unmet(settings.source, store.states())
        self._scheduler = BackgroundScheduler(
            timezone="UTC", executors={"default": ThreadPoolExecutor(1)}
        )

    def start(self) -> None:
        """Begin to tick, at once."""
        self._ticked_at = self._monotonic()
        job = self._scheduler.add_job(
            self.tick,
            Ticks(seconds=TICK_SECONDS, timezone=UTC),
            next_run_time=datetime.now(self._scheduler.timezone),
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        self._scheduler.start()
        threading.Thread(target=self._watch, args=(job,), name="watch ticks", daemon=True).start()

    def stop(self) -> None:
        """Stop ticking; a tick that is under way ends first.

        What is fetched within half a second is kept, so that it is not asked for again.
        """
        self._stopped.set()
        self._scheduler.shutdown(wait=True)
        with suppress(AggregatorError):  # it is asked for again
            self._refresher.wind_up(_GRACE)
        self._refresher.close()

    def tick(self) -> None:
        """Commit what is ready, start what is due, do the chores, keep house.

        A fault of the store or of an output is logged and tried again with the next tick: what was
        published before stays published. Where there is no room on the disk nothing more is
        fetched until what came can be kept.
        """
        self._ticked_at = self._monotonic()
        self.begun()
        try:
            outcomes = self._refresher.finish(timeout=0)
            self._unmet -= {outcome.id for outcome in outcomes}
            self._heal_clock(asked=bool(outcomes))
            self._refresher.start(self._due())
            for chore in self._chores:
                chore()
            keep_house(self._settings, self._store, self._clock(), retiring=self._is_steady())
        except DiskFullError as error:
            self._note(error)
            self._make_room()
        except AggregatorError as error:
            self._note(error)
        else:
            self._note(None)

    def _watch(self, job: Job) -> None:
        """Have it tick at once where it should have long: the clock was set back.

        The scheduler waits for a time of day, and would wait for as long as the clock went back.
        """
        while not self._stopped.wait(TICK_SECONDS):
            if self._monotonic() - self._ticked_at > _LATE:
                with suppress(JobLookupError):  # it ends meanwhile
                    job.modify(next_run_time=datetime.now(UTC))

    def _heal_clock(self, *, asked: bool) -> None:
        """Have no source wait for a time of day that the clock has been set back from.

        All may do so once it was set, and those that were *asked* meanwhile.
        """
        self._notice_clock()
        if asked or not self._healed:
            self._store.heal_clock(self._clock())
            self._healed = True

    def _is_steady(self) -> bool:
        """Say whether the clock has run evenly for an hour: one that is wrong ages nothing."""
        self._notice_clock()
        return self._runs() >= STEADY

    def _notice_clock(self) -> None:
        drift = self._clock() - self._set_at - self._runs()
        if abs(drift) > _STEP:
            log.warning("the clock was set by=%s", drift)
            self._was_set()

    def _was_set(self) -> None:
        """Note that the clock may be another one from now on."""
        self._since, self._set_at = self._monotonic(), self._clock()
        self._healed = False

    def _runs(self) -> timedelta:
        """Return for how long the clock has not been set."""
        return timedelta(seconds=self._monotonic() - self._since)

    def _note(self, error: AggregatorError | None) -> None:
        """Log a fault when it begins and when it is over, not with every tick."""
        words = error.coded if error else ""
        if words != self._fault:
            log.error("tick failed: %s", words) if words else log.warning("all is well again")
        self._fault = words

    def _due(self) -> list[Source]:
        due = self._unmet | (self._store.due(self._clock()) & self._sources.keys())
        return [self._sources[id_] for id_ in sorted(due - self._refresher.running)]
