"""The further document of each entry of a list: its detail, its page. Each is fetched once.

    entries ─► new or changed? ─► wanted? ─► fetched ─► whole entries

What cannot be had now is left for the next time, without a loss and without a second fetch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from aggregator import template
from aggregator.config.settings import Source
from aggregator.errors import EntryError, FetchError, ForbiddenError, ParseError, SourceError
from aggregator.fetch.exchange import Fetched, Getter
from aggregator.model import BadEntry, Entry, SourceState
from aggregator.parse.address import absolute
from aggregator.record import record
from aggregator.sources.kind import Harvest, Known, fetched, further, is_new

PATIENCE = 3  # documents in a row that fail before the rest is left for the next time
_PAGES = 50  # of articles, at one look
_NO_PAGE = frozenset({404, 410})


@record(frozen=True, slots=True)
class Manner:
    """How the further documents of a kind are asked for.

    `page`: they are pages, made for people. `most` are asked for at one look, and of a source that
    is new to us only those of the `first` entries (None: no bound).
    """

    page: bool = False
    most: int | None = None
    first: int | None = None


AS_DATA = Manner()


def as_pages(source: Source, state: SourceState) -> Manner:
    """Return how pages are asked for: few, and of what is older than `first` none at all.

    A history is asked for at once, since it is looked at only once.
    """
    new = is_new(state)
    first = source.first if new and isinstance(source.first, int) else None
    most = None if new and source.history else _PAGES
    return Manner(page=True, most=most, first=first)


@dataclass(slots=True)
class _Look:
    """What one look brought so far."""

    entries: list[Entry] = field(default_factory=list)
    bad: list[BadEntry] = field(default_factory=list)
    passed_over: dict[str, str] = field(default_factory=dict)
    asked: int = 0
    failed_in_a_row: int = 0
    complete: bool = True


@record(frozen=True, slots=True)
class Details:
    """Where the further documents of a list stand, and how they make its entries whole.

    `whole` makes an entry and its document one; it raises ParseError where that is not the document
    which was meant. `needed` says whether an entry has one at all.
    """

    source: Source
    getter: Getter
    manner: Manner
    whole: Callable[[Entry, Fetched], Entry]
    needed: Callable[[Entry], bool] = lambda _: True

    def complete(self, listed: Harvest, known: Known) -> Harvest:
        """Return the *listed* entries made whole, as far as the store does not have them.

        One that it has in this very version comes as it is: nothing will be done with it. One whose
        document fails is a bad entry, one that is left for the next time is left out; either way
        the harvest is not complete.
        """
        stored = known([entry.guid for entry in listed.feed.entries])
        look = _Look(bad=list(listed.feed.bad), complete=listed.complete)
        for entry in listed.feed.entries:
            try:
                self._look_at(entry, stored, look)
            except EntryError as error:
                look.bad.append(BadEntry(entry.guid, str(error), error.code))
        feed = replace(listed.feed, entries=tuple(look.entries), bad=tuple(look.bad))
        return Harvest(feed, listed.answer, look.complete, look.passed_over)

    def _look_at(self, entry: Entry, stored: Mapping[str, str], look: _Look) -> None:
        if stored.get(entry.guid) == entry.fingerprint or not self.needed(entry):
            look.entries.append(entry)
        elif self.manner.first is not None and look.asked >= self.manner.first:
            look.passed_over[entry.guid] = entry.fingerprint
        elif self.manner.most is not None and look.asked >= self.manner.most:
            look.complete = False
        else:
            look.asked += 1
            self._make_whole(entry, look)

    def _make_whole(self, entry: Entry, look: _Look) -> None:
        try:
            if look.failed_in_a_row >= PATIENCE:
                raise FetchError("not asked for, since the ones before it failed", code="E226")
            request = further(self.source, self._address(entry), page=self.manner.page)
            look.entries.append(self.whole(entry, fetched(self.getter, request)))
            look.failed_in_a_row = 0
        except SourceError as error:
            look.bad.append(BadEntry(entry.guid, f"detail: {error}", error.code))
            if not (self.manner.page and is_of_one_page(error)):
                look.failed_in_a_row += 1
                look.complete = False

    def _address(self, entry: Entry) -> str:
        """Return where the document stands; EntryError where the row lacks what that needs."""
        names = {"id": entry.guid, "link": entry.link, **entry.fields}
        pattern = self.source.detail or "{+link}"
        return absolute(template.fill_url(pattern, names), entry.base)


def is_of_one_page(error: SourceError) -> bool:
    """Say whether it is that one page which is gone, forbidden, or none of the usual kind.

    That says nothing of the others, and asking again before the list changes brings nothing.
    """
    if isinstance(error, ParseError | ForbiddenError):
        return True
    return isinstance(error, FetchError) and error.status in _NO_PAGE
