"""One worker process, as the process that asks it sees it."""

from __future__ import annotations

from typing import Any, NamedTuple

from aggregator.workers.child import work

_BEGINS_WITHIN = 60.0  # seconds


class TooLongError(Exception):
    """A task took more time than it may."""


class GoneError(Exception):
    """The process has ended."""


class NotBegunError(GoneError):
    """The process has ended before it began with any task."""


class Answer(NamedTuple):
    """What came of a task: what its function returned or, where it is not `good`, raised.

    `traceback` is that of what it raised.
    """

    good: bool
    value: Any
    traceback: str


class Worker:
    """A process that does one task at a time, for one thread at a time; `done` counts them.

    *memory* is the bytes of address space that it may take.
    """

    def __init__(self, memory: int) -> None:
        from multiprocessing import get_context  # slow to import, and most commands begin nothing

        # A forked child would inherit locks of our threads in the state they happen to be in.
        context = get_context("spawn")
        self.done = 0
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, memory), daemon=True)
        self._process.start()
        theirs.close()

    @property
    def is_alive(self) -> bool:
        """Whether the process is there."""
        return self._process.is_alive()

    @property
    def exitcode(self) -> int | None:
        """How the process ended, None where it has not."""
        return self._process.exitcode

    def do(self, task: tuple[Any, ...], seconds: float) -> Answer:
        """Return what comes of *task* (function, args, kwargs).

        Raises TooLongError where that takes more than *seconds*, GoneError where the process ends.
        It is of no further use after either.
        """
        if not self.done:
            self._begin()
        try:
            self._pipe.send(task)
        except ConnectionError as error:
            raise GoneError from error
        if not self.done:
            self._begin()
        answer = Answer(*self._receive(seconds))
        self.done += 1
        return answer

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join()

    def _begin(self) -> None:
        """Wait until it has begun, or imported what it needs: that is no time of a task's."""
        try:
            self._receive(_BEGINS_WITHIN)
        except (GoneError, TooLongError) as error:
            raise NotBegunError from error

    def _receive(self, seconds: float) -> Any:
        try:
            if not self._pipe.poll(seconds):
                raise TooLongError
            return self._pipe.recv()
        except (EOFError, ConnectionError) as error:
            raise GoneError from error
