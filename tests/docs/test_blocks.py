"""What the documentation has readers write: each configuration loads, each command is one."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from aggregator.cli.manual import commands
from tests.config.desk import settings
from tests.docs.pages import blocks

OWN_TESTS = ("CONTRIBUTING.md",)  # what stands there is tried elsewhere
TOML = {place: block for place, block in blocks("toml").items() if not place.startswith(OWN_TESTS)}
COMMANDS = {one.words: one for one in commands()}
LINES = {
    f"{place} {number}": line
    for place, block in blocks("sh").items()
    for number, line in enumerate(block.splitlines())
    if re.search(r"\baggregator ", line)
}


@pytest.mark.parametrize("place", TOML)
def test_a_configuration_loads(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in re.findall(r'"env:(\w+)"', TOML[place]):
        monkeypatch.setenv(name, "a secret")
    for name in re.findall(r'"file:([\w.]+)"', TOML[place]):
        (tmp_path / name).write_text("a secret")
    for name in re.findall(r'templates = "([\w.]+)"', TOML[place]):
        (tmp_path / name).mkdir()
    settings(tmp_path, TOML[place])


@pytest.mark.parametrize("place", LINES)
def test_a_command_is_one_with_options_that_it_has(place: str) -> None:
    for part in re.split(r"&&|\||;", LINES[place]):
        words = shlex.split(part, comments=True)
        ours = [n for n, word in enumerate(words[:-1]) if Path(word).name == "aggregator"]
        if ours and (ours[0] == 0 or words[0] == "docker"):
            _check(words[(ours[-1] if words[0] == "docker" else 0) + 1 :])


def _check(words: list[str]) -> None:
    """See that *words*, which follow the program's name, are a command and options of it."""
    program, options = COMMANDS[("aggregator",)], set()
    while program.is_group:
        options |= {name for one in program.parameters for name in one.opts}
        found = [word for word in words if (*program.words, word) in COMMANDS]
        assert found, f"no command of {program.name}: {' '.join(words)}"
        program = COMMANDS[(*program.words, found[0])]
    options |= {"--help"} | {name for one in program.parameters for name in one.opts}
    given = {word for word in words if word.startswith("-")}
    assert given <= options, f"{program.name} has no {given - options}"
