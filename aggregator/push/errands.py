"""What is to be done over the network, each with what is remembered of how it went.

`run` happens in a worker thread and touches no store; `settle` in the one that writes.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

from aggregator import websub
from aggregator.errors import FetchError
from aggregator.fetch.exchange import Call, Caller, Reply
from aggregator.fetch.site import host_of
from aggregator.push import pace
from aggregator.record import record
from aggregator.store.push import PushBook
from aggregator.websub import Intent, Mode, Ping, Subscriber, Subscription

log = logging.getLogger(__name__)

_TIMEOUT = 15.0  # seconds, of each exchange
_GONE = 410
_FORM = "application/x-www-form-urlencoded"


class Errand(Protocol):
    """One thing to do. Equal keys are the same thing: it is not done twice at a time."""

    @property
    def key(self) -> tuple[str, ...]: ...

    def run(self, caller: Caller) -> int:
        """Do it; return the status that was answered, 0 where nothing was. Never raises."""
        ...

    def settle(self, book: PushBook, status: int, now: datetime) -> None:
        """Remember how it went, inside a transaction."""
        ...


def went_well(status: int) -> bool:
    """Say whether the other side took what it was given."""
    return 200 <= status < 300


@record(frozen=True, slots=True)
class Question:
    """Ask whoever shall be subscribed, or not any more, whether he meant it (§5.3)."""

    intent: Intent
    challenge: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def key(self) -> tuple[str, ...]:
        return "question", self.intent.topic, self.intent.callback

    def run(self, caller: Caller) -> int:
        address = websub.question(self.intent, self.challenge)
        reply = _call(caller, Call(address, timeout=_TIMEOUT))
        if not went_well(reply.status):
            return reply.status
        return reply.status if reply.body.strip() == self.challenge.encode() else 0

    def settle(self, book: PushBook, status: int, now: datetime) -> None:
        intent = self.intent
        if not went_well(status):
            return
        if intent.mode is Mode.UNSUBSCRIBE:
            book.unsubscribe(intent.topic, intent.callback)
            return
        expires_at = now + intent.lease
        book.subscribe(Subscriber(intent.topic, intent.callback, intent.secret, expires_at))


@record(frozen=True, slots=True)
class Delivery:
    """Send a subscriber what his topic is now (§7)."""

    subscriber: Subscriber
    file: Path
    media_type: str
    hub: str

    @property
    def key(self) -> tuple[str, ...]:
        return "delivery", self.subscriber.topic, self.subscriber.callback

    def run(self, caller: Caller) -> int:
        try:
            body = self.file.read_bytes()
        except OSError as error:
            log.warning("cannot send topic=%a error=%a", self.subscriber.topic, str(error))
            return 0
        headers = {
            "Content-Type": self.media_type,
            "Link": websub.links(self.hub, self.subscriber.topic),
        }
        if self.subscriber.secret:
            headers["X-Hub-Signature"] = websub.signature(self.subscriber.secret, body)
        return _call(caller, Call(self.subscriber.callback, body, headers, _TIMEOUT)).status

    def settle(self, book: PushBook, status: int, now: datetime) -> None:
        one = self.subscriber
        if status == _GONE:  # «the subscriber has ended the subscription»
            book.unsubscribe(one.topic, one.callback)
        elif went_well(status):
            book.sent(replace(one, failures=0), None)
        else:
            failures = one.failures + 1
            book.sent(replace(one, failures=failures), pace.retry_at(failures, now))


@record(frozen=True, slots=True)
class Announcement:
    """Tell a hub that a topic has changed (§6)."""

    ping: Ping
    hub: str

    @property
    def key(self) -> tuple[str, ...]:
        return "announcement", self.ping.topic

    def run(self, caller: Caller) -> int:
        return _post(caller, self.hub, websub.announcement(self.ping.topic))

    def settle(self, book: PushBook, status: int, now: datetime) -> None:
        failures = self.ping.failures + 1
        again = None if went_well(status) else pace.retry_at(failures, now)
        if again is None:
            book.told([self.ping])
        else:
            book.postpone_ping(replace(self.ping, failures=failures), again)


@record(frozen=True, slots=True)
class Application:
    """Ask the hub of a source to tell us of its news (§5.1)."""

    subscription: Subscription
    callback: str

    @property
    def key(self) -> tuple[str, ...]:
        return "application", self.subscription.source

    def run(self, caller: Caller) -> int:
        body = websub.request(self.subscription, self.callback)
        return _post(caller, self.subscription.hub, body)

    def settle(self, book: PushBook, status: int, now: datetime) -> None:
        """Count the try; where the hub has asked back meanwhile, there is nothing to count."""
        kept = book.subscriptions().get(self.subscription.source)
        if kept == self.subscription:
            book.keep(pace.tried(kept, now))


def _post(caller: Caller, url: str, form: bytes) -> int:
    return _call(caller, Call(url, form, {"Content-Type": _FORM}, _TIMEOUT)).status


def _call(caller: Caller, call: Call) -> Reply:
    try:
        reply = caller.call(replace(call, headers={**call.headers, "Accept-Encoding": "identity"}))
    except FetchError as error:
        log.info("called host=%s error=%a", host_of(call.url), str(error))
        return Reply(0)
    log.info("called host=%s status=%d", host_of(call.url), reply.status)
    return reply
