"""What a shell has of the program: completion, and a man page."""

from __future__ import annotations

import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aggregator.cli.manual import commands
from aggregator.cli.reference import MAN_PAGE
from tests.cli.inside import aggregator
from tests.command import ROOT, environment

CONFIG = '[[source]]\nid = "bbc-world"\nurl = "x.xml"\n[[source]]\nid = "nasa"\nurl = "y.xml"\n'


def install(folder: Path) -> dict[str, str]:
    """Put the program and a configuration into *folder*; return where a shell finds it."""
    (folder / "config.toml").write_text(CONFIG)
    program = folder / "aggregator"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m aggregator "$@"\n')
    program.chmod(0o755)
    return {**environment(), "PATH": f"{folder}:/usr/bin:/bin", "HOME": str(folder)}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_script_that_it_takes(tmp_path: Path, shell: str) -> None:
    printed = aggregator(tmp_path, "completion", shell)
    assert printed.status == 0
    assert "_AGGREGATOR_COMPLETE" in printed.out
    if shutil.which(shell):
        (tmp_path / "script").write_text(printed.out)
        checked = subprocess.run([shell, "-n", tmp_path / "script"], capture_output=True)
        assert (checked.returncode, checked.stderr) == (0, b"")


def test_another_shell_is_refused_with_those_there_are(tmp_path: Path) -> None:
    ended = aggregator(tmp_path, "completion", "tcsh")
    assert ended.status == 2
    assert all(shell in ended.err for shell in ("bash", "zsh", "fish"))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["aggregator", "imp"], {"import"}),
        (["aggregator", "import", "o"], {"opml"}),
        (["aggregator", "refresh", "b"], {"bbc-world"}),
        (["aggregator", "release", ""], {"bbc-world", "nasa"}),
        (["aggregator", "refresh", "--n"], {"--no-publish"}),
    ],
)
def test_bash_completes_commands_options_and_sources(
    tmp_path: Path, words: list[str], found: set[str]
) -> None:
    env = install(tmp_path)
    script = aggregator(tmp_path, "completion", "bash").out
    typed = " ".join(f"'{word}'" for word in words)
    asked = (
        f"{script}\nCOMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}\n"
        f"_aggregator_completion aggregator\nprintf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    ended = subprocess.run(
        ["bash", "-c", asked], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert set(ended.stdout.split()) == found, ended.stderr


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
def test_fish_completes_commands_and_sources(tmp_path: Path) -> None:
    env = install(tmp_path)
    script = aggregator(tmp_path, "completion", "fish").out
    asked = f"{script}\ncomplete -C 'aggregator imp'; complete -C 'aggregator refresh b'"
    ended = subprocess.run(
        ["fish", "-c", asked], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert [line.split("\t")[0] for line in ended.stdout.splitlines()] == ["import", "bbc-world"]


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
def test_zsh_completes_at_the_first_try_when_the_script_stands_in_fpath(tmp_path: Path) -> None:
    env = {**install(tmp_path), "TERM": "dumb"}
    (tmp_path / "_aggregator").write_text(aggregator(tmp_path, "completion", "zsh").out)
    begin = f"fpath=({tmp_path} $fpath); autoload -Uz compinit; compinit -u -D; PS1='rea''dy> '\n"
    with subprocess.Popen(
        ["script", "--quiet", "--command", "zsh -f -i", "/dev/null"],  # which lends it a terminal
        cwd=tmp_path, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
    ) as zsh:  # fmt: skip
        try:
            types(zsh, begin, "ready> ")
            types(zsh, "aggregator imp\t", "aggregator import ")
        finally:
            zsh.kill()


def types(terminal: subprocess.Popen[bytes], line: str, answer: str) -> None:
    """Type *line* and wait until *answer* stands on the terminal."""
    assert terminal.stdin
    assert terminal.stdout
    terminal.stdin.write(line.encode())
    text, end = "", time.monotonic() + 60
    while answer not in text.replace("\r", ""):
        ready, _, _ = select.select([terminal.stdout], [], [], max(0, end - time.monotonic()))
        assert ready, f"{answer!r} did not come: {text!r}"
        text += terminal.stdout.read(4096).decode()


def test_a_faulty_configuration_completes_nothing_and_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[[source]]\n")
    env = {**environment(), "_AGGREGATOR_COMPLETE": "complete_bash",
           "COMP_WORDS": "aggregator refresh ", "COMP_CWORD": "2"}  # fmt: skip
    ended = subprocess.run(
        [sys.executable, "-m", "aggregator"], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert (ended.stdout.strip(), ended.stderr) == ("", "")


def test_the_man_page_is_up_to_date_and_is_what_the_command_prints(tmp_path: Path) -> None:
    page = MAN_PAGE.read_text(encoding="utf-8")
    assert aggregator(tmp_path, "man").out == page, "run `make docs`"
    assert MAN_PAGE.relative_to(ROOT).as_posix() in (ROOT / "pyproject.toml").read_text()


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not installed")
def test_the_man_page_is_sound_roff_and_names_every_command() -> None:
    shown = subprocess.run(
        ["groff", "-ww", "-man", "-Kutf8", "-Tutf8", "-rLL=100n", "-P-cbou", MAN_PAGE],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert shown.stderr == ""
    lines = [" ".join(line.split()) for line in shown.stdout.splitlines()]
    for command in commands()[1:]:
        assert command.name.removeprefix("aggregator ") in lines
        assert set(command.examples) <= set(lines)
