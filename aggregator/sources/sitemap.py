"""Kind `sitemap`: the addresses that a site names to search engines, and where needed their pages.

    sitemap ─► those of an index ─► entries, newest first ─► their pages ─► whole entries

A page is fetched once: for an address that is new, or that the sitemap gives another date since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from aggregator import pattern
from aggregator.config.settings import Source
from aggregator.errors import EntryError, FetchError, ParseError, SourceError, TruncatedError
from aggregator.fetch.exchange import Fetched, Getter, NotModified
from aggregator.model import BadEntry, Entry, Feed, SourceState
from aggregator.parse import css, html_page, sitemap
from aggregator.parse.gzipped import LARGEST
from aggregator.parse.sitemap import Child, Sitemap
from aggregator.record import record
from aggregator.sources.canonical import believed
from aggregator.sources.details import Details, as_pages
from aggregator.sources.kind import (
    Complaint,
    Harvest,
    Known,
    answered,
    ask,
    check_extract,
    distinct,
    fetched,
    finish,
    further,
)
from aggregator.sources.paging import given_up, was_complete
from aggregator.workers import apart

_CHILDREN = 50  # sitemaps of an index, and of those below it, that are read at one look
_PATIENCE = 3  # of them in a row that fail before the rest is left for the next look
_DEPTH = 3  # indexes below each other
_SLACK = timedelta(days=2)  # a sitemap's date may be a day alone, of another zone
_GONE = frozenset({404, 410})


def collect(
    source: Source, state: SourceState, getter: Getter, known: Known
) -> Harvest | NotModified:
    """Return an entry for each address; raise FetchError or ParseError where there is no sitemap.

    Its page is fetched only where `fields` read it, or where the sitemap does not say its title.
    """
    answer = answered(getter, ask(source, state))
    if isinstance(answer, NotModified):
        return answer
    first = _parsed(answer)
    found = _Reading(source, state, getter)
    found.take(first, answer.url)
    if not all(child.modified for child in first.children):
        # It looks the same whatever happens in its sitemaps: there is nothing to remember it by.
        answer = replace(answer, etag="", last_modified="", body_hash="")
    pages = _Pages(source)
    details = Details(source, getter, as_pages(source, state), pages.whole, pages.needed)
    harvest = details.complete(Harvest(found.feed(), answer, found.complete), known)
    return replace(harvest, feed=finish(harvest.feed, source, known))


def check(source: Source) -> Iterator[Complaint]:
    """Yield what is wrong with the source's selectors."""
    for name, selector in _fields(source).items():
        if fault := css.fault(selector):
            yield ("fields", name), fault
    yield from check_extract(source)


def _parsed(answer: Fetched) -> Sitemap:
    return apart(len(answer.body), _read, answer)


def _read(answer: Fetched) -> Sitemap:
    return sitemap.parse(
        answer.body,
        url=answer.url,
        content_type=answer.content_type,
        max_size=answer.limit or LARGEST,
    )


def _fields(source: Source) -> dict[str, str]:
    """Return the fields, all of which are read from an entry's own page: it has no row."""
    return {name: path.removeprefix("detail.") for name, path in source.fields.items()}


@dataclass(slots=True)
class _Reading:
    """The sitemaps of one look, and the entries found in them."""

    source: Source
    state: SourceState
    getter: Getter
    entries: list[Entry] = field(default_factory=list)
    bad: list[BadEntry] = field(default_factory=list)
    failed_in_a_row: int = 0
    complete: bool = True
    lists_all: bool = True  # nothing was left unread, and none of it is of a list of news

    def take(self, first: Sitemap, url: str) -> None:
        """Take in what *first*, from *url*, holds, itself and below; those found first count."""
        self._keep(first.entries)
        seen = {url}
        waiting = [(child, 1) for child in self._worth_reading(first.children, seen)]
        for _ in range(_CHILDREN):
            if not waiting or self._has_enough():
                break
            child, depth = waiting.pop(0)
            try:
                found = _parsed(fetched(self.getter, further(self.source, child.url, apart=True)))
                if found.children and depth >= _DEPTH:
                    raise ParseError(
                        f"is an index {_DEPTH} levels below the first; name it itself", code="E304"
                    )
            except SourceError as error:
                self._miss(child, error)
            else:
                self.failed_in_a_row = 0
                self._keep(found.entries)
                below = self._worth_reading(found.children, seen)
                waiting[:0] = [(one, depth + 1) for one in below]
        self.lists_all &= not waiting and not self._has_enough()

    def _has_enough(self) -> bool:
        return len(self.entries) >= sitemap.MOST or self.failed_in_a_row >= _PATIENCE

    def _miss(self, child: Child, error: SourceError) -> None:
        self.bad.append(BadEntry(child.url, str(error), error.code))
        if _is_gone(error):
            return
        self.failed_in_a_row += 1
        if not given_up(child.url, error, self.state):
            self.complete = False

    def feed(self) -> Feed:
        """Return the entries, the newest first; those without a date come last, in their order."""
        newest_first = sorted(
            distinct(self.entries[: sitemap.MOST]),
            key=lambda entry: max(entry.published, entry.updated),
            reverse=True,
        )
        return Feed(entries=tuple(newest_first), bad=tuple(self.bad), complete=self.lists_all)

    def _worth_reading(self, children: Iterable[Child], seen: set[str]) -> list[Child]:
        """Return the *children* that may hold something new, the newest first, and note them."""
        unseen = {child.url: child for child in children if child.url not in seen}
        seen.update(unseen)
        newest_first = sorted(unseen.values(), key=lambda child: child.modified, reverse=True)
        if self.state.last_ok_at is None or not was_complete(self.state):
            return newest_first
        since = (self.state.last_ok_at - _SLACK).date().isoformat()
        worth = [child for child in newest_first if not child.modified or child.modified >= since]
        self.lists_all &= len(worth) == len(newest_first)
        return worth

    def _keep(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self.lists_all &= not entry.published  # by news:publication_date: two days are listed
            try:
                if _matches(self.source.match, entry):
                    self.entries.append(entry)
            except EntryError as error:
                self.bad.append(BadEntry(entry.link, str(error), error.code))


def _matches(match: str | None, entry: Entry) -> bool:
    return match is None or pattern.find(match, entry.link) is not None


def _is_gone(error: SourceError) -> bool:
    """Say whether there is no sitemap; one of which a part came can be had at the next look."""
    if isinstance(error, ParseError):
        return not isinstance(error, TruncatedError)
    return isinstance(error, FetchError) and error.status in _GONE


@record(frozen=True, slots=True)
class _Pages:
    """The pages that a sitemap names."""

    source: Source

    def needed(self, entry: Entry) -> bool:
        """Say whether the sitemap itself says too little of *entry*."""
        return bool(self.source.fields) or not entry.title

    def whole(self, entry: Entry, answer: Fetched) -> Entry:
        """Return *entry* with what stands on its page, the operator's fields before its own."""
        return apart(len(answer.body), _whole, entry, answer, _fields(self.source))


def _whole(entry: Entry, answer: Fetched, own: Mapping[str, str]) -> Entry:
    page = html_page.read(answer.body, url=answer.url, content_type=answer.content_type)
    whole = html_page.with_own_words(html_page.with_page(entry, page, own), page)
    return replace(whole, canonical=believed(html_page.own_addresses(page), answer.url))
