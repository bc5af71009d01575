"""The man page, share/man/man1/aggregator.1: the tree of commands in roff (man(7)).

What it says stands in the commands' help and, of exit statuses, in manual.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.resources import files

from aggregator import __version__
from aggregator.cli.manual import Command, commands, parameter_rows, synopsis

_STATUS = re.compile(r"^\| (\d) \| (.+) \|$", re.MULTILINE)
_FILES = (
    ("config.toml", "The configuration; another one is named by --config or AGGREGATOR_CONFIG."),
    ("aggregator.db", "The store, and aggregator.db.backups/ its daily copies."),
    ("feeds/", "What is published."),
)


def man_page() -> str:
    """Return the page as roff."""
    program, *others = commands()
    return "\n".join(
        [
            f'.TH AGGREGATOR 1 "" "aggregator {__version__}" "User Commands"',
            *_section("NAME", [rf"aggregator \- {_text(_lowered(program.summary))}"]),
            *_section("SYNOPSIS", [r".B aggregator", r"[\fIOPTIONS\fR] \fICOMMAND\fR …"]),
            *_section("OPTIONS", _parameters(program)),
            *_section("COMMANDS", _flat(map(_command, others))),
            *_section("EXIT STATUS", _flat(_term(*row) for row in _statuses())),
            *_section("FILES", _flat(_term(*row) for row in _FILES)),
            "",
        ]
    )


def _command(command: Command) -> Iterator[str]:
    yield f'.SS "{_text(command.name.removeprefix("aggregator "))}"'
    if not command.is_group:
        yield f".B {_text(synopsis(command))}"
        yield ".PP"
    for paragraph in command.description.split("\n\n"):
        yield _text(" ".join(paragraph.replace("`", "").split()))
        yield ".PP"
    yield from _parameters(command)
    for example in command.examples:
        yield ".PP"
        yield ".EX"
        yield _text(example)
        yield ".EE"


def _parameters(command: Command) -> Iterator[str]:
    return _flat(_term(name, meaning) for name, meaning in parameter_rows(command))


def _term(name: str, meaning: str) -> Iterator[str]:
    plain = name.replace("`", "").replace("\\|", "|")
    yield ".TP"
    yield f".B {_text(plain)}"
    yield _text(
        meaning.replace("`", "").replace("*required*", "required").replace("\\|", "|") + "."
    )


def _statuses() -> list[tuple[str, str]]:
    text = files(__package__).joinpath("manual.md").read_text(encoding="utf-8")
    return _STATUS.findall(text)


def _section(name: str, lines: Iterable[str]) -> list[str]:
    return [f'.SH "{name}"', *lines]


def _flat(parts: Iterable[Iterable[str]]) -> Iterator[str]:
    for part in parts:
        yield from part


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _text(words: str) -> str:
    """Return *words* so that roff takes none of them for a request or an escape."""
    escaped = words.replace("\\", r"\e").replace("-", r"\-").replace('"', r"\(dq")
    return f"\\&{escaped}" if escaped[:1] in (".", "'") else escaped
