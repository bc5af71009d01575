"""The kinds of sources. A new one is a module of this room and a row of this table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from types import MappingProxyType

from aggregator.config.settings import Source
from aggregator.fetch.exchange import Getter, NotModified
from aggregator.model import SourceState
from aggregator.sources.kind import (
    Check,
    Collect,
    Complaint,
    Harvest,
    Kind,
    Known,
    check_extract,
)

__all__ = ["KINDS", "Harvest", "Kind", "Known"]


def _collector(name: str) -> Collect:
    """Return `collect` of this room's module *name*, imported at its first call.

    The parsers' libraries take a third of a second to import; most commands need none of them.
    """

    def collect(
        source: Source, state: SourceState, getter: Getter, known: Known
    ) -> Harvest | NotModified:
        run: Collect = import_module(f"{__name__}.{name}").collect
        return run(source, state, getter, known)

    return collect


def _checker(name: str) -> Check:
    """Return `check` of this room's module *name*, imported at its first call."""

    def check(source: Source) -> Iterable[Complaint]:
        run: Check = import_module(f"{__name__}.{name}").check
        return run(source)

    return check


_NOTHING: frozenset[str] = frozenset()

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "feed": Kind(
            summary="RSS, Atom or JSON Feed",
            needs=_NOTHING,
            takes=frozenset({"history"}),
            files=True,
            collect=_collector("feed"),
            check=check_extract,
        ),
        "json": Kind(
            summary="rows of a JSON list, each with a detail document where you name one",
            needs=frozenset({"fields"}),
            takes=frozenset({"items", "detail", "next", "pages"}),
            files=True,
            collect=_collector("json_api"),
            check=_checker("json_api"),
        ),
        "html": Kind(
            summary="rows of a web page, each with a page of its own where you name one",
            needs=frozenset({"items", "fields"}),
            takes=frozenset({"detail", "next", "pages", "history"}),
            files=True,
            collect=_collector("html_page"),
            check=_checker("html_page"),
        ),
        "sitemap": Kind(
            summary="a sitemap or an index of them, also gzipped, as text, or of news",
            needs=_NOTHING,
            takes=frozenset({"match", "fields", "detail"}),
            files=True,
            collect=_collector("sitemap"),
            check=_checker("sitemap"),
        ),
        "jekyll": Kind(
            summary="a folder of Jekyll posts",
            needs=_NOTHING,
            takes=_NOTHING,
            files=True,
            collect=_collector("jekyll"),
            check=check_extract,
        ),
    }
)
