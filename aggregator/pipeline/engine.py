"""Who gathers: threads of this process or, in a room of its own, a cluster.

The refresher hands out turns and commits work; what lies between is an engine's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from aggregator.config.settings import Settings, Source
from aggregator.model import SourceState
from aggregator.pipeline.courtesy import Courteous
from aggregator.pipeline.gather import Desk, Gathered
from aggregator.record import record


class Turn(NamedTuple):
    """A source that is to be asked, and what is remembered of it."""

    source: Source
    state: SourceState


@record(frozen=True, slots=True)
class Work:
    """What was gathered, and in how many seconds."""

    gathered: Gathered
    seconds: float


@record(frozen=True, slots=True)
class Terms:
    """What every engine works with.

    `network` is the desk's, `clock` gives the aware UTC time, `started` hears of each source that
    is being asked, from any thread.
    """

    desk: Desk
    network: Courteous
    clock: Callable[[], datetime]
    started: Callable[[str], None]


class Engine(Protocol):
    """Gathers sources, no more of one site at a time than is polite.

    Every turn that is started comes back once as work, whatever becomes of it.
    """

    @property
    def state(self) -> str:
        """Who gathers now, in words for the operator; "" where that goes without saying."""
        ...

    def start(self, turns: Iterable[Turn]) -> None:
        """Have the sources gathered, those of different sites in turn."""
        ...

    def ready(self, timeout: float | None) -> list[Work]:
        """Wait (at most *timeout* seconds) until some are done, and return them.

        There may be none, also when there is no time limit: somebody else could begin.
        """
        ...

    def rest(self) -> None:
        """Begin nothing more; what is under way still comes back."""
        ...

    def close(self) -> None:
        """Begin nothing more. What is under way is not waited for."""
        ...


Engaged = Callable[[Terms], Engine]
"""How an engine is made."""


def waits(
    settings: Settings, asked: Mapping[str, datetime], now: datetime
) -> Iterator[tuple[str, float]]:
    """Yield the addresses whose sites were asked a moment ago, and for how long they wait.

    *asked* tells by id when sources were asked last.
    """
    spacing: timedelta = settings.fetch.spacing
    for source in settings.source:
        asked_at = asked.get(source.id)
        if asked_at is not None and now - spacing < asked_at <= now:
            yield source.url, (asked_at + spacing - now).total_seconds()
