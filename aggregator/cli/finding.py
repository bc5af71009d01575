"""What `add` proposes: the feed behind an address, and a source made of what it says of itself."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from aggregator import language
from aggregator.cli.new_source import Ids, fit_for_config, host_of, no_template
from aggregator.config.resolve import source_url
from aggregator.config.settings import Settings
from aggregator.errors import FetchError, ParseError
from aggregator.licence import licence
from aggregator.model import Feed
from aggregator.normalise import links
from aggregator.normalise.markup import plain
from aggregator.parse.discovery import Candidate, Leads
from aggregator.record import record
from aggregator.sources import KINDS
from aggregator.sources.discover import Discovery, Remembering, discover

_NO_FEED = (
    "leads to no feed, by its links or at the usual addresses; if you know one, give its own"
    " address, else write a [[source]] of another kind (docs/config.md)"
)
_ON_THIS_MACHINE = (
    "is on this machine: for a folder of posts there is `aggregator import jekyll`, for a list of"
    " feeds `aggregator import opml`"
)


@record(frozen=True, slots=True)
class Wish:
    """What is to be added: `id` and `category` are "" where they are to be proposed.

    `ask` says whether to ask before writing, where there is a person to answer, `write` whether to
    write at all.
    """

    url: str
    id: str = ""
    category: str = ""
    ask: bool = True
    write: bool = True


@record(frozen=True, slots=True)
class Proposal:
    """A source that could be added: its keys, how it was found, and what else is there."""

    table: dict[str, Any]
    how: str
    others: tuple[Candidate, ...] = ()


def addresses(argument: str) -> list[str]:
    """Return the addresses that *argument* may mean: without a scheme https, then http."""
    argument = argument.strip()
    scheme, _, rest = argument.partition(":")
    if scheme.lower() in ("feed", "pcast", "itpc"):
        return addresses(rest.removeprefix("//"))
    return [argument] if "://" in argument else [f"https://{argument}", f"http://{argument}"]


def propose(wish: Wish, settings: Settings, getter: Remembering) -> Proposal:
    """Return the source that stands at the address that is wished for.

    Raises FetchError or ParseError, which says what to do, where there is none.
    """
    url, discovery = _discovered(wish.url, getter)
    keys, how = _keys(discovery)
    names = (keys.get("publisher", ""), host_of(keys["url"]), host_of(url))
    id_ = wish.id or Ids(settings).new(*names)
    named = {"id": id_, "url": keys.pop("url"), "category": wish.category or id_}
    return Proposal({**named, **keys}, how, discovery.others)


def _discovered(argument: str, getter: Remembering) -> tuple[str, Discovery]:
    """Return what stands at *argument*, and its whole address."""
    if Path(argument).exists():
        raise ParseError(_ON_THIS_MACHINE, code="E308")
    url, *others = addresses(argument)
    try:
        source_url(url, Path(), files=False)
    except ValueError as error:
        raise ParseError(str(error), code="E201") from error
    try:
        return url, discover(url, getter)
    except FetchError:
        for other in others:
            with suppress(FetchError):
                return other, discover(other, getter)
        raise


def _keys(discovery: Discovery) -> tuple[dict[str, str], str]:
    """Return the keys of the source that was discovered, and how it was found."""
    if found := discovery.found:
        return keys_of_feed(found.url, found.feed, discovery.leads), found.how
    if not discovery.sitemap:
        raise ParseError(_NO_FEED, code="E308")
    if "sitemap" not in KINDS or KINDS["sitemap"].needs:
        raise ParseError(f"{_NO_FEED}; its sitemap is {discovery.sitemap}", code="E308")
    keys = {
        "url": fit_for_config(discovery.sitemap),
        "kind": "sitemap",
        "publisher": no_template(discovery.leads.title),
        "language": language.tag(discovery.leads.language),
        "licence": discovery.leads.licence,
    }
    return _not_empty(keys), "the site's sitemap"


def keys_of_feed(url: str, feed: Feed, leads: Leads) -> dict[str, str]:
    """Return what the *feed* at *url* says of itself, or else the page that led to it."""
    first = feed.entries[0].rights if feed.entries else ""
    stated = (plain(feed.rights), leads.licence, plain(first))
    keys = {
        "url": fit_for_config(url),
        "publisher": no_template(plain(feed.title) or leads.title),
        "publisher_url": links.absolute(feed.link),
        "language": language.tag(feed.language) or language.tag(leads.language),
        "licence": next(filter(None, map(licence, stated)), ""),
    }
    return _not_empty(keys)


def _not_empty(keys: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in keys.items() if value}
