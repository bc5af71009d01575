"""Kind `json`: a list of rows, and where the source has it, a detail document for each row.

    list ─► further pages ─► rows ─► entries ─► details ─► whole entries

A detail is fetched once: for a row that is new, or has changed since it was stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import Any

from aggregator.config.settings import Source
from aggregator.errors import ParseError
from aggregator.fetch.exchange import Fetched, Getter, NotModified
from aggregator.model import BadEntry, Entry, Feed, SourceState
from aggregator.parse import json_api
from aggregator.record import record
from aggregator.sources import paging
from aggregator.sources.details import AS_DATA, Details
from aggregator.sources.kind import (
    Complaint,
    Harvest,
    Known,
    answered,
    ask,
    check_extract,
    fetched,
    finish,
    further,
)
from aggregator.workers import apart


def collect(
    source: Source, state: SourceState, getter: Getter, known: Known
) -> Harvest | NotModified:
    """Return the rows as entries; raise FetchError or ParseError where the list is of no use.

    A row whose detail cannot be had is a bad entry, and the harvest is not complete. A row that the
    store has in this very version comes without its detail: nothing will be done with it.
    """
    answer = answered(getter, ask(source, state))
    if isinstance(answer, NotModified):
        return answer
    rows = _Rows(source, getter)
    pages = paging.Pages(source, state, known, answer.url, rows.page)
    feed, complete = pages.follow(rows.read(answer, 1))
    harvest = Harvest(feed, answer, complete)
    if source.detail is not None:
        details = Details(source, getter, AS_DATA, rows.whole)
        harvest = details.complete(harvest, known)
    return replace(harvest, feed=finish(harvest.feed, source, known))


def check(source: Source) -> Iterator[Complaint]:
    """Yield what is wrong with the source's JMESPath expressions and selectors."""
    if source.items and (fault := json_api.fault(source.items)):
        yield ("items",), fault
    for name, path in source.fields.items():
        if fault := json_api.fault(path):
            yield ("fields", name), fault
    yield from paging.check_paging(source, json_api.fault)
    yield from check_extract(source)


@record(frozen=True, slots=True)
class _Rows:
    """The rows of a list, by the fingerprints of their entries: a detail is read beside its row."""

    source: Source
    getter: Getter
    found: dict[str, Any] = field(default_factory=dict)

    def page(self, url: str, number: int) -> Feed:
        """Return a further page of the list."""
        return self.read(fetched(self.getter, further(self.source, url, apart=True)), number)

    def read(self, answer: Fetched, number: int) -> Feed:
        """Return the entries of page *number*, without their details."""
        feed, rows = apart(len(answer.body), _read, self.source, answer, number)
        self.found.update(rows)
        return feed

    def whole(self, entry: Entry, answer: Fetched) -> Entry:
        """Return *entry* with what its detail says; the row alone names it, so its guid stays."""
        row = self.found[entry.fingerprint]
        return apart(len(answer.body), _whole, entry, row, answer, self.source.fields)


def _read(source: Source, answer: Fetched, number: int) -> tuple[Feed, dict[str, Any]]:
    """Return a page of the list, and its rows by the fingerprints of their entries."""
    listed = json_api.document(answer.body, answer.content_type)
    found: dict[str, Any] = {}
    entries: list[Entry] = []
    bad: list[BadEntry] = []
    for place, row in enumerate(json_api.rows(listed, source.items), 1):
        try:
            entry = json_api.entry(row, None, source.fields, url=answer.url)
        except ParseError as error:
            bad.append(BadEntry(f"number {place}", str(error), error.code))
        else:
            entries.append(entry)
            found[entry.fingerprint] = row
    following = paging.numbered(source, number + 1) or json_api.next_of(
        listed, source.next, url=answer.url
    )
    return Feed(next_page=following, entries=tuple(entries), bad=tuple(bad)), found


def _whole(entry: Entry, row: Any, answer: Fetched, fields: Mapping[str, str]) -> Entry:
    detail = json_api.document(answer.body, answer.content_type)
    whole = json_api.entry(row, detail, fields, url=entry.base)
    return replace(whole, id=entry.guid, base=answer.url)
