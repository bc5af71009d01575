"""Where addresses lead under which nothing is published: guesses, and what once stood there.

They are permanent redirects (301). No published feed is ever behind one: documents go first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

FEEDS = ("atom.xml", "rss.xml", "feed.json")  # the one that we recommend first
GUESSED = {  # what people and readers try below a site or a category, and what they mean by it
    "atom": "atom.xml",
    "atom.xml": "atom.xml",
    "feed": "rss.xml",
    "feed.json": "feed.json",
    "feed.xml": "atom.xml",
    "index.xml": "rss.xml",
    "rss": "rss.xml",
    "rss.xml": "rss.xml",
}
EVERYTHING = "all"  # what is meant where no category is named

IsPublished = Callable[[str], object]


def elsewhere(path: str, published: IsPublished, moved: Mapping[str, str]) -> str:
    """Return where what *path* means stands, relative to it; "" where it means nothing.

    *moved* is old folder → new folder. Relative, so that it holds behind a proxy that publishes us
    below a path of its own.
    """
    old, _, rest = path.partition("/")
    if old in moved:
        return "../" * path.count("/") + quote(f"{moved[old]}/{rest}")
    if not path.endswith("/") and published(f"{path}/index.html"):
        return quote(path.rpartition("/")[2], safe="") + "/"
    target = _feed(path.removesuffix("/"), published)
    return target and "../" * path.count("/") + quote(target)


def _feed(path: str, published: IsPublished) -> str:
    """Return the feed that is meant by *path*: by a guessed name, or by a folder without a page."""
    folder, _, name = path.rpartition("/")
    if meant := GUESSED.get(name):
        choices = [f"{folder or EVERYTHING}/{feed}" for feed in (meant, *FEEDS)]
    else:
        choices = [f"{path}/{feed}" for feed in FEEDS]
    return next((feed for feed in choices if published(feed)), "")
