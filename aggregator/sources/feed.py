"""Kind `feed`: a document that is RSS, Atom or JSON Feed, whichever it turns out to be."""

from __future__ import annotations

from aggregator.config.settings import Source
from aggregator.fetch.exchange import Fetched, Getter, NotModified
from aggregator.model import Feed, SourceState
from aggregator.parse import feed_xml, json_feed
from aggregator.parse.charset import decode
from aggregator.parse.document import is_json
from aggregator.sources.kind import Harvest, Known, answered, ask, fetched, finish, further
from aggregator.sources.paging import Pages
from aggregator.workers import apart


def collect(
    source: Source, state: SourceState, getter: Getter, known: Known
) -> Harvest | NotModified:
    """Return what the feed holds now; raise FetchError or ParseError where there is none.

    With `history`, a source that is new comes with the archive that its feed leads to.
    """
    answer = answered(getter, ask(source, state))
    if isinstance(answer, NotModified):
        return answer

    def read(url: str, _: int) -> Feed:
        return _parsed(fetched(getter, further(source, url, apart=True)))

    feed, complete = Pages(source, state, known, answer.url, read).follow(_parsed(answer))
    return Harvest(finish(feed, source), answer, complete)


def _parsed(answer: Fetched) -> Feed:
    return apart(len(answer.body), _read, answer)


def _read(answer: Fetched) -> Feed:
    if is_json(decode(answer.body[:256])):
        return json_feed.parse(answer.body, url=answer.url)
    return feed_xml.parse(answer.body, url=answer.url, content_type=answer.content_type)
