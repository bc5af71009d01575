"""Which articles an operator's selection asks for.

rows that meet its keys ─► whose text matches ─► without those told through another of them
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from aggregator import pattern
from aggregator.config.selection import Selection, Without
from aggregator.errors import EntryError
from aggregator.model import Article
from aggregator.periods import Calendar, Period
from aggregator.record import record
from aggregator.store.rows import read_time, write_time

log = logging.getLogger(__name__)

_SEEN = 20  # times the limit: how many rows are looked at for articles whose text matches
_NEWEST = "published DESC, id"
_FIRST = "first_seen_at, published, id"

_IN_CATEGORY = (
    "n IN (SELECT n FROM (SELECT slug, n FROM placement UNION ALL SELECT slug, n FROM story)"
    " JOIN slug USING (slug) WHERE kind = 'category' AND (slug IN (SELECT value FROM json_each(?))"
    " OR slug.label IN (SELECT value FROM json_each(?)) OR slug IN"
    " (SELECT slug FROM label WHERE label IN (SELECT value FROM json_each(?)))))"
)
_OF_SOURCE = "article.source IN (SELECT value FROM json_each(?))"
_TOLD_BY_SOURCE = (
    "n IN (SELECT leader FROM story JOIN signature USING (n) WHERE signature.source IN"
    " (SELECT value FROM json_each(?)))"
)
_TAGGED = (
    "tags != '' AND EXISTS (SELECT 1 FROM json_each(tags) WHERE value IN"
    " (SELECT value FROM json_each(?)))"
)


@record(frozen=True, slots=True)
class Span:
    """When articles were published: at or after `since`, before `until` (aware UTC; None: ever)."""

    since: datetime | None = None
    until: datetime | None = None

    def within(self, period: Period) -> Span:
        """Return the part of *period* that is in this span."""
        return Span(
            max(filter(None, (self.since, period.begin))),
            min(filter(None, (self.until, period.end))),
        )


EVER = Span()

Rows = list[Any]


class Choice:
    """The articles that one selection asks for, read from the rows whenever it is asked."""

    def __init__(
        self,
        selection: Selection,
        rows: Callable[[str, Sequence[Any]], Rows],
        articles: Callable[[Rows], list[Article]],
        leaders: Callable[[Sequence[int]], dict[int, int]],
    ) -> None:
        """Begin with how to read: *rows* of articles by a condition and its values, the *articles*
        of rows, and by whom articles are told where all are together (*leaders*).
        """
        self._selection = selection
        self._rows = rows
        self._articles = articles
        self._leaders = leaders
        self._slow = False

    def newest(self, limit: int, span: Span = EVER) -> list[Article]:
        """Return the newest *limit* of them, the newest one first."""
        return self._found(limit, span, _NEWEST)

    def first(self, limit: int, span: Span = EVER) -> list[Article]:
        """Return the *limit* of them that we had first, the newest one first."""
        found = self._found(limit, span, _FIRST)
        return sorted(found, key=lambda one: (-one.published.timestamp(), one.id))

    def periods(self, calendar: Calendar, span: Span = EVER) -> Iterator[Period]:
        """Yield each period of *calendar* that has any of them, the last one first.

        What only their text decides is not looked at: in some there may be none after all.
        """
        while (last := self._last(span)) is not None:
            period = calendar.around(last)
            yield period
            span = replace(span, until=period.begin)

    def _last(self, span: Span) -> datetime | None:
        where, values = self._conditions(span)
        rows = self._rows(f"{where} ORDER BY published DESC LIMIT 1", values)
        return read_time(rows[0]["published"]) if rows else None

    def among(self, numbers: Collection[int], span: Span = EVER) -> set[int]:
        """Return which of the articles of these *numbers* are asked for."""
        if not numbers:
            return set()
        where, values = self._conditions(span)
        those = json.dumps(list(numbers))
        rows = self._rows(f"n IN (SELECT value FROM json_each(?)) AND {where}", [those, *values])
        return {row["n"] for row in rows if self._matches(row)}

    def _found(self, limit: int, span: Span, order: str) -> list[Article]:
        return list(islice(self._walk(limit, span, order), limit))

    def _walk(self, at_once: int, span: Span, order: str) -> Iterator[Article]:
        where, values = self._conditions(span)
        for offset in range(0, _SEEN * at_once, at_once):
            rows = self._rows(
                f"{where} ORDER BY {order} LIMIT ? OFFSET ?", [*values, at_once, offset]
            )
            yield from self._entries(rows, span)
            if len(rows) < at_once:
                return

    def _entries(self, rows: Rows, span: Span) -> list[Article]:
        """Return the articles of *rows* but those that another one which is chosen tells of."""
        matching = [row for row in rows if self._matches(row)]
        leaders = self._leaders([row["n"] for row in matching])
        chosen = self.among(leaders.values(), span)
        return self._articles([row for row in matching if leaders.get(row["n"]) not in chosen])

    def _matches(self, row: Any) -> bool:
        """Say whether the text fits; once a pattern was too slow, no further text does."""
        wanted, unwanted = self._selection.match, self._selection.without.match
        try:
            return not self._slow and (
                (wanted is None or _says(row, wanted))
                and (unwanted is None or not _says(row, unwanted))
            )
        except EntryError as error:
            self._slow = True
            log.error("feed %s: %s", self._selection.id, error.coded)
            return False

    def _conditions(self, span: Span) -> tuple[str, list[str]]:
        """Return the SQL for what the rows can answer, and its values."""
        where = ["listed"]
        values: list[str] = []
        if span.since is not None:
            where.append("published >= ?")
            values.append(write_time(span.since))
        if span.until is not None:
            where.append("published < ?")
            values.append(write_time(span.until))
        for sql, wanted in _parts(self._selection):
            where.append(sql)
            values += [json.dumps(wanted)] * sql.count("?")
        return " AND ".join(where), values


def _parts(selection: Selection) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield each condition that the rows can answer, and the names in it."""
    of_source = f"({_OF_SOURCE} OR {_TOLD_BY_SOURCE})"
    yield from _given(selection, of_source)
    for sql, names in _given(selection.without, _OF_SOURCE):
        yield f"NOT ({sql})", names


def _given(part: Selection | Without, of_source: str) -> Iterator[tuple[str, Sequence[str]]]:
    for sql, names in (
        (_IN_CATEGORY, part.categories),
        (of_source, part.sources),
        (_TAGGED, part.tags),
    ):
        if names:
            yield sql, names


def _says(row: Any, wanted: str) -> bool:
    text = f"{row['title']}\n{row['summary']}\n{row['content']}"
    return pattern.find(wanted, text) is not None
