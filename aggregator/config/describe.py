"""What a configuration means, in a few lines: the summary that `check` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Protocol

from aggregator.config.settings import Settings
from aggregator.config.values import spelled

_NAMED = 8  # of a list, before «and 12 more»


class Say(Protocol):
    """How a text with `{fields}` is said."""

    def __call__(self, text: str, /, **values: object) -> str:
        """Return *text* with its fields filled."""


def english(text: str, /, **values: object) -> str:
    """Say *text* as it stands."""
    return text.format(**values)


def describe(settings: Settings, say: Say = english) -> list[str]:
    """Return what *settings* mean, a line for each thing, fit to be printed."""
    return [
        _sources(settings, say),
        *_categories(settings, say),
        *_output(settings, say),
        _store(settings, say),
    ]


def _sources(settings: Settings, say: Say) -> str:
    kinds = Counter(source.kind for source in settings.source)
    if not kinds:
        return say("no sources yet; add a [[source]]")
    listed = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    count = kinds.total()
    words = "{count} source: {kinds}" if count == 1 else "{count} sources: {kinds}"
    return say(words, count=count, kinds=listed)


def _categories(settings: Settings, say: Say) -> Iterator[str]:
    labels = dict.fromkeys(source.category or source.id for source in settings.source)
    fixed = [label for label in labels if "{" not in label]
    if fixed:
        count = len(fixed)
        words = "{count} category: {names}" if count == 1 else "{count} categories: {names}"
        yield say(words, count=count, names=_some(fixed, say))
    if made := [label for label in labels if "{" in label]:
        yield say("categories by what the articles say: {names}", names=_some(made, say))


def _output(settings: Settings, say: Say) -> Iterator[str]:
    publish = settings.publish
    yield say(
        "publishes {formats} in {folder}, as {address}",
        formats=", ".join(publish.formats),
        folder=publish.directory,
        address=f"{settings.site.base}/<category>/",
    )
    if window := publish.window:
        words = "in each feed the newest {count}, not older than {window}"
        yield say(words, count=publish.entries, window=spelled(window))
    else:
        yield say("in each feed the newest {count}", count=publish.entries)
    if settings.feed:
        yield say(
            "feeds of its own: {names}", names=_some((feed.id for feed in settings.feed), say)
        )
    if git := publish.git:
        words = "pushes them to {remote}, branch {branch}"
        yield say(words, remote=git.remote, branch=git.branch)


def _store(settings: Settings, say: Say) -> str:
    keep, path = settings.store.keep, settings.store.path
    if keep is None:
        return say("keeps articles for ever in {path}", path=path)
    return say("keeps articles for {duration} in {path}", duration=spelled(keep), path=path)


def _some(names: Iterable[str], say: Say) -> str:
    every = list(names)
    shown = ", ".join(every[:_NAMED])
    if (more := len(every) - _NAMED) > 0:
        return say("{names} and {count} more", names=shown, count=more)
    return shown
