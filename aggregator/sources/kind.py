"""What a kind of source is, and what one look at a source brings: the contract of this room."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from aggregator.config.settings import Source
from aggregator.errors import EntryError, FetchError
from aggregator.fetch.exchange import Fetched, Getter, NotModified, Request
from aggregator.model import BadEntry, Entry, Feed, SourceState, fingerprint
from aggregator.record import record

_LONGEST_TITLE = 50_000  # characters, markup and all: an article keeps 500 of what it says

Known = Callable[[Sequence[str]], Mapping[str, str]]
"""guids → the fingerprints of those that the store has."""


@record(frozen=True, slots=True)
class Harvest:
    """What one look at a source brought.

    `answer` is the list document's: its validators promise what `feed` holds. They are not to be
    kept where `complete` is false: something failed that the next look may bring. `passed_over`
    are entries, guid → fingerprint, that are older than what is wanted of a new source: they are
    to be known from now on, and not taken in.
    """

    feed: Feed
    answer: Fetched
    complete: bool = True
    passed_over: Mapping[str, str] = field(default_factory=dict)


Collect = Callable[[Source, SourceState, Getter, Known], Harvest | NotModified]

Complaint = tuple[tuple[str, ...], str]
"""The place of a key below its [[source]], and what is wrong with the value there."""

Check = Callable[[Source], Iterable[Complaint]]


class Kind(NamedTuple):
    """One row of the table of kinds."""

    summary: str  # one line for help and docs
    needs: frozenset[str]  # the keys of [[source]] it requires besides id and url
    takes: frozenset[str]  # further keys that only make sense for such kinds
    files: bool  # whether the url may be a path
    collect: Collect
    check: Check  # yields what is wrong with the expressions of a source


def ask(source: Source, state: SourceState) -> Request:
    """Return the request for the source's own document, with the validators of the last answer."""
    return Request(
        url=source.url,
        etag=state.etag,
        last_modified=state.last_modified,
        body_hash=state.body_hash,
        document=state.document,
        headers={name: value.get_secret_value() for name, value in source.headers.items()},
        timeout=source.timeout.total_seconds() if source.timeout else None,
        max_size=source.max_size,
        allow_private=source.allow_private,
    )


def further(source: Source, url: str, *, page: bool = False, apart: bool = False) -> Request:
    """Return the request for another document of *source*, whole, without validators.

    The operator's headers stay with the source's own origin. *page*: it was made for people;
    *apart*: it is one of many. Raises FetchError for a file of this machine, unless it lies beside
    the source's own file.
    """
    request = replace(ask(source, SourceState(source.id)), url=url, page=page, apart=apart)
    if urlsplit(url).scheme == "file" and not _lies_beside(url, source.url):
        raise FetchError("is a file of this machine, which the source may not name", code="E220")
    return request if _origin(url) == _origin(source.url) else replace(request, headers={})


def answered(getter: Getter, request: Request) -> Fetched | NotModified:
    """Return the answer; raise FetchError also where a check for people stands in its place.

    That passes, as a fault does: it says nothing of what was asked for.
    """
    answer = getter.get(request)
    if isinstance(answer, NotModified):
        return answer
    from aggregator.parse.challenge import check_shown

    if title := check_shown(answer.body):
        raise FetchError(
            f'shows a check for people ("{title}") and lets no program pass', code="E221"
        )
    return answer


def fetched(getter: Getter, request: Request) -> Fetched:
    """Return the document of a request without validators."""
    answer = answered(getter, request)
    if isinstance(answer, NotModified):
        raise FetchError("answered «not modified» though nothing of it is known", code="E223")
    return answer


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()


def _lies_beside(url: str, own: str) -> bool:
    folder = posixpath.dirname(_path(own))
    return urlsplit(own).scheme == "file" and _path(url).startswith(f"{folder}/")


def _path(url: str) -> str:
    return posixpath.normpath(unquote(urlsplit(url).path))


def is_new(state: SourceState) -> bool:
    """Say whether nothing was ever taken in of the source."""
    return state.last_ok_at is None


def finish(feed: Feed, source: Source, known: Known = lambda guids: {}) -> Feed:
    """Return *feed* as a kind hands it on.

    Every entry has a guid and a fingerprint of its own and the fields that [source.extract] finds;
    one on which that fails is a bad entry. One that is *known* as it is is not looked into again:
    nothing will be done with it.
    """
    marked = tuple(map(_marked, distinct([_with_a_title(entry) for entry in feed.entries])))
    if not source.extract:
        return replace(feed, entries=marked)
    from aggregator.parse.extract import extract

    stored = known([entry.guid for entry in marked])
    entries: list[Entry] = []
    bad = list(feed.bad)
    for entry in marked:
        is_known = stored.get(entry.guid) == entry.fingerprint
        try:
            entries.append(entry if is_known else extract(entry, source.extract))
        except EntryError as error:
            bad.append(BadEntry(entry.guid, str(error), error.code))
    return replace(feed, entries=tuple(entries), bad=tuple(bad))


def _with_a_title(entry: Entry) -> Entry:
    if len(entry.title) <= _LONGEST_TITLE:
        return entry
    return replace(entry, title=entry.title[:_LONGEST_TITLE])


def _marked(entry: Entry) -> Entry:
    return entry if entry.fingerprint else replace(entry, fingerprint=fingerprint(repr(entry)))


def check_extract(source: Source) -> Iterator[Complaint]:
    """Yield what is wrong with the selectors of [source.extract]."""
    if source.extract:
        from aggregator.parse import css

        for name, wanted in source.extract.items():
            if fault := css.fault(wanted.selector):
                yield ("extract", name, "selector"), fault


def distinct(entries: Sequence[Entry]) -> list[Entry]:
    """Return *entries* with no guid twice, in their order.

    Some publishers give one id to everything: entries of one id are told apart by their links, or,
    where they have none or the same, by their titles, or else by whatever they hold. What is then
    still the same is a repetition, of which the first is kept.
    """
    if len({entry.guid for entry in entries}) == len(entries):
        return list(entries)
    marks: dict[str, set[str]] = {}
    titles: dict[tuple[str, str], set[str]] = {}
    for entry in entries:
        marks.setdefault(entry.guid, set()).add(entry.link or entry.title or repr(entry))
        titles.setdefault((entry.guid, entry.link), set()).add(entry.title)
    found: dict[str, Entry] = {}
    for entry in entries:
        one = entry
        if len(marks[entry.guid]) > 1:
            one = replace(entry, id=_other_id(entry, titles[entry.guid, entry.link]))
        found.setdefault(one.guid, one)
    return list(found.values())


def _other_id(entry: Entry, titles: Collection[str]) -> str:
    """Return an id for an entry whose own is also another's; *titles* go with its id and link."""
    if entry.link and len(titles) == 1:
        return entry.link
    named = (entry.title, entry.published)
    return fingerprint(entry.link or entry.id, *(named if any(named) else (repr(entry),)))
