"""Hosts that want to be left alone: a getter that asks none of them, and remembers new ones.

What one answer says of its host (Retry-After, 429) holds for every source there, in this process at
once and, when it is committed, in the next one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from aggregator.config.settings import Fetch, Settings
from aggregator.errors import FetchError, PausedError
from aggregator.fetch.exchange import Fetched, Network, NotModified, Request
from aggregator.fetch.site import host_of
from aggregator.model import HostRules, Pause
from aggregator.normalise.public import public_address

T = TypeVar("T")

UNSAID = timedelta(minutes=5)  # after a 429 that does not say for how long (RFC 6585 §4)
_STEP = timedelta(minutes=1)  # the clock may be corrected by so much without a word


def introduced(settings: Settings) -> Fetch:
    """Return how sources are asked; without a contact, publishers see the site that asks them."""
    contact = settings.fetch.contact or public_address(settings.site.url)
    return settings.fetch.model_copy(update={"contact": contact})


class Courteous:
    """Gets what the network behind it gets, but from no host that wants to be left alone.

    *clock* gives the aware UTC time. Safe in threads.
    """

    def __init__(
        self, network: Network, pauses: Iterable[Pause], clock: Callable[[], datetime]
    ) -> None:
        self._network = network
        self._clock = clock
        self._pauses = {pause.host: pause for pause in pauses}
        self._unsaved: list[Pause] = []
        self._heard: list[HostRules] = []
        self._lock = threading.Lock()

    def get(self, request: Request) -> Fetched | NotModified:
        """Return the answer; raise PausedError where its host is not to be asked now."""
        answer = self._asked(self._network.get, request)
        self._note(answer.url, answer.retry_at)
        return answer

    def location(self, request: Request) -> str:
        """Return where the address leads; raise PausedError where it is not to be asked now."""
        return self._asked(self._network.location, request)

    def remember(self, rules: Iterable[HostRules]) -> None:
        """Take over what robots.txt files have said to an earlier process."""
        self._network.remember(rules)

    def learned(self) -> list[HostRules]:
        """Return what robots.txt files have said since the last call, here or elsewhere."""
        with self._lock:
            heard, self._heard = self._heard, []
        return [*heard, *self._network.learned()]

    def hear(self, pauses: Iterable[Pause], rules: Sequence[HostRules]) -> None:
        """Take over what hosts have said to somebody who asks for us elsewhere."""
        self._network.remember(rules)
        with self._lock:
            self._heard += rules
            for pause in pauses:
                self._keep(pause)

    def pauses(self) -> list[Pause]:
        """Return the hosts that want to be left alone now."""
        until = self._current()
        with self._lock:
            return [self._pauses[host] for host in until]

    def _asked(self, ask: Callable[[Request], T], request: Request) -> T:
        try:
            avoid = self._current()
            return ask(replace(request, avoid=avoid) if avoid else request)
        except PausedError:
            raise
        except FetchError as error:
            if error.status == 429 and error.retry_at is None:
                error.retry_at = self._clock() + UNSAID
            self._note(error.url or request.url, error.retry_at)
            raise

    def unsaved(self) -> list[Pause]:
        """Return the pauses that the store does not have yet."""
        with self._lock:
            return list(self._unsaved)

    def saved(self, pauses: Sequence[Pause]) -> None:
        """Take the first of `unsaved` for saved."""
        with self._lock:
            del self._unsaved[: len(pauses)]

    def _current(self) -> dict[str, datetime]:
        now = self._clock()
        with self._lock:
            for pause in list(self._pauses.values()):
                if pause.noted_at > now + _STEP:  # by a clock that has been set back since
                    self._pauses[pause.host] = Pause(
                        pause.host, now + (pause.until - pause.noted_at), now
                    )
            pauses = self._pauses.values()
            return {pause.host: pause.until for pause in pauses if pause.until > now}

    def _note(self, url: str, until: datetime | None) -> None:
        host = host_of(url)
        if until is None or not host:
            return
        pause = Pause(host, until.replace(microsecond=0) + timedelta(seconds=1), self._clock())
        with self._lock:
            self._keep(pause)

    def _keep(self, pause: Pause) -> None:
        """Keep the longest: a shorter one is of an answer that was on its way already."""
        known = self._pauses.get(pause.host)
        if known is None or known.until < pause.until:
            self._pauses[pause.host] = pause
            self._unsaved.append(pause)
