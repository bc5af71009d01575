"""When something is tried again, and what becomes of a subscription. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.websub import NamedHub, Subscription, is_callback

_RETRIES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
_ANSWER = timedelta(hours=1)  # so long a hub may take to ask back
_MOST_PATIENCE = timedelta(days=7)
_APART = timedelta(seconds=10)  # between two polls of one source, however much its hub has to say


def retry_at(failures: int, now: datetime) -> datetime | None:
    """Return when to tell somebody again who failed to listen so often in a row.

    None: not of this change any more; the next change is told him again.
    """
    return now + _RETRIES[failures - 1] if failures <= len(_RETRIES) else None


def poll_at(asked_at: datetime | None, now: datetime) -> datetime:
    """Return when to ask a source whose hub says that it has news."""
    return now if asked_at is None else max(now, asked_at + _APART)


def wished(
    named: NamedHub, kept: Subscription | None, now: datetime, token: Callable[[], str]
) -> Subscription | None:
    """Return the subscription that a source which names this hub is to have.

    None is none: the hub cannot be asked. What is *kept* goes on where it is for the same.
    """
    if not (is_callback(named.hub) and is_callback(named.topic)):
        return None
    if kept is not None and (kept.hub, kept.topic) == (named.hub, named.topic):
        return kept
    secret = token() if named.hub.lower().startswith("https:") else ""
    return Subscription(named.source, named.hub, named.topic, token(), secret, due_at=now)


def tried(subscription: Subscription, now: datetime) -> Subscription:
    """Return what holds once a hub was asked: it has an hour to ask back.

    Until it does the try counts as a failure, so that one that never does is asked less and less.
    """
    wait = min(_ANSWER * 2 ** min(subscription.failures, 10), _MOST_PATIENCE)
    return replace(subscription, failures=subscription.failures + 1, due_at=now + wait)


def confirmed(subscription: Subscription, lease: timedelta, now: datetime) -> Subscription:
    """Return what holds once the hub has asked back: renewed when a tenth of the lease is left."""
    lease = max(lease, _ANSWER)
    return replace(
        subscription,
        verified=True,
        failures=0,
        expires_at=now + lease,
        due_at=now + lease * 0.9,
    )


def denied(subscription: Subscription, now: datetime) -> Subscription:
    """Return what holds when the hub will not (any more): it is asked again in a week."""
    return replace(subscription, verified=False, expires_at=None, due_at=now + _MOST_PATIENCE)
