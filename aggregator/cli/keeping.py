"""Commands that keep the store: backup, restore."""

from __future__ import annotations

from pathlib import Path

from aggregator.cli.composition import Invocation, load
from aggregator.cli.speech import say
from aggregator.cli.terminal import print_json, print_line, print_steps
from aggregator.schedule.lock import alone
from aggregator.store.backup import back_up, restore


def back_up_store(invocation: Invocation, target: Path, *, as_json: bool) -> int:
    """Copy the store to *target*, also while the daemon runs; return the exit status."""
    settings = load(invocation)
    back_up(settings.store.path, target)
    size = target.stat().st_size
    if as_json:
        print_json({"backup": str(target), "bytes": size})
        return 0
    print_line(say("{path}: {size} bytes", path=target, size=size))
    if not invocation.quiet:
        print_steps(say("aggregator restore {path}    # puts it back", path=target))
    return 0


def restore_store(invocation: Invocation, backup: Path, *, as_json: bool) -> int:
    """Put *backup* in the place of the store; return the exit status."""
    settings = load(invocation)
    path = settings.store.path
    with alone(path):
        kept = restore(backup, path)
    if as_json:
        print_json({"store": str(path), "kept": str(kept) if kept else None})
        return 0
    words = "{path} is now {backup}; what it was is kept as {kept}"
    print_line(
        say(words if kept else "{path} is now {backup}", path=path, backup=backup, kept=kept)
    )
    if not invocation.quiet:
        print_steps(
            say("aggregator publish --all    # brings what is published in line with it"),
            say("aggregator run    # goes on from there"),
        )
    return 0
