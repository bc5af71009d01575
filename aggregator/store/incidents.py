"""Incidents: kept while they last and for a while after, with what listeners are told of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from aggregator.health.incident import Incident
from aggregator.record import record
from aggregator.store.rows import optional_time, read_time, write_optional, write_time

_KEPT = timedelta(days=90)  # after its end


@record(frozen=True, slots=True)
class Event:
    """That an incident began or ended; `number` is later for what happened later."""

    number: int
    incident: Incident
    ended: bool
    at: datetime


@record(frozen=True, slots=True)
class Listener:
    """Who is told of incidents: all events up to `upto`, the next time not before `due_at`."""

    name: str
    upto: int
    failures: int = 0
    due_at: datetime | None = None


def lasting(connection: sqlite3.Connection) -> dict[str, Incident]:
    """Return the incidents that last, by source."""
    rows = connection.execute("SELECT * FROM incident WHERE ended_at IS NULL")
    return {row["source"]: incident_of(row) for row in rows}


def keep(connection: sqlite3.Connection, incident: Incident, now: datetime) -> None:
    """Keep an incident as it is now, with the event where it begins or ends."""
    if not incident.number:
        number = _insert(connection, incident)
        _happened(connection, number, ended=False, now=now)
        _forget(connection, now)
        return
    connection.execute(
        "UPDATE incident SET word = ?, why = ?, changed_at = ?, ended_at = ? WHERE number = ?",
        [
            *(incident.word, incident.why, write_time(incident.changed_at)),
            *(write_optional(incident.ended_at), incident.number),
        ],
    )
    if incident.ended_at is not None:
        _happened(connection, incident.number, ended=True, now=now)


def leave_to(connection: sqlite3.Connection, sources: Collection[str], now: datetime) -> None:
    """End the incidents of all but *sources*: nobody asks the others any more. Nobody is told."""
    rows = connection.execute("SELECT number, source FROM incident WHERE ended_at IS NULL")
    for row in rows.fetchall():
        if row["source"] not in sources:
            moment = write_time(now)
            connection.execute(
                "UPDATE incident SET ended_at = ?, changed_at = ? WHERE number = ?",
                [moment, moment, row["number"]],
            )


def heard(connection: sqlite3.Connection, listener: Listener) -> None:
    """Remember how far *listener* was told, and when it is told more."""
    connection.execute(
        "INSERT INTO listener (name, upto, failures, due_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET upto = excluded.upto, failures = excluded.failures,"
        " due_at = excluded.due_at",
        [listener.name, listener.upto, listener.failures, write_optional(listener.due_at)],
    )


def incident_of(row: Any) -> Incident:
    """Return the incident of a row of `incident`."""
    return Incident(
        row["source"],
        row["word"],
        row["why"],
        read_time(row["began_at"]),
        read_time(row["opened_at"]),
        read_time(row["changed_at"]),
        optional_time(row["ended_at"]),
        row["number"],
    )


def _insert(connection: sqlite3.Connection, incident: Incident) -> int:
    moments = (incident.began_at, incident.opened_at, incident.changed_at)
    done = connection.execute(
        "INSERT INTO incident (source, word, why, began_at, opened_at, changed_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [incident.source, incident.word, incident.why, *map(write_time, moments)],
    )
    return done.lastrowid or 0


def _happened(connection: sqlite3.Connection, number: int, *, ended: bool, now: datetime) -> None:
    connection.execute(
        "INSERT INTO event (incident, ended, at) VALUES (?, ?, ?)",
        [number, int(ended), write_time(now)],
    )


def _forget(connection: sqlite3.Connection, now: datetime) -> None:
    """Forget what ended long ago, with its events, whoever was told of them or not."""
    connection.execute("DELETE FROM incident WHERE ended_at < ?", [write_time(now - _KEPT)])
