"""The addresses that an article may be shared under, and which of them is the best. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from aggregator import template
from aggregator.model import Entry
from aggregator.normalise.links import clean, host_of, original
from aggregator.normalise.place import Place
from aggregator.normalise.redirectors import is_redirector, leads_elsewhere, unwrapped

INSIDE = "the address inside "
RESOLVED = "where its redirector leads"

Candidate = tuple[str, str]
"""Where an address comes from that an article may be shared under, and the address, cleaned."""


def candidates(
    entry: Entry, place: Place, fields: Mapping[str, str], base: str
) -> tuple[Candidate, ...]:
    """Return the addresses that the article of *entry* may be shared under, the best one first.

    *fields* fill the source's share_link template; relative ones are relative to *base*. An address
    that only leads to another one comes after all that do not. Raises EntryError where the template
    needs a field that is missing.
    """
    found = sorted(_offered(entry), key=lambda offer: leads_elsewhere(offer[1]))
    if place.source.share_link:
        filled = template.fill_url(place.source.share_link, fields)
        found.insert(0, ("the source's share_link", filled))
    hosts = _own_hosts(place)
    cleaned = [(reason, clean(url, base, hosts)) for reason, url in found]
    return tuple([(reason, url) for reason, url in cleaned if url])


def original_link(entry: Entry, place: Place, base: str) -> str:
    """Return the address of the original, by the source's own word; "" where it has none.

    It keeps its fragment: of a page with many entries that is where this one stands. What it wraps
    is taken out of its wrapper.
    """
    hosts = _own_hosts(place)
    claimed = (original(unwrapped(url) or url, base, hosts) for _, url in _said(entry))
    return next(filter(None, claimed), "")


def to_follow(entry: Entry) -> str:
    """Return the redirector to ask where the article is; "" where there is none, or no need."""
    urls = [unwrapped(url) or url for _, url in _said(entry)]
    if not all(map(leads_elsewhere, urls)):
        return ""
    return next(filter(is_redirector, urls), "")


def claims(entries: Iterable[Entry]) -> set[str]:
    """Return the addresses, as they would be shared, that pages of *entries* say are their own."""
    return {clean(entry.canonical) for entry in entries if entry.canonical}


def without_shared_claims(
    entries: Sequence[Entry], taken: Iterable[tuple[str, str, Collection[str]]]
) -> list[Entry]:
    """Return *entries* of one source without the claims that pages of several entries make.

    A site that calls every page by one name says nothing of any. *taken* are (guid, share link, all
    the addresses it could have been shared under) of the articles known to be shared under a claim;
    one that is at the same address is no other page, whatever its guid.
    """
    own = {entry.guid for entry in entries}
    pages: dict[str, set[str]] = {}
    for entry in entries:
        pages.setdefault(clean(entry.canonical), set()).add(_page(entry))
    others: dict[str, list[set[str]]] = {}
    for guid, share_link, addresses in taken:
        if guid not in own:
            others.setdefault(share_link, []).append(set(map(_key, addresses)))

    def is_shared(entry: Entry) -> bool:
        claim, page = clean(entry.canonical), _page(entry)
        return len(pages[claim]) > 1 or any(page not in known for known in others.get(claim, ()))

    return [
        replace(entry, canonical="") if entry.canonical and is_shared(entry) else entry
        for entry in entries
    ]


def _page(entry: Entry) -> str:
    link = entry.link or entry.permalink
    return _key(clean(unwrapped(link) or link)) or entry.guid


def _key(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.")


def _offered(entry: Entry) -> Iterator[tuple[str, str]]:
    for reason, url in _said(entry):
        if inner := unwrapped(url):
            yield f"{INSIDE}{reason.partition(',')[0]}", inner
        yield reason, url
    if entry.resolved and to_follow(entry):
        yield RESOLVED, entry.resolved


def _said(entry: Entry) -> list[tuple[str, str]]:
    """Return the addresses that the entry has, and where it says them."""
    said = (
        ("the page's own address", entry.canonical),
        ("the feed's original link", entry.original_link),
        ("the entry's link", entry.link),
        ("the entry's guid, a permalink", entry.permalink),
    )
    return [(reason, url) for reason, url in said if url]


def _own_hosts(place: Place) -> frozenset[str]:
    return _hosts(place.source.url, place.feed.link, place.site.url)


@lru_cache(maxsize=64)
def _hosts(*addresses: str) -> frozenset[str]:
    return frozenset(filter(None, map(host_of, addresses)))
