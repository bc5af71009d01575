"""Lists of several pages: the first one, then page after page as far as they bring something.

A list is read on while it brings entries that the store does not have, at most `pages` pages. The
history of a new source (RFC 5005: rel=next, rel=prev-archive) is read to its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from aggregator import template
from aggregator.config.settings import Source
from aggregator.errors import FetchError, ParseError, PausedError, SourceError
from aggregator.model import BadEntry, Entry, Feed, SourceState
from aggregator.parse.address import absolute
from aggregator.record import record
from aggregator.sources.kind import Complaint, Known, distinct, is_new

_HISTORY = 100  # pages
_TRIES = 3  # at a new source's further pages, before it is taken in without them
_PAST_THE_END = frozenset({404, 410})
_NUMBER = "{page}"


@record(frozen=True, slots=True)
class Pages:
    """Where a list stands, what is known of it, and how its page at an address is read.

    `read` is given the address and the number of the page; the first one, number 1, came from
    `start`. A page says itself where the next one is (`Feed.next_page`).
    """

    source: Source
    state: SourceState
    known: Known
    start: str
    read: Callable[[str, int], Feed]

    def follow(self, first: Feed) -> tuple[Feed, bool]:
        """Return the *first* page with the entries of those after it, and whether all came.

        Raises FetchError for a new source of which a page fails: what is missing would later look
        like news (see `given_up`). A page that is not there (404), or is no such list, is the end.
        """
        pages, complete = [_told_apart(first)], True
        seen, guids = {self.start}, _guids(pages[0])
        fresh = guids
        while (url := pages[-1].next_page) and self._goes_on(len(pages), fresh):
            if url in seen or not _same_host(url, self.start):
                break
            seen.add(url)
            try:
                page = _told_apart(self.read(url, len(pages) + 1))
            except SourceError as error:
                failed, complete = self._failed(error, len(pages) + 1)
                pages.append(failed)
                break
            pages.append(page)
            fresh = _guids(page) - guids
            guids |= fresh
        return _joined(pages), complete

    def _goes_on(self, number: int, fresh: set[str]) -> bool:
        """Say whether to read on after page *number*, the *fresh* entries of which no other had."""
        if not fresh or number >= self._most:
            return False
        # Where the last look was not complete, what it missed may stand behind what is known.
        return not was_complete(self.state) or len(self.known(list(fresh))) < len(fresh)

    @property
    def _most(self) -> int:
        return _HISTORY if self.source.history and is_new(self.state) else self.source.pages

    def _failed(self, error: SourceError, number: int) -> tuple[Feed, bool]:
        """Return what stands in for a page that failed, and whether the list is complete so."""
        if self._is_end(error) and _NUMBER in self.source.next:
            return Feed(), True  # nobody said that there is such a page
        name = f"page {number}"
        complete = self._is_end(error) or given_up(name, error, self.state)
        return Feed(bad=(BadEntry(name, str(error), error.code),)), complete

    def _is_end(self, error: SourceError) -> bool:
        """Say whether there is no further page: none at the address, or none with such rows."""
        if isinstance(error, ParseError):
            return bool(self.source.next)
        return isinstance(error, FetchError) and error.status in _PAST_THE_END


def given_up(name: str, error: SourceError, state: SourceState) -> bool:
    """Return whether a part of a list, which failed with *error*, is never asked for again.

    Raises FetchError for a new source: three times it comes whole or not at all, and then without
    the part. That of a known one can be had at the next look.
    """
    if is_new(state) and state.failures < _TRIES:
        if isinstance(error, PausedError):
            raise error
        retry_at = error.retry_at if isinstance(error, FetchError) else None
        raise FetchError(f"{name}: {error}", retry_at=retry_at, code=error.code) from error
    return is_new(state)


def was_complete(state: SourceState) -> bool:
    """Say whether the last look brought all there was: only then validators are remembered."""
    return bool(state.etag or state.last_modified or state.body_hash)


def numbered(source: Source, number: int) -> str:
    """Return the address of page *number*, "" where the source does not number its pages."""
    if _NUMBER not in source.next:
        return ""
    return absolute(template.fill_url(source.next, {"page": str(number)}), source.url)


def check_paging(source: Source, fault: Callable[[str], str | None]) -> Iterator[Complaint]:
    """Yield what is wrong with the keys of paging; *fault* judges an expression in `next`."""
    judge = _fault_of_template if _NUMBER in source.next else fault
    if source.next and (wrong := judge(source.next)):
        yield ("next",), wrong
    if source.next and source.pages == 1 and not source.history:
        yield ("next",), "is never followed, since pages is 1; add pages = 5"
    if not source.next and (source.pages > 1 or source.history):
        key = "history" if source.history else "pages"
        yield (key,), "needs to know where the next page is; add next"


def _fault_of_template(address: str) -> str | None:
    others = template.names(address) - {"page"}
    return template.fault(address) or (f"holds {{{min(others)}}} too" if others else None)


def _guids(page: Feed) -> set[str]:
    return {entry.guid for entry in page.entries}


def _told_apart(page: Feed) -> Feed:
    return replace(page, entries=tuple(distinct(page.entries)))


def _joined(pages: list[Feed]) -> Feed:
    """Return the first page with the entries of all: of each the newest version, which is first."""
    found: dict[str, Entry] = {}
    for page in pages:
        for entry in page.entries:
            found.setdefault(entry.guid, entry)
    bad = tuple(bad for page in pages for bad in page.bad)
    return replace(pages[0], entries=tuple(found.values()), bad=bad)


def _same_host(url: str, other: str) -> bool:
    one, two = urlsplit(url), urlsplit(other)
    return one.hostname == two.hostname and (one.scheme == "file") == (two.scheme == "file")
