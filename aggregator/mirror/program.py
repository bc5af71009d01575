"""The program `git`, run so that it waits for nobody, keeps to its time and tells no secret."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, NamedTuple
from urllib.parse import urlsplit

from aggregator.config.mirror import Mirror
from aggregator.errors import PublishError
from aggregator.excerpt import shorten

_LONGEST_WORDS = 300
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_USER_INFO = re.compile(r"(?<=://)[^/@\s]+@")
_TOLD = re.compile(r"^(?:fatal|error|remote|ssh): *(.+)$", re.MULTILINE)
# of a repository that called us, of traces, which print headers, and of other people
_DROPPED = re.compile(
    r"GIT_(?:DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR|NAMESPACE|OBJECT_DIRECTORY|GRAFT_FILE"
    r"|ALTERNATE_OBJECT_DIRECTORIES|CONFIG|CONFIG_PARAMETERS|SHALLOW_FILE|QUARANTINE_PATH"
    r"|TRACE\w*|CURL_VERBOSE|AUTHOR_\w+|COMMITTER_\w+)"
)
_OPTIONS = {
    "core.hooksPath": os.devnull,
    "core.autocrlf": "false",
    "gc.autoDetach": "false",  # it would outlive its time
}
# It reads both from the environment: arguments are there for everybody on the machine to see.
_HELPER = (
    '!f() { test "$1" = get &&'
    ' printf "username=%s\\npassword=%s\\n" "$MIRROR_USER" "$MIRROR_TOKEN"; }; f'
)


class GitError(PublishError):
    """A command failed; the message is why, fit to be shown."""

    code = "E510"


class NotRunError(GitError):
    """A command was not run, or not to its end."""

    code = "E511"


class Ended(NamedTuple):
    """How a command ended that was allowed to fail: its status, what it printed, and why."""

    status: int
    out: bytes
    why: str


class Git:
    """Runs commands in the repository at *place*; the files are those below *folder*.

    All of them share one time limit. `stop` may be called from another thread.
    """

    def __init__(self, mirror: Mirror, place: Path, folder: Path) -> None:
        self._token = mirror.token.get_secret_value() if mirror.token else ""
        self._options = dict(_options(mirror))
        self._environment = {**_environment(mirror), "GIT_DIR": str(place)}
        self._environment |= {"GIT_WORK_TREE": str(folder), "MIRROR_TOKEN": self._token}
        self._seconds = mirror.timeout.total_seconds()
        self._until = time.monotonic() + self._seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def stop(self) -> None:
        """End what is running; nothing more is run."""
        with self._lock:
            self._stopped = True
            _kill(self._process)

    def run(self, *arguments: str, given: bytes = b"", index: Path | None = None) -> bytes:
        """Run a command, with *given* as its input; return what it printed.

        *index* is a file for the index in the place of the repository's own. Raises GitError.
        """
        ended = self.attempt(*arguments, given=given, index=index)
        if ended.status != 0:
            raise GitError(ended.why)
        return ended.out

    def line(self, *arguments: str, given: bytes = b"", index: Path | None = None) -> str:
        """Run a command; return the one line it printed. Raises GitError."""
        return self.run(*arguments, given=given, index=index).decode().strip()

    def attempt(self, *arguments: str, given: bytes = b"", index: Path | None = None) -> Ended:
        """Run a command that may fail. Raises GitError where it cannot be run, or takes too long.

        Files and no pipes: a connection that ssh keeps open for later would keep a pipe open too.
        """
        with TemporaryFile() as source, TemporaryFile() as out, TemporaryFile() as said:
            source.write(given)
            source.seek(0)
            status = self._wait(self._started(arguments, index, (source, out, said)))
            return Ended(status, _read(out), self._why(_read(said)))

    def _started(
        self, arguments: tuple[str, ...], index: Path | None, files: tuple[IO[bytes], ...]
    ) -> subprocess.Popen[bytes]:
        own = {"GIT_INDEX_FILE": str(index)} if index else {}
        options = [word for pair in self._options.items() for word in ("-c", "=".join(pair))]
        with self._lock:
            if self._stopped:
                raise NotRunError("was stopped")
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own words, and the operator's
                    ["git", *options, *arguments],  # noqa: S607 - which git it is, is the operator's choice
                    cwd=self._environment["GIT_WORK_TREE"],
                    env={**self._environment, **own},
                    stdin=files[0],
                    stdout=files[1],
                    stderr=files[2],
                    start_new_session=True,  # no terminal to ask at, and one group to end
                )
            except OSError as error:
                reason = (error.strerror or str(error)).lower()
                raise NotRunError(f"git cannot be run: {reason}; install it") from error
            return self._process

    def _wait(self, process: subprocess.Popen[bytes]) -> int:
        try:
            status = process.wait(max(0.0, self._until - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise NotRunError(f"took longer than {self._seconds:g} s") from None
        finally:
            with self._lock:
                _kill(process)
                self._process = None
        if self._stopped:
            raise NotRunError("was stopped")
        return status

    def _why(self, said: bytes) -> str:
        """Return the gist of what git said, on one line and without what nobody is to know."""
        text = said.decode("utf-8", "replace")
        if self._token:
            text = text.replace(self._token, "***")
        told = _TOLD.findall(text) or text.strip().splitlines()[-1:]
        line = _CONTROL.sub(" ", "; ".join(dict.fromkeys(told)))
        return shorten(_USER_INFO.sub("", line).strip(), _LONGEST_WORDS) or "said nothing"


def _environment(mirror: Mirror) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not _DROPPED.fullmatch(name)}
    name, _, mail = mirror.author.rpartition(" <")
    return {
        **kept,
        "GIT_TERMINAL_PROMPT": "0",
        "GCM_INTERACTIVE": "never",
        "SSH_ASKPASS_REQUIRE": "never",
        "GIT_AUTHOR_NAME": name,
        "GIT_AUTHOR_EMAIL": mail.removesuffix(">"),
        "GIT_COMMITTER_NAME": name,
        "GIT_COMMITTER_EMAIL": mail.removesuffix(">"),
        "MIRROR_USER": mirror.user,
        "LC_ALL": "C",
    }


def _options(mirror: Mirror) -> Iterator[tuple[str, str]]:
    """Yield git's options; with a token, no other helper is asked, or told it to keep."""
    yield from _OPTIONS.items()
    parts = urlsplit(mirror.remote)
    if mirror.token is not None and parts.scheme in ("http", "https"):
        host = parts.netloc.rpartition("@")[2]
        yield "credential.helper", ""
        yield f"credential.{parts.scheme}://{host}.helper", _HELPER


def _read(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _kill(process: subprocess.Popen[bytes] | None) -> None:
    """End a command that has not ended, and all that it has started."""
    if process is not None and process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
