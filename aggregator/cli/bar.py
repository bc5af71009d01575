"""What is shown on a terminal while work goes on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from aggregator.cli.progress import Quiet, in_words
from aggregator.cli.terminal import printable
from aggregator.model import Outcome, Status


class Bar(Quiet):
    """A bar with counts and the source that has been waited for the longest.

    A source of which there is much to do has a bar of its own below it.
    """

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            _Note(self._waiting_for),
            console=Console(stderr=True, highlight=False),
            transient=True,
        )
        self._waiting: dict[str, float] = {}
        self._parts: dict[str, TaskID] = {}
        self._lock = threading.Lock()
        self._task = self._progress.add_task("", total=None, visible=False)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def plan(self, what: str, total: int | None) -> None:
        self._progress.reset(self._task, description=what, total=total, visible=True)

    def started(self, source: str) -> None:
        with self._lock:
            self._waiting[source] = time.monotonic()

    def went_on(self, source: str, what: str, done: int, total: int) -> None:
        text = f"  {what} {printable(source)}"
        with self._lock:
            if source not in self._parts:
                self._parts[source] = self._progress.add_task(text)
            part = self._parts[source]
        begins = done == 0  # shown at once: it may be over before the bars are drawn again
        self._progress.update(part, description=text, completed=done, total=total, refresh=begins)

    def finished(self, outcome: Outcome) -> None:
        with self._lock:
            self._waiting.pop(outcome.id, None)
            part = self._parts.pop(outcome.id, None)
        if part is not None:
            self._progress.remove_task(part)
        if outcome.status is Status.FAILED:
            self._progress.console.print(Text(printable(in_words(outcome)), style="red"))
        self.step()

    def step(self, count: int = 1) -> None:
        self._progress.advance(self._task, count)

    def _waiting_for(self, task: TaskID) -> str:
        """Say for whom; called while the bars are drawn, so it may not wait for our own lock."""
        waiting = {name: at for name, at in self._waiting.copy().items() if name not in self._parts}
        if task != self._task or not waiting:
            return ""
        name, since = min(waiting.items(), key=lambda item: item[1])
        return f"waiting for {printable(name)} {time.monotonic() - since:.0f} s"


class _Note(ProgressColumn):
    """What there is to say of a task at the moment it is shown."""

    def __init__(self, say: Callable[[TaskID], str]) -> None:
        super().__init__()
        self._say = say

    def render(self, task: Task) -> Text:
        return Text(self._say(task.id))
