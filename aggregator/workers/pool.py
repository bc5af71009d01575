"""The worker processes. Sole user of pebble, whose pool kills a worker that takes too long."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, wait
from concurrent.futures import TimeoutError as TooLongError
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from aggregator.errors import ParseError
from aggregator.record import record
from aggregator.workers.child import confine

if TYPE_CHECKING:
    from pebble import ProcessPool  # slow to import, and most commands begin no process

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A")

SMALL = 32_768
"""Bytes: to hand over less costs more than to work on it, and even what grows with their square
(160 kB took 20 s) is soon done."""

_LOOK_EVERY = 2.0  # seconds: whether the pool is still there while somebody waits for it
_TASKS = 500  # after which a worker makes room for a new one: what it leaked goes with it


@record(frozen=True, slots=True)
class Limits:
    """What one task may take."""

    seconds: float = 60.0
    memory: int = 2_000_000_000  # bytes of address space


@dataclass(slots=True)
class _Errand:
    """A task that was handed over, with what it takes to hand it over again."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    pool: ProcessPool
    future: Future[Any]


class Workers:
    """Up to *count* processes, begun when there is work and let go when there is none for long.

    Safe in threads. *idle* is after how many seconds without work they are let go.
    """

    def __init__(
        self, count: int | None = None, limits: Limits | None = None, idle: float = 60.0
    ) -> None:
        self._count = count or os.cpu_count() or 1
        self._limits = limits or Limits()
        self._idle = idle
        self._lock = threading.Lock()
        self._pool: ProcessPool | None = None
        self._used_at = 0.0
        self._under_way: set[Future[Any]] = set()
        self._closed = False

    def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what *function* returns in a worker; raise what it raises.

        Function, arguments and result are pickled. Raises ParseError where the task takes more time
        or memory than it may, its process dies, or none can be begun.
        """
        return cast("T", self._result(self._begin(function, args, kwargs)))

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
        results: list[T] = []
        ahead: deque[_Errand] = deque()
        try:
            for portion in portions:
                if len(ahead) == self._count:
                    results.append(self._result(ahead.popleft()))
                ahead.append(self._begin(function, (portion, *args), kwargs))
            while ahead:
                results.append(self._result(ahead.popleft()))
        finally:
            for errand in ahead:  # one has failed: nobody waits for the others
                errand.future.cancel()
        return results

    def _result(self, errand: _Errand) -> Any:
        from concurrent.futures.process import BrokenProcessPool

        try:
            return self._outcome(errand)
        except BrokenProcessPool:  # nobody had taken it up when the processes were killed
            errand = self._begin(errand.function, errand.args, errand.kwargs)
        try:
            return self._outcome(errand)
        except BrokenProcessPool as error:
            raise ParseError("no process could be started to read it", code="E314") from error

    def _outcome(self, errand: _Errand) -> Any:
        from concurrent.futures.process import BrokenProcessPool

        from pebble import ProcessExpired

        while not wait([errand.future], _LOOK_EVERY).done:
            if not errand.pool.active:  # it forgets those that it had not handed over yet
                raise BrokenProcessPool
        try:
            return errand.future.result()
        except TooLongError as error:
            raise ParseError(
                f"takes longer than {self._limits.seconds:g} s to read; its reading was stopped",
                code="E306",
            ) from error
        except MemoryError as error:
            raise ParseError(
                "takes more memory to read than a worker may have", code="E306"
            ) from error
        except CancelledError as error:
            raise ParseError("was not read, since the program ends", code="E224") from error
        except ProcessExpired as error:
            log.warning("a worker died exitcode=%s", error.exitcode)
            raise ParseError(
                "ends the process that reads it; it was not read", code="E306"
            ) from error

    def rest(self) -> None:
        """Let the processes go where there was nothing to do for long."""
        with self._lock:
            if self._under_way or time.monotonic() - self._used_at < self._idle:
                return
            pool, self._pool = self._pool, None
        _end(pool)

    def close(self) -> None:
        """End the processes, whatever they do; what is still to be done is refused."""
        with self._lock:
            self._closed = True
            pool, self._pool = self._pool, None
            left = list(self._under_way)
        for future in left:  # the pool itself would have them waited for without end
            future.cancel()
        _end(pool)

    def _begin(self, function: Callable[..., Any], args: Any, kwargs: Any) -> _Errand:
        broken: ProcessPool | None = None
        with self._lock:
            if self._closed:
                raise ParseError("was not read, since the program ends", code="E224")
            if self._pool is not None and not self._pool.active:
                log.warning("the workers died; others take their place")
                broken, self._pool = self._pool, None
            if self._pool is None:
                self._pool = self._new()
            # The limit begins when a worker takes it up, not while it waits for one.
            pool = self._pool
            future = pool.schedule(function, args, kwargs, timeout=self._limits.seconds)
            self._under_way.add(future)
        future.add_done_callback(self._ended)
        _end(broken)  # without the lock, which its last words need
        return _Errand(function, args, kwargs, pool, future)

    def _ended(self, future: Future[Any]) -> None:
        with self._lock:
            self._under_way.discard(future)
            self._used_at = time.monotonic()

    def _new(self) -> ProcessPool:
        import multiprocessing

        from pebble import ProcessPool

        # A forked child would inherit locks of our threads in the state they happen to be in.
        return ProcessPool(
            self._count,
            max_tasks=_TASKS,
            initializer=confine,
            initargs=[self._limits.memory],
            context=multiprocessing.get_context("spawn"),
        )


def _end(pool: ProcessPool | None) -> None:
    if pool is not None:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


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
