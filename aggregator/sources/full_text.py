"""The whole text of an entry, from its own page: asked for once for each article."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aggregator.config.settings import Source
from aggregator.errors import SourceError
from aggregator.fetch.exchange import Fetched, Getter
from aggregator.model import Entry
from aggregator.sources.canonical import believed
from aggregator.sources.details import PATIENCE, Manner, is_of_one_page
from aggregator.sources.kind import fetched, further
from aggregator.workers import apart

if TYPE_CHECKING:
    from aggregator.parse.full_text import FullText

log = logging.getLogger(__name__)


@dataclass(slots=True)
class FullTexts:
    """The pages of one source's entries, within the bounds of one look."""

    source: Source
    getter: Getter
    manner: Manner
    asked: int = 0
    failed_in_a_row: int = 0

    def completed(self, entry: Entry, url: str) -> Entry | None:
        """Return *entry* with the body of its page at *url*; None where it waits for the next look.

        The feed's own text stays where the entry has no page, where that cannot be read (robots.txt
        is heeded), where it holds less than the feed does, and where three before it failed.
        """
        manner = self.manner
        if not url or self.failed_in_a_row >= PATIENCE:
            return entry
        if manner.first is not None and self.asked >= manner.first:
            return entry
        if manner.most is not None and self.asked >= manner.most:
            return None
        self.asked += 1
        try:
            whole = self._read(entry, url)
        except SourceError as error:
            self.failed_in_a_row += not is_of_one_page(error)
            log.info("the feed's own text stays source=%s page=%s: %s", self.source.id, url, error)
            return entry
        self.failed_in_a_row = 0
        return whole

    def _read(self, entry: Entry, url: str) -> Entry:
        answer = fetched(self.getter, further(self.source, url, page=True))
        found = apart(len(answer.body), _read, answer)
        known = replace(
            entry,
            canonical=believed(found.addresses, answer.url),
            resolved=entry.resolved or (answer.url if answer.url != url else ""),
        )
        if len(found.content) < len(entry.content):
            return known
        return replace(known, content=found.content, base=found.base)


def _read(answer: Fetched) -> FullText:
    from aggregator.parse import full_text

    return full_text.read(answer.body, url=answer.url, content_type=answer.content_type)
