"""Commands that print what other web servers have to be told: export nginx, export caddy."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta

from aggregator.cli.composition import Invocation, load
from aggregator.publish.press import FRESH_MINUTES
from aggregator.serve.hosting import Hosting, hosting


def export_hosting(invocation: Invocation, write: Callable[[Hosting], str]) -> int:
    """Print the site in the words of another server, which *write* knows; return the status."""
    fresh = timedelta(minutes=FRESH_MINUTES)  # what the feeds themselves say, too
    sys.stdout.write(write(hosting(load(invocation), fresh)))
    return 0
