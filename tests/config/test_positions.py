"""Every key and every element of a list is found where it stands."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.config.positions import Keys, Place, positions


def places(text: str) -> dict[Keys, Place]:
    found: dict[Keys, Place] = {}
    for keys, place in positions(text):
        found.setdefault(keys, place)
    return found


DOCUMENT = """\
# [[source]]
[[source]]

  [[ source ]]   # a comment with ] and = and "
id = "x"
"quoted \\u0041.key" = 1
[source.fields]
'liter"al' = 1.5
[[source.rule]]
[[source.rule]]
match = \"\"\"
[[source]]
x = 1 \\\"\"\"\"\"\"
[[source]]
[[feed]]
a . b."c d".e = {x = 1, "y".z = [1979-05-27 07:32:00,
  {q = [ ] }, # ]
]}
f = ['''[''', '''
''' , 'x']
[defaults.headers]
[defaults]
every = -1.5e3
"""


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (("source",), (2, 1)),
        (("source", 0), (2, 1)),
        (("source", 1), (4, 3)),
        (("source", 1, "id"), (5, 1)),
        (("source", 1, "quoted A.key"), (6, 1)),
        (("source", 1, "fields"), (7, 1)),
        (("source", 1, "fields", 'liter"al'), (8, 1)),
        (("source", 1, "rule"), (9, 1)),
        (("source", 1, "rule", 0), (9, 1)),
        (("source", 1, "rule", 1), (10, 1)),
        (("source", 1, "rule", 1, "match"), (11, 1)),
        (("source", 2), (14, 1)),
        (("feed", 0), (15, 1)),
        (("feed", 0, "a"), (16, 1)),
        (("feed", 0, "a", "b"), (16, 5)),
        (("feed", 0, "a", "b", "c d"), (16, 7)),
        (("feed", 0, "a", "b", "c d", "e"), (16, 13)),
        (("feed", 0, "a", "b", "c d", "e", "x"), (16, 18)),
        (("feed", 0, "a", "b", "c d", "e", "y"), (16, 25)),
        (("feed", 0, "a", "b", "c d", "e", "y", "z"), (16, 29)),
        (("feed", 0, "a", "b", "c d", "e", "y", "z", 0), (16, 34)),
        (("feed", 0, "a", "b", "c d", "e", "y", "z", 1), (17, 3)),
        (("feed", 0, "a", "b", "c d", "e", "y", "z", 1, "q"), (17, 4)),
        (("feed", 0, "f", 1), (19, 15)),
        (("feed", 0, "f", 2), (20, 7)),
        (("defaults",), (21, 1)),
        (("defaults", "headers"), (21, 1)),
        (("defaults", "every"), (23, 1)),
    ],
)
def test_a_place(line_break: str, keys: Keys, place: Place) -> None:
    assert places(DOCUMENT.replace("\n", line_break))[keys] == place


def every_way(value: Any, keys: Keys = ()) -> set[Keys]:
    """Return the keys of all that is inside *value*."""
    found: set[Keys] = set()
    if isinstance(value, dict | list):
        for key, below in value.items() if isinstance(value, dict) else enumerate(value):
            found |= {(*keys, key)} | every_way(below, (*keys, key))
    return found


NAMES = st.one_of(
    st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True), st.text("a.\"'\\ é#=[]{}\n", max_size=4)
)
TEXTS = st.text("x\"'\\#[]{}=,. \té", max_size=8)
SCALARS = st.one_of(
    TEXTS.map(lambda text: json.dumps(text, ensure_ascii=False)),
    TEXTS.map(lambda text: "'''" + text.replace("'", "") + "\n'''"),
    TEXTS.map(lambda text: '"""\n' + text.replace("\\", "").replace('"', "") + '"x"""'),
    st.sampled_from(
        ["1", "-1.5e3", "true", "1979-05-27 07:32:00Z", "07:32:00.5", "inf", "0xff", "''", '""']
    ),
)
GAPS = st.sampled_from(["", " ", "\n", " # ] } , =\n", "\t"])


def in_toml(name: str) -> str:
    bare = name.isascii() and name.replace("-", "a").replace("_", "a").isalnum()
    return name if bare else json.dumps(name, ensure_ascii=False)


def lists(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    elements = st.lists(st.tuples(GAPS, values, GAPS).map("".join), max_size=4)
    return elements.map(lambda inner: f"[{','.join(inner)}]")


def tables(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.dictionaries(NAMES.map(in_toml), values, max_size=3)
    return pairs.map(lambda inner: "{" + ", ".join(f"{k} = {v}" for k, v in inner.items()) + "}")


VALUES = st.recursive(SCALARS, lambda inner: lists(inner) | tables(inner), max_leaves=8)
KEYS = st.lists(NAMES.map(in_toml), min_size=1, max_size=3).map(" . ".join)
LINES = st.one_of(
    st.tuples(KEYS, VALUES).map(" = ".join),
    KEYS.map(lambda key: f"[{key}]"),
    KEYS.map(lambda key: f"[[ {key} ]] # x"),
    st.sampled_from(["", "# a = [", "  "]),
)


@settings(max_examples=300)
@given(st.lists(LINES, max_size=12))
def test_all_that_tomllib_finds_has_a_place_and_nothing_else_has(lines: list[str]) -> None:
    kept: list[str] = []
    for line in lines:  # leave out what does not go with the lines before
        try:
            tomllib.loads("\n".join([*kept, line]))
        except tomllib.TOMLDecodeError:
            continue
        kept.append(line)
    text = "\n".join(kept)
    found = places(text)
    assert set(found) == every_way(tomllib.loads(text))
    for keys, (line_number, column) in found.items():
        stands = text.split("\n")[line_number - 1][column - 1 :]
        if isinstance(keys[-1], str):
            assert stands.startswith(("[", in_toml(keys[-1]), "'", '"'))
