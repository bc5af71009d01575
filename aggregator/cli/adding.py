"""add: find the feed behind an address, test it, write it down as a source."""

from __future__ import annotations

import sys
from typing import Any

import typer

from aggregator.cli.composition import Invocation, load, visiting
from aggregator.cli.finding import Proposal, Wish, addresses, propose
from aggregator.cli.new_source import address_key, edit, known_addresses
from aggregator.cli.preview import Looked, look_at
from aggregator.cli.speech import say
from aggregator.cli.terminal import print_error_line, print_json, print_line, print_steps
from aggregator.config.edit import Edit
from aggregator.config.settings import Settings
from aggregator.errors import ParseError, SourceError
from aggregator.fetch.exchange import Getter
from aggregator.model import Article
from aggregator.normalise.markup import plain
from aggregator.record import record
from aggregator.sources.discover import Remembering

_SHOWN = 3  # entries


@record(frozen=True, slots=True)
class _Tested:
    """A proposal as the configuration would have it, and what was seen there."""

    proposal: Proposal
    change: Edit
    seen: Looked


def add_source(invocation: Invocation, wish: Wish, *, as_json: bool) -> int:
    """Add the source behind an address to the configuration; return the exit status."""
    settings = load(invocation)
    try:
        found = _found(invocation, wish, settings)
    except SourceError as error:
        return _report_refused(wish, error, as_json=as_json)
    if isinstance(found, str):
        return _report_existing(wish, found, as_json=as_json)
    if not as_json:
        _show(found)
    written = wish.write if as_json else _is_wanted(wish, found.change)
    if written:
        found.change.write()
    if as_json:
        print_json(_as_json(wish, found))
    elif written:
        id_ = found.proposal.table["id"]
        print_line(say("added to {file}", file=invocation.config))
        print_steps(
            say("aggregator refresh {source}    # ask it now", source=id_),
            say("aggregator run    # or leave it to the daemon, which follows the file by itself"),
        )
    else:
        print_line(say("{file} stays as it is", file=invocation.config))
    return 0


def _found(invocation: Invocation, wish: Wish, settings: Settings) -> _Tested | str:
    """Return what is to be added, or the id of the source that it is already."""
    known = known_addresses(settings)
    if existing := known.get(address_key(addresses(wish.url)[0])):
        return existing
    with visiting(settings) as network:
        getter = Remembering(network)
        proposal = propose(wish, settings, getter)
        if existing := known.get(address_key(proposal.table["url"])):
            return existing
        change = edit(invocation, [proposal.table])
        return _Tested(proposal, change, _tested(change, getter))


def _tested(change: Edit, getter: Getter) -> Looked:
    """Look at the new source as the configuration will have it; raises where it is of no use.

    Where each entry has a page of its own, that is done with a few of them.
    """
    source = change.settings.source[-1]
    few = source if source.kind == "feed" else source.model_copy(update={"first": _SHOWN})
    seen = look_at(few, change.settings, getter)
    if isinstance(seen.fault, SourceError):
        raise seen.fault
    reasons = [one.made for one in seen.entries if isinstance(one.made, str)]
    if seen.entries and len(reasons) == len(seen.entries):
        raise ParseError(
            f"is read, but none of its {len(reasons)} entries is taken: {reasons[0]}", code="E309"
        )
    return seen


def _is_wanted(wish: Wish, change: Edit) -> bool:
    """Say whether to write: on a terminal that is asked, elsewhere it was said by the command."""
    if not (wish.write and wish.ask and sys.stdin.isatty() and sys.stdout.isatty()):
        return wish.write
    return typer.confirm(say("add it to {file}?", file=change.path), default=True)


# ── shown ─────────────────────────────────────────────────────────────────────────────────────────


def _report_refused(wish: Wish, error: SourceError, *, as_json: bool) -> int:
    if as_json:
        print_json({"url": wish.url, "error": str(error), "code": error.code})
    else:
        print_error_line(f"{wish.url}: {error.coded}")
    return 1


def _report_existing(wish: Wish, existing: str, *, as_json: bool) -> int:
    if as_json:
        print_json({"url": wish.url, "existing": existing, "written": False, "error": None})
    else:
        print_line(
            say('{url} is the source "{id}" already; nothing is changed', url=wish.url, id=existing)
        )
    return 0


def _show(found: _Tested) -> None:
    table, title = found.proposal.table, _title(found.seen)
    named = f'"{title}", ' if title else ""
    print_line(
        say(
            "{url}: {title}{count} entries read ({how})",
            url=table["url"],
            title=named,
            count=len(found.seen.entries),
            how=found.proposal.how,
        )
    )
    for article in _newest(found.seen):
        print_line(f"  {article.published:%Y-%m-%d %H:%M}  {article.title}")
    for other in found.proposal.others:
        print_line(say("also there: {url}  {title}", url=other.url, title=other.title).rstrip())
    if "licence" not in table:
        print_line(
            say('no licence is stated; content = "excerpt" publishes no more than a few lines')
        )
    print_line(f"\n{found.change.addition}")


def _title(seen: Looked) -> str:
    return plain(seen.feed.title) if seen.feed else ""


def _newest(seen: Looked) -> list[Article]:
    articles = [one.made for one in seen.entries if isinstance(one.made, Article)]
    return sorted(articles, key=lambda article: article.published, reverse=True)[:_SHOWN]


def _as_json(wish: Wish, found: _Tested) -> dict[str, Any]:
    others = found.proposal.others
    return {
        "url": wish.url,
        "source": found.proposal.table,
        "how": found.proposal.how,
        "title": _title(found.seen),
        "entries": len(found.seen.entries),
        "others": [{"url": other.url, "title": other.title} for other in others],
        "written": wish.write,
        "error": None,
    }
