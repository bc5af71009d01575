"""Writing down how sources are, inside the transactions in which they are taken in."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import date, datetime

from aggregator.health.condition import Health
from aggregator.health.incident import Incident
from aggregator.model import Attempt
from aggregator.store import attempts, incidents, vitals
from aggregator.store.incidents import Listener
from aggregator.store.vitals import Chart


class WatchBook:
    """What is written down of attempts, health, incidents and listeners; a part of the store.

    Every writing method belongs inside a transaction of the store.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def charts(self, sources: Sequence[str]) -> dict[str, Chart]:
        """Return how each of *sources* was, by id."""
        return vitals.charts(self._connection, sources)

    def came(self, source: str, since: datetime, before: datetime) -> tuple[int, int]:
        """Return how many of its articles were published since *since*, and since *before*."""
        return vitals.came(self._connection, source, since, before)

    def note(
        self,
        source: str,
        attempt: Attempt,
        health: Health,
        rate: float | None = None,
        certificate: datetime | None = None,
        *,
        learned: bool = False,
    ) -> None:
        """Keep an attempt, and how the source is after it.

        *rate* is how many articles a day are usual, *certificate* the end of the one it showed;
        None leaves what was known. Its history is kept where it has *learned*.
        """
        attempts.note(self._connection, source, health.attempts, attempt)
        vitals.keep(self._connection, source, health, (rate, certificate), learned=learned)

    def published(self, now: datetime) -> None:
        """Note that everything that was brought is out."""
        attempts.published(self._connection, now)

    def is_waiting_to_publish(self) -> bool:
        """Say whether an attempt brought something that is not noted as published."""
        return attempts.is_waiting(self._connection)

    def open_incidents(self) -> dict[str, Incident]:
        """Return the incidents that last, by source."""
        return incidents.lasting(self._connection)

    def keep_incident(self, incident: Incident, now: datetime) -> None:
        """Keep an incident as it is now."""
        incidents.keep(self._connection, incident, now)

    def leave_to(self, sources: Collection[str], now: datetime) -> None:
        """End the incidents of all but *sources*."""
        incidents.leave_to(self._connection, sources, now)

    def heard(self, listener: Listener) -> None:
        """Remember how far a listener was told."""
        incidents.heard(self._connection, listener)

    def note_room(self, day: date, size: int) -> None:
        """Remember how many bytes are used on *day*; a month of days is kept."""
        self._connection.execute(
            "INSERT INTO room VALUES (?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes",
            [day.isoformat(), size],
        )
        self._connection.execute(
            "DELETE FROM room WHERE day NOT IN (SELECT day FROM room ORDER BY day DESC LIMIT 30)"
        )
