"""A worker process from within: it computes what it is told to, and may do nothing else."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import sys
from contextlib import suppress
from traceback import format_exc
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_NICENESS = 10  # who reads, and who is to be asked, comes before what is computed
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")
_WRITING = frozenset("wax+")


def work(pipe: Connection[Any, Any], memory: int) -> None:
    """Do the tasks that come by *pipe*, one after the other, until it ends.

    A task is (function, args, kwargs); its answer is (whether it went well, what the function
    returned or raised, the traceback of that). It is said when all is ready for a task, and when
    what the first one needs is imported.
    """
    confine(memory)
    with suppress(EOFError, ConnectionError):  # who asked is gone
        pipe.send(None)
        task = pipe.recv_bytes()
        with suppress(Exception):  # which is then an answer
            pickle.loads(task)  # noqa: S301 - by who began this process
        pipe.send(None)
        while True:
            pipe.send_bytes(_answer(task))
            task = pipe.recv_bytes()


def _answer(task: bytes) -> bytes:
    try:
        function, args, kwargs = pickle.loads(task)  # noqa: S301 - by who began this process
        return pickle.dumps((True, function(*args, **kwargs), ""))
    except BaseException as error:
        return _fault(error, format_exc())


def _fault(error: BaseException, traceback: str) -> bytes:
    with suppress(Exception):
        return pickle.dumps((False, error, traceback))
    return pickle.dumps((False, RuntimeError(repr(error)), traceback))


def confine(memory: int) -> None:
    """Bound what this process may take, and forbid it the network, other programs and writing.

    *memory* is in bytes of address space. Python raises MemoryError there, which is an answer; what
    a library in C makes of it is the end of this process, which is an answer too.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    os.nice(_NICENESS)
    sys.dont_write_bytecode = True
    with suppress(ValueError, OSError):  # macOS has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_forbid)


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"a worker may not use {event}")
    if event == "open" and isinstance(arguments[1], str) and _WRITING.intersection(arguments[1]):
        raise PermissionError("a worker may not write")
