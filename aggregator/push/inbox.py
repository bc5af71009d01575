"""What the web server took in for us, until the next tick works on it."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import field
from typing import Protocol
from urllib.parse import urlsplit

from aggregator.record import record
from aggregator.websub import Confirmation, Intent, Subscription

_MOST = 1_000  # of each kind, waiting
_MOST_OF_A_HOST = 50  # so that nobody can have us bother a host that is not his


@record(frozen=True, slots=True)
class Mail:
    """What came in since it was last emptied."""

    intents: list[Intent] = field(default_factory=list)
    confirmations: list[tuple[Subscription, Confirmation]] = field(default_factory=list)
    pushed: list[Subscription] = field(default_factory=list)

    def __add__(self, other: Mail) -> Mail:
        return Mail(
            self.intents + other.intents,
            self.confirmations + other.confirmations,
            self.pushed + other.pushed,
        )


class Letterbox(Protocol):
    """Whoever has what came in."""

    def empty(self) -> Mail:
        """Return everything that waits, and forget it."""


class Inbox:
    """The program's side of the server's `Switchboard`; bounded, safe in threads.

    *topics* says whether an address is that of a feed we publish, *find* what we asked for under a
    token.
    """

    def __init__(
        self,
        hub: bool,
        topics: Callable[[str], bool],
        find: Callable[[str], Subscription | None],
    ) -> None:
        self._hub = hub
        self._topics = topics
        self._find = find
        self._lock = threading.Lock()
        self._intents: deque[Intent] = deque()
        self._hosts: Counter[str] = Counter()
        self._confirmations: deque[tuple[Subscription, Confirmation]] = deque(maxlen=_MOST)
        self._pushed: dict[str, Subscription] = {}

    def has_hub(self) -> bool:
        return self._hub

    def is_topic(self, address: str) -> bool:
        return self._topics(address)

    def subscription(self, token: str) -> Subscription | None:
        return self._find(token)

    def asked(self, intent: Intent) -> bool:
        host = urlsplit(intent.callback).hostname or ""
        with self._lock:
            if len(self._intents) >= _MOST or self._hosts[host] >= _MOST_OF_A_HOST:
                return False
            self._intents.append(intent)
            self._hosts[host] += 1
        return True

    def confirmed(self, subscription: Subscription, confirmation: Confirmation) -> None:
        with self._lock:
            self._confirmations.append((subscription, confirmation))

    def pushed(self, subscription: Subscription) -> None:
        with self._lock:
            self._pushed[subscription.source] = subscription

    def empty(self) -> Mail:
        """Return everything that waits, and forget it."""
        with self._lock:
            mail = Mail(list(self._intents), list(self._confirmations), list(self._pushed.values()))
            self._intents.clear()
            self._hosts.clear()
            self._confirmations.clear()
            self._pushed.clear()
        return mail
