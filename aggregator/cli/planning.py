"""plan: what the configuration as it stands would publish, change and withdraw. Writes nothing.

It is tried on a copy of the store, so it also works beside the daemon.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aggregator.cli.composition import Invocation, load, merging, naming
from aggregator.cli.terminal import print_json, print_line, progress
from aggregator.config.settings import Settings
from aggregator.config.values import spelled
from aggregator.pipeline.forecast import Forecast, SourceChange, forecast
from aggregator.publish.templating import load as load_templates
from aggregator.store.backup import back_up
from aggregator.store.writer import Store

_SHOWN = 8  # of many of a kind
_MARKS = {"new": "+", "gone": "-", "renamed": "!", "changed": "~"}


@dataclass(frozen=True, slots=True)
class Wish:
    """How the plan is told: for programs, and whether by the exit status too."""

    as_json: bool
    exit_code: bool


def plan(invocation: Invocation, wish: Wish) -> int:
    """Print what would change; return 0, or with `exit_code` 1 where something would be withdrawn.

    With JSON `{"sources": [{"id", "change", "articles", "was", "category", "moving", "dropped",
    "rewritten"}], "categories": [label], "everything", "documents": {"new", "changed", "removed",
    "moved": {path: path}}, "articles", "retired", "withdraws"}`; `change` is new, gone, renamed or
    changed.
    """
    settings = load(invocation)
    templates = load_templates(settings.publish)
    with progress(invocation.quiet or wish.as_json) as shown, _copy(settings) as store:
        shown.plan("planning", None)
        found = forecast(settings, store, templates, datetime.now(UTC), shown.step)
    if wish.as_json:
        print_json(_as_json(found))
    else:
        _print(found, settings)
    return 1 if wish.exit_code and found.withdraws else 0


@contextmanager
def _copy(settings: Settings) -> Iterator[Store]:
    """Give a copy of the store, or an empty one where there is none yet."""
    with TemporaryDirectory(prefix="aggregator-plan-") as folder:
        path = Path(folder) / "store.db"
        if settings.store.path.exists():
            back_up(settings.store.path, path)
        store = Store(path, naming(settings), merging(settings))
        try:
            with store.transaction():
                store.part_stories()
            yield store
        finally:
            store.close()


def _as_json(found: Forecast) -> dict[str, Any]:
    return {
        "sources": [asdict(change) for change in found.sources],
        "categories": list(found.categories),
        "everything": found.everything,
        "documents": {
            "new": list(found.new),
            "changed": list(found.changed),
            "removed": list(found.removed),
            "moved": dict(found.moved),
        },
        "articles": found.articles,
        "retired": found.retired,
        "withdraws": found.withdraws,
    }


# ── for people ────────────────────────────────────────────────────────────────────────────────────


def _print(found: Forecast, settings: Settings) -> None:
    for title, lines in _sections(found, settings):
        if lines:
            print_line(title)
            for line in lines:
                print_line(f"  {line}")
    print_line(_summary(found))


def _sections(found: Forecast, settings: Settings) -> Iterator[tuple[str, list[str]]]:
    yield "sources", [line for change in found.sources for line in _source(change)]
    yield "categories", [f"+ {label}" for label in found.categories]
    yield "documents", list(_documents(found))
    if found.retired:
        keep = settings.store.keep
        age = spelled(keep) if keep else ""
        yield (
            "articles",
            [f"- {_count(found.retired, 'article')} of {found.articles}, kept for {age}, leave"],
        )


def _source(change: SourceChange) -> Iterator[str]:
    mark = _MARKS[change.change]
    articles = _count(change.articles, "article")
    if change.change == "new":
        yield f"{mark} {change.id}: asked for the first time"
    elif change.change == "gone":
        yield f"{mark} {change.id}: asked no more; its {articles} stay until they leave by age"
    elif change.change == "renamed":
        yield (
            f'{mark} {change.id}: is "{change.was}" under a new id, which makes it a new source:'
            f" what it lists comes again as new, beside the {articles} of before;"
            f' keep id = "{change.was}"'
        )
    else:
        yield f"{mark} {change.id}: asked again, and all that it still lists is made anew"
        yield from (f"    {line}" for line in _made_anew(change))


def _made_anew(change: SourceChange) -> Iterator[str]:
    for home, count in change.moving.items():
        yield f"{_count(count, 'article')} in {home!r} would come to {change.category!r}"
    every = _count(change.articles, "article")
    if change.dropped:
        yield f"{change.dropped} of {every} would be left out by rules"
    if change.rewritten:
        yield f"{change.rewritten} of {every} would be changed by rules"


def _documents(found: Forecast) -> Iterator[str]:
    if found.everything:
        yield "everything is rendered anew, since what it is made with has changed"
    for mark, what, paths in (
        ("+", "new", found.new),
        ("~", "changed", found.changed),
        ("-", "removed: gone for who reads them", found.removed),
    ):
        if paths:
            yield f"{mark} {_count(len(paths), 'document')} {what}: {_folders(paths)}"
    if found.moved:
        old = next(iter(sorted(found.moved)))
        yield (
            f"→ {_count(len(found.moved), 'address', 'addresses')} lead elsewhere:"
            f" {old} → {found.moved[old]}" + (" …" if len(found.moved) > 1 else "")
        )


def _folders(paths: Sequence[str]) -> str:
    """Return *paths*, or where they are many the folders in which they are."""
    if len(paths) <= _SHOWN:
        return ", ".join(paths)
    counts = Counter(path.partition("/")[0] if "/" in path else "./" for path in paths)
    named = [f"{folder} ({count})" for folder, count in counts.most_common(_SHOWN)]
    return ", ".join(named) + (" …" if len(counts) > _SHOWN else "")


def _summary(found: Forecast) -> str:
    if not found.sources and not (found.new or found.changed or found.withdraws or found.moved):
        return "nothing would change"
    return (
        f"plan: {len(found.new)} documents new, {len(found.changed)} changed,"
        f" {len(found.removed)} removed, {len(found.moved)} moved;"
        f" {_count(found.retired, 'article')} leave; nothing is written yet"
    )


def _count(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"
