from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest
import yaml

from aggregator.publish import front_matter

TEXTS = [
    "plain",
    "南昌日报新闻",
    "36ke",
    "TechWeb",
    "anxinguojizhengquan(xianggang)",
    "21shijijingjibaodao 21caijingAPP",
    'He said "no" \\ and left',
    "a: b # c",
    "- x",
    "[1, 2]",
    "{a: b}",
    "*anchor",
    "&anchor",
    "!tag",
    "%directive",
    "@at",
    "`tick",
    "'single'",
    "trailing ",
    " leading",
    "",
    "null",
    "~",
    "yes",
    "Off",
    "y",
    "true",
    "36",
    "1_000",
    "0x1F",
    "0o17",
    "1e5",
    "3.14",
    "+1",
    "-1",
    ".5",
    ".inf",
    "12:30:45",
    "2022-01-17",
    "2022-01-17 07:42:38",
    "line\nbreak\r\ttab",
    "next\x85line\u2028and\u2029paragraph",
    "bell\x07 delete\x7f",
    "mark\ufeff zero\u200b",
    "emoji 🚢",
    "---",
    "...",
    "<<",
    "=",
    "{{ liquid }} {% tag %}",
    "C:\\new\\x41",
    "\ud83d\udea2 half \ud83d of one",
    "zero\x00 escape\x1b",
    "a\xa0b\u3000c\u202ed",
    "\U0010fffd last",
    "| block",
    "> folded",
    "? key",
    "a: 'b': \"c\"",
    "!!python/object/apply:os.system ['true']",
]
PSYCH = "puts JSON.generate($stdin.readlines.map { |l| YAML.safe_load(JSON.parse(l)) })"
JS_YAML = """
const yaml = require("js-yaml");
const lines = require("fs").readFileSync(0, "utf8").trim().split("\\n");
console.log(JSON.stringify(lines.map((line) => yaml.load(JSON.parse(line)))));
"""
READERS = {
    "psych": ["ruby", "-ryaml", "-rjson", "-e", PSYCH],
    "js-yaml": ["node", "-e", JS_YAML],
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_quoted_scalar_is_read_back_as_the_text(text: str) -> None:
    written = front_matter.quoted(text)
    assert written.count("\n") == 0
    assert yaml.safe_load(f"title: {written}\n") == {"title": text}


@pytest.mark.parametrize("text", TEXTS)
def test_a_scalar_is_read_back_as_the_text(text: str) -> None:
    assert yaml.safe_load(f"categories: {front_matter.scalar(text)}\n") == {"categories": text}


@pytest.mark.parametrize("text", TEXTS)
def test_one_word_or_a_list_is_read_back_as_the_text(text: str) -> None:
    read = yaml.safe_load(f"tags: {front_matter.word_or_list([text])}\n")["tags"]
    assert read in (text, [text])
    assert isinstance(read, list) or not any(character.isspace() for character in text)


def test_a_single_safe_word_is_plain() -> None:
    for word in ("nanchangribao", "南昌日报新闻", "36ke", "TechWeb", "shenzhen(xianggang)"):
        assert front_matter.word_or_list([word]) == word


def test_words_are_one_plain_scalar() -> None:
    words = "21shijijingjibaodao 21caijingAPP"
    assert front_matter.scalar(words) == words
    assert front_matter.scalar("Q&A") == '"Q&A"'


def test_several_words_are_a_list() -> None:
    assert front_matter.word_or_list(["a", 'b "c"']) == '["a", "b \\"c\\""]'


def test_quotes_are_taken_only_where_they_are_needed() -> None:
    assert front_matter.quoted('a "b" \\ c') == '"a \\"b\\" \\\\ c"'
    assert front_matter.quoted("南昌：“日报”") == '"南昌：“日报”"'


@pytest.mark.parametrize("reader", READERS)
def test_other_readers_of_yaml_understand_the_same(reader: str) -> None:
    command = READERS[reader]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    texts = [text for text in TEXTS if text.encode("utf-8", "ignore").decode() == text]
    written = [
        f"title: {front_matter.quoted(text)}\ncategories: {front_matter.scalar(text)}\n"
        f"tags: {front_matter.word_or_list([text])}\n"
        for text in texts
    ]
    ended = subprocess.run(
        command,
        input="\n".join(map(json.dumps, written)),
        env={**os.environ, "NODE_PATH": "/usr/share/nodejs", "LANG": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )
    if "Cannot find module" in ended.stderr:
        pytest.skip(f"{reader} is not installed")
    assert ended.stderr == ""
    for text, read in zip(texts, json.loads(ended.stdout), strict=True):
        assert read["title"] == read["categories"] == text
        assert read["tags"] in (text, [text])
