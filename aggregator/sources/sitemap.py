"""Kind `sitemap`: the addresses that a site names to search engines, and where needed their pages.

    sitemap ─► those of an index ─► entries, newest first ─► their pages ─► whole entries

A page is fetched once: for an address that is new, or that the sitemap gives another date since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from aggregator import pattern
from aggregator.config.settings import Source
from aggregator.errors import EntryError, FetchError, ParseError, SourceError
from aggregator.fetch.exchange import Fetched, Getter, NotModified
from aggregator.model import BadEntry, Entry, Feed, SourceState
from aggregator.parse import css, html_page, sitemap
from aggregator.parse.sitemap import Child, Sitemap
from aggregator.sources.details import Details, as_pages
from aggregator.sources.kind import (
    Complaint,
    Harvest,
    Known,
    ask,
    check_extract,
    distinct,
    fetched,
    finish,
    further,
)
from aggregator.sources.paging import given_up, was_complete

_CHILDREN = 50  # sitemaps of an index that are read at one look
_SLACK = timedelta(days=2)  # a sitemap's date may be a day alone, of another zone
_GONE = frozenset({404, 410})


def collect(
    source: Source, state: SourceState, getter: Getter, known: Known
) -> Harvest | NotModified:
    """Return an entry for each address; raise FetchError or ParseError where there is no sitemap.

    Its page is fetched only where `fields` read it, or where the sitemap does not say its title.
    """
    answer = getter.get(ask(source, state))
    if isinstance(answer, NotModified):
        return answer
    first = _parsed(answer, source)
    found = _Reading(source, state, getter)
    found.take(first)
    if not all(child.modified for child in first.children):
        # It looks the same whatever happens in its sitemaps: there is nothing to remember it by.
        answer = replace(answer, etag="", last_modified="", body_hash="")
    pages = _Pages(source)
    details = Details(source, getter, as_pages(source, state), pages.whole, pages.needed)
    harvest = details.complete(Harvest(found.feed(), answer, found.complete), known)
    return replace(harvest, feed=finish(harvest.feed, source))


def check(source: Source) -> Iterator[Complaint]:
    """Yield what is wrong with the source's selectors."""
    for name, selector in _fields(source).items():
        if fault := css.fault(selector):
            yield ("fields", name), fault
    yield from check_extract(source)


def _parsed(answer: Fetched, source: Source) -> Sitemap:
    return sitemap.parse(
        answer.body,
        url=answer.url,
        content_type=answer.content_type,
        max_size=source.max_size or sitemap.LARGEST,
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
    complete: bool = True

    def take(self, first: Sitemap) -> None:
        """Take in what *first* holds, itself and in its sitemaps; those found first count."""
        self._keep(first.entries)
        waiting = self._worth_reading(first.children)
        for child in waiting[:_CHILDREN]:
            if len(self.entries) >= sitemap.MOST:
                break
            try:
                self._keep(self._child(child).entries)
            except SourceError as error:
                self.bad.append(BadEntry(child.url, str(error)))
                if not _is_gone(error) and not given_up(child.url, error, self.state):
                    self.complete = False

    def _child(self, child: Child) -> Sitemap:
        return _parsed(fetched(self.getter, further(self.source, child.url)), self.source)

    def feed(self) -> Feed:
        """Return the entries, the newest first; those without a date come last, in their order."""
        newest_first = sorted(
            distinct(self.entries[: sitemap.MOST]),
            key=lambda entry: max(entry.published, entry.updated),
            reverse=True,
        )
        return Feed(entries=tuple(newest_first), bad=tuple(self.bad))

    def _worth_reading(self, children: Iterable[Child]) -> list[Child]:
        """Return the *children* that may hold something new, in the order of their dates."""
        newest_first = sorted(children, key=lambda child: child.modified, reverse=True)
        if self.state.last_ok_at is None or not was_complete(self.state):
            return newest_first
        since = (self.state.last_ok_at - _SLACK).date().isoformat()
        return [child for child in newest_first if not child.modified or child.modified >= since]

    def _keep(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            try:
                if _matches(self.source.match, entry):
                    self.entries.append(entry)
            except EntryError as error:
                self.bad.append(BadEntry(entry.link, str(error)))


def _matches(match: str | None, entry: Entry) -> bool:
    return match is None or pattern.find(match, entry.link) is not None


def _is_gone(error: SourceError) -> bool:
    if isinstance(error, ParseError):
        return True
    return isinstance(error, FetchError) and error.status in _GONE


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages that a sitemap names."""

    source: Source

    def needed(self, entry: Entry) -> bool:
        """Say whether the sitemap itself says too little of *entry*."""
        return bool(self.source.fields) or not entry.title

    def whole(self, entry: Entry, answer: Fetched) -> Entry:
        """Return *entry* with what stands on its page, the operator's fields before its own."""
        page = html_page.read(answer.body, url=answer.url, content_type=answer.content_type)
        found = html_page.with_page(entry, page, _fields(self.source))
        return html_page.with_own_words(found, page)
