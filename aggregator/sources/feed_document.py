"""A feed's document read in the way that is worth it: here, in a thread, or by a worker."""

from __future__ import annotations

from dataclasses import replace

from aggregator.fetch.exchange import Fetched
from aggregator.model import Feed
from aggregator.parse import feed_xml, gzipped, json_feed
from aggregator.parse.charset import decode
from aggregator.parse.document import is_json
from aggregator.workers import apart, aside

# Of bytes and of tags: within these the quick reader takes half a second of the worst there is, and
# of the usual 3 ms, less than handing over to another process.
_SOON, _FEW = 512_000, 20_000


def parsed(answer: Fetched) -> Feed:
    """Return the feed; what could take long to read is read in a process that can be killed.

    It may be a gzip file whose server does not say so.
    """
    if answer.body.startswith(gzipped.MARK):
        body = gzipped.unfolded(answer.body, answer.limit or gzipped.LARGEST)
        answer = replace(answer, body=body)
    size = len(answer.body)
    if size > _SOON or answer.body.count(b"<") > _FEW or is_json(decode(answer.body[:256])):
        return apart(size, _read, answer)
    return aside(_quickly, answer) or apart(size, _patiently, answer)


def _read(answer: Fetched) -> Feed:
    if is_json(decode(answer.body[:256])):
        return json_feed.parse(answer.body, url=answer.url)
    return feed_xml.parse(answer.body, url=answer.url, content_type=answer.content_type)


def _quickly(answer: Fetched) -> Feed | None:
    return feed_xml.parse_quickly(answer.body, url=answer.url, content_type=answer.content_type)


def _patiently(answer: Fetched) -> Feed:
    return feed_xml.parse_patiently(answer.body, url=answer.url, content_type=answer.content_type)
