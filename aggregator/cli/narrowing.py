"""The one command that is asked for: typer takes 15 ms to build all of them."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy

import typer

_FLAGS = frozenset({"--quiet", "-q", "--verbose", "-v"})  # that may stand before a command


def narrowed(app: typer.Typer, words: Iterable[str]) -> typer.Typer:
    """Return *app* with no other command than the one that *words* name.

    It is *app* itself where they name none, or ask for anything else before it.
    """
    name = _command(words)
    named = [
        one for one in app.registered_commands if one.callback and one.callback.__name__ == name
    ]
    if not named:
        return app
    narrow = copy(app)
    narrow.registered_commands, narrow.registered_groups = named, []
    return narrow


def _command(words: Iterable[str]) -> str:
    """Return the word behind the options that may stand before a command, "" for none."""
    left = iter(words)
    for word in left:
        if word == "--config":
            next(left, "")
        elif word not in _FLAGS and not word.startswith("--config="):
            return word
    return ""
