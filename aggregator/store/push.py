"""Who is told of changes, and who tells us: the rows of WebSub.

What is due stands in the store alone, so that nothing is forgotten by a restart.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime

from aggregator.store.rows import optional_time, read_time, write_optional, write_time
from aggregator.websub import NamedHub, Ping, Subscriber, Subscription

_AT_ONCE = 100  # of what is due, handed out at a time
MOST_SUBSCRIBERS = 100_000


class PushBook:
    """The rows, on one connection; every writing method belongs inside a transaction of the store.

    All times are aware UTC.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    # ── what changed ─────────────────────────────────────────────────────────────────────────────

    def note_change(self, topics: Iterable[str], now: datetime) -> None:
        """Remember that topics have changed: a hub is to be told, once for each."""
        self._connection.executemany(
            "INSERT INTO ping (topic, due_at) VALUES (?, ?)"
            " ON CONFLICT DO UPDATE SET change = change + 1",
            [(topic, write_time(now)) for topic in topics],
        )

    def due_pings(self, now: datetime) -> list[Ping]:
        """Return the topics of which a hub is to be told now."""
        rows = self._connection.execute(
            "SELECT topic, failures, change FROM ping WHERE due_at <= ? ORDER BY due_at LIMIT ?",
            [write_time(now), _AT_ONCE],
        )
        return [Ping(*row) for row in rows]

    def told(self, pings: Iterable[Ping]) -> None:
        """Forget changes that the hub knows of, or is to be told no more; a later one stays."""
        self._connection.executemany(
            "DELETE FROM ping WHERE topic = ? AND change = ?",
            [(ping.topic, ping.change) for ping in pings],
        )

    def postpone_ping(self, ping: Ping, due_at: datetime) -> None:
        """Have the hub told later of a topic, after yet another failure."""
        self._connection.execute(
            "UPDATE ping SET due_at = ?, failures = ? WHERE topic = ?",
            [write_time(due_at), ping.failures, ping.topic],
        )

    # ── subscribers of our hub ───────────────────────────────────────────────────────────────────

    def subscribe(self, subscriber: Subscriber) -> None:
        """Keep a subscriber who has confirmed it; one who is known is renewed.

        Nothing is kept beyond a hundred thousand of them.
        """
        self._connection.execute(
            "INSERT INTO subscriber (topic, callback, secret, expires_at)"
            " SELECT :topic, :callback, :secret, :expires_at"
            " WHERE (SELECT count(*) FROM subscriber) < :most OR EXISTS"
            " (SELECT 1 FROM subscriber WHERE topic = :topic AND callback = :callback)"
            " ON CONFLICT DO UPDATE SET secret = excluded.secret, expires_at = excluded.expires_at",
            {
                "topic": subscriber.topic,
                "callback": subscriber.callback,
                "secret": subscriber.secret,
                "expires_at": write_time(subscriber.expires_at),
                "most": MOST_SUBSCRIBERS,
            },
        )

    def unsubscribe(self, topic: str, callback: str) -> None:
        """Forget a subscriber."""
        self._connection.execute(
            "DELETE FROM subscriber WHERE topic = ? AND callback = ?", [topic, callback]
        )

    def forget_expired(self, now: datetime) -> None:
        """Forget the subscribers whose lease has ended."""
        self._connection.execute("DELETE FROM subscriber WHERE expires_at <= ?", [write_time(now)])

    def spread(self, topics: Iterable[str], now: datetime) -> None:
        """Have the subscribers of topics sent what these are now.

        Who is waited for after a failure goes on being waited for.
        """
        self._connection.executemany(
            "UPDATE subscriber SET due_at = coalesce(due_at, ?), change = change + 1"
            " WHERE topic = ?",
            [(write_time(now), topic) for topic in topics],
        )

    def due_subscribers(self, now: datetime) -> list[Subscriber]:
        """Return the subscribers who are to be sent their topic now."""
        rows = self._connection.execute(
            "SELECT * FROM subscriber WHERE due_at <= :now AND expires_at > :now"
            " ORDER BY due_at LIMIT :most",
            {"now": write_time(now), "most": _AT_ONCE},
        )
        return [_subscriber(row) for row in rows]

    def sent(self, subscriber: Subscriber, due_at: datetime | None) -> None:
        """Remember how it went with a subscriber: when it is tried again, None for not at all.

        Where the topic has changed meanwhile he stays due.
        """
        self._connection.execute(
            "UPDATE subscriber SET failures = :failures,"
            " due_at = CASE WHEN change = :change THEN :due_at ELSE coalesce(:due_at, due_at) END"
            " WHERE topic = :topic AND callback = :callback",
            {
                "failures": subscriber.failures,
                "change": subscriber.change,
                "due_at": write_optional(due_at),
                "topic": subscriber.topic,
                "callback": subscriber.callback,
            },
        )

    # ── what we are subscribed to ────────────────────────────────────────────────────────────────

    def subscriptions(self) -> dict[str, Subscription]:
        """Return every subscription of ours, by its source."""
        rows = self._connection.execute("SELECT * FROM subscription")
        return {row["source"]: subscription_of(row) for row in rows}

    def due_subscriptions(self, now: datetime) -> list[Subscription]:
        """Return the subscriptions of ours for which a hub is to be asked now."""
        rows = self._connection.execute(
            "SELECT * FROM subscription WHERE due_at <= ? ORDER BY due_at LIMIT ?",
            [write_time(now), _AT_ONCE],
        )
        return [subscription_of(row) for row in rows]

    def named_hubs(self) -> dict[str, NamedHub]:
        """Return the hubs that sources name, by source."""
        rows = self._connection.execute(
            "SELECT id, hub, topic FROM source WHERE hub != '' AND topic != ''"
        )
        return {row["id"]: NamedHub(*row) for row in rows}

    def heard_of(self, since: datetime) -> frozenset[str]:
        """Return the sources of which a hub has told us since then, and goes on doing so."""
        rows = self._connection.execute(
            "SELECT source FROM subscription WHERE verified AND pushed_at >= ?", [write_time(since)]
        )
        return frozenset(row[0] for row in rows)

    def keep(self, subscription: Subscription) -> None:
        """Keep a subscription of ours as it is now."""
        self._connection.execute(
            "INSERT OR REPLACE INTO subscription (source, hub, topic, token, secret, verified,"
            " expires_at, due_at, failures, pushed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                subscription.source,
                subscription.hub,
                subscription.topic,
                subscription.token,
                subscription.secret,
                int(subscription.verified),
                write_optional(subscription.expires_at),
                write_optional(subscription.due_at),
                subscription.failures,
                write_optional(subscription.pushed_at),
            ],
        )

    def drop(self, sources: Collection[str]) -> None:
        """Forget the subscriptions of sources; their hubs learn it when they tell us next."""
        self._connection.executemany(
            "DELETE FROM subscription WHERE source = ?", [(source,) for source in sources]
        )

    def poll(self, source: str, at: datetime, why: str) -> None:
        """Have a source asked at *at*, where that is sooner than it would have been."""
        self._connection.execute(
            "UPDATE source SET next_due_at = :at, why = :why WHERE id = :source AND NOT gone"
            " AND (next_due_at IS NULL OR next_due_at > :at)",
            {"at": write_time(at), "why": why, "source": source},
        )


def subscription_of(row: sqlite3.Row) -> Subscription:
    """Return the subscription of a row."""
    return Subscription(
        source=row["source"],
        hub=row["hub"],
        topic=row["topic"],
        token=row["token"],
        secret=row["secret"],
        verified=bool(row["verified"]),
        expires_at=optional_time(row["expires_at"]),
        due_at=optional_time(row["due_at"]),
        failures=row["failures"],
        pushed_at=optional_time(row["pushed_at"]),
    )


def _subscriber(row: sqlite3.Row) -> Subscriber:
    return Subscriber(
        topic=row["topic"],
        callback=row["callback"],
        secret=row["secret"],
        expires_at=read_time(row["expires_at"]),
        failures=row["failures"],
        change=row["change"],
    )
