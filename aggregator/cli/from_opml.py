"""import opml: the feeds of another reader become sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from aggregator.cli.terminal import print_error_line, print_json, print_line
from aggregator.config.resolve import source_url
from aggregator.config.settings import Settings
from aggregator.errors import ParseError
from aggregator.normalise import links
from aggregator.parse import opml
from aggregator.parse.opml import BadOutline, Subscription, Subscriptions

_BAD_SHOWN = 20  # outlines


@dataclass(frozen=True, slots=True)
class _Brought:
    """What an OPML file brings: new sources, what is no feed, and how many are sources already."""

    tables: Sequence[dict[str, Any]]
    bad: Sequence[BadOutline]
    duplicates: int


def import_opml(invocation: Invocation, file: Path, *, dry_run: bool, as_json: bool) -> int:
    """Add the feeds that *file* lists to the configuration; return the exit status."""
    settings = load(invocation)
    try:
        brought = _brought(opml.read(_bytes(file)), settings)
    except ParseError as error:
        if as_json:
            print_json({"error": str(error)})
        else:
            print_error_line(f"{file}: {error}")
        return 1
    change = edit(invocation, brought.tables) if brought.tables else None
    if change and not dry_run:
        change.write()
    elif change and not as_json:
        print_line(change.addition)
    written = change is not None and not dry_run
    if as_json:
        print_json(_as_json(brought, written=written))
    else:
        _show(brought, invocation, written=written)
    return 1 if brought.bad else 0


def _bytes(file: Path) -> bytes:
    """Return what stands in *file*, or a little more than the most that is read."""
    try:
        with file.open("rb") as opened:
            return opened.read(opml.MAX_SIZE + 1)
    except OSError as error:
        raise ParseError(f"cannot be read: {(error.strerror or str(error)).lower()}") from error


def _brought(listed: Subscriptions, settings: Settings) -> _Brought:
    """Make sources of the feeds that are none yet; what is listed twice is one."""
    known, ids = set(known_addresses(settings)), Ids(settings)
    tables, bad, duplicates = [], list(listed.bad), 0
    for feed in listed.feeds:
        try:
            key = address_key(source_url(fit_for_config(feed.url), Path(), files=False))
        except ValueError as error:
            bad.append(BadOutline(feed.line, feed.title, f"has an xmlUrl that {error}"))
            continue
        duplicates += key in known
        if key not in known:
            known.add(key)
            tables.append(_table(feed, ids))
    return _Brought(tables, sorted(bad, key=lambda one: one.line), duplicates)


def _table(feed: Subscription, ids: Ids) -> dict[str, Any]:
    """Return the source that *feed* becomes; nested folders are one category, `News / World`."""
    keys = {
        "id": ids.new(feed.title, host_of(feed.url)),
        "url": fit_for_config(feed.url),
        "title": no_template(feed.title),
        "category": ids.category(" / ".join(feed.folders)),
        "publisher_url": links.absolute(feed.page),
    }
    return {key: value for key, value in keys.items() if value}


def _as_json(brought: _Brought, *, written: bool) -> dict[str, Any]:
    bad = [{"line": one.line, "title": one.title, "reason": one.reason} for one in brought.bad]
    return {
        "sources": brought.tables,
        "duplicates": brought.duplicates,
        "bad": bad,
        "written": written,
        "error": None,
    }


def _show(brought: _Brought, invocation: Invocation, *, written: bool) -> None:
    for one in brought.bad[:_BAD_SHOWN]:
        print_error_line(str(one))
    if len(brought.bad) > _BAD_SHOWN:
        print_error_line(f"… and {len(brought.bad) - _BAD_SHOWN} more")
    print_line(
        f"{len(brought.tables)} feeds {'added to' if written else 'new for'} {invocation.config};"
        f" {brought.duplicates} are there already, {len(brought.bad)} are no feeds"
    )
    if written:
        print_line("next: aggregator check --net, then aggregator refresh")
