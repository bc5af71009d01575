"""What a worker process may do: compute. Set up before it is given any work."""

from __future__ import annotations

import os
import resource
import signal
import sys
from contextlib import suppress
from typing import Any

_NICENESS = 10  # who reads, and who is to be asked, comes before what is computed
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")
_WRITING = frozenset("wax+")


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
