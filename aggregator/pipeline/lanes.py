"""Who may be asked now: a queue for each site, so many of it at a time and so far apart.

A publisher with a hundred sources is asked for one after the other, and holds up nobody else's.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from aggregator.config.settings import Source
from aggregator.fetch.site import Site, site_of


@dataclass(slots=True)
class _Lane:
    spacing: float  # seconds between two starts
    opens: float = 0.0  # not before that, on the lanes' clock
    busy: int = 0
    listed: bool = False  # among those that are open, or among those that open later
    waiting: deque[Source] = field(default_factory=deque)


class Lanes:
    """Hands out sources: at most *each* of one site at a time, *spacing* seconds between them.

    Sites of one's own network have no spacing. Safe in threads; *clock* gives seconds that only
    ever grow. Whom to hand out next is found without looking at every site.
    """

    def __init__(
        self, each: int, spacing: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._each = each
        self._spacing = spacing
        self._clock = clock
        self._lanes: dict[str, _Lane] = {}
        self._open: OrderedDict[str, _Lane] = OrderedDict()  # may be asked now, in this order
        self._later: list[tuple[float, str]] = []  # a heap; a site may open even later than it says
        self._closed = False
        self._lock = threading.Lock()

    def put(self, source: Source) -> None:
        """Have *source* wait for its turn."""
        with self._lock:
            site = site_of(source.url)
            self._lane(site).waiting.append(source)
            self._list(site.name)

    def hold(self, url: str, seconds: float) -> None:
        """Let the next one of the site of *url* begin after that many seconds."""
        with self._lock:
            site = site_of(url)
            lane = self._lane(site)
            lane.opens = max(lane.opens, self._clock() + min(seconds, lane.spacing))
            if self._open.pop(site.name, None):
                lane.listed = False
                self._list(site.name)

    @property
    def open(self) -> bool:
        """Whether somebody may begin now."""
        with self._lock:
            self._open_up()
            return bool(self._open)

    def take(self) -> Source | None:
        """Return one who may begin now, of different sites in turn, if any; he is to `leave`."""
        with self._lock:
            self._open_up()
            if not self._open:
                return None
            site, lane = self._open.popitem(last=False)
            lane.listed = False
            lane.busy += 1
            lane.opens = self._clock() + lane.spacing
            source = lane.waiting.popleft()
            self._list(site)
            return source

    def leave(self, source: Source) -> None:
        """Give the place of *source* to the next one of its site, whose turn it is then.

        The connection is still warm: that of a site far down the line would be closed by its time.
        """
        with self._lock:
            site = site_of(source.url).name
            self._lanes[site].busy -= 1
            self._list(site)
            if site in self._open:
                self._open.move_to_end(site, last=False)

    def pause(self) -> float | None:
        """Return in how many seconds somebody may begin who waits for the time alone, if any."""
        with self._lock:
            self._open_up()
            return max(self._later[0][0] - self._clock(), 0.0) if self._later else None

    def close(self) -> None:
        """Hand nobody out any more."""
        with self._lock:
            self._closed = True
            self._open.clear()
            self._later.clear()

    def _lane(self, site: Site) -> _Lane:
        spacing = self._spacing if site.public else 0.0
        return self._lanes.setdefault(site.name, _Lane(spacing))

    def _list(self, site: str) -> None:
        """Have a site wait for its turn, or for its time, where it has somebody and a place."""
        lane = self._lanes[site]
        if self._closed or lane.listed or not lane.waiting or lane.busy >= self._each:
            return
        lane.listed = True
        if lane.opens > self._clock():
            heapq.heappush(self._later, (lane.opens, site))
        else:
            self._open[site] = lane

    def _open_up(self) -> None:
        """Open the sites whose time has come, and set right for how long the next one waits."""
        while self._later and (
            self._later[0][0] <= self._clock()
            or self._lanes[self._later[0][1]].opens > self._later[0][0]
        ):
            _, site = heapq.heappop(self._later)
            self._lanes[site].listed = False
            self._list(site)
