"""Which sources go on the next errand: some of one site, and none of a site that is out. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

from aggregator.fetch.site import Site, site_of
from aggregator.pipeline.engine import Turn
from aggregator.record import record

TOGETHER = 50  # sources on one errand: one worker is not to be busy with a site for ever


@record(frozen=True, slots=True)
class Errand:
    """Sources of one site; `name` is what the cluster calls it, `wait` seconds before the first."""

    name: str
    site: Site
    turns: tuple[Turn, ...] = field(repr=False)
    wait: float = 0.0


@dataclass(slots=True)
class _Queue:
    site: Site
    turns: deque[Turn] = field(default_factory=deque)
    alone: int = 0  # so many at its front go one by one
    opens: float = 0.0  # when the site may be asked again
    out: bool = False


class Errands:
    """Queues by site. *spacing* is in seconds, *clock* gives seconds that only grow."""

    def __init__(self, spacing: float, clock: Callable[[], float]) -> None:
        self._spacing = spacing
        self._clock = clock
        self._queues: dict[str, _Queue] = {}
        self._ready: deque[str] = deque()  # sites that wait and are not out, in turn

    def put(self, turn: Turn) -> None:
        """Have a source wait."""
        queue = self._queue(site_of(turn.source.url))
        queue.turns.append(turn)
        if len(queue.turns) == 1 and not queue.out:
            self._ready.append(queue.site.name)

    def hold(self, url: str, seconds: float) -> None:
        """Let the next one of the site of *url* begin after that many seconds."""
        site = site_of(url)
        if site.public:
            self._queue(site).opens = self._clock() + min(seconds, self._spacing)

    @property
    def waiting(self) -> bool:
        """Whether there is an errand that may go."""
        return bool(self._ready)

    def next(self) -> Errand | None:
        """Return the next errand, which is to come `back`; None where none may go."""
        if not self._ready:
            return None
        queue = self._queues[self._ready.popleft()]
        count = 1 if queue.alone else TOGETHER
        queue.alone = max(queue.alone - 1, 0)
        turns = tuple(queue.turns.popleft() for _ in range(min(count, len(queue.turns))))
        queue.out = True
        wait = max(queue.opens - self._clock(), 0.0)
        return Errand(f"gather-{queue.site.name}-{uuid4().hex}", queue.site, turns, wait)

    def back(self, errand: Errand) -> None:
        """Have the site of *errand* wait for its turn again, if more of it is to be asked."""
        queue = self._queues[errand.site.name]
        queue.out = False
        queue.opens = self._clock() + (self._spacing if errand.site.public else 0.0)
        if queue.turns:
            self._ready.append(queue.site.name)
        elif queue.opens <= self._clock():
            del self._queues[queue.site.name]

    def part(self, errand: Errand) -> None:
        """Have each source of *errand*, which came to nothing, go alone: one is to blame."""
        queue = self._queues[errand.site.name]
        queue.turns.extendleft(reversed(errand.turns))
        queue.alone += len(errand.turns)

    def take_all(self) -> list[Turn]:
        """Return those who still wait; they wait no more."""
        waiting = [turn for queue in self._queues.values() for turn in queue.turns]
        for queue in self._queues.values():
            queue.turns.clear()
            queue.alone = 0
        self._ready.clear()
        return waiting

    def _queue(self, site: Site) -> _Queue:
        return self._queues.setdefault(site.name, _Queue(site))
