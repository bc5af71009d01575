"""What stands at an address that a person gave: a feed, a page that leads to one, or neither.

    address ─► a feed? ─► those its page names ─► the usual addresses ─► its sitemap

At most two dozen requests, one after the other; none more once the host wants to be left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from itertools import islice
from urllib.parse import urljoin, urlsplit

from aggregator.config.settings import Source
from aggregator.errors import FetchError, ParseError, SourceError
from aggregator.fetch.exchange import Fetched, Getter, NotModified, Request
from aggregator.model import Feed, SourceState
from aggregator.parse import discovery
from aggregator.parse import sitemap as sitemaps
from aggregator.parse.discovery import Candidate, Leads
from aggregator.record import record
from aggregator.sources import feed as feeds
from aggregator.sources.kind import Harvest, fetched

_NAMED = 8  # of the addresses that a page names, at most so many are asked
_USUAL = ("feed", "rss.xml", "atom.xml", "index.xml", "feed.xml", "rss", "feed.json")
_USUAL_BELOW = 3  # of them, below a page that is not the site's first one
_SITEMAPS = 2
_LEAVE_ALONE = frozenset({429, 503})

ITSELF, USUAL = "the address itself", "a usual address for feeds"


@record(frozen=True, slots=True)
class Found:
    """A feed that was read: where it is, and how it was found, in words."""

    url: str
    how: str
    feed: Feed


@record(frozen=True, slots=True)
class Discovery:
    """What stands at an address.

    `found` is the feed to take, None where there is none; `others` are further ones that the page
    names, unread. `sitemap` is the site's, looked for only where no feed is, and `pages` how many
    addresses, or further sitemaps, it lists.
    """

    found: Found | None = None
    others: tuple[Candidate, ...] = ()
    leads: Leads = field(default_factory=Leads)
    sitemap: str = ""
    pages: int = 0


class Remembering:
    """Asks each address once, and a host that wants to be left alone no more. Not for threads."""

    def __init__(self, getter: Getter) -> None:
        self._getter = getter
        self._answers: dict[str, Fetched | FetchError] = {}
        self.busy: dict[str, FetchError] = {}  # by host, what it said

    def get(self, request: Request) -> Fetched | NotModified:
        """Return the answer that the address gave the first time."""
        if request.url not in self._answers:
            self._answers[request.url] = self._asked(request)
        answer = self._answers[request.url]
        if isinstance(answer, FetchError):
            raise answer
        return answer

    def _asked(self, request: Request) -> Fetched | FetchError:
        host = urlsplit(request.url).netloc
        if host in self.busy:
            return self.busy[host]
        try:
            answer = fetched(self._getter, request)
        except FetchError as error:
            if error.status in _LEAVE_ALONE:
                self.busy[host] = error
            return error
        self._answers.setdefault(answer.url, answer)
        return answer


def discover(url: str, getter: Remembering) -> Discovery:
    """Return what stands at *url*.

    Raises FetchError where it does not answer, or its host wants to be left alone before a feed is
    found, and ParseError, which says what is there, where that is no feed, page or sitemap.
    """
    answer = fetched(getter, Request(url))
    try:
        return Discovery(_read(url, ITSELF, getter))
    except ParseError:
        if pages := _listed(answer):
            return Discovery(sitemap=answer.moved_to or url, pages=pages)
        if not discovery.is_html(answer.body, answer.content_type):
            raise
    leads = discovery.leads(answer.body, url=answer.url, content_type=answer.content_type)
    named = [(one.url, one.how) for one in leads.candidates[:_NAMED]]
    found = _first(named, getter) or _first(_usual(answer.url), getter)
    if found is None:
        sitemap, pages = _sitemap(answer.url, getter)
        if getter.busy and not sitemap:
            raise next(iter(getter.busy.values()))
        return Discovery(None, (), leads, sitemap, pages)
    others = tuple(one for one in leads.candidates if one.url != found.url)
    return Discovery(found, others, leads)


# ── feeds ─────────────────────────────────────────────────────────────────────────────────────────


def _first(addresses: Iterable[tuple[str, str]], getter: Getter) -> Found | None:
    """Return the first feed that holds entries, else the first feed."""
    empty: Found | None = None
    for url, how in addresses:
        try:
            found = _read(url, how, getter)
        except SourceError:
            continue
        if found.feed.entries:
            return found
        empty = empty or found
    return empty


def _read(url: str, how: str, getter: Getter) -> Found:
    source = Source(id="found", url=url)
    harvest = feeds.collect(source, SourceState(source.id), getter, _nothing)
    if not isinstance(harvest, Harvest):
        raise FetchError("answered «not modified» though nothing of it is known", code="E223")
    return Found(harvest.answer.moved_to or url, how, harvest.feed)


def _nothing(_: Sequence[str]) -> Mapping[str, str]:
    return {}


def _usual(page: str) -> Iterator[tuple[str, str]]:
    """Yield the usual addresses of feeds, first those below *page*, then the site's."""
    parts = urlsplit(page)
    folder = parts.path if "." in parts.path.rpartition("/")[2] else f"{parts.path.rstrip('/')}/"
    folder = folder.rpartition("/")[0] + "/"
    if folder != "/":
        below = urljoin(page, folder)
        yield from ((below + name, USUAL) for name in _USUAL[:_USUAL_BELOW])
    yield from ((urljoin(page, f"/{name}"), USUAL) for name in _USUAL)


# ── sitemaps ──────────────────────────────────────────────────────────────────────────────────────


def _sitemap(page: str, getter: Getter) -> tuple[str, int]:
    """Return the site's sitemap and how much it lists, "" and 0 where it has none."""
    robots = urljoin(page, "/robots.txt")
    named: list[str] = []
    with suppress(FetchError):
        named = discovery.sitemaps(fetched(getter, Request(robots)).body, robots)
    for url in islice(dict.fromkeys((*named, urljoin(page, "/sitemap.xml"))), _SITEMAPS):
        with suppress(FetchError):
            if pages := _listed(fetched(getter, Request(url))):
                return url, pages
    return "", 0


def _listed(answer: Fetched) -> int:
    """Return how many addresses or sitemaps a sitemap lists, 0 where it is none."""
    try:
        found = sitemaps.parse(answer.body, url=answer.url, content_type=answer.content_type)
    except ParseError:
        return 0
    return len(found.entries) or len(found.children)
