"""completion: what a shell needs to complete our commands, and the ids of sources."""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum

import typer

from aggregator.cli.composition import Invocation, load
from aggregator.cli.terminal import print_line
from aggregator.errors import AggregatorError

_ZSH_REGISTERS = "compdef _aggregator_completion aggregator"
# In a folder of $fpath the script is a function, which zsh calls when it is first to complete.
_ZSH_COMPLETES = f"""if [ "$funcstack[1]" = "_aggregator" ]; then
  _aggregator_completion "$@"
else
  {_ZSH_REGISTERS}
fi"""


class Shell(StrEnum):
    """The shells that are known."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"


def print_completion(shell: Shell) -> int:
    """Print the script that makes *shell* complete; return the exit status."""
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    script = get_completion_script(
        prog_name="aggregator", complete_var="_AGGREGATOR_COMPLETE", shell=shell
    )
    print_line(script.replace(_ZSH_REGISTERS, _ZSH_COMPLETES))
    return 0


def source_ids(context: typer.Context, incomplete: str) -> list[str]:
    """Return the ids that begin so of the configuration in use; none where it has faults."""
    root = context.find_root()
    with suppress(AggregatorError):
        settings = load(Invocation(root.params.get("config", "config.toml")))
        return [one.id for one in settings.source if one.id.startswith(incomplete)]
    return []
