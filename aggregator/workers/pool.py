"""The worker processes: who asks waits for one of them, and kills it where it takes too long.

run ─► take one that is idle, or begin one ─► do ─► give it back, or end it
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar, cast

from aggregator.errors import ParseError
from aggregator.workers.worker import Answer, GoneError, NotBegunError, TooLongError, Worker

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A")

SMALL = 32_768
"""Bytes: to hand over less costs more than to work on it, and even what grows with their square
(160 kB took 20 s) is soon done."""

_PATIENCE = 0.25  # seconds that a worker takes to begin: who waits no longer begins none
_TASKS = 500  # after which a worker makes room for a new one: what it leaked goes with it


@dataclass(frozen=True, slots=True)
class Limits:
    """What one task may take."""

    seconds: float = 60.0
    memory: int = 2_000_000_000  # bytes of address space


class Workers:
    """Up to *count* processes, each begun when all others stay busy, and let go after a while.

    Safe in threads. *idle* is after how many seconds without work they are let go.
    """

    def __init__(
        self, count: int | None = None, limits: Limits | None = None, idle: float = 60.0
    ) -> None:
        self._count = count or os.cpu_count() or 1
        self._limits = limits or Limits()
        self._idle = idle
        self._slots = threading.Semaphore(self._count)
        self._changed = threading.Condition()
        self._resting: list[Worker] = []  # the one that worked last is last
        self._busy: set[Worker] = set()
        self._used_at = 0.0
        self._closed = False

    def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what *function* returns in a worker; raise what it raises.

        Function, arguments and result are pickled. Raises ParseError where the task takes more time
        or memory than it may, its process dies, or none can be begun.
        """
        answer = self._answer((function, args, kwargs))
        if answer.good:
            return cast("T", answer.value)
        if isinstance(answer.value, MemoryError):
            raise ParseError(
                "takes more memory to read than a worker may have", code="E306"
            ) from answer.value
        raise answer.value from _RemoteError(answer.traceback)

    def run_each(
        self,
        function: Callable[Concatenate[A, P], T],
        portions: Iterable[A],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> list[T]:
        """Return what *function* returns for each of *portions*, in their order; raise as `run`.

        Each is a task with limits of its own. Only as many are handed over as there are processes,
        so that the work of others gets its turn in between.
        """

        def done(portion: A) -> T:
            return self.run(function, portion, *args, **kwargs)

        results: list[T] = []
        ahead: deque[Future[T]] = deque()
        hands = ThreadPoolExecutor(self._count, "portion")
        try:
            for portion in portions:
                if len(ahead) == self._count:
                    results.append(ahead.popleft().result())
                ahead.append(hands.submit(done, portion))
            results += [future.result() for future in ahead]
        finally:  # where one has failed, nobody waits for the others
            hands.shutdown(wait=False, cancel_futures=True)
        return results

    def rest(self) -> None:
        """Let the processes go where there was nothing to do for long."""
        with self._changed:
            if self._busy or time.monotonic() - self._used_at < self._idle:
                return
            resting, self._resting = self._resting, []
        for worker in resting:
            worker.end()

    def close(self) -> None:
        """End the processes, whatever they do; what is still to be done is refused."""
        with self._changed:
            self._closed = True
            left = [*self._resting, *self._busy]
            self._resting = []
            self._changed.notify_all()
        for worker in left:
            worker.end()

    def _answer(self, task: tuple[object, ...]) -> Answer:
        """Return what comes of *task*; a worker that failed to do it ends."""
        with self._slots:
            worker, keep = self._taken(), False
            try:
                answer = worker.do(task, self._limits.seconds)
                keep = worker.done < _TASKS
            except (TooLongError, GoneError) as error:
                worker.end()
                raise self._fault(error, worker) from error
            finally:
                self._give_back(worker, keep=keep)
            return answer

    def _fault(self, error: TooLongError | GoneError, worker: Worker) -> ParseError:
        """Return what to say of a *worker* that has ended as it was to do something."""
        if self._closed:
            return _ending()
        if isinstance(error, TooLongError):
            seconds = self._limits.seconds
            words = f"takes longer than {seconds:g} s to read; its reading was stopped"
            return ParseError(words, code="E306")
        if isinstance(error, NotBegunError):
            return ParseError("no process could be started to read it", code="E314")
        log.warning("a worker died exitcode=%s", worker.exitcode)
        return ParseError("ends the process that reads it; it was not read", code="E306")

    def _taken(self) -> Worker:
        """Return a worker that is busy from now on."""
        with self._changed:
            if self._busy and not self._resting:
                self._changed.wait_for(lambda: self._resting or self._closed, _PATIENCE)
            if self._closed:
                raise _ending()
            worker = self._rested() or self._new()
            self._busy.add(worker)
            return worker

    def _rested(self) -> Worker | None:
        while self._resting:
            worker = self._resting.pop()
            if worker.is_alive:
                return worker
            log.warning("a worker died; another one takes its place")
        return None

    def _new(self) -> Worker:
        try:
            return Worker(self._limits.memory)
        except OSError as error:
            raise ParseError("no process could be started to read it", code="E314") from error

    def _give_back(self, worker: Worker, *, keep: bool) -> None:
        if not keep:
            worker.end()
        with self._changed:
            self._busy.discard(worker)
            self._used_at = time.monotonic()
            if keep and not self._closed:
                self._resting.append(worker)
                self._changed.notify()


class _RemoteError(Exception):
    """The traceback of what a worker raised, for the log."""

    def __str__(self) -> str:
        return f"in a worker:\n{self.args[0]}"


def _ending() -> ParseError:
    return ParseError("was not read, since the program ends", code="E224")


_employed: list[Workers] = []


@contextmanager
def employed(workers: Workers) -> Iterator[Workers]:
    """Have *workers* do in the block what `apart` is called for, in all threads."""
    _employed.append(workers)
    try:
        yield workers
    finally:
        _employed.remove(workers)
        workers.close()


def apart(size: int, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what *function* returns, worked out by the workers where *size* bytes are worth it.

    Without workers, and where little is to be done, it is done here.
    """
    if size <= SMALL or not _employed:
        return function(*args, **kwargs)
    return _employed[-1].run(function, *args, **kwargs)


def apart_each(
    size: int,
    function: Callable[Concatenate[A, P], T],
    portions: Iterable[A],
    *args: P.args,
    **kwargs: P.kwargs,
) -> list[T]:
    """Return what *function* returns for each of *portions*, in their order, worked out as `apart`.

    *size* is that of all of them.
    """
    if size <= SMALL or not _employed:
        return [function(portion, *args, **kwargs) for portion in portions]
    return _employed[-1].run_each(function, portions, *args, **kwargs)
