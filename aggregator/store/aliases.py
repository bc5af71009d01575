"""By what else an article can be known when its source changes the way it writes guids.

Pure. Each key is a signed 64-bit number, so that the index stays small. An article is known again
when one of its keys is known for the same source and belongs to one article only.
"""

from __future__ import annotations

import hashlib
import re

from aggregator.model import Article

_SCHEME_AND_HOST = re.compile(r"^[a-z][a-z0-9+.-]*://[^/?#]*", re.IGNORECASE)
_LONG_ENOUGH = 2  # a path such as "/" names nothing


def alias_keys(article: Article) -> tuple[int, ...]:
    """Return the keys of *article*, the surest first.

    - its guid without scheme and host: a site that moves to https or to another name;
    - its link with its title, and with its date: guids that are made anew at each fetch. The link
      alone is not enough: a live page is the link of many articles;
    - its title, date and text together (of one without a date, title and text): a site that changes
      its addresses too.

    Whoever finds another article by one of them has still to compare the two.
    """
    keys = []
    bare_guid = _SCHEME_AND_HOST.sub("", article.guid)
    if bare_guid != article.guid and len(bare_guid) >= _LONG_ENOUGH:
        keys.append(_key("guid", bare_guid))
    published = article.published.isoformat() if article.published != article.first_seen_at else ""
    bare_link = _SCHEME_AND_HOST.sub("", article.link)
    if len(bare_link) >= _LONG_ENOUGH:
        keys.append(_key("link and title", bare_link, article.title))
        if published:
            keys.append(_key("link and date", bare_link, published))
    if article.content:
        keys.append(_key("text", article.title, published, article.content))
    return tuple(keys)


def _key(*parts: str) -> int:
    digest = hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
