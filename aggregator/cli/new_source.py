"""What is proposed for a new source: an id that is free, and what it says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, count
from typing import Any
from urllib.parse import quote, urlsplit

from aggregator.cli.composition import Invocation
from aggregator.config.crosscheck import RESERVED
from aggregator.config.edit import Edit, with_sources
from aggregator.config.settings import Settings
from aggregator.excerpt import shorten
from aggregator.normalise import slugs, text
from aggregator.publish.formats import FORMATS
from aggregator.sources import KINDS

_LONGEST_ID = 40
_LONGEST_NAME = 80
# As a name, beside those that the site itself uses.
_SAY_NOTHING = frozenset(
    {
        *("blog", "entries", "full-feed", "latest", "latest-news", "latest-posts", "main", "new"),
        *("posts", "recent", "untitled", "updates", "website", "welcome"),
    }
)


def edit(invocation: Invocation, tables: Sequence[Mapping[str, Any]]) -> Edit:
    """Return the change that adds *tables* to the configuration; raises ConfigError."""
    return with_sources(invocation.config, tables, KINDS, FORMATS)


def known_addresses(settings: Settings) -> dict[str, str]:
    """Return the id of each source by the key of its address."""
    return {address_key(source.url): source.id for source in reversed(settings.source)}


def address_key(url: str) -> str:
    """Return what two addresses of one document have in common: all but scheme and last slash."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a host that is none, such as `http://[::1`
        return url
    host = parts.netloc.rpartition("@")[2].lower()
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"


def fit_for_config(url: str) -> str:
    """Return *url* with what an address may not hold percent-encoded, `{name}` above all."""
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]")


def no_template(label: str) -> str:
    """Return a text of someone else's on one line, so that no part of it is a `{field}`."""
    line = shorten(text.level(text.one_line(label)), _LONGEST_NAME)
    return line.replace("{", "(").replace("}", ")")


class Ids:
    """The ids that sources, feeds and folders have, and new ones beside them."""

    def __init__(self, settings: Settings) -> None:
        self._folders = RESERVED | {selection.id.lower() for selection in settings.feed}
        self._taken = {*self._folders, *(source.id.lower() for source in settings.source)}

    def new(self, *names: str) -> str:
        """Return an id made of the first of *names* that says something, and take it."""
        proposal = next(filter(None, map(_id, names)), "source")
        numbered = (f"{proposal}-{number}" for number in count(2))
        free = next(one for one in chain([proposal], numbered) if one not in self._taken)
        self._taken.add(free)
        return free

    def category(self, label: str) -> str:
        """Return *label* as the name of a category: in other words where a folder is called so."""
        label = no_template(label)
        return f"{label} feeds" if label.lower() in self._folders else label


def _id(name: str) -> str:
    """Return the slug of *name* in few words, "" where it says nothing."""
    slug = slugs.propose(name)[0] if name else ""
    if slug.startswith("category-") or slug.removesuffix("-category") in slugs.RESERVED:
        return ""
    if len(slug) > _LONGEST_ID:
        slug = slug[: _LONGEST_ID + 1].rpartition("-")[0] or slug[:_LONGEST_ID]
    return "" if slug in _SAY_NOTHING else slug


def host_of(url: str) -> str:
    """Return the host of *url* without `www.`, to make a name of."""
    return (urlsplit(url).hostname or "").removeprefix("www.")
