"""The work on WebSub, in the tick of the daemon: mail in, errands out, what came of them kept."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from queue import Empty, SimpleQueue

from aggregator.config.settings import Settings
from aggregator.fetch.exchange import Caller
from aggregator.fetch.site import site_of
from aggregator.publish.addresses import FEEDS, MEDIA_TYPES, is_channel_feed
from aggregator.push import pace
from aggregator.push.errands import Announcement, Application, Delivery, Errand, Question
from aggregator.push.inbox import Letterbox, Mail
from aggregator.store.writer import Store
from aggregator.websub import HUB_PATH, Confirmation, Subscription

log = logging.getLogger(__name__)

_WORKERS = 8
_LOOK_AROUND = timedelta(seconds=10)  # how often it is seen which sources name a hub
_TYPES = {file: MEDIA_TYPES[name] for name, file in FEEDS.items()}
_PUSHED = "its hub says that it has news"


def topic_path(settings: Settings, address: str) -> str:
    """Return the path below the published folder of the feed at *address*, "" where it is none."""
    path = address.removeprefix(settings.site.base + "/")
    return path if path != address and is_channel_feed(path) else ""


def listens(settings: Settings) -> bool:
    """Say whether the hubs of sources are asked to tell us."""
    wanted = settings.fetch.push
    return site_of(settings.site.url).public if wanted is None else wanted


class Push:
    """Tells and is told. Every method is for the thread that writes the store."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        caller: Caller,
        inbox: Letterbox,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        token: Callable[[], str] = lambda: secrets.token_urlsafe(24),
    ) -> None:
        self._settings = settings
        self._store = store
        self._caller = caller
        self._inbox = inbox
        self._clock = clock
        self._token = token
        self._workers = ThreadPoolExecutor(_WORKERS, "push")
        self._under_way: set[tuple[str, ...]] = set()
        self._done: SimpleQueue[tuple[Errand, int]] = SimpleQueue()
        self._looked_at = datetime.min.replace(tzinfo=UTC)

    def close(self) -> None:
        """Begin nothing more; what is under way is not waited for, and is done again."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    @property
    def busy(self) -> bool:
        """Whether an errand has been begun whose end is not kept yet."""
        return bool(self._under_way)

    def work(self) -> None:
        """Keep what came of errands and what came in; begin what is due.

        Raises StoreError where the store fails; nothing is forgotten then but what came in.
        """
        now = self._clock()
        done, mail = list(self._finished()), self._inbox.empty()
        if done or mail != Mail():
            with self._store.transaction():
                for errand, status in done:
                    errand.settle(self._store.push, status, now)
                self._read(mail, now)
        self._under_way -= {errand.key for errand, _ in done}
        if now - self._looked_at >= _LOOK_AROUND or now < self._looked_at:
            self._look_around(now)
        self._begin(Question(intent) for intent in mail.intents)
        self._begin(self._due(now))

    # ── in ───────────────────────────────────────────────────────────────────────────────────────

    def _finished(self) -> Iterator[tuple[Errand, int]]:
        while True:
            try:
                yield self._done.get_nowait()
            except Empty:
                return

    def _read(self, mail: Mail, now: datetime) -> None:
        kept = self._store.push.subscriptions() if mail.confirmations or mail.pushed else {}
        for meant, confirmation in mail.confirmations:
            if _holds(meant, kept):
                kept[meant.source] = self._confirm(kept[meant.source], confirmation, now)
        for meant in mail.pushed:
            if _holds(meant, kept):
                self._store.push.keep(replace(kept[meant.source], pushed_at=now))
                asked_at = self._store.state(meant.source).last_attempt_at
                self._store.push.poll(meant.source, pace.poll_at(asked_at, now), _PUSHED)

    def _confirm(
        self, kept: Subscription, confirmation: Confirmation, now: datetime
    ) -> Subscription:
        if confirmation.mode == "denied":
            log.warning("denied by its hub source=%s", kept.source)
            after = pace.denied(kept, now)
        else:
            log.info(
                "told by its hub from now on source=%s lease=%s", kept.source, confirmation.lease
            )
            after = pace.confirmed(kept, confirmation.lease, now)
        self._store.push.keep(after)
        return after

    def _look_around(self, now: datetime) -> None:
        """See which sources name a hub, and forget whose time has ended."""
        self._looked_at = now
        book = self._store.push
        kept = book.subscriptions()
        wishes = {wish.source: wish for wish in self._wishes(kept, now)}
        with self._store.transaction():
            book.forget_expired(now)
            book.drop(kept.keys() - wishes.keys())
            for source, wish in wishes.items():
                if wish != kept.get(source):
                    book.keep(wish)

    def _wishes(self, kept: Mapping[str, Subscription], now: datetime) -> Iterator[Subscription]:
        if not listens(self._settings):
            return
        named = self._store.push.named_hubs()
        for source in self._settings.source:
            if names := named.get(source.id):
                wish = pace.wished(names, kept.get(source.id), now, self._token)
                if wish is not None:
                    yield wish

    # ── out ──────────────────────────────────────────────────────────────────────────────────────

    def _begin(self, errands: Iterable[Errand]) -> None:
        for errand in errands:
            if errand.key in self._under_way:
                continue
            self._under_way.add(errand.key)
            self._workers.submit(self._run, errand)

    def _run(self, errand: Errand) -> None:
        self._done.put((errand, errand.run(self._caller)))

    def _due(self, now: datetime) -> Iterator[Errand]:
        book, hub = self._store.push, self._settings.hub
        if hub and not self._settings.has_own_hub:
            yield from (Announcement(ping, hub) for ping in book.due_pings(now))
        elif hub:
            yield from self._deliveries(hub, now)
        for subscription in book.due_subscriptions(now):
            yield Application(subscription, self._callback(subscription))

    def _deliveries(self, hub: str, now: datetime) -> Iterator[Errand]:
        """Yield what our own hub has to send; a ping to it is a change to spread."""
        book = self._store.push
        if pings := book.due_pings(now):
            with self._store.transaction():
                book.spread([ping.topic for ping in pings], now)
                book.told(pings)
        for subscriber in book.due_subscribers(now):
            path = topic_path(self._settings, subscriber.topic)
            file = self._settings.publish.directory / Path(path)
            yield Delivery(subscriber, file, _TYPES[PurePosixPath(path).name], hub)

    def _callback(self, subscription: Subscription) -> str:
        return f"{self._settings.site.base}/{HUB_PATH}/{subscription.token}"


def announce(settings: Settings, store: Store, caller: Caller, now: datetime) -> None:
    """Tell the hub, once, of what has changed; what it does not take is told by whoever runs next.

    For commands that end, where the hub is not our own: that one is the daemon's.
    """
    errands = [Announcement(ping, settings.hub) for ping in store.push.due_pings(now)]
    with ThreadPoolExecutor(_WORKERS, "push") as workers:
        statuses = list(workers.map(lambda errand: errand.run(caller), errands))
    with store.transaction():
        for errand, status in zip(errands, statuses, strict=True):
            errand.settle(store.push, status, now)


def _holds(meant: Subscription, kept: Mapping[str, Subscription]) -> bool:
    """Say whether what the server knew is still what we want: the wish may be another one since."""
    return meant.source in kept and kept[meant.source].token == meant.token
