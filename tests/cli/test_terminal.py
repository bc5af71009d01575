"""Nothing that a source says steers the terminal."""

from __future__ import annotations

import json

import pytest

from aggregator.cli.terminal import print_json, printable


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("金融消息\tnews\nof today", "金融消息\tnews\nof today"),
        ("an\u3000unusual\xa0space", "an\u3000unusual\xa0space"),
        ("\x1b[2Jgone", "�[2Jgone"),
        ("back\rover", "back�over"),
        ("\x9b2J", "�2J"),
        ("\u202eslaw", "slaw"),
        ("one\u2028line", "oneline"),
    ],
)
def test_what_would_steer_the_terminal_is_taken_out(said: str, shown: str) -> None:
    assert printable(said) == shown


@pytest.mark.parametrize("said", ["plain", "\x9b2J", "\u202eslaw", "an\u3000unusual space"])
def test_json_has_what_would_steer_it_escaped(
    said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_json({"said": said})
    line = capsys.readouterr().out
    assert printable(line) == line
    assert json.loads(line) == {"said": said}
