"""What a configuration means, in a few lines: the summary that `check` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from aggregator.config.settings import Settings
from aggregator.config.values import spelled

_NAMED = 8  # of a list, before «and 12 more»


def describe(settings: Settings) -> list[str]:
    """Return what *settings* mean, a line for each thing, fit to be printed."""
    return [_sources(settings), *_categories(settings), *_output(settings), _store(settings)]


def _sources(settings: Settings) -> str:
    kinds = Counter(source.kind for source in settings.source)
    if not kinds:
        return "no sources yet; add a [[source]]"
    listed = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    return f"{_count(kinds.total(), 'source')}: {listed}"


def _categories(settings: Settings) -> list[str]:
    labels = dict.fromkeys(source.category or source.id for source in settings.source)
    fixed = [label for label in labels if "{" not in label]
    lines = [f"{_count(len(fixed), 'category', 'categories')}: {_some(fixed)}"] if fixed else []
    if made := [label for label in labels if "{" in label]:
        lines.append(f"categories by what the articles say: {_some(made)}")
    return lines


def _output(settings: Settings) -> list[str]:
    publish = settings.publish
    what = ", ".join(publish.formats)
    lines = [f"publishes {what} in {publish.directory}, as {settings.site.base}/<category>/"]
    window = f", not older than {spelled(publish.window)}" if publish.window else ""
    lines.append(f"in each feed the newest {publish.entries}{window}")
    if settings.feed:
        lines.append(f"feeds of its own: {_some(feed.id for feed in settings.feed)}")
    if git := publish.git:
        lines.append(f"pushes them to {git.remote}, branch {git.branch}")
    return lines


def _store(settings: Settings) -> str:
    keep = settings.store.keep
    how_long = f"for {spelled(keep)}" if keep else "for ever"
    return f"keeps articles {how_long} in {settings.store.path}"


def _count(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"


def _some(names: Iterable[str]) -> str:
    every = list(names)
    rest = f" and {len(every) - _NAMED} more" if len(every) > _NAMED else ""
    return ", ".join(every[:_NAMED]) + rest
