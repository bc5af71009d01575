"""How each source is: what is remembered of its health, as rows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from aggregator.health.condition import Health
from aggregator.health.history import History, Measure
from aggregator.record import record
from aggregator.store.rows import cells, optional_time, write_optional, write_time

_FOUND = (
    "SELECT asked.value AS asked, health.*,"
    " (SELECT count(*) FROM article WHERE held AND article.source = asked.value)"
    " + (SELECT count(*) FROM article WHERE leaving AND article.source = asked.value) AS waiting"
    " FROM json_each(?) AS asked LEFT JOIN health ON health.source = asked.value"
)


@record(frozen=True, slots=True)
class Chart:
    """What is remembered of a source.

    `health` is without its history, which is read from `measures` where it is needed. So many
    articles are `waiting` for the operator's word.
    """

    health: Health
    measures: str
    waiting: int

    def with_history(self) -> Health:
        """Return the health with what was usual and what came lately."""
        return replace(self.health, history=_history(self.measures)) if self.measures else Health()


def charts(connection: sqlite3.Connection, sources: Sequence[str]) -> dict[str, Chart]:
    """Return what is remembered of each of *sources*, by id."""
    rows = connection.execute(_FOUND, [json.dumps(sources)])
    return {row["asked"]: _chart(row) for row in rows}


def _chart(row: sqlite3.Row) -> Chart:
    if row["source"] is None:
        return Chart(Health(), "", row["waiting"])
    return Chart(health_of(row, History()), row["measures"], row["waiting"])


def keep(
    connection: sqlite3.Connection,
    source: str,
    found: Health,
    facts: tuple[float | None, datetime | None],
    *,
    learned: bool,
) -> None:
    """Remember how *source* is, how many articles a day are usual, how long its certificate holds.

    What of the last two is None stays as it was, and so does its history unless it has *learned*.
    """
    rate, certificate = facts
    connection.execute(
        _KEEP,
        {
            "source": source,
            "word": found.word,
            "cause": found.cause,
            "why": found.why,
            "since": write_optional(found.since),
            "doubted": found.doubted,
            "met_at": write_optional(found.met_at),
            "failed": found.failed,
            "recipe": found.recipe,
            "attempts": found.attempts,
            "look_at": write_optional(found.look_at),
            "measures": _packed(found.history) if learned else None,
            "usual_rate": rate,
            "certificate_until": write_optional(certificate),
        },
    )


_COLUMNS = (
    *("source", "word", "cause", "why", "since", "doubted", "met_at", "failed", "recipe"),
    *("attempts", "look_at", "measures", "usual_rate", "certificate_until"),
)
_MAY_STAY = ("measures", "usual_rate", "certificate_until")
_NO_MEASURES = "[[],[]]"


def _value(name: str) -> str:
    return f"coalesce(:measures, '{_NO_MEASURES}')" if name == "measures" else f":{name}"


_KEEP = (
    f"INSERT INTO health ({', '.join(_COLUMNS)})"
    f" VALUES ({', '.join(_value(name) for name in _COLUMNS)}) ON CONFLICT DO UPDATE SET "
    + ", ".join(
        f"{name} = coalesce(:{name}, {name})" if name in _MAY_STAY else f"{name} = excluded.{name}"
        for name in _COLUMNS[1:]
    )
)


def came(
    connection: sqlite3.Connection, source: str, since: datetime, before: datetime
) -> tuple[int, int]:
    """Return how many articles of *source* were published since *since*, and since *before*."""
    row = connection.execute(
        "SELECT coalesce(sum(published >= ?), 0), count(*) FROM article"
        " WHERE source = ? AND published >= ?",
        [write_time(since), source, write_time(before)],
    ).fetchone()
    return row[0], row[1]


def health_of(row: Any, history: History) -> Health:
    """Return the health of a row."""
    found = cells(row)
    return Health(
        word=found["word"],
        cause=found["cause"],
        why=found["why"],
        since=optional_time(found["since"]),
        doubted=found["doubted"],
        met_at=optional_time(found["met_at"]),
        failed=found["failed"],
        recipe=found["recipe"],
        attempts=found["attempts"],
        look_at=optional_time(found["look_at"]),
        history=history,
    )


def _packed(history: History) -> str:
    parts = [[_numbers(one) for one in part] for part in (history.usual, history.lately)]
    return json.dumps(parts, separators=(",", ":"))


def _numbers(one: Measure) -> tuple[int, ...]:
    return (one.entries, one.bad, one.made, one.dated, one.filled, one.length)


def _history(text: str) -> History:
    usual, lately = json.loads(text)
    return History(tuple(Measure(*one) for one in usual), tuple(Measure(*one) for one in lately))
