"""Everything about where an entry came from that its article depends on."""

from __future__ import annotations

from aggregator.config.settings import Rule, Site, Source
from aggregator.model import Feed
from aggregator.record import record


@record(frozen=True, slots=True)
class Place:
    """The document an entry stood in, the source that brought it, and the site that publishes it.

    `rules` are the rules for every source; the source's own rules come before them.
    """

    feed: Feed
    source: Source
    site: Site
    rules: tuple[Rule, ...] = ()
