"""The engine of a cluster: errands out, answers in; this process does it where that is away."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from queue import Empty, SimpleQueue

from aggregator import __version__
from aggregator.cluster.errands import Errand, Errands
from aggregator.cluster.link import Link, Mishap, Outcome
from aggregator.cluster.parcel import Parcel, Recollection, snapshot
from aggregator.config.settings import Settings
from aggregator.fetch.site import site_of
from aggregator.pipeline.courtesy import introduced
from aggregator.pipeline.engine import Engaged, Engine, Terms, Turn, Work, waits
from aggregator.pipeline.gather import given_up
from aggregator.pipeline.threads import Threads
from aggregator.store.reader import Reader

log = logging.getLogger(__name__)

_OUT = 1_000  # errands at a time: what a worker is told of the store is not to be old
_GRACE = 30.0  # seconds for new workers to come where all have gone
_LOOK = 1.0  # seconds after which to look how the cluster is, whatever is waited for
_DEADLY = "ends the process that gathers it, on every worker that tried; it was given up"


class Cluster:
    """Gathers on the workers of a cluster; what is out when that is lost is gathered here."""

    def __init__(
        self,
        terms: Terms,
        link: Link,
        local: Engine,
        reader: Reader,
        asked: Mapping[str, datetime],
    ) -> None:
        """*asked* tells by id when the process before has asked sources."""
        fetch = terms.desk.settings.fetch
        self._terms = terms
        self._link = link
        self._local = local
        self._reader = reader
        self._at_home = 0  # sources that the local engine has
        self._errands = Errands(fetch.spacing.total_seconds(), time.monotonic)
        for url, seconds in waits(terms.desk.settings, asked, terms.clock()):
            self._errands.hold(url, seconds)
        self._out: dict[str, Errand] = {}
        self._suspects: deque[Errand] = deque()  # workers died with each of them, maybe of another
        self._alone = ""  # the one that goes alone, or went last
        self._came: SimpleQueue[tuple[str, Outcome]] = SimpleQueue()
        self._said: str | None = None
        self._losses = link.losses
        # A worker is told of the configuration what gathering needs, and no token of anything else.
        settings = terms.desk.settings
        self._settings = Settings(
            site=settings.site, rule=settings.rule, fetch=introduced(settings)
        )

    @property
    def state(self) -> str:
        """Who gathers now, in words."""
        if self._link.fault:
            return f"threads of this process, as {self._link.address} {self._link.fault}"
        return f"{self._link.address}, {self._link.hands} errands at a time"

    def start(self, turns: Iterable[Turn]) -> None:
        """Have the sources gathered, here what is a file of this machine."""
        self._tell()
        home: list[Turn] = []
        for turn in turns:
            if self._link.hands and not turn.source.url.startswith("file:"):
                self._errands.put(turn)
            else:
                home.append(turn)
        self._gather_here(home)
        self._send()

    def ready(self, timeout: float | None) -> list[Work]:
        """Wait until some are done, here or there, and return what is done."""
        self._tell()
        if self._link.losses != self._losses or self._link.is_deserted(_GRACE):
            self._losses = self._link.losses
            if blamed := self._fetch_home():
                return blamed
        self._send()
        if not self._out:  # with nobody to send what waits, somebody may be back soon
            waiting = self._errands.waiting or self._suspects
            return self._from_here(_at_most(_LOOK, timeout) if waiting else timeout)
        works = self._from_here(0) if self._at_home else []
        if works:
            timeout = 0
        # The link may be lost while we wait.
        return works + self._from_there(_at_most(0.05 if self._at_home else _LOOK, timeout))

    def rest(self) -> None:
        """Begin nothing more; what is out or under way here still comes back."""
        self._errands.take_all()
        self._suspects.clear()
        self._local.rest()

    def close(self) -> None:
        """Begin nothing more; what is out comes to nothing."""
        self._link.close()
        self._local.close()

    # ── here ─────────────────────────────────────────────────────────────────────────────────────

    def _gather_here(self, turns: list[Turn]) -> None:
        if turns:
            self._at_home += len(turns)
            self._local.start(turns)

    def _from_here(self, timeout: float | None) -> list[Work]:
        works = self._local.ready(timeout)
        self._at_home -= len(works)
        return works

    def _fetch_home(self) -> list[Work]:
        """Gather here what is out, and what waits: at worst it is asked for twice.

        Nobody is gathered here with whom workers died: return what comes of that.
        """
        blamed = [self._blamed(turn) for errand in self._suspects for turn in errand.turns]
        while self._suspects:
            self._errands.back(self._suspects.popleft())
        turns = [turn for errand in self._out.values() for turn in errand.turns]
        for errand in list(self._out.values()):
            del self._out[errand.name]
            self._errands.back(errand)
        self._gather_here(turns + self._errands.take_all())
        return blamed

    # ── there ────────────────────────────────────────────────────────────────────────────────────

    def _send(self) -> None:
        """Send errands out, as long as there are any that may go."""
        while self._link.hands and (errand := self._next()):
            self._out[errand.name] = errand
            for turn in errand.turns:
                self._terms.started(turn.source.id)
            self._link.send(errand.name, self._parcel(errand), partial(self._note, errand.name))

    def _next(self) -> Errand | None:
        """Return who goes next, if anybody may: with a suspect nobody else is out."""
        if self._alone in self._out or (self._suspects and self._out):
            return None
        if self._suspects:
            errand = self._suspects.popleft()
            self._alone = errand.name
            return errand
        return self._errands.next() if len(self._out) < _OUT else None

    def _note(self, name: str, outcome: Outcome) -> None:
        self._came.put((name, outcome))

    def _parcel(self, errand: Errand) -> Parcel:
        known = {turn.source.id: snapshot(turn, self._reader) for turn in errand.turns}
        rules = [rule for rule in self._reader.host_rules() if site_of(rule.origin) == errand.site]
        return Parcel(
            __version__,
            self._settings,
            errand.turns,
            Recollection(known),
            tuple(self._terms.network.pauses()),
            tuple(rules),
            errand.wait,
        )

    def _from_there(self, timeout: float) -> list[Work]:
        works: list[Work] = []
        try:
            works += self._settled(*self._came.get(timeout=timeout))
            while True:
                works += self._settled(*self._came.get_nowait())
        except Empty:
            return works

    def _settled(self, name: str, outcome: Outcome) -> list[Work]:
        """Return what came of an errand; one that was fetched home meanwhile came to nothing."""
        errand = self._out.pop(name, None)
        if errand is None:
            return []
        works: list[Work] = []
        if outcome is Mishap.LOST:
            self._gather_here(list(errand.turns))
        elif outcome is Mishap.KILLED and len(errand.turns) > 1:
            self._errands.part(errand)
        elif outcome is Mishap.KILLED and name != self._alone:
            self._suspects.append(replace(errand, name=f"{name}-alone"))
            return []
        elif outcome is Mishap.KILLED:
            works = [self._blamed(turn) for turn in errand.turns]
        elif not isinstance(outcome, Mishap):
            self._terms.network.hear(outcome.pauses, outcome.rules)
            works = list(outcome.works)
        self._errands.back(errand)
        return works

    def _blamed(self, turn: Turn) -> Work:
        log.error("a source kills workers source=%s", turn.source.id)
        now = self._terms.clock()
        return Work(given_up(turn.source, turn.state, self._terms.desk, now, _DEADLY), 0.0)

    def _tell(self) -> None:
        """Log when it changes who gathers."""
        fault = self._link.fault
        if fault != self._said:
            if fault:
                log.warning("the cluster is not used: %s %s", self._link.address, fault)
            else:
                log.info("gathering on the cluster address=%s", self._link.address)
            self._said = fault


def _at_most(patience: float, timeout: float | None) -> float:
    return patience if timeout is None else min(timeout, patience)


def clustered(reader: Reader) -> Engaged:
    """Return how the engine is made for the cluster that the configuration names."""

    def engaged(terms: Terms) -> Engine:
        settings = terms.desk.settings
        asked = reader.asked()
        return Cluster(terms, Link(settings.engine), Threads(terms, asked), reader, asked)

    return engaged
