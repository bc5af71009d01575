"""The whole text of an entry, from its own page: asked for once for each article."""

from __future__ import annotations

import logging
from dataclasses import replace

from aggregator.config.settings import Source
from aggregator.errors import SourceError
from aggregator.fetch.exchange import Getter
from aggregator.model import Entry
from aggregator.sources.kind import fetched, further

log = logging.getLogger(__name__)


def completed(entry: Entry, source: Source, getter: Getter) -> Entry:
    """Return *entry* with the body of its page.

    The feed's own text stays where the entry has no page, where that cannot be read (robots.txt
    is heeded), and where it holds less than the feed does.
    """
    from aggregator.parse import full_text

    if not entry.link:
        return entry
    try:
        answer = fetched(getter, further(source, entry.link, page=True))
        found = full_text.read(answer.body, url=answer.url, content_type=answer.content_type)
    except SourceError as error:
        log.info("the feed's own text stays source=%s page=%s: %s", source.id, entry.link, error)
        return entry
    known = replace(entry, canonical=found.canonical)
    if len(found.content) < len(entry.content):
        return known
    return replace(known, content=found.content, base=found.base)
