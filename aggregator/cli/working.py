"""Commands that work on the store: refresh, publish."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from aggregator.cli.composition import (
    Invocation,
    fetcher,
    load,
    refresher,
    tell_hub,
    working_on,
)
from aggregator.cli.mirroring import push
from aggregator.cli.progress import Quiet, progress
from aggregator.cli.speech import say
from aggregator.cli.terminal import print_error_line, print_json, print_line, print_steps
from aggregator.config.advice import no_source
from aggregator.config.settings import Settings, Source
from aggregator.errors import ConfigError, Problem, coded, parted
from aggregator.model import Outcome, Status
from aggregator.notify.messenger import Messenger
from aggregator.pipeline.upkeep import put_in_order
from aggregator.publish.templating import Templates
from aggregator.publish.templating import load as load_templates
from aggregator.record import record
from aggregator.schedule import turn
from aggregator.store.writer import Store
from aggregator.workers import Workers, employed

_BAD_SHOWN = 10  # entries of one source
_RELEASED = {  # what can become of what is held
    "released": "{count} articles released",
    "hidden": "{count} articles hidden",
    "dropped": "{count} articles dropped",
    "kept": "{count} articles kept",
}


@record(frozen=True, slots=True)
class Wanted:
    """Which sources a refresh is for (none named: those due), and whether it publishes."""

    names: tuple[str, ...]
    everything: bool
    publish: bool


def refresh_once(invocation: Invocation, wanted: Wanted, *, as_json: bool) -> int:
    """Refresh and publish once; return the exit status."""
    settings = load(invocation)
    templates = load_templates(settings.publish)
    named = sources_named(settings, wanted.names, str(invocation.config))
    with working_on(settings) as store, progress(invocation.quiet or as_json) as shown:
        sources = named or sources_due(settings, store, everything=wanted.everything)
        outcomes = _refresh(settings, store, sources, shown)
        paths: list[str] = []
        if wanted.publish:
            shown.plan("publishing", _to_publish(store, outcomes))
            paths = _publish(settings, store, shown, templates)
            tell_hub(settings, store)
        put_in_order(settings, store, datetime.now(UTC), sum(one.new for one in outcomes))
        for label in Messenger(settings, store).flush():
            words = "cannot tell address {label} of incidents; the next refresh tries again"
            print_error_line(say(words, label=label))
        sound = push(settings, store, shown) if wanted.publish else True
    _report(outcomes, paths, as_json=as_json)
    if sys.stdout.isatty() and not (as_json or invocation.quiet):
        print_steps(*_next(settings, outcomes))
    failed = any(outcome.status is Status.FAILED for outcome in outcomes)
    return 1 if failed or templates.faults or not sound else 0


def _refresh(
    settings: Settings, store: Store, sources: Sequence[Source], shown: Quiet
) -> list[Outcome]:
    shown.plan("refreshing", len(sources))
    with fetcher(settings) as network, employed(Workers()):
        refreshing = refresher(settings, store, network, shown)
        try:
            return refreshing.all(sources)
        finally:
            refreshing.close()


def _publish(
    settings: Settings, store: Store, shown: Quiet, templates: Templates, **how: bool
) -> list[str]:
    """Publish what changed, or as `Publisher.publish` is told *how*; return the paths."""
    from aggregator.pipeline.publication import Publisher  # with all that renders

    return Publisher(settings, store, shown.step, templates=templates).publish(**how)


def _to_publish(store: Store, outcomes: Sequence[Outcome]) -> int:
    """Return how many articles and channels are about to be published, home among them."""
    articles = sum(outcome.new + outcome.changed for outcome in outcomes)
    return articles + len(store.dirty_channels(datetime.now(UTC))) + 1


def sources_named(settings: Settings, names: Sequence[str], file: str) -> list[Source]:
    """Return the sources named, each once; raises ConfigError for names that *file* lacks."""
    sources = {source.id: source for source in settings.source}
    problems = [
        Problem(file, 1, 1, no_source(name, sources, "; see `aggregator status`"), "E118")
        for name in names
        if name not in sources
    ]
    if problems:
        raise ConfigError(problems)
    return [sources[name] for name in dict.fromkeys(names)]


def sources_due(settings: Settings, store: Store, *, everything: bool) -> list[Source]:
    """Return the sources whose turn it is, or *everything* but what is gone for good."""
    if everything:
        return turn.all_but_gone(settings.source, store.gone())
    now = datetime.now(UTC)
    store.heal_clock(now)
    return turn.due(settings.source, store.states(), store.due(now))


def _report(outcomes: Sequence[Outcome], paths: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        rows = [_outcome_json(outcome) for outcome in outcomes]
        print_json({"sources": rows, "published": list(paths)})
        return
    for outcome in outcomes:
        for bad in outcome.bad[:_BAD_SHOWN]:
            print_error_line(coded(f'source "{outcome.id}": {bad}', bad.code))
        if len(outcome.bad) > _BAD_SHOWN:
            words = 'source "{id}": … and {count} more'
            print_error_line(say(words, id=outcome.id, count=len(outcome.bad) - _BAD_SHOWN))
    print_line(_summary(outcomes, paths))


def _next(settings: Settings, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield what a person may want to do after a refresh."""
    if any(outcome.status is Status.FAILED for outcome in outcomes):
        yield say("aggregator status    # which sources failed, and why")
    folder = settings.publish.directory
    yield say("aggregator run    # goes on with it, and serves {folder}", folder=folder)


def _outcome_json(outcome: Outcome) -> dict[str, object]:
    return {
        "id": outcome.id,
        "status": str(outcome.status),
        "new": outcome.new,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "bad": len(outcome.bad),
        "held": outcome.held,
        "withdrawn": outcome.withdrawn,
        "leaving": outcome.leaving,
        "bad_entries": [
            {"entry": bad.entry, "reason": bad.reason, "code": bad.code or None}
            for bad in outcome.bad
        ],
        "error": parted(outcome.error)[0] or None,
        "code": parted(outcome.error)[1] or None,
    }


def _summary(outcomes: Sequence[Outcome], paths: Sequence[str]) -> str:
    failed = sum(outcome.status is Status.FAILED for outcome in outcomes)
    waiting = sum(outcome.status is Status.WAITING for outcome in outcomes)
    new, changed = sum(o.new for o in outcomes), sum(o.changed for o in outcomes)
    bad = sum(len(outcome.bad) for outcome in outcomes)
    held = sum(outcome.held + outcome.leaving for outcome in outcomes)
    withdrawn = sum(outcome.withdrawn for outcome in outcomes)
    ok, count = len(outcomes) - failed - waiting, len(outcomes)
    words = "{count} sources: {ok} ok, {failed} failed"
    if count == 1:
        words = "{count} source: {ok} ok, {failed} failed"
    return "".join(
        (
            say(words, count=count, ok=ok, failed=failed),
            say(", {count} waiting", count=waiting) if waiting else "",
            say(
                "; articles: {new} new, {changed} changed, {bad} bad",
                new=new,
                changed=changed,
                bad=bad,
            ),
            say(", {count} withdrawn", count=withdrawn) if withdrawn else "",
            say(", {count} held", count=held) if held else "",
            say("; {count} documents written", count=len(paths)),
        )
    )


def publish_once(invocation: Invocation, *, everything: bool, dry_run: bool, as_json: bool) -> int:
    """Publish what changed; return the exit status."""
    settings = load(invocation)
    templates = load_templates(settings.publish)
    with working_on(settings) as store, progress(invocation.quiet or as_json) as shown:
        shown.plan("publishing", None)
        how = {"everything": everything, "dry_run": dry_run}
        paths = _publish(settings, store, shown, templates, **how)
        sound = dry_run
        if not dry_run:
            tell_hub(settings, store)
            sound = push(settings, store, shown)
    if as_json:
        print_json({"published": paths, "written": not dry_run})
    else:
        for path in paths if dry_run else ():
            print_line(path)
        words = "{count} documents would be written" if dry_run else "{count} documents written"
        print_line(say(words, count=len(paths)))
    return 1 if templates.faults or not sound else 0


def release_held(invocation: Invocation, names: Sequence[str], *, drop: bool, as_json: bool) -> int:
    """Do what is held of the sources *names*, or never do it with *drop*; return the exit status.

    That is to publish new articles that look like old ones, and to hide old ones that the source
    took back all at once.
    """
    from aggregator.cli.delegating import have_done
    from aggregator.pipeline.tasks import Task
    from aggregator.schedule.mailbox import own_name

    settings = load(invocation)
    sources = sources_named(settings, names, str(invocation.config))
    ids = tuple(source.id for source in sources)
    answer, flawed = have_done(settings, Task("drop" if drop else "release", ids, own_name()))
    if as_json:
        print_json(answer)
    else:
        done = {words: answer.get(word) for word, words in _RELEASED.items()}
        counts = [say(words, count=count) for words, count in done.items() if count]
        written = say("; {count} documents written", count=len(answer["published"]))
        print_line(say(", ").join(counts or [say("nothing was held")]) + written)
        if not invocation.quiet:
            print_steps(say("aggregator status    # whether anything else is held"))
    return 1 if flawed else 0
