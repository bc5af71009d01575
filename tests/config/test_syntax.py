"""A file that is no TOML, or no file at all: one fault, where it is, in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.config.load import load
from aggregator.errors import ConfigError
from tests.config.desk import FORMATS, WITHOUT_FILES, faults


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("title = My site", "1:9 a value is missing or not written as one; text stands in quotes"),
        ("a = 1\nevery = 30s", "2:11 the line should have ended here; text stands in quotes, such"),
        ("a = “x”", "1:5 this is a typographic quote; write a plain one"),
        ('title: "x"', '1:6 expected "=" after the key'),
        ("标题 = 1", "1:1 this begins neither a key nor a [table]; "),
        ("= 1", "1:1 this begins neither a key nor a [table]; "),
        ("[]", "1:2 a key is missing, or needs quotes"),
        ("[source", '1:8 the table\'s name is not closed by "]"'),
        ("[[source]\n", '1:9 the table\'s name is not closed by "]]"'),
        ("[a]\n[a]\n", "2:3 this table stands above already; "),
        ("a.b = 1\n[a]\n", "2:3 this table stands above already; "),
        ("a = 1\na = 2\n", "2:6 this name is already taken above: "),
        ("[a]\n[[a]]\n", "2:4 this name is already taken above: "),
        ("a = {b = 1, b = 2}", "1:18 this key stands twice in the table"),
        ("a = [1\nb = 2", '2:1 the list is not closed by "]", or a comma is missing'),
        ("a = {b = 1 c = 2}", '1:12 the table is not closed by "}" on the same line'),
        ('a = "x', "1:7 the text is not closed by a quote"),
        ('a = "x\nb = 1', "1:7 the text is not closed by a quote on its line"),
        ("a = '''x", "1:9 the text is not closed by a quote"),
        ('a = "\x07"', "1:6 a control character stands here; remove it"),
        ('a = "C:\\path"', '1:10 a backslash in "…" begins an escape; write it twice'),
        ('a = "\\u12"', "1:8 \\u needs four hexadecimal digits"),
        ("a = 2020-02-31", "1:5 there is no such date or time"),
        (f"a = {'9' * 5000}", "1:1 a number here has thousands of digits"),
    ],
)
def test_a_syntax_error(tmp_path: Path, text: str, fault: str) -> None:
    (found,) = faults(tmp_path, text)
    assert found.startswith(fault)


@pytest.mark.parametrize("depth", [17, 500, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a=", "}")])
def test_a_text_nested_too_deep(tmp_path: Path, depth: int, opening: str, closing: str) -> None:
    text = f"x = 1\na = {opening * depth}1{closing * depth}"
    (found,) = faults(tmp_path, text)
    assert found.endswith(" nests more than 16 tables or lists; write it flat")
    assert found.startswith("2:")


def test_a_key_of_too_many_parts(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, f"x = 1\n{'a.' * 400}b = 1")
    assert found == "2:33 nests more than 16 tables or lists; write it flat"


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"\xef\xbb\xbfa = 1", "1:1 begins with a byte order mark; save it as UTF-8 without one"),
        ("a = 1".encode("utf-16"), "1:1 is UTF-16; save it as UTF-8"),
        (
            'a = "é"\nb = "'.encode() + b'\xe9"',
            "2:6 is not UTF-8 (byte 0xe9 here); save it as UTF-8",
        ),
    ],
)
def test_a_file_that_is_not_utf_8(tmp_path: Path, body: bytes, fault: str) -> None:
    assert faults(tmp_path, body) == [fault]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.toml", 'is not there; "aggregator init" makes a first one'),
        (".", "cannot be read: is a directory"),
        ("nul\0l", "cannot be read: embedded null byte"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, message: str) -> None:
    path = tmp_path / name
    with pytest.raises(ConfigError) as caught:
        load(path, WITHOUT_FILES, FORMATS)
    assert str(caught.value) == f"{path}:1:1: {message}"


def test_the_file_is_called_as_the_operator_called_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my.toml").write_text("a = ", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"^my\.toml:1:5: "):
        load(Path("my.toml"), WITHOUT_FILES, FORMATS)
