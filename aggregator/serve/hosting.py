"""What another web server has to be told of this site, so that it answers from the folder as ours.

What stands here is true for all of them; `nginx.py` and `caddy.py` write it down in their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from aggregator import share
from aggregator.config.settings import Settings
from aggregator.errors import ServeError
from aggregator.record import record
from aggregator.serve.aliases import EVERYTHING, FEEDS, GUESSED

CHANNEL = "[a-z0-9-]+"
"""A regular expression for the folder of a channel."""
BELOW = "[A-Za-z0-9._/=-]*"
"""A regular expression for all that can be asked for below a folder. A server has it decoded, and a
line break in it would be one in a header."""

_FORMATS = {"atom": "atom.xml", "rss": "rss.xml", "json": "feed.json"}
_SHARE = re.compile(r"([A-Za-z0-9_-]{1,100})=\{\+?[\w.]+\??\}")
_UNSPEAKABLE = re.compile(r'["\\$`{}\x00-\x1f\x7f]')  # they mean something, or end a text


class Text(Template):
    """A configuration with places to fill, written `%name`."""

    delimiter = "%"


@record(frozen=True, slots=True)
class Share:
    """The share links `/path?name=…`."""

    path: str
    name: str


@record(frozen=True, slots=True)
class Hosting:
    """A site as a web server sees it that serves a folder.

    `prefix` is the path of the site's address, "" where that is a host alone. `feeds` are the files
    of a channel's feeds, the recommended one first. `moved` is old folder → new folder.
    """

    names: tuple[str, ...]
    port: int
    secure: bool
    folder: Path
    base: str
    prefix: str
    hub: str
    pages: bool
    feeds: tuple[str, ...]
    moved: Mapping[str, str]
    shares: tuple[Share, ...]
    max_age: timedelta

    def guesses(self) -> Iterator[tuple[str, str, str]]:
        """Yield (expression, text before, text after) for what people try and what they mean.

        Before and after what the expression's group has matched, if it has one.
        """
        meant: dict[str, list[str]] = {}
        for name, feed in GUESSED.items():
            chosen = [one for one in (feed, *self.feeds) if one in self.feeds]
            for one in chosen[:1]:
                meant.setdefault(one, []).append(re.escape(name))
        for feed, names in meant.items():
            yield f"^/(?:{'|'.join(names)})/?$", f"/{EVERYTHING}/{feed}", ""
            yield f"^/({CHANNEL})/(?:{'|'.join(names)})/?$", "/", f"/{feed}"
        if self.feeds and not self.pages:
            yield f"^/({CHANNEL})/?$", "/", f"/{self.feeds[0]}"

    def links(self, page: str) -> list[tuple[str, str]]:
        """Return (relation, address) of what a feed's Link header says; *page* is its channel's."""
        hub = [("hub", self.hub)] if self.hub else []
        return [*hub, ("alternate", page if self.pages else f"{self.base}/")]


def hosting(settings: Settings, max_age: timedelta) -> Hosting:
    """Return the hosting of the site that *settings* describe.

    Raises ServeError where something in them cannot be written down for another server.
    """
    site, publish = settings.site, settings.publish
    for value in (str(publish.directory), site.base, settings.hub):
        if odd := _UNSPEAKABLE.search(value):
            raise ServeError(
                f"{value!r} holds {odd[0]!r}, which another server's configuration cannot hold; "
                "choose another name",
                code="E601",
            )
    parts = urlsplit(site.base)
    secure = parts.scheme == "https"
    written = {_FORMATS.get(name) for name in publish.formats}
    return Hosting(
        names=(f"[{site.host}]" if ":" in site.host else site.host, *site.hosts),
        port=parts.port or (443 if secure else 80),
        secure=secure,
        folder=publish.directory,
        base=site.base,
        prefix=parts.path,
        hub=settings.hub,
        pages="html" in publish.formats,
        feeds=tuple(name for name in FEEDS if name in written),
        moved=settings.moved,
        shares=tuple(_shares(settings)) if "html" in publish.formats else (),
        max_age=max_age,
    )


def _shares(settings: Settings) -> Iterable[Share]:
    """Return the kinds of share links that lead to this site, each once."""
    prefix = urlsplit(settings.site.base).path
    found: dict[Share, None] = {}
    for source in settings.source:
        try:
            parts = urlsplit(source.share_link or "")
        except ValueError:
            continue
        path = parts.path.removeprefix(f"{prefix}/").removeprefix("/")
        name = _SHARE.fullmatch(parts.query)
        ours = parts.hostname in settings.site.every_host and re.fullmatch(share.PATH, path)
        if name and ours:
            found[Share(path, name[1])] = None
    return found
