"""The command line: where everything is put together. Sole user of typer and rich.

stdout is the result, stderr the log and the progress. What a command needs is imported when it
runs, so that `--help` is quick.
"""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import asdict

from aggregator.errors import AggregatorError, ConfigError, coded

_COMPLETE = "_AGGREGATOR_COMPLETE"  # what a shell asks with, by the script of `completion`


def start() -> None:
    """Run the command line in a process that is there for nothing else.

    Nothing that is made while it starts is garbage, and to look for some takes a tenth of the time:
    the collector is off until a configuration is loaded.
    """
    gc.disable()
    main()


def main() -> None:
    """Run the command line and leave with its exit status.

    0 all good · 1 some sources or outputs failed, the rest was done · 2 usage or configuration ·
    3 storage · 4 already running.
    """
    from aggregator.cli.app import app
    from aggregator.cli.narrowing import narrowed

    if _COMPLETE in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]

        completion_init()
    else:
        app = narrowed(app, sys.argv[1:])
    try:
        app(prog_name="aggregator")
    except AggregatorError as error:
        _report(error)
        sys.exit(error.exit_status)
    except BrokenPipeError:
        # Whoever read the output has seen enough (`aggregator search x | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        # Everything else says what it could not do: this is the result that cannot be printed.
        print_error(coded(f"cannot go on: {error.strerror}; is the disk full?", "E901"))
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _report(error: AggregatorError) -> None:
    """Say on stderr why a command has ended, and to who wants JSON on stdout, too.

    `{"error", "code"}`, with "problems" where the configuration has faults.
    """
    from aggregator.cli.pointing import print_problems
    from aggregator.cli.terminal import print_json

    told: dict[str, object] = {"error": str(error), "code": error.code}
    if isinstance(error, ConfigError):
        print_problems(error)
        told["problems"] = [asdict(problem) for problem in error.problems]
    else:
        print_error(error.coded)
    if "--json" in sys.argv:
        print_json(told)


def print_error(message: str) -> None:
    """Print *message* on stderr, each line behind its own `error:`."""
    from aggregator.cli.terminal import print_error_line

    for line in message.splitlines():
        print_error_line(f"error: {line}")
