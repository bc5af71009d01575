"""Kind `feed`: a document that is RSS, Atom or JSON Feed, whichever it turns out to be."""

from __future__ import annotations

from aggregator.config.settings import Source
from aggregator.fetch.exchange import Getter, NotModified
from aggregator.model import Feed, SourceState
from aggregator.sources.kind import Harvest, Known, answered, ask, fetched, finish, further
from aggregator.sources.paging import Pages


def collect(
    source: Source, state: SourceState, getter: Getter, known: Known
) -> Harvest | NotModified:
    """Return what the feed holds now; raise FetchError or ParseError where there is none.

    With `history`, a source that is new comes with the archive that its feed leads to.
    """
    answer = answered(getter, ask(source, state))
    if isinstance(answer, NotModified):
        return answer
    # Mostly there is nothing new, and the parsers are slow to import.
    from aggregator.sources.feed_document import parsed

    def read(url: str, _: int) -> Feed:
        return parsed(fetched(getter, further(source, url, apart=True)))

    feed, complete = Pages(source, state, known, answer.url, read).follow(parsed(answer))
    return Harvest(finish(feed, source, known), answer, complete)
