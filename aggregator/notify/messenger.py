"""Who is told what, and when: the daemon's part of it, which never waits for an address."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aggregator.config.settings import Settings
from aggregator.model import fingerprint
from aggregator.notify.carrier import carry, is_known, scheme
from aggregator.notify.message import Message, Place, compose, is_ripe, next_try, trial
from aggregator.record import record
from aggregator.store.incidents import Listener
from aggregator.store.watcher import Watcher
from aggregator.store.writer import Store

log = logging.getLogger(__name__)

Carry = Callable[[str, Message], bool]
_LEAVE = 3.0  # seconds that a message under way has when the program stops


@record(frozen=True, slots=True)
class Address:
    """Where a listener is; `name` is how the store knows him, `label` what may be said of it."""

    number: int
    url: str

    @property
    def name(self) -> str:
        return fingerprint(self.url)

    @property
    def label(self) -> str:
        return f"{self.number} ({scheme(self.url)})"


@record(frozen=True, slots=True)
class _Letter:
    """What a listener is to be told; without a message there is nothing to say up to there."""

    address: Address
    listener: Listener
    upto: int
    message: Message | None


class Messenger:
    """Tells each address of [notify] what it has not heard; `tick` is cheap and never waits."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        carry: Carry = carry,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._addresses = addresses(settings)
        self._together = settings.notify.together
        self._place = place_of(settings)
        self._store = store
        self._watcher = Watcher(store.path)
        self._carry = carry
        self._clock = clock
        self._told = 0  # every listener was told up to this event
        self._round: _Round | None = None
        if self._addresses:
            self._welcome()

    def tick(self) -> None:
        """Remember what was delivered; begin to deliver where there is something to tell."""
        if self._round is not None:
            if self._round.is_alive():
                return
            self._remember(self._round)
            self._round = None
        if self._addresses and self._watcher.last_event() > self._told:
            letters = list(self._letters(self._together))
            if letters:
                self._round = _Round(letters, self._carry)
                self._round.start()

    def flush(self) -> list[str]:
        """Deliver at once and wait for it; return the labels of those that cannot be reached."""
        if not self._addresses:
            return []
        errand = _Round(list(self._letters(timedelta(0))), self._carry)
        errand.run()
        self._remember(errand)
        return [letter.address.label for letter in errand.letters if not errand.arrived(letter)]

    def close(self) -> None:
        """Wait a moment for what is under way; what is not known to have arrived is told again."""
        if self._round is not None:
            self._round.join(_LEAVE)
            if not self._round.is_alive():
                self._remember(self._round)
                self._round = None

    def _welcome(self) -> None:
        """Begin with those that are new here: what happened before is not told them."""
        known, last = self._watcher.listeners(), self._watcher.last_event()
        new = [address for address in self._addresses if address.name not in known]
        if new:
            with self._store.transaction():
                for address in new:
                    self._store.watch.heard(Listener(address.name, last))

    def _letters(self, together: timedelta) -> Iterator[_Letter]:
        """Yield what is to be delivered now, and note how far everybody was told."""
        now, known = self._clock(), self._watcher.listeners()
        lasting = len(self._watcher.open_incidents())
        self._told = min(known[address.name].upto for address in self._addresses)
        for address in self._addresses:
            listener = known[address.name]
            events = self._watcher.events(listener.upto)
            waits = listener.due_at is not None and listener.due_at > now
            if not waits and is_ripe(events, together, now):
                message = compose(events, self._place, lasting)
                yield _Letter(address, listener, events[-1].number, message)

    def _remember(self, errand: _Round) -> None:
        """Remember how far listeners were told, and when others are tried again."""
        now = self._clock()
        with self._store.transaction():
            for letter in errand.letters:
                arrived = errand.arrived(letter)
                after = heard(letter.listener, letter.upto, arrived, now)
                self._store.watch.heard(after)
                if not arrived:
                    log.warning(
                        "cannot tell address %s of incidents; again at %s",
                        letter.address.label,
                        after.due_at,
                    )
                elif letter.message:
                    log.info("told address %s: %s", letter.address.label, letter.message.title)


class _Round(threading.Thread):
    """One way round the listeners, under way or done."""

    def __init__(self, letters: Sequence[_Letter], carry: Carry) -> None:
        super().__init__(name="notify", daemon=True)
        self.letters = letters
        self._carry = carry
        self._arrived: set[str] = set()

    def run(self) -> None:
        for letter in self.letters:
            if letter.message is None or self._carry(letter.address.url, letter.message):
                self._arrived.add(letter.address.name)

    def arrived(self, letter: _Letter) -> bool:
        """Say whether a letter was taken."""
        return letter.address.name in self._arrived


def heard(listener: Listener, upto: int, arrived: bool, now: datetime) -> Listener:
    """Return *listener* after an attempt to tell him of everything up to the event *upto*. Pure."""
    if arrived:
        return Listener(listener.name, upto)
    failures = listener.failures + 1
    return replace(listener, failures=failures, due_at=next_try(failures, now))


def addresses(settings: Settings) -> list[Address]:
    """Return the addresses of [notify], each once; one that has no carrier is logged instead."""
    found = []
    urls = dict.fromkeys(one.get_secret_value() for one in settings.notify.to)
    for number, url in enumerate(urls, 1):
        address = Address(number, url)
        if is_known(url):
            found.append(address)
        else:
            log.error("address %s of [notify] is of no kind that is known", address.label)
    return found


def place_of(settings: Settings) -> Place:
    """Return who writes."""
    status = "" if settings.publish.static else f"{settings.site.base}/status"
    return Place(settings.site.title, status, len(settings.source))


def send_test(settings: Settings, carry: Carry = carry) -> list[tuple[str, bool]]:
    """Send a test to each address of [notify]; return its label, and whether it was taken."""
    place = place_of(settings)
    found = addresses(settings)
    return [(address.label, carry(address.url, trial(place))) for address in found]
