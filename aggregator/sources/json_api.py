"""Kind `json`: a list of rows, and where the source has it, a detail document for each row.

    list ─► rows ─► entries ─► (new or changed?) ─► detail ─► whole entries

A detail is fetched once: for a row that is new, or has changed since it was stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from aggregator import template
from aggregator.config.settings import Source
from aggregator.errors import EntryError, FetchError, ParseError, SourceError
from aggregator.fetch.exchange import Fetched, Getter, NotModified, Request
from aggregator.model import BadEntry, Entry, Feed, SourceState
from aggregator.parse import json_api
from aggregator.parse.address import absolute
from aggregator.sources.kind import Harvest, Known, ask, distinct, finish

_PATIENCE = 3  # details in a row that fail before the rest is left for the next time


def collect(
    source: Source, state: SourceState, getter: Getter, known: Known
) -> Harvest | NotModified:
    """Return the rows as entries; raise FetchError or ParseError where the list is of no use.

    A row whose detail cannot be had is a bad entry, and the harvest is not complete. A row that the
    store has in this very version comes without its detail: nothing will be done with it.
    """
    answer = getter.get(ask(source, state))
    if isinstance(answer, NotModified):
        return answer
    feed, rows = _listed(source, answer)
    if source.detail is None:
        return Harvest(finish(feed, source), answer)
    stored = known([entry.guid for entry in feed.entries])
    detailed, complete = _Details(source, answer, getter, rows).complete(feed, stored)
    return Harvest(finish(detailed, source), answer, complete)


def _listed(source: Source, answer: Fetched) -> tuple[Feed, Mapping[str, Any]]:
    """Return the rows as entries without details, and each row by its entry's fingerprint."""
    entries: list[Entry] = []
    bad: list[BadEntry] = []
    rows: dict[str, Any] = {}
    found = json_api.rows(answer.body, source.items, answer.content_type)
    for number, row in enumerate(found, 1):
        try:
            entry = json_api.entry(row, None, source.fields, url=answer.url)
        except ParseError as error:
            bad.append(BadEntry(f"number {number}", str(error)))
        else:
            entries.append(entry)
            rows[entry.fingerprint] = row
    return Feed(entries=tuple(distinct(entries)), bad=tuple(bad)), rows


@dataclass(frozen=True, slots=True)
class _Details:
    """The detail documents of one list."""

    source: Source
    answer: Fetched  # the list
    getter: Getter
    rows: Mapping[str, Any]

    def complete(self, feed: Feed, stored: Mapping[str, str]) -> tuple[Feed, bool]:
        """Return *feed* with the details of what *stored* has not, and whether all of them came."""
        entries: list[Entry] = []
        bad = list(feed.bad)
        failed = streak = 0
        for entry in feed.entries:
            try:
                if stored.get(entry.guid) == entry.fingerprint:
                    entries.append(entry)
                elif streak >= _PATIENCE:
                    raise FetchError("not asked for, since the ones before it failed")
                else:
                    entries.append(self._whole(entry))
                    streak = 0
            except SourceError as error:
                bad.append(BadEntry(entry.guid, f"detail: {error}"))
                failed, streak = failed + 1, streak + 1
            except EntryError as error:
                bad.append(BadEntry(entry.guid, str(error)))
        return replace(feed, entries=tuple(entries), bad=tuple(bad)), not failed

    def _whole(self, entry: Entry) -> Entry:
        """Return *entry* with what its detail says; the row alone names it, so its guid stays."""
        row = self.rows[entry.fingerprint]
        answer = self._get(entry)
        detail = json_api.document(answer.body, answer.content_type)
        whole = json_api.entry(row, detail, self.source.fields, url=self.answer.url)
        return replace(whole, id=entry.guid, base=answer.url)

    def _get(self, entry: Entry) -> Fetched:
        answer = self.getter.get(self._request(entry))
        if isinstance(answer, NotModified):
            raise FetchError("answered «not modified» though nothing of it is known")
        return answer

    def _request(self, entry: Entry) -> Request:
        """Ask for all of it, without validators; the operator's headers stay with their host."""
        names = {"id": entry.guid, "link": entry.link, **entry.fields}
        url = absolute(template.fill_url(self.source.detail or "", names), self.answer.url)
        request = replace(ask(self.source, SourceState(self.source.id)), url=url)
        own = _origin(url) == _origin(self.source.url)
        return request if own else replace(request, headers={})


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()
