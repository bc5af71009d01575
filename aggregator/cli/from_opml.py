"""import opml: the feeds of another reader become sources."""

from __future__ import annotations

from pathlib import Path

from aggregator.cli.composition import Invocation
from aggregator.cli.moving_in import Arrival, Load, Remark, Wish, bring_in, bytes_of
from aggregator.parse import opml
from aggregator.parse.opml import Subscription, Subscriptions


def import_opml(invocation: Invocation, file: Path, wish: Wish) -> int:
    """Add the feeds that *file* lists to the configuration; return the exit status."""
    return bring_in(invocation, wish, lambda _: load_of(opml.read(bytes_of(file))))


def load_of(listed: Subscriptions) -> Load:
    """Return what a list brings that says no more than where feeds are."""
    return Load([arrival(feed) for feed in listed.feeds], bad_of(listed))


def arrival(feed: Subscription) -> Arrival:
    """Return a feed as it arrives."""
    return Arrival(feed.line, feed.url, feed.title, feed.page, feed.folders)


def bad_of(listed: Subscriptions) -> list[Remark]:
    """Return what a list has that is no feed."""
    return [Remark(bad.line, bad.title, bad.reason, "line {line}: outline") for bad in listed.bad]
