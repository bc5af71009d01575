"""Kind `jekyll`: a folder of Jekyll posts on this machine."""

from __future__ import annotations

from collections.abc import Mapping

from aggregator.config.settings import Source
from aggregator.errors import FetchError
from aggregator.fetch.exchange import Fetched, Getter, NotModified
from aggregator.fetch.local import open_folder
from aggregator.model import BadEntry, Entry, Feed, SourceState
from aggregator.parse import jekyll_post
from aggregator.sources.kind import Harvest, Known, ask, finish

_SUFFIXES = frozenset({".md", ".markdown", ".html", ".htm"})


def collect(
    source: Source, state: SourceState, getter: Getter, known: Known
) -> Harvest | NotModified:
    """Return the folder's posts; raise FetchError where it cannot be read.

    Every post is read, but only one that the store does not have in this version is parsed. A post
    that cannot be read is a bad entry, and the harvest is not complete. *getter* is not needed:
    nothing but this machine's disk is asked.
    """
    folder = open_folder(ask(source, state), _SUFFIXES)
    if isinstance(folder, NotModified):
        return folder
    names = [file.name for file in folder.files]
    stored = known([jekyll_post.id_of(name) for name in names])
    entries: list[Entry] = []
    bad: list[BadEntry] = []
    for name in names:
        try:
            entry = _entry(name, folder.read(name), stored)
        except FetchError as error:
            bad.append(BadEntry(name, str(error)))
        else:
            entries += [entry] if entry else []
    answer = Fetched(folder.url, b"", body_hash=folder.body_hash)
    feed = Feed(entries=tuple(entries), bad=tuple(bad))
    return Harvest(finish(feed, source), answer, complete=not bad)


def _entry(name: str, body: bytes, stored: Mapping[str, str]) -> Entry | None:
    """Return the post's entry, only its name and version where the store has that version."""
    guid, version = jekyll_post.id_of(name), jekyll_post.version_of(name, body)
    if stored.get(guid) == version:
        return Entry(id=guid, fingerprint=version)
    return jekyll_post.parse(body, name=name)
