"""How a command has something done while another process works on the store.

    command ─► <store>.tasks/<name>.task ─► who works on the store ─► <name>.answer ─► command

Only that process writes to the store: SQLite before 3.51.3 can corrupt a log that two connections
write and checkpoint. A task stays until it is answered, whoever is killed meanwhile. Who may write
into the store's folder may give tasks; in whose name is what the system says of the file.
"""

from __future__ import annotations

import json
import os
import pwd
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from aggregator.errors import StoreError
from aggregator.pipeline.tasks import Answer, Task, is_known
from aggregator.record import record

_TASK, _ANSWER = ".task", ".answer"
_LARGEST = 1_000_000  # bytes of a task
_FORGOTTEN = 3600  # seconds after which nobody waits for an answer any more


@record(frozen=True, slots=True)
class Letter:
    """A task by the name it was given under; None is one that cannot be read."""

    name: str
    task: Task | None


class Mailbox:
    """The folder of tasks beside a store; nothing is there until the first one is given."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._folder = store.with_name(f"{store.name}.tasks")

    # ── who wants something ──────────────────────────────────────────────────────────────────────

    def post(self, task: Task) -> str:
        """Give a task, and return the name that its answer will have; raises StoreError."""
        name = f"{time.time_ns():020}-{secrets.token_hex(4)}"
        body = {
            "action": task.action,
            "subjects": list(task.subjects),
            "reason": task.reason,
            "told": task.told,
        }
        with self._failing("leave a task for who works on"):
            self._make()
            self._write(f"{name}{_TASK}", body)
        return name

    def collect(self, name: str) -> Answer | None:
        """Return the answer to a task and take it away; None where there is none yet."""
        path = self._folder / f"{name}{_ANSWER}"
        with self._failing("read the answer of who works on"):
            try:
                answer: Answer = json.loads(path.read_bytes())
            except FileNotFoundError:
                return None
            path.unlink()
        return answer

    def withdraw(self, name: str) -> None:
        """Take a task back that nobody has done yet."""
        with suppress(OSError):
            (self._folder / f"{name}{_TASK}").unlink()

    # ── who works on the store ───────────────────────────────────────────────────────────────────

    def letters(self) -> list[Letter]:
        """Return the tasks that wait, in the order in which they were given."""
        with self._failing("read the tasks for"):
            try:
                names = sorted(path.name for path in self._folder.iterdir())
            except FileNotFoundError:
                return []
            self._sweep(names)
            return [
                Letter(name.removesuffix(_TASK), self._read(name))
                for name in names
                if name.endswith(_TASK)
            ]

    def reply(self, letter: Letter, answer: Answer) -> None:
        """Answer a letter, and take it away."""
        with self._failing("answer a task for"):
            self._write(f"{letter.name}{_ANSWER}", answer)
            (self._folder / f"{letter.name}{_TASK}").unlink(missing_ok=True)

    # ── files ────────────────────────────────────────────────────────────────────────────────────

    def _make(self) -> None:
        """Make the folder; where root does, it is for whom the store belongs to."""
        try:
            self._folder.mkdir(mode=0o755, parents=True)
        except FileExistsError:
            return
        if os.geteuid() == 0 and self._store.exists():
            owner = self._store.stat()
            os.chown(self._folder, owner.st_uid, owner.st_gid)

    def _write(self, name: str, value: object) -> None:
        temporary = self._folder / f".{name}"
        temporary.write_text(json.dumps(value), encoding="utf-8")
        temporary.chmod(0o644)
        temporary.replace(self._folder / name)

    def _read(self, name: str) -> Task | None:
        """Return the task in a regular file, in the name of whom it belongs to."""
        with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            with os.fdopen(os.open(self._folder / name, flags), "rb") as file:
                status = os.fstat(file.fileno())
                if stat.S_ISREG(status.st_mode) and status.st_size <= _LARGEST:
                    return _task(json.loads(file.read()), _user(status.st_uid))
        return None

    def _sweep(self, names: list[str]) -> None:
        """Remove the answers that nobody came for."""
        for name in names:
            path = self._folder / name
            with suppress(OSError):
                if name.endswith(_ANSWER) and time.time() - path.stat().st_mtime > _FORGOTTEN:
                    path.unlink()

    @contextmanager
    def _failing(self, action: str) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise StoreError(
                f"cannot {action} {self._store}: {reason}; run this as the user who works on it",
                code="E407",
            ) from error


def own_name() -> str:
    """Return the name of the user who runs this process."""
    return _user(os.getuid())


def _task(values: dict[str, object], who: str) -> Task:
    """Return the task that *values* are; raises one of KeyError, TypeError, ValueError."""
    action, subjects, reason = values["action"], values["subjects"], values["reason"]
    if not (isinstance(action, str) and is_known(action) and isinstance(reason, str)):
        raise ValueError(action)
    if not isinstance(subjects, list) or not all(isinstance(one, str) for one in subjects):
        raise TypeError(subjects)
    return Task(action, tuple(subjects), who, reason, told=values["told"] is True)


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
