"""Does the tasks that other processes leave, and answers when what they change is out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from aggregator.errors import UNEXPECTED, AggregatorError, StoreError
from aggregator.pipeline.tasks import Answer, Task
from aggregator.schedule.mailbox import Letter, Mailbox

log = logging.getLogger(__name__)


class Clerk:
    """Works through one mailbox; *do* does a task in the store, without publishing."""

    def __init__(self, mailbox: Mailbox, do: Callable[[Task], Answer]) -> None:
        self._mailbox = mailbox
        self._do = do
        self._done: dict[str, tuple[Letter, Answer]] = {}

    def work(self) -> None:
        """Do what was left since the last time."""
        with _logged():
            for letter in self._mailbox.letters():
                if letter.name not in self._done:
                    self._done[letter.name] = (letter, self._answer(letter))

    def report(self, published: Sequence[str]) -> None:
        """Answer what was done, after it was published under these paths."""
        for name, (letter, answer) in list(self._done.items()):
            with _logged():
                self._mailbox.reply(letter, {**answer, "published": list(published)})
                del self._done[name]

    def _answer(self, letter: Letter) -> Answer:
        """Do a task; a fault is its answer, and never stops who works on the store."""
        task = letter.task
        if task is None:
            return {"error": "the task cannot be read", "status": 1, "code": "E412"}
        try:
            answer = self._do(task)
        except AggregatorError as error:
            return {"error": str(error), "status": error.exit_status, "code": error.code}
        except Exception as error:
            log.exception("unexpected fault task=%s", task.action)
            words = f"unexpected fault: {type(error).__name__}: {error}"
            return {"error": words, "status": 1, "code": UNEXPECTED}
        words = " ".join(task.subjects)
        log.info('did task=%s who=%s subjects="%s"', task.action, task.who, words)
        return answer


@contextmanager
def _logged() -> Iterator[None]:
    """Log a fault of the mailbox in the block: nothing else is to wait for it."""
    try:
        yield
    except StoreError as error:
        log.error("%s", error.coded)
