"""`aggregator notify`: whether what is told of incidents would arrive."""

from __future__ import annotations

from aggregator.cli.composition import Invocation, load
from aggregator.cli.terminal import print_json, print_line
from aggregator.notify.messenger import send_test


def send_tests(invocation: Invocation, *, as_json: bool) -> int:
    """Send a test to each address; return 0, or 1 where one did not take it."""
    settings = load(invocation)
    found = send_test(settings)
    if as_json:
        print_json({"addresses": [{"address": label, "ok": ok} for label, ok in found]})
    else:
        for label, ok in found:
            print_line(f"{'✓' if ok else '✗'} {label}: {'was taken' if ok else 'was not taken'}")
        if not settings.notify.to:
            print_line("nobody is told: [notify] has no addresses")
    return 0 if len(found) == len(settings.notify.to) and all(ok for _, ok in found) else 1
