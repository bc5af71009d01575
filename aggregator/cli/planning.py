"""plan: what the configuration as it stands would publish, change and withdraw. Writes nothing.

It is tried on a copy of the store, so it also works beside the daemon.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aggregator.cli.composition import Invocation, load, merging, naming
from aggregator.cli.progress import progress
from aggregator.cli.speech import say
from aggregator.cli.terminal import print_json, print_line, print_steps
from aggregator.config.settings import Settings
from aggregator.config.values import spelled
from aggregator.pipeline.forecast import Forecast, SourceChange, forecast
from aggregator.publish.templating import load as load_templates
from aggregator.record import record
from aggregator.store.backup import back_up
from aggregator.store.writer import Store

_SHOWN = 8  # of many of a kind
_MARKS = {"new": "+", "gone": "-", "renamed": "!", "changed": "~"}
_CHANGES = {
    "new": "{mark} {id}: asked for the first time",
    "gone": "{mark} {id}: asked no more; its {articles} stay until they leave by age",
    "renamed": '{mark} {id}: is "{was}" under a new id, which makes it a new source: what it lists'
    ' comes again as new, beside the {articles} of before; keep id = "{was}"',
    "changed": "{mark} {id}: asked again, and all that it still lists is made anew",
}


@record(frozen=True, slots=True)
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
        if not invocation.quiet:
            print_steps(*_next(found))
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
    yield say("sources"), [line for change in found.sources for line in _source(change)]
    yield say("categories"), [f"+ {label}" for label in found.categories]
    yield say("documents"), list(_documents(found))
    if found.retired:
        keep = settings.store.keep
        line = say(
            "- {articles} of {all}, kept for {age}, leave",
            articles=_articles(found.retired),
            all=found.articles,
            age=spelled(keep) if keep else "",
        )
        yield say("articles"), [line]


def _source(change: SourceChange) -> Iterator[str]:
    yield say(
        _CHANGES[change.change],
        mark=_MARKS[change.change],
        id=change.id,
        was=change.was,
        articles=_articles(change.articles),
    )
    if change.change == "changed":
        yield from (f"    {line}" for line in _made_anew(change))


def _made_anew(change: SourceChange) -> Iterator[str]:
    for home, count in change.moving.items():
        yield say(
            "{articles} in {home!r} would come to {category!r}",
            articles=_articles(count),
            home=home,
            category=change.category,
        )
    every = _articles(change.articles)
    if count := change.dropped:
        yield say("{count} of {articles} would be left out by rules", count=count, articles=every)
    if count := change.rewritten:
        yield say("{count} of {articles} would be changed by rules", count=count, articles=every)


def _documents(found: Forecast) -> Iterator[str]:
    if found.everything:
        yield say("everything is rendered anew, since what it is made with has changed")
    for one, many, paths in (
        ("+ {count} document new: {names}", "+ {count} documents new: {names}", found.new),
        (
            "~ {count} document changed: {names}",
            "~ {count} documents changed: {names}",
            found.changed,
        ),
        (
            "- {count} document removed: gone for who reads them: {names}",
            "- {count} documents removed: gone for who reads them: {names}",
            found.removed,
        ),
    ):
        if count := len(paths):
            yield say(one if count == 1 else many, count=count, names=_folders(paths))
    if count := len(found.moved):
        old = next(iter(sorted(found.moved)))
        words = "→ {count} addresses lead elsewhere: {old} → {new}"
        if count == 1:
            words = "→ {count} address leads elsewhere: {old} → {new}"
        said = say(words, count=count, old=old, new=found.moved[old])
        yield said + (" …" if count > 1 else "")


def _folders(paths: Sequence[str]) -> str:
    """Return *paths*, or where they are many the folders in which they are."""
    if len(paths) <= _SHOWN:
        return ", ".join(paths)
    counts = Counter(path.partition("/")[0] if "/" in path else "./" for path in paths)
    named = [f"{folder} ({count})" for folder, count in counts.most_common(_SHOWN)]
    return ", ".join(named) + (" …" if len(counts) > _SHOWN else "")


def _is_nothing(found: Forecast) -> bool:
    changes = (found.sources, found.new, found.changed, found.withdraws, found.moved)
    return not any(changes)


def _summary(found: Forecast) -> str:
    if _is_nothing(found):
        return say("nothing would change")
    return say(
        "plan: {new} documents new, {changed} changed, {removed} removed, {moved} moved;"
        " {articles} leave; nothing is written yet",
        new=len(found.new),
        changed=len(found.changed),
        removed=len(found.removed),
        moved=len(found.moved),
        articles=_articles(found.retired),
    )


def _next(found: Forecast) -> Iterator[str]:
    """Yield what a person may want to do when he knows."""
    if not _is_nothing(found):
        yield say("aggregator refresh    # does it; a running daemon has it in force already")


def _articles(count: int) -> str:
    return say("{count} article" if count == 1 else "{count} articles", count=count)
