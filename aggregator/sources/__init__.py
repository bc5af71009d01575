"""The kinds of sources. A new one is a module of this room and a row of this table."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from aggregator.config.settings import Source
from aggregator.fetch.exchange import Getter, NotModified
from aggregator.model import SourceState
from aggregator.sources.kind import Collect, Harvest, Kind, Known

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


_NOTHING: frozenset[str] = frozenset()

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "feed": Kind(
            summary="RSS, Atom or JSON Feed",
            needs=_NOTHING,
            takes=_NOTHING,
            files=True,
            collect=_collector("feed"),
        ),
        "json": Kind(
            summary="rows of a JSON list, each with a detail document where you name one",
            needs=frozenset({"fields"}),
            takes=frozenset({"items", "detail"}),
            files=True,
            collect=_collector("json_api"),
        ),
        "jekyll": Kind(
            summary="a folder of Jekyll posts",
            needs=_NOTHING,
            takes=_NOTHING,
            files=True,
            collect=_collector("jekyll"),
        ),
    }
)
