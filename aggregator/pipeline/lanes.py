"""Who may be asked now: a queue for each site, so many of it at a time and so far apart.

A publisher with a hundred sources is asked for one after the other, and holds up nobody else's.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from aggregator.config.settings import Source
from aggregator.fetch.site import Site, site_of


@dataclass(slots=True)
class _Lane:
    spacing: float  # seconds between two starts
    opens: float = 0.0  # not before that, on the lanes' clock
    busy: int = 0
    waiting: deque[Source] = field(default_factory=deque)


class Lanes:
    """Hands out sources: at most *each* of one site at a time, *spacing* seconds between them.

    Sites of one's own network have no spacing. Safe in threads; *clock* gives seconds that only
    ever grow.
    """

    def __init__(
        self, each: int, spacing: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._each = each
        self._spacing = spacing
        self._clock = clock
        self._lanes: dict[str, _Lane] = {}
        self._open: dict[str, None] = {}  # sites with something waiting and a place free, in order
        self._closed = False
        self._lock = threading.Lock()

    def put(self, source: Source) -> None:
        """Have *source* wait for its turn."""
        with self._lock:
            site = site_of(source.url)
            self._lane(site).waiting.append(source)
            self._reopen(site.name)

    def hold(self, url: str, seconds: float) -> None:
        """Let the next one of the site of *url* begin after that many seconds."""
        with self._lock:
            lane = self._lane(site_of(url))
            lane.opens = max(lane.opens, self._clock() + min(seconds, lane.spacing))

    def take(self) -> list[Source]:
        """Return those who may begin now, of different sites in turn; each is to `leave`."""
        taken: list[Source] = []
        with self._lock:
            now, sites = self._clock(), list(self._open)
            while sites:
                sites = [site for site in sites if self._take_one(site, now, taken)]
        return taken

    def leave(self, source: Source) -> None:
        """Give the place of *source* to the next one of its site."""
        with self._lock:
            site = site_of(source.url)
            self._lane(site).busy -= 1
            self._reopen(site.name)

    def pause(self) -> float | None:
        """Return in how many seconds somebody may begin who waits for the time alone, if any."""
        with self._lock:
            opens = min((self._lanes[site].opens for site in self._open), default=None)
            return None if opens is None else max(opens - self._clock(), 0.0)

    def close(self) -> None:
        """Hand nobody out any more."""
        with self._lock:
            self._closed = True
            self._open.clear()

    def _lane(self, site: Site) -> _Lane:
        spacing = self._spacing if site.public else 0.0
        return self._lanes.setdefault(site.name, _Lane(spacing))

    def _reopen(self, site: str) -> None:
        lane = self._lanes[site]
        if lane.waiting and lane.busy < self._each and not self._closed:
            self._open[site] = None

    def _take_one(self, site: str, now: float, taken: list[Source]) -> bool:
        """Take the next one of a site; return whether yet another could be taken now."""
        lane = self._lanes[site]
        if lane.opens > now:
            return False
        taken.append(lane.waiting.popleft())
        lane.busy += 1
        lane.opens = now + lane.spacing
        if not lane.waiting or lane.busy >= self._each:
            del self._open[site]
            return False
        return True
