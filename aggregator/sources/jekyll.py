"""Kind `jekyll`: a folder of Jekyll posts on this machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aggregator.config.settings import Source
from aggregator.errors import FetchError
from aggregator.fetch.exchange import Fetched, Getter, NotModified
from aggregator.fetch.local import open_folder
from aggregator.model import BadEntry, Entry, Feed, SourceState
from aggregator.parse import jekyll_post
from aggregator.sources.kind import Harvest, Known, ask, finish

SUFFIXES = frozenset({".md", ".markdown", ".html", ".htm"})
_FOLDERS = ("_posts/", "old_post/")  # of a whole site: Jekyll's own, and ours for older posts


def collect(
    source: Source, state: SourceState, getter: Getter, known: Known
) -> Harvest | NotModified:
    """Return the folder's posts; raise FetchError where it cannot be read.

    Every post is read, but only one that the store does not have in this version is parsed. A post
    that cannot be read is a bad entry, and the harvest is not complete. Templates find the source's
    id as the `category` of a post that has none. *getter* is not needed: nothing but this machine's
    disk is asked.
    """
    folder = open_folder(ask(source, state), SUFFIXES)
    if isinstance(folder, NotModified):
        return folder
    names = posts([file.name for file in folder.files])
    stored = known([jekyll_post.id_of(name) for name in names])
    entries: list[Entry] = []
    bad: list[BadEntry] = []
    for name in names:
        try:
            entry = _entry(name, folder.read(name), stored)
        except FetchError as error:
            bad.append(BadEntry(name, str(error), error.code))
        else:
            entries += [_in_a_category(entry, source)] if entry else []
    answer = Fetched(folder.url, b"", body_hash=folder.body_hash)
    feed = Feed(entries=tuple(entries), bad=tuple(bad), complete=True)
    return Harvest(finish(feed, source, known), answer, complete=not bad)


def posts(names: Sequence[str]) -> list[str]:
    """Return those of a folder's files that are posts: all, of a whole site only its posts."""
    return [name for name in names if name.startswith(_FOLDERS)] or list(names)


def _in_a_category(entry: Entry, source: Source) -> Entry:
    return replace(entry, fields={"category": source.id, **entry.fields})


def _entry(name: str, body: bytes, stored: Mapping[str, str]) -> Entry | None:
    """Return the post's entry, only its name and version where the store has that version."""
    guid, version = jekyll_post.id_of(name), jekyll_post.version_of(name, body)
    if stored.get(guid) == version:
        return Entry(id=guid, fingerprint=version)
    return jekyll_post.parse(body, name=name)
