"""preview: fetch and parse, show what would be taken in, store nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from aggregator.cli.composition import Invocation, load, visiting
from aggregator.cli.preview_json import Frame, entry_json, feed_json, is_undated
from aggregator.cli.terminal import print_error_line, print_json, print_line
from aggregator.config.settings import Settings, Source
from aggregator.errors import AggregatorError, EntryError, ParseError, TruncatedError
from aggregator.fetch.exchange import Fetched, Getter, NotModified, Request
from aggregator.model import Article, Entry, Feed, SourceState
from aggregator.normalise.article import explain
from aggregator.normalise.markup import plain
from aggregator.normalise.place import Place
from aggregator.normalise.provenance import provenance
from aggregator.record import record
from aggregator.sources import KINDS
from aggregator.sources.kind import finish


@record(frozen=True, slots=True)
class Look:
    """How to look at what is no configured source: its kind, and the facts of its transport."""

    kind: str
    base: str
    content_type: str
    limit: int  # entries; 0 is all


class Become(NamedTuple):
    """An entry, what it becomes (or why it would be left out), and what the rules did to it.

    A rule is (as it stands in the file, what it did, what came of it).
    """

    entry: Entry
    made: Article | str
    rules: tuple[tuple[str, str, str], ...] = ()


@record(frozen=True, slots=True)
class Looked:
    """What was seen at a source: its feed and what each entry becomes, or the fault, or both.

    Both there are of a truncated feed, of which a refresh would take nothing.
    """

    feed: Feed | None = None
    entries: tuple[Become, ...] = ()
    fault: AggregatorError | None = None


class _File:
    """A document that is at hand, as if it had come from its address."""

    def __init__(self, path: Path, look: Look) -> None:
        self._path = path
        self._look = look

    def get(self, request: Request) -> Fetched | NotModified:
        """Return the file, with the facts of its transport that are known."""
        body = self._path.read_bytes()
        return Fetched(self._look.base, body, content_type=self._look.content_type)


def preview_all(
    invocation: Invocation, arguments: Iterable[str], look: Look, *, as_json: bool
) -> int:
    """Show each of *arguments*; return the exit status."""
    if look.kind not in KINDS:
        print_error_line(f"unknown kind {look.kind!r}; expected one of {', '.join(KINDS)}")
        return 2
    settings = _settings(invocation)
    failed = False
    with visiting(settings) as network:
        for argument in arguments:
            source, getter = _subject(argument, settings, look, network)
            seen = look_at(source, settings, getter, look.limit)
            failed |= seen.feed is None
            if as_json:
                print_json(_as_json(seen, source, settings))
            else:
                _print(argument, seen)
    return 1 if failed else 0


def look_at(source: Source, settings: Settings, getter: Getter, limit: int = 0) -> Looked:
    """Fetch and parse *source*, and make articles of its entries (*limit* at most, 0 is all)."""
    try:
        harvest = KINDS[source.kind].collect(source, SourceState(source.id), getter, _knows_nothing)
    except TruncatedError as error:
        if error.feed is None:
            return Looked(fault=error)
        feed = finish(error.feed, source)
        return Looked(feed, _entries(Frame(feed, source, settings), limit), error)
    except AggregatorError as error:
        return Looked(fault=error)
    if isinstance(harvest, NotModified):
        return Looked(
            fault=ParseError("answered «not modified» though nothing is known of it", code="E223")
        )
    return Looked(harvest.feed, _entries(Frame(harvest.feed, source, settings), limit))


def _entries(frame: Frame, limit: int) -> tuple[Become, ...]:
    entries = frame.feed.entries[:limit] if limit else frame.feed.entries
    return tuple(_become(entry, frame.place) for entry in entries)


def _knows_nothing(_: Iterable[str]) -> Mapping[str, str]:
    return {}


def _become(entry: Entry, place: Place) -> Become:
    try:
        explained = explain(entry, place, datetime.now(UTC).replace(microsecond=0))
    except EntryError as error:
        return Become(entry, error.coded)
    rules = provenance(entry, explained).steps
    return Become(entry, explained.article or "left out by a rule", rules)


def _settings(invocation: Invocation) -> Settings:
    """Return the configuration, or the defaults where there is no file."""
    return load(invocation) if invocation.config.exists() else Settings()


def _subject(
    argument: str, settings: Settings, look: Look, network: Getter
) -> tuple[Source, Getter]:
    """Return the source that *argument* names, and where to get it from."""
    for source in settings.source:
        if source.id == argument:
            return source, network
    path = Path(argument)
    if path.is_file():
        address = look.base or path.absolute().as_uri()
        return Source(id="preview", url=address, kind=look.kind), _File(path, look)
    url = path.absolute().as_uri() if path.exists() else argument
    if "://" not in url:
        url = f"https://{url}"
    return Source(id="preview", url=url, kind=look.kind), network


def _as_json(seen: Looked, source: Source, settings: Settings) -> dict[str, Any]:
    if seen.feed is None:
        return _fault_json("error", seen.fault)
    frame = Frame(seen.feed, source, settings)
    shown: dict[str, Any] = {
        "feed": feed_json(frame),
        "entries": [entry_json(entry, article, frame) for entry, article, _ in seen.entries],
    }
    return {**shown, **_fault_json("warning", seen.fault)} if seen.fault else shown


def _fault_json(name: str, fault: AggregatorError | None) -> dict[str, Any]:
    return {name: str(fault), "code": fault.code} if fault else {}


def _print(argument: str, seen: Looked) -> None:
    if seen.fault is not None:
        print_error_line(f"{argument}: {seen.fault.coded}")
    if seen.feed is None:
        return
    print_line(f"{plain(seen.feed.title) or argument}: {len(seen.entries)} entries")
    for entry, article, rules in seen.entries:
        for rule, effect, value in rules:
            print_line(f"  {effect} by the rule {rule}" + (f": {value}" if value else ""))
        if isinstance(article, str):
            print_line(f"  ✗ {plain(entry.title) or entry.guid}: {article}")
            continue
        when = "undated" if is_undated(article) else f"{article.published:%Y-%m-%d %H:%M}"
        print_line(f"  {when}  {article.title}")
        by = ", ".join(person.name for person in article.authors if person.name)
        credit = article.attribution.publisher
        print_line(f"      {f'{by}, {credit}' if by else credit}  {article.share_link}")
