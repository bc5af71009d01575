"""What other programs have as sources becomes [[source]] tables: what each `import` has in common.

    a file or an address ─► arrivals and what is none ─► tables ─► config.toml

What is a source already is skipped, and what cannot be said in our language is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from aggregator.cli.composition import Invocation, load
from aggregator.cli.new_source import (
    Ids,
    address_key,
    edit,
    fit_for_config,
    host_of,
    known_addresses,
    no_template,
)
from aggregator.cli.speech import say
from aggregator.cli.terminal import print_error_line, print_json, print_line, print_steps
from aggregator.config.edit import REFUSED, Edit
from aggregator.config.resolve import source_url
from aggregator.config.settings import Settings
from aggregator.errors import ConfigError, ParseError, SourceError
from aggregator.normalise import links
from aggregator.record import record

MAX_SIZE = 10_000_000  # bytes
LINE = "line {line}:"
_SHOWN = 20  # remarks


@record(frozen=True, slots=True)
class Arrival:
    """A source as another program has it, which stands at *line* (or is the so manieth).

    `keys` are further keys of its [[source]]. `lost` says in words what could not be translated.
    """

    line: int
    url: str
    title: str = ""
    page: str = ""  # the site's address
    folders: tuple[str, ...] = ()
    keys: Mapping[str, Any] = field(default_factory=dict)
    lost: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Remark:
    """What has to be said of one thing in a list; `where` says in which line it stands."""

    line: int
    title: str
    reason: str
    where: str = LINE

    def __str__(self) -> str:
        return f"{say(self.where, line=self.line)} {self.title!r} {self.reason}"


@record(frozen=True, slots=True)
class Load:
    """All that a list brings: sources, and what is none. `where` says where a line is."""

    arrivals: Sequence[Arrival]
    bad: Sequence[Remark] = ()
    where: str = LINE


@record(frozen=True, slots=True)
class Wish:
    """What is to be imported (a file or an address, in words), and how that is told."""

    subject: str
    dry_run: bool = False
    as_json: bool = False


_Pair = tuple[Arrival, dict[str, Any]]
"""What arrived, and the source that it becomes."""


@record(frozen=True, slots=True)
class _Brought:
    """New sources, what was lost of them, what is none, and how many are sources already."""

    pairs: Sequence[_Pair]
    bad: Sequence[Remark]
    duplicates: int
    where: str

    @property
    def tables(self) -> list[dict[str, Any]]:
        return [table for _, table in self.pairs]

    @property
    def lost(self) -> list[Remark]:
        return [_remark(one, words, self.where) for one, _ in self.pairs for words in one.lost]


def bytes_of(file: Path) -> bytes:
    """Return what stands in *file*, or a little more than the most that is read.

    Raises ParseError where it cannot be read.
    """
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_SIZE + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ParseError(f"cannot be read: {reason}", code="E320") from error


def bring_in(invocation: Invocation, wish: Wish, read: Callable[[Settings], Load]) -> int:
    """Add what *read* brings to the configuration; return the exit status.

    It is 1 where nothing can be read, or something that should be a source is none.
    """
    settings = load(invocation)
    try:
        listed = read(settings)
    except SourceError as error:
        if wish.as_json:
            print_json({"error": str(error), "code": error.code})
        else:
            print_error_line(f"{wish.subject}: {error.coded}")
        return 1
    brought, change = _change(invocation, _brought(listed, settings))
    written = change is not None and not wish.dry_run
    if change and written:
        change.write()
    if wish.as_json:
        print_json(_as_json(brought, written=written))
    else:
        _show(brought, invocation, change, written=written)
    return 1 if brought.bad else 0


def _brought(listed: Load, settings: Settings) -> _Brought:
    """Make sources of the arrivals that are none yet; what is listed twice is one."""
    known, ids = set(known_addresses(settings)), Ids(settings)
    pairs: list[_Pair] = []
    bad, duplicates = list(listed.bad), 0
    for one in listed.arrivals:
        try:
            key = address_key(source_url(fit_for_config(one.url), Path(), files=False))
        except ValueError as error:
            bad.append(_remark(one, say("has an address that {error}", error=error), listed.where))
            continue
        duplicates += key in known
        if key not in known:
            known.add(key)
            pairs.append((one, _table(one, ids)))
    return _Brought(pairs, bad, duplicates, listed.where)


def _change(invocation: Invocation, brought: _Brought) -> tuple[_Brought, Edit | None]:
    """Return the change that adds it all; what would not load is bad, and costs no other source."""
    if not brought.pairs:
        return brought, None
    try:
        return brought, edit(invocation, brought.tables)
    except ConfigError:
        reasons = dict(_refused(invocation, brought.pairs))
        if not reasons:
            raise
    fit = [pair for pair in brought.pairs if pair[1]["id"] not in reasons]
    bad = [
        _remark(
            one, say("cannot be read here: {reason}", reason=reasons[table["id"]]), brought.where
        )
        for one, table in brought.pairs
        if table["id"] in reasons
    ]
    worst = sorted([*brought.bad, *bad], key=lambda remark: remark.line)
    return _change(invocation, replace(brought, pairs=fit, bad=worst))


def _refused(invocation: Invocation, pairs: Sequence[_Pair]) -> Iterator[tuple[str, str]]:
    """Yield id and fault of each source that would not load, looked for by halves."""
    if not pairs:
        return
    try:
        edit(invocation, [table for _, table in pairs])
    except ConfigError as error:
        if len(pairs) == 1:
            yield pairs[0][1]["id"], error.problems[0].message.removeprefix(REFUSED)
            return
        middle = len(pairs) // 2
        yield from _refused(invocation, pairs[:middle])
        yield from _refused(invocation, pairs[middle:])


def _remark(one: Arrival, words: str, where: str) -> Remark:
    return Remark(one.line, one.title or host_of(one.url), words, where)


def _table(one: Arrival, ids: Ids) -> dict[str, Any]:
    """Return the source that *one* becomes; nested folders are one category, `News / World`."""
    keys = {
        "id": ids.new(one.title, host_of(one.url)),
        "url": fit_for_config(one.url),
        "title": no_template(one.title),
        "category": ids.category(" / ".join(one.folders)),
        "publisher_url": links.absolute(one.page),
        **one.keys,
    }
    return {key: value for key, value in keys.items() if value}


def _as_json(brought: _Brought, *, written: bool) -> dict[str, Any]:
    def rows(remarks: Sequence[Remark]) -> list[dict[str, Any]]:
        return [{"line": one.line, "title": one.title, "reason": one.reason} for one in remarks]

    return {
        "sources": brought.tables,
        "duplicates": brought.duplicates,
        "bad": rows(brought.bad),
        "lost": rows(brought.lost),
        "written": written,
        "error": None,
    }


def _show(brought: _Brought, invocation: Invocation, change: Edit | None, *, written: bool) -> None:
    if change and not written:
        print_line(change.addition)
    for remarks in (brought.bad, brought.lost):
        for one in remarks[:_SHOWN]:
            print_error_line(str(one))
        if len(remarks) > _SHOWN:
            print_error_line(say("… and {count} more", count=len(remarks) - _SHOWN))
    words = "{count} feeds new for {file}; {known} are there already, {bad} are no feeds"
    if written:
        words = "{count} feeds added to {file}; {known} are there already, {bad} are no feeds"
    print_line(
        say(
            words,
            count=len(brought.tables),
            file=invocation.config,
            known=brought.duplicates,
            bad=len(brought.bad),
        )
    )
    if written and not invocation.quiet:
        print_steps(
            say("aggregator check --net    # asks each of them"),
            say("aggregator refresh    # takes in what they have, and publishes it"),
        )
