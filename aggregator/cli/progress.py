"""How far work is: a bar on a terminal, a line for each source elsewhere, or nothing."""

from __future__ import annotations

import sys
from typing import Self

from aggregator.cli.terminal import print_error_line
from aggregator.model import Outcome, Status


class Quiet:
    """Says nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def plan(self, what: str, total: int | None) -> None:
        """Begin a part of the work: *total* steps, None where that is not known."""

    def started(self, source: str) -> None:
        """Say that a source is being asked."""

    def went_on(self, source: str, what: str, done: int, total: int) -> None:
        """Say how much is done of something that takes long for one source."""

    def finished(self, outcome: Outcome) -> None:
        """Say that a source is done."""

    def step(self, count: int = 1) -> None:
        """Say that *count* steps more are done."""


class Lines(Quiet):
    """One line for each source that is done: for logs and pipes."""

    def finished(self, outcome: Outcome) -> None:
        print_error_line(in_words(outcome))


def progress(quiet: bool) -> Quiet:
    """Return how progress is shown here: a bar on a terminal, lines elsewhere, or not at all."""
    if quiet:
        return Quiet()
    if not sys.stderr.isatty():
        return Lines()
    from aggregator.cli.bar import Bar

    return Bar()


def in_words(outcome: Outcome) -> str:
    """Return how the refresh of a source ended, in one line."""
    if outcome.status in (Status.FAILED, Status.WAITING):
        return f'source "{outcome.id}": {outcome.error}'
    if outcome.status is Status.NOT_MODIFIED:
        return f'source "{outcome.id}": nothing new'
    words = f'source "{outcome.id}": {outcome.new} new, {outcome.changed} changed'
    if outcome.withdrawn:
        words += f", {outcome.withdrawn} withdrawn"
    if outcome.held or outcome.leaving:
        words += f", {outcome.held + outcome.leaving} held (see `aggregator status`)"
    return f"{words}, {len(outcome.bad)} bad" if outcome.bad else words
