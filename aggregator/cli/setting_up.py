"""Commands that begin: init, check."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from aggregator.cli.composition import Invocation, load, visiting
from aggregator.cli.pointing import print_warning
from aggregator.cli.retelling import retold
from aggregator.cli.speech import say
from aggregator.cli.terminal import print_error_line, print_json, print_line, print_steps
from aggregator.config.settings import Settings, Source
from aggregator.errors import Problem, parted
from aggregator.fetch.exchange import Getter
from aggregator.model import SourceState


def write_config(directory: Path) -> None:
    """Write a config.toml to start from, and say what comes next."""
    from aggregator.config.starter import write_starter

    path = write_starter(directory)
    print_line(say("wrote {path}", path=path))
    print_steps(
        *([] if directory == Path() else [say("cd {folder}", folder=directory)]),
        say("edit {file}: your site's title and address, your sources", file=path.name),
        say("aggregator check --net    # asks each of them"),
        say("aggregator run    # refreshes, publishes and serves"),
    )


def check_config(invocation: Invocation, *, net: bool, as_json: bool) -> int:
    """Check the configuration, with *net* every source too; return the exit status.

    With JSON `{"problems": [], "sources", "faults", "moved", "failing", "codes", "warnings"}`;
    where it has faults, what every command prints then, with "problems".
    """
    from aggregator.config.describe import describe
    from aggregator.publish import templating

    settings = load(invocation)
    templating.load(settings.publish)
    faults = _ask_every_source(settings) if net else {}
    moved, failing = _moved(settings), {} if net else _failing(settings)
    warnings = _warnings(invocation, settings)
    if as_json:
        print_json(
            {
                "problems": [],
                "sources": len(settings.source),
                "faults": {source: parted(line)[0] for source, line in faults.items()},
                "moved": moved,
                "failing": {source: parted(line)[0] for source, line in failing.items()},
                "codes": {
                    source: code
                    for source, line in (failing | faults).items()
                    if (code := parted(line)[1])
                },
                "warnings": [asdict(warning) for warning in warnings],
            }
        )
        return 1 if faults else 0
    for line in describe(settings, say):
        print_line(line)
    for source, words in (*moved.items(), *failing.items()):
        print_line(say('source "{id}": {words}', id=source, words=retold(words)))
    for warning in warnings:
        print_warning(warning)
    for source, fault in faults.items():
        print_error_line(say('source "{id}": {words}', id=source, words=fault))
    if count := len(warnings):
        print_line(say("{count} warning" if count == 1 else "{count} warnings", count=count))
    if net and not faults:
        print_line(say("every source answered"))
    return 1 if faults else 0


def _warnings(invocation: Invocation, settings: Settings) -> list[Problem]:
    """Return what should be thought about, though nothing is wrong with it."""
    from aggregator.cli.cautions import Cautions, kept
    from aggregator.config.caveats import caveats
    from aggregator.config.document import read
    from aggregator.errors import StoreError
    from aggregator.sources import KINDS
    from aggregator.store.reader import Reader

    reader = Reader(settings.store.path)

    def rights(source: str) -> list[str]:
        try:
            return reader.rights(source)
        except StoreError:  # there is none yet, or it cannot be read: others say so
            return []

    document = read(invocation.config)
    found = [
        *caveats(document, settings, KINDS, rights, say),
        *Cautions(document, settings, kept(settings)).all(),
    ]
    return sorted(found, key=lambda warning: (warning.line, warning.column))


def _moved(settings: Settings) -> dict[str, str]:
    """Return, in words, where sources have moved to for good, as far as the store knows."""
    from aggregator.schedule.due import moved_in_words

    words = {id_: moved_in_words(state) for id_, state in _states(settings).items()}
    return {source: said for source, said in words.items() if said}


def _failing(settings: Settings) -> dict[str, str]:
    """Return why sources brought nothing when they were asked last, as far as the store knows."""
    from aggregator.schedule.due import failing_in_words

    words = {id_: failing_in_words(state) for id_, state in _states(settings).items()}
    return {source: said for source, said in words.items() if said}


def _states(settings: Settings) -> dict[str, SourceState]:
    """Return what is remembered of the sources whose tables have not changed since."""
    from aggregator.errors import StoreError
    from aggregator.pipeline.recall import is_changed
    from aggregator.store.reader import Reader

    try:
        states = Reader(settings.store.path).states()
    except StoreError:  # there is none yet, or it cannot be read: others say so
        return {}
    return {
        source.id: states[source.id]
        for source in settings.source
        if source.id in states and not is_changed(source, states[source.id])
    }


def _ask_every_source(settings: Settings) -> dict[str, str]:
    """Return what went wrong with each source that could not be read."""
    from concurrent.futures import ThreadPoolExecutor

    with visiting(settings) as network, ThreadPoolExecutor(settings.fetch.workers) as pool:
        asked = pool.map(lambda row: list(_ask_in_turn(row, settings, network)), _rows(settings))
        faults = {id_: fault for row in asked for id_, fault in row}
    return {source.id: faults[source.id] for source in settings.source if source.id in faults}


def _rows(settings: Settings) -> list[list[Source]]:
    """Return the sources, those of one site in one row; each of one's own network by itself."""
    from aggregator.fetch.site import site_of

    rows: dict[str, list[Source]] = {}
    for source in settings.source:
        site = site_of(source.url)
        rows.setdefault(site.name if site.public else source.id, []).append(source)
    return list(rows.values())


def _ask_in_turn(
    sources: Sequence[Source], settings: Settings, network: Getter
) -> Iterator[tuple[str, str]]:
    """Yield id and fault of those that could not be read."""
    from aggregator.cli.preview import look_at

    for number, source in enumerate(sources):
        if number:
            time.sleep(settings.fetch.spacing.total_seconds())
        if fault := look_at(source, settings, network).fault:
            yield source.id, fault.coded
