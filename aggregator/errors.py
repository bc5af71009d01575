"""Every error the program raises on purpose, and the exit status each one ends a command with.

    AggregatorError            1
    ├── ConfigError            2   every fault of the configuration at once
    ├── SourceError            1   one source could not be refreshed
    │   ├── FetchError             no usable answer came
    │   │   ├── PausedError            it was not asked: its host wants to be left alone for now
    │   │   └── ForbiddenError         it was not asked: its host's robots.txt forbids that
    │   └── ParseError             an answer came that is not what the source's kind expects
    │       └── TruncatedError         it is only the first part of a feed
    ├── EntryError             1   one entry cannot become an article; the others can
    ├── StoreError             3   the database cannot be read or written
    ├── PublishError           1   one output could not be rendered or written
    ├── RemovalError           1   an article cannot be hidden, shown or taken down
    ├── ServeError             1   the web server cannot listen where it should
    └── AlreadyRunningError    4   another process works on this store

A message is one lower-case line that says what happened, what was expected and what to do. It does
not say where: each layer that knows puts its own position in front (file and line, source, entry).
Errors of libraries are turned into these at the one place that calls the library (`raise … from`).

Each error has a code, its class's own or one that the place where it is raised knows better
(`code="E203"`); the table of them all is meanings/en.toml. Where a line is final, on a terminal, in
the log, in the store, the code stands at its end: `… [E203]`. A code never changes its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from aggregator.record import record

if TYPE_CHECKING:
    from aggregator.model import Feed

UNEXPECTED = "E900"  # what nobody thought of
_CODED = re.compile(r"(.*) \[([EW]\d{3})\]", re.DOTALL)


def coded(message: str, code: str) -> str:
    """Return *message* as it is shown where nothing follows: with *code* at its end."""
    return f"{message} [{code}]" if message and code else message


def parted(line: str) -> tuple[str, str]:
    """Return the message and the code of a line that `coded` made; "" where it has none."""
    match = _CODED.fullmatch(line)
    return (match[1], match[2]) if match else (line, "")


class AggregatorError(Exception):
    """The root of the tree; its message is fit to be shown to the operator as it is."""

    exit_status = 1
    code = UNEXPECTED

    def __init__(self, message: str = "", *, code: str = "") -> None:
        super().__init__(message)
        if code:
            self.code = code

    @property
    def coded(self) -> str:
        """The message as a final line, with the code at its end."""
        return coded(str(self), self.code)


@record(frozen=True, slots=True)
class Problem:
    """One fault of the configuration, at its place in the file (lines and columns count from 1)."""

    file: str
    line: int
    column: int
    message: str
    code: str = "E100"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class ConfigError(AggregatorError):
    """The configuration cannot be used; `problems` holds every fault, in the order of the file."""

    exit_status = 2
    code = "E100"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)
        if problems:
            self.code = problems[0].code

    @property
    def coded(self) -> str:
        """A line for each fault, each with its own code."""
        return "\n".join(coded(str(problem), problem.code) for problem in self.problems)


class SourceError(AggregatorError):
    """One source could not be refreshed; the others are not affected."""


class FetchError(SourceError):
    """No usable answer came from an address.

    `status` is the HTTP status where there was an answer, else None. `retry_at` is the earliest
    time (aware UTC) at which the server wants to be asked again, None where it did not say. `url`
    is the address that failed, after redirects; `permanent` says that all of these were, or that
    there were none.
    """

    code = "E200"

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        retry_at: datetime | None = None,
        code: str = "",
    ) -> None:
        super().__init__(message, code=code)
        self.status = status
        self.retry_at = retry_at
        self.url = ""
        self.permanent = True


class PausedError(FetchError):
    """The address was not asked, since its host wants to be left alone until `retry_at`."""

    code = "E213"


class ForbiddenError(FetchError):
    """The page was not asked, since the robots.txt of its host forbids it (RFC 9309)."""

    code = "E217"


class ParseError(SourceError):
    """What came is not what the source's kind expects (an HTML page, a broken document)."""

    code = "E300"


class TruncatedError(ParseError):
    """Only the first part of a feed came; `feed` is what can be read of it, to look at."""

    code = "E303"

    def __init__(self, message: str, feed: Feed | None = None) -> None:
        super().__init__(message)
        self.feed = feed


class EntryError(AggregatorError):
    """One entry cannot become an article: it is skipped and counted, and the rest goes on."""

    code = "E310"


class StoreError(AggregatorError):
    """The database cannot be opened, read or written."""

    exit_status = 3
    code = "E400"


class DiskFullError(StoreError):
    """There is no room on the disk: nothing was written, and nothing that was is lost."""

    code = "E402"


class PublishError(AggregatorError):
    """One output could not be rendered or written; what was published before stays."""

    code = "E500"


class RemovalError(AggregatorError):
    """An article cannot be hidden, shown again or taken down."""

    code = "E420"


class ServeError(AggregatorError):
    """The web server cannot listen on its address."""

    code = "E600"


class AlreadyRunningError(AggregatorError):
    """Another process holds this store's lock."""

    exit_status = 4
    code = "E410"
