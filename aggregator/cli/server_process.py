"""The web server in a process of its own: who reads never waits for what the daemon computes.

    the daemon ─► what it did ─► the server
               ◄─ what came in ◄─            once in a tick, over a pipe
               ─► new settings ─►            which it follows at once, without a pause

The socket is opened by the daemon and handed over to a server that ends with it: so the address is
free as soon as a daemon was killed, at whatever moment. Where a server dies, the next one takes its
place at the same socket, and who connects in between waits for it.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from typing import NamedTuple

from aggregator.cli.composition import log_to_stderr
from aggregator.cli.terminal import print_error_line
from aggregator.config.settings import Settings
from aggregator.errors import Problem
from aggregator.push.inbox import Mail
from aggregator.serve.listening import listen

log = logging.getLogger("aggregator")

_PATIENCE = 0.2  # seconds that a tick waits for what came in; what comes later comes next time
_PAUSE = 1.0  # seconds before the next server takes the place of one that died
_GRACE = 3.0  # seconds that a server has to end
_LETTING_GO = 5.0  # seconds that the server of a daemon that was killed has to notice

_PR_SET_PDEATHSIG = 1
_spawning = multiprocessing.get_context("spawn")  # a fork would inherit our threads' locks


def say_where(settings: Settings, host: str, port: int) -> None:
    """Tell the operator what is served where."""
    print_error_line(f"serving {settings.publish.directory} at http://{host}:{port}/")


class News(NamedTuple):
    """What the daemon tells its server: for those who read `/metrics` and `/status`.

    `published` has (documents, seconds) for each publication since the last time.
    """

    problems: tuple[Problem, ...] = ()
    published: tuple[tuple[int, float], ...] = ()


class Serving:
    """The web server of the daemon: the same process for as long as its address is the same.

    *problems* are those of config.toml, where it has any, so that another one is in force.
    """

    def __init__(self, problems: Callable[[], tuple[Problem, ...]]) -> None:
        self._problems = problems
        self._server: ServerProcess | None = None

    def by(self, settings: Settings) -> ServerProcess:
        """Have what is published by *settings* served from now on, without a pause where possible.

        Raises ServeError where the address cannot be bound.
        """
        if self._server is None or not self._server.follow(settings):
            self.close()
            server = ServerProcess(settings, self._problems)
            server.start()
            self._server = server
        return self._server

    def close(self) -> None:
        """Stop serving."""
        if self._server is not None:
            self._server.stop()
            self._server = None


class ServerProcess:
    """Serves what is published by *settings* as long as it is started. Safe in threads."""

    def __init__(self, settings: Settings, problems: Callable[[], tuple[Problem, ...]]) -> None:
        self._settings = settings
        self._problems = problems
        self._published: list[tuple[int, float]] = []
        self._lock = threading.Lock()
        self._line: Connection | None = None
        self._waiting = False  # for the server's answer
        self._process: multiprocessing.process.BaseProcess | None = None
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="server", daemon=True)
        self._listener: socket.socket | None = None

    def start(self) -> None:
        """Listen, and begin to serve; raises ServeError where the address cannot be bound."""
        serve = self._settings.serve
        self._listener = listen(serve.host, serve.port, _LETTING_GO)
        say_where(self._settings, *self._listener.getsockname()[:2])
        self._keeper.start()

    def follow(self, settings: Settings) -> bool:
        """Serve by *settings* from now on; False: not at this address."""
        if settings.serve.address != self._settings.serve.address:
            return False
        with self._lock, suppress(OSError):  # who has died is followed by one who knows them
            self._settings = settings
            if self._line:
                self._line.send(settings)
        return True

    def stop(self) -> None:
        """Stop listening and end the process; answers under way have half a second."""
        self._stopping.set()
        with self._lock, suppress(OSError):
            if self._line:
                self._line.send(None)
        self._keeper.join(_GRACE)
        if self._keeper.is_alive() and self._process:
            self._process.kill()
            self._keeper.join()
        if self._listener:
            self._listener.close()

    def published(self, documents: int, seconds: float) -> None:
        """Have a publication of so many documents counted."""
        with self._lock:
            self._published.append((documents, seconds))

    def empty(self) -> Mail:
        """Return what came in by WebSub since the last time, and tell the server what was done."""
        with self._lock, suppress(OSError, EOFError):  # who has died is told nothing
            line = self._line
            if line is None:
                return Mail()
            if not self._waiting:
                line.send(News(self._problems(), tuple(self._published)))
                self._published.clear()
                self._waiting = True
            if line.poll(_PATIENCE):
                mail: Mail = line.recv()
                self._waiting = False
                return mail
        return Mail()

    def _keep(self) -> None:
        """Have a server run, one after the other, until it is enough."""
        while not self._stopping.is_set():
            try:
                process, line = self._begin()
                with suppress(EOFError):  # it died
                    self._hand_over(line)
                process.join()
                how = f"died exitcode={process.exitcode}"
            except OSError as error:  # no memory for another process, say
                how = f"cannot begin: {error.strerror}"
            if not self._stopping.is_set():
                log.error("the web server %s; the next one takes its place", how)
                self._stopping.wait(_PAUSE)

    def _begin(self) -> tuple[multiprocessing.process.BaseProcess, Connection]:
        """Begin a process; return it, and the line over which it will say that it is there."""
        ours, theirs = _spawning.Pipe()
        level = logging.getLogger("aggregator").level
        with self._lock:
            process = _spawning.Process(
                target=_serve, args=(theirs, level, os.getpid()), name="server", daemon=True
            )
            process.start()
            theirs.close()
            self._line, self._waiting, self._process = None, False, process
        return process, ours

    def _hand_over(self, line: Connection) -> None:
        """Let a process serve as soon as it ends with this one; raises EOFError where it died.

        Sent any earlier, the socket would stay open for as long as the line does.
        """
        line.recv()
        with self._lock:
            if self._listener:
                send_handle(line, self._listener.fileno(), None)
            line.send(self._settings if not self._stopping.is_set() else None)
            self._line = line


def _serve(line: Connection, level: int, daemon: int) -> None:
    """Serve at the socket that comes over *line*, by the settings that do, until None comes.

    It ends so when the *daemon*, which is known by its process id, is killed.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # they are for the daemon
    _end_with_the_daemon()
    log_to_stderr(level)
    with suppress(OSError, EOFError, RuntimeError):  # where the daemon was killed nothing comes
        line.send(None)
        _serve_at(socket.socket(fileno=recv_handle(line)), line, daemon)
    os._exit(0)  # what a thread still reads is waited for by nobody


def _serve_at(listener: socket.socket, line: Connection, daemon: int) -> None:
    from aggregator.cli.serving import Front
    from aggregator.serve.server import WebServer

    settings: Settings | None = line.recv()
    if settings is None:
        return
    front = Front(settings, daemon)
    server = WebServer(front, *listener.getsockname()[:2])
    server.start(listener)
    while (said := line.recv()) is not None:
        if isinstance(said, Settings):
            front.follow(said)
        else:
            front.hear(said.problems, said.published)
            line.send(front.empty())
    server.stop()


def _end_with_the_daemon() -> None:
    """Have this process killed when the daemon is, so that the next one finds the address free.

    Only Linux does that (prctl(2)); elsewhere the end of the pipe has to do.
    """
    import ctypes

    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
