"""Where links lead that go through redirectors: these alone are asked, never the article's page."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from aggregator.config.settings import Source
from aggregator.errors import SourceError
from aggregator.fetch.exchange import Network
from aggregator.model import Entry
from aggregator.normalise.redirectors import is_redirector, leads_elsewhere, unwrapped
from aggregator.normalise.sharing import to_follow
from aggregator.sources.details import PATIENCE
from aggregator.sources.kind import further

log = logging.getLogger(__name__)

_HOPS = 5  # redirectors behind each other
_MOST = 50  # requests at one look


@dataclass(slots=True)
class Resolution:
    """Follows the links of one source's entries, within the bounds of one look."""

    source: Source
    network: Network
    asked: int = 0
    failed_in_a_row: int = 0

    def resolved(self, entry: Entry) -> Entry:
        """Return *entry* with where its link leads, or as it is where that cannot be learnt.

        Redirectors are asked as any page is: not where robots.txt or a pause forbids it, nor after
        three failures in a row.
        """
        link = to_follow(entry)
        if not link or self.asked >= _MOST or self.failed_in_a_row >= PATIENCE:
            return entry
        try:
            found = self._followed(link)
        except SourceError as error:
            self.failed_in_a_row += 1
            log.info("the link stays source=%s link=%s: %s", self.source.id, link, error)
            return entry
        self.failed_in_a_row = 0
        return replace(entry, resolved=found)

    def _followed(self, link: str) -> str:
        """Return the first address behind *link* that is no redirector's, "" where none is."""
        for _ in range(_HOPS):
            self.asked += 1
            following = self.network.location(further(self.source, link, page=True))
            link = unwrapped(following) or following
            if not is_redirector(link):
                return link if _may_be_an_article(link) else ""
        return ""


def _may_be_an_article(url: str) -> bool:
    """Say whether *url* is more than a home page, where redirectors lead that have forgotten."""
    parts = urlsplit(url)
    return not leads_elsewhere(url) and (len(parts.path) > 1 or bool(parts.query))
