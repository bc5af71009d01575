"""Reading how sources are: what status, metrics and messages are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from shutil import disk_usage

from aggregator.health.disk import days_left
from aggregator.health.history import History
from aggregator.health.incident import Incident
from aggregator.health.sight import Room, Sight, Vitals
from aggregator.model import Attempt
from aggregator.store.attempts import attempt_of
from aggregator.store.connection import failing_as
from aggregator.store.incidents import Event, Listener, incident_of, lasting
from aggregator.store.rows import optional_time, read_time, write_time
from aggregator.store.tallies import DAYS, Tallies
from aggregator.store.vitals import health_of


class Watcher(Tallies):
    """Answers how sources are."""

    def sight(self, now: datetime, today: date) -> Sight:
        """Return what is known of all sources at *now*; *today* is that day in the site's zone."""
        return Sight(
            self.states(),
            self.article_counts(),
            self.week(today),
            self.vitals(),
            self.lately(now - timedelta(days=DAYS)),
            self.held(),
            self.open_incidents(),
            self.room(),
        )

    def vitals(self) -> Mapping[str, Vitals]:
        """Return how each source is, by id."""
        return {
            row["source"]: Vitals(
                health_of(row, History()),
                row["usual_rate"],
                optional_time(row["certificate_until"]),
                row["delay"],
            )
            for row in self._all(
                "SELECT source, word, cause, why, since, doubted, met_at, failed, recipe,"
                " attempts, look_at, usual_rate, certificate_until, delay FROM health"
            )
        }

    def attempts(self, source: str) -> list[Attempt]:
        """Return the last attempts at *source*, the newest first."""
        rows = self._all("SELECT * FROM attempt WHERE source = ? ORDER BY number DESC", [source])
        return [attempt_of(row) for row in rows]

    def lately(self, since: datetime) -> Mapping[str, int]:
        """Return how many articles of each source were published since *since*."""
        rows = self._all(
            "SELECT source, count(*) FROM article WHERE published >= ? GROUP BY source",
            [write_time(since)],
        )
        return {row[0]: row[1] for row in rows}

    def held(self) -> Mapping[str, int]:
        """Return how many articles of each source wait for the operator's word, where any do."""
        rows = self._all(
            "SELECT source, count(*) FROM (SELECT source FROM article WHERE held"
            " UNION ALL SELECT source FROM article WHERE leaving) GROUP BY source"
        )
        return {row[0]: row[1] for row in rows}

    def open_incidents(self) -> Mapping[str, Incident]:
        """Return the incidents that last, by source."""
        with failing_as("read the store"):
            return lasting(self._connection)

    def incidents(self, limit: int, source: str = "") -> list[Incident]:
        """Return the newest *limit* incidents (of *source*), by when they last changed."""
        where, values = ("WHERE source = ?", [source]) if source else ("", [])
        rows = self._all(
            f"SELECT * FROM incident {where} ORDER BY changed_at DESC, number DESC LIMIT ?",
            [*values, limit],
        )
        return [incident_of(row) for row in rows]

    def incident_total(self) -> int:
        """Return how many incidents there ever were."""
        return int(self._one("SELECT seq FROM sqlite_sequence WHERE name = 'incident'") or 0)

    def last_event(self) -> int:
        """Return the number of the last event, 0 where nothing ever happened."""
        return int(self._one("SELECT coalesce(max(number), 0) FROM event") or 0)

    def events(self, after: int) -> list[Event]:
        """Return what happened after the event number *after*, in order."""
        rows = self._all(
            "SELECT incident.*, event.number AS event, ended, at FROM event"
            " JOIN incident ON incident.number = incident WHERE event.number > ?"
            " ORDER BY event.number",
            [after],
        )
        return [
            Event(row["event"], incident_of(row), bool(row["ended"]), read_time(row["at"]))
            for row in rows
        ]

    def listeners(self) -> Mapping[str, Listener]:
        """Return who was told how far, by name."""
        return {
            row["name"]: Listener(
                row["name"], row["upto"], row["failures"], optional_time(row["due_at"])
            )
            for row in self._all("SELECT * FROM listener")
        }

    def room(self) -> Room | None:
        """Return how much room is used and left; None where it was not weighed yet."""
        rows = self._all("SELECT day, bytes FROM room ORDER BY day")
        if not rows:
            return None
        sizes = [(date.fromisoformat(row["day"]), row["bytes"]) for row in rows]
        free = disk_usage(self.path.parent).free
        return Room(sizes[-1][1], free, days_left(sizes, free))
