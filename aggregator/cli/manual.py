"""docs/cli.md: every command with its synopsis, options and examples, as typer has them.

What is said around them stands in manual.md, with a comment where each part goes. A command's
examples are the lines of its help that begin with `Example:`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

_PLACE = re.compile(r"<!-- (\w+) -->")
_EXAMPLE = re.compile(r"Example: (.+)")
_VALUES = {int: "NUMBER", float: "NUMBER", Path: "PATH"}
_EVERYWHERE = ("--help",)


class Command(NamedTuple):
    """One command of the tree: its words, what its help says, and its parameters."""

    words: tuple[str, ...]
    description: str
    examples: tuple[str, ...]
    parameters: Sequence[Any]
    is_group: bool

    @property
    def name(self) -> str:
        return " ".join(self.words)

    @property
    def summary(self) -> str:
        """The first paragraph of the description, on one line."""
        return " ".join(self.description.split("\n\n")[0].split())


def commands() -> list[Command]:
    """Return every command, groups before what is in them, the program itself first."""
    from typer.main import get_command

    from aggregator.cli.app import app

    return list(_below(get_command(app), ("aggregator",)))


def _below(node: Any, words: tuple[str, ...]) -> Iterator[Command]:
    text = node.help or ""
    description = _EXAMPLE.sub("", text).strip()
    below = getattr(node, "commands", {})
    examples = tuple(example.strip() for example in _EXAMPLE.findall(text))
    parameters = [one for one in node.params if not (one.hidden or one.opts[0] in _EVERYWHERE)]
    yield Command(words, description, examples, parameters, bool(below))
    for name, child in below.items():
        if not child.hidden:
            yield from _below(child, (*words, name))


def manual() -> str:
    """Return docs/cli.md."""
    text = files(__package__).joinpath("manual.md").read_text(encoding="utf-8")
    program, *others = commands()
    parts = {
        "overview": "\n".join(_line(one) for one in others if not one.is_group),
        "options": _table(parameter_rows(program)),
        "commands": "\n\n".join(map(_section, others)),
    }
    return _PLACE.sub(lambda place: parts[place[1]], text)


def _line(command: Command) -> str:
    anchor = command.name.replace(" ", "-")
    shown = command.name.removeprefix("aggregator ")
    return f"| [{shown}](#{anchor}) | {command.summary} |"


def _section(command: Command) -> str:
    parts = [f"{'###' if len(command.words) > 2 else '##'} {command.name}", command.description]
    if not command.is_group:
        parts.append(f"```\n{synopsis(command)}\n```")
    if command.parameters:
        parts.append(_table(parameter_rows(command)))
    examples = "\n".join(command.examples)
    return "\n\n".join((*parts, f"```sh\n{examples}\n```"))


def synopsis(command: Command) -> str:
    """Return how a command is written, on one line."""
    arguments, options = _parted(command)
    given = [" ".join((one.opts[0], *_value(one))) for one in options]
    needed = [
        text if one.required else f"[{text}]" for text, one in zip(given, options, strict=True)
    ]
    return " ".join((*command.words, *needed, *map(_argument, arguments)))


def parameter_rows(command: Command) -> list[tuple[str, str]]:
    """Return what a command takes and what that means, arguments first, in Markdown."""
    arguments, options = _parted(command)
    return [_row(one) for one in (*arguments, *options)]


def _parted(command: Command) -> tuple[list[Any], list[Any]]:
    """Part the parameters into arguments and options."""
    kinds = ("argument", "option")
    arguments, options = (
        [one for one in command.parameters if one.param_type_name == kind] for kind in kinds
    )
    return arguments, options


def _argument(parameter: Any) -> str:
    name: str = parameter.metavar or parameter.name.upper()
    return name if parameter.required or name.startswith("[") else f"[{name}]"


def _value(parameter: Any) -> tuple[str, ...]:
    """Return the word for an option's value, nothing where it takes none."""
    if parameter.is_flag:
        return ()
    kind = parameter.type_descriptor.annotation
    return (parameter.metavar or _VALUES.get(kind, "TEXT"),)


def _row(parameter: Any) -> tuple[str, str]:
    if parameter.param_type_name == "argument":
        text = _argument(parameter)
        choices = text.strip("[]").split("|") if "|" in text else [text]  # tables have own bars
        name = " or ".join(f"`{one}`" for one in choices)
    else:
        value = "".join(f" {word}" for word in _value(parameter))
        name = ", ".join(f"`{one}{value}`" for one in parameter.opts)
    said = [parameter.help.rstrip(".")]
    if parameter.default not in (None, "", False, Path()):
        said.append(f"default `{parameter.default}`")
    if parameter.envvar:
        said.append(f"or the environment's `{parameter.envvar}`")
    if parameter.required and parameter.param_type_name == "option":
        said.append("*required*")
    return name, "; ".join(said)


def _table(rows: Iterable[tuple[str, str]]) -> str:
    lines = (f"| {name} | {meaning} |" for name, meaning in rows)
    return "\n".join(("| what | meaning |", "| --- | --- |", *lines))
