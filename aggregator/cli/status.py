"""`aggregator status`: how the sources are, the worst first; of one source, everything."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime, timedelta

from aggregator.cli import drawing
from aggregator.cli.composition import Invocation, load
from aggregator.cli.retelling import retold
from aggregator.cli.speech import say
from aggregator.cli.terminal import print_json, print_line
from aggregator.cli.tracing import print_source, source_json
from aggregator.cli.whole import Line, print_whole
from aggregator.config.advice import no_source
from aggregator.config.settings import Settings
from aggregator.errors import ConfigError, Problem, parted
from aggregator.health.incident import STATES
from aggregator.health.sight import Room, Sight
from aggregator.model import Gone
from aggregator.publish.standing import Standing, disk_facts, facts, standings
from aggregator.publish.supplier import Supplier
from aggregator.record import record
from aggregator.store.history import Historian
from aggregator.store.mirror import MirrorState
from aggregator.store.reader import ENGINE, Reader
from aggregator.store.watcher import Watcher

_OVERDUE = timedelta(minutes=5)


@record(frozen=True, slots=True)
class Held:
    """What waits for the operator's word, by source: new articles, and old ones taken back."""

    new: Mapping[str, int] = field(default_factory=dict)
    leaving: Mapping[str, int] = field(default_factory=dict)

    def note(self, source: str) -> str:
        """Return what the operator has to know of a source; "" where nothing waits."""
        notes = []
        if source in self.new:
            words = (
                "holds {count} articles that look like old ones under new ids;"
                " `aggregator release {source}` publishes them"
            )
            notes.append(say(words, count=self.new[source], source=source))
        if source in self.leaving:
            words = (
                "has taken back {count} articles at once, which are still shown;"
                " `aggregator release {source}` hides them, with --drop they stay"
            )
            notes.append(say(words, count=self.leaving[source], source=source))
        return say("; ").join(notes)

    def as_json(self, source: str) -> dict[str, object]:
        """Return the same for programs."""
        return {
            "held": self.new.get(source, 0),
            "leaving": self.leaving.get(source, 0),
            "note": self.note(source) or None,
        }


@record(frozen=True, slots=True)
class View:
    """What the store says at one moment; all of it is empty where there is none."""

    now: datetime
    found: Sequence[Standing]
    held: Held = field(default_factory=Held)
    removed: Mapping[Gone, int] = field(default_factory=dict)
    mirror: MirrorState | None = None
    room: Room | None = None
    engine: str = ""  # who gathers, if not this program itself


def show_status(invocation: Invocation, source: str, *, as_json: bool) -> int:
    """Print every configured source, the worst first, or one in depth; return the exit status."""
    settings = load(invocation)
    ids = {one.id for one in settings.source}
    if source and source not in ids:
        raise ConfigError([_unknown(invocation, source, ids)])
    view = look(settings, datetime.now(UTC))
    if source:
        _show_one(settings, view, source, as_json=as_json)
    elif as_json:
        _print_json(view)
    else:
        _print(view)
    return 0


def _unknown(invocation: Invocation, source: str, ids: Collection[str]) -> Problem:
    return Problem(
        str(invocation.config),
        1,
        1,
        no_source(source, ids, "; see `aggregator status`"),
        "E118",
    )


def look(settings: Settings, now: datetime) -> View:
    """Return how the sources of *settings* are at *now*."""
    today = now.astimezone(settings.site.timezone).date()
    if not settings.store.path.exists():
        return View(now, standings(_suppliers(settings, {}), Sight(), today, discreet=False))
    watcher, historian = Watcher(settings.store.path), Historian(settings.store.path)
    sight = watcher.sight(now, today)
    suppliers = _suppliers(settings, watcher.names())
    return View(
        now,
        standings(suppliers, sight, today, settings.expected, discreet=False),
        Held(watcher.held_counts(), historian.leaving_counts()),
        historian.removal_counts(),
        _mirror(settings, watcher),
        sight.room,
        watcher.meta(ENGINE),
    )


def _suppliers(settings: Settings, names: Mapping[str, tuple[str, str]]) -> list[Supplier]:
    """Return the sources as the operator knows them; *names* are what they call themselves."""
    return [
        Supplier(one.id, one.title or names.get(one.id, ("", ""))[0] or one.id)
        for one in settings.source
    ]


def _mirror(settings: Settings, reader: Reader) -> MirrorState | None:
    if settings.publish.git is None:
        return None
    from aggregator.mirror.courier import state_of_mirror  # brings half of the program

    return state_of_mirror(settings, reader)


def _show_one(settings: Settings, view: View, source: str, *, as_json: bool) -> None:
    (standing,) = (one for one in view.found if one.state.id == source)
    watcher = Watcher(settings.store.path) if settings.store.path.exists() else None
    attempts = watcher.attempts(source) if watcher else []
    incidents = watcher.incidents(10, source) if watcher else []
    if as_json:
        row = {**facts(standing, view.now), **view.held.as_json(source)}
        print_json(source_json(row, attempts, incidents))
    else:
        print_source(standing, view.held.note(source), attempts, incidents, view.now)


def _print_json(view: View) -> None:
    rows = [
        {**facts(standing, view.now), **view.held.as_json(standing.state.id)}
        for standing in view.found
    ]
    shown: dict[str, object] = {
        "articles": sum(standing.articles for standing in view.found),
        "removed": {str(kind): view.removed.get(kind, 0) for kind in Gone},
        "incidents": sum(standing.incident is not None for standing in view.found),
        "disk": disk_facts(view.room),
        "sources": rows,
    }
    if view.engine:
        shown["engine"] = view.engine
    if view.mirror:
        from aggregator.cli.mirroring import mirror_json

        shown["git"] = mirror_json(view.mirror)
    print_json(shown)


def _print(view: View) -> None:
    print_whole([_line(view, standing) for standing in view.found])
    for words in _summary(view):
        print_line(words)
    codes = (parted(standing.state.error)[1] for standing in view.found)
    if sys.stdout.isatty() and (code := next(filter(None, codes), "")):
        print_line(say("`aggregator explain {code}` says what to do", code=code))
    if view.engine:
        print_line(say("gathered by {engine}", engine=view.engine))
    if view.mirror:
        from aggregator.cli.mirroring import print_mirror

        print_mirror(view.mirror)


def _line(view: View, standing: Standing) -> Line:
    state = standing.state
    amiss = view.held.note(state.id) or retold(standing.reason)
    certificate = standing.certificate_days(view.now)
    if certificate is not None and certificate < 14:
        ending = say("its certificate ends in {days} days", days=certificate)
        amiss = say("; ").join(filter(None, (amiss, ending)))
    return Line(
        standing.word,
        state.id,
        str(standing.articles),
        state.last_ok_at,
        state.next_due_at,
        amiss,
        retold(state.why),
        drawing.ago(standing.since, view.now),
        drawing.week(tally for _, tally in standing.week),
        drawing.rate(standing.seen_rate),
        drawing.rate(standing.expected_rate),
    )


def _summary(view: View) -> list[str]:
    articles = sum(standing.articles for standing in view.found)
    words = Counter(standing.word for standing in view.found)
    counted = say(", ").join(f"{words[word]} {say(word)}" for word in STATES if words[word])
    sources = len(view.found)
    said = "{articles} articles from {sources} sources: {counted}"
    if sources == 1:
        said = "{articles} articles from {sources} source: {counted}"
    lines = [say(said, articles=articles, sources=sources, counted=counted)]
    if view.removed:
        gone = say(", ").join(f"{count} {say(kind)}" for kind, count in view.removed.items())
        lines.append(say("{gone}; `aggregator article log` says why", gone=gone))
    if view.room:
        lines.append(_disk(view.room))
    overdue = [one for one in view.found if _is_overdue(one, view.now)]
    if overdue and len(overdue) == sum(one.state.next_due_at is not None for one in view.found):
        lines.append(say("every source is overdue: is `aggregator run` running?"))
    return lines


def _is_overdue(standing: Standing, now: datetime) -> bool:
    due_at = standing.state.next_due_at
    return due_at is not None and due_at < now - _OVERDUE


def _disk(room: Room) -> str:
    used, free = drawing.size(room.used), drawing.size(room.free)
    if room.days is None:
        return say("disk: {used} used, {free} free", used=used, free=free)
    words = "disk: {used} used, {free} free, enough for {days} days"
    return say(words, used=used, free=free, days=room.days)
