"""The engine of one process: threads that wait for servers, and for the workers that compute."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from queue import Empty, SimpleQueue

from aggregator.config.settings import Source
from aggregator.model import SourceState
from aggregator.pipeline.engine import Terms, Turn, Work, waits
from aggregator.pipeline.gather import gather
from aggregator.pipeline.lanes import Lanes

AHEAD = 500
"""Articles that wait to be committed, all in memory: nobody begins while there are as many."""


class Threads:
    """Gathers in threads, each of which goes on with the next source as long as there is one."""

    def __init__(self, terms: Terms, asked: Mapping[str, datetime] | None = None) -> None:
        """*asked* tells by id when the process before has asked sources."""
        fetch = terms.desk.settings.fetch
        self._terms = terms
        self._hands = fetch.workers
        self._executor = ThreadPoolExecutor(fetch.workers, "gather")
        self._lanes = Lanes(fetch.per_host, fetch.spacing.total_seconds())
        self._states: dict[str, SourceState] = {}
        self._busy = 0
        self._ahead = 0  # articles that are done
        self._lock = threading.Lock()
        self._done: SimpleQueue[Future[Work]] = SimpleQueue()
        for url, seconds in waits(terms.desk.settings, asked or {}, terms.clock()):
            self._lanes.hold(url, seconds)

    @property
    def state(self) -> str:
        """Nothing is to be said of it."""
        return ""

    def start(self, turns: Iterable[Turn]) -> None:
        """Have the sources gathered, those of different sites in turn."""
        for source, state in turns:
            self._states[source.id] = state
            self._lanes.put(source)
        self._begin()

    def ready(self, timeout: float | None) -> list[Work]:
        """Wait until some are done, or one may begin that had to wait; return what is done."""
        self._begin()
        limits = [limit for limit in (timeout, self._lanes.pause()) if limit is not None]
        done: list[Work] = []
        with suppress(Empty):
            done.append(self._done.get(timeout=min(limits, default=None)).result())
            while True:
                done.append(self._done.get_nowait().result())
        with self._lock:
            self._ahead -= sum(len(work.gathered.articles) for work in done)
        self._begin()  # while these are committed
        return done

    def rest(self) -> None:
        """Begin nothing more; what is under way still comes back."""
        self._lanes.close()

    def close(self) -> None:
        """Begin nothing more. What is under way is not waited for."""
        self._lanes.close()
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _begin(self) -> None:
        """Have as many more threads work as there is work for; called from any thread."""
        while self._lanes.open and self._ahead < AHEAD:
            with self._lock:
                if self._busy == self._hands:
                    return
                self._busy += 1
            self._executor.submit(self._work)

    def _work(self) -> None:
        while self._ahead < AHEAD and (source := self._lanes.take()) is not None:
            self._begin()
            done: Future[Work] = Future()
            try:
                work = self._gathered(source)
                with self._lock:
                    self._ahead += len(work.gathered.articles)
                done.set_result(work)
            except BaseException as error:
                done.set_exception(error)
            self._lanes.leave(source)
            self._done.put(done)
        with self._lock:
            self._busy -= 1
        self._begin()  # somebody may have come since, or what was done been taken away

    def _gathered(self, source: Source) -> Work:
        terms, begun = self._terms, time.monotonic()
        terms.started(source.id)
        gathered = gather(source, self._states.pop(source.id), terms.desk, terms.clock())
        return Work(gathered, time.monotonic() - begun)
