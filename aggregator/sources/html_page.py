"""Kind `html`: a list on a page made for people, and where wanted each entry's own page.

    page ─► further pages ─► rows ─► entries ─► their pages ─► whole entries

An entry's own page is fetched once: when it is new, or its row has changed since it was stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from aggregator.config.settings import Source
from aggregator.errors import ParseError
from aggregator.fetch.exchange import Fetched, Getter, NotModified
from aggregator.model import BadEntry, Entry, Feed, SourceState
from aggregator.parse import css, html_page
from aggregator.record import record
from aggregator.sources import paging
from aggregator.sources.canonical import believed
from aggregator.sources.details import Details, as_pages
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
    """Return the rows as entries; raise FetchError or ParseError where the page is of no use.

    What fails of a single entry makes it a bad one.
    """
    answer = answered(getter, replace(ask(source, state), page=True))
    if isinstance(answer, NotModified):
        return answer
    lists = _Lists(source, getter)
    pages = paging.Pages(source, state, known, answer.url, lists.page)
    feed, complete = pages.follow(lists.read(answer, 1))
    harvest = Harvest(feed, answer, complete)
    if source.detail is not None:
        details = Details(source, getter, as_pages(source, state), lists.whole)
        harvest = details.complete(harvest, known)
    return replace(harvest, feed=finish(harvest.feed, source, known))


def check(source: Source) -> Iterator[Complaint]:
    """Yield what is wrong with the source's selectors, and those that lead nowhere."""
    if fault := css.fault(source.items):
        yield ("items",), fault
    own = html_page.of_page(source.fields)
    for name, selector in (source.fields | own).items():
        if fault := css.fault(selector):
            yield ("fields", name), fault
    if own and source.detail is None:
        yield ("fields", min(own)), 'stands on the entry\'s own page; add detail = "{+link}"'
    yield from paging.check_paging(source, css.fault)
    yield from check_extract(source)


@record(frozen=True, slots=True)
class _Lists:
    """How the pages of the list are read, and those of its entries."""

    source: Source
    getter: Getter

    def page(self, url: str, number: int) -> Feed:
        """Return a further page of the list."""
        return self.read(fetched(self.getter, further(self.source, url, page=True)), number)

    def read(self, answer: Fetched, number: int) -> Feed:
        """Return the entries of page *number*, without their own pages."""
        return apart(len(answer.body), _read, self.source, answer, number)

    def whole(self, entry: Entry, answer: Fetched) -> Entry:
        """Return *entry* with what stands on its own page."""
        own = html_page.of_page(self.source.fields)
        return apart(len(answer.body), _whole, entry, answer, own)


def _read(source: Source, answer: Fetched, number: int) -> Feed:
    page = html_page.read(answer.body, url=answer.url, content_type=answer.content_type)
    entries: list[Entry] = []
    bad: list[BadEntry] = []
    for place, row in enumerate(html_page.rows(page, source.items), 1):
        try:
            entries.append(html_page.entry(row, source.fields, page.base))
        except ParseError as error:
            bad.append(BadEntry(f"number {place}", str(error), error.code))
    following = paging.numbered(source, number + 1) or html_page.next_of(page, source.next)
    feed = html_page.feed_of(page, answer.url)
    return replace(feed, next_page=following, entries=tuple(entries), bad=tuple(bad))


def _whole(entry: Entry, answer: Fetched, own: Mapping[str, str]) -> Entry:
    page = html_page.read(answer.body, url=answer.url, content_type=answer.content_type)
    whole = html_page.with_page(entry, page, own)
    return replace(whole, canonical=believed(html_page.own_addresses(page), answer.url))
