"""Whatever stands in the file, loading ends in settings or in faults that can be shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.config.load import load
from aggregator.errors import ConfigError, Problem
from tests.config.desk import FORMATS, WITHOUT_FILES

WHOLE = """
[site]
title = "金融消息"
url = "https://news.example.org"
timezone = "Asia/Shanghai"
[publish]
formats = ["rss", "atom"]
window = "3d"
credit = "（文章来源：{publisher}）"
jekyll.template = "post.jinja"
[store]
keep = "90d"
[fetch]
max_size = "10MB"
allow_private = ["127.0.0.0/8", "nas.lan:8080"]
[serve]
address = "127.0.0.1:8080"
[defaults]
every = "auto"
first = 20
headers = { Accept = "env:PATH" }
[category.emnews]
title = "东财滚动新闻"
[[rule]]
match = "(a+)+$"
replace = "\\\\1"
[[source]]
id = "bbc-world"
url = "https://feeds.example.org/{market}/rss.xml"
for = { market = [37, "x"] }
category = "world"
[[source]]
id = "market-{market}"
for = { market = [37, 38, 39] }
kind = "json"
url = "file:x/{market}"
items = "record"
detail = "http://example.org/?id={infoCode}"
tags = ["{medianame}新闻"]
share_link = "{+url_w}"
[source.fields]
id = "infoCode"
[source.extract]
publisher = { selector = "p.em_media", match = "文章来源：(.+?)）" }
[[source.rule]]
field = "content"
match = "　　"
replace = ""
[[feed]]
id = "mine"
title = "Mine"
sources = ["market-37"]
entries = 7
"""
LINES = WHOLE.splitlines()
HUGE = f"0x{'f' * 5000}"
VALUES = st.one_of(
    st.sampled_from(
        ["0", "-1", "1e400", "nan", "true", '""', "[]", "{}", "[[]]", "[{}]", "07:32:00", HUGE]
    ),
    st.sampled_from(['"{x}"', '"{"', '"file:"', '"file://"', '"http://["', '"\\u0000"', '"(?R)"']),
    st.sampled_from(["{ x = [1] }", '{ "" = [""] }', "[[[[{}]]]]", '"99999w"', "2020-01-01"]),
    st.text(max_size=6).map(lambda text: "'" + text + "'"),
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        key = lines[at].partition("=")[0]
        change = draw(st.sampled_from(["value", "key", "drop", "double", "move", "characters"]))
        if change == "value":
            lines[at] = f"{key}= {draw(VALUES)}"
        elif change == "key":
            lines[at] = lines[at].replace(
                key, draw(st.sampled_from(["x ", "'a.b' ", "id ", "for "]))
            )
        elif change == "drop":
            del lines[at]
        elif change == "double":
            lines.insert(at, lines[at])
        elif change == "move":
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
        else:
            cut = draw(st.integers(0, len(lines[at])))
            lines[at] = lines[at][:cut] + draw(st.text(max_size=3)) + lines[at][cut:]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mutations")
    (folder / "post.jinja").touch()
    return folder / "config.toml"


def faults(path: Path, body: bytes) -> tuple[Problem, ...]:
    path.write_bytes(body)
    try:
        load(path, WITHOUT_FILES, FORMATS)
    except ConfigError as error:
        return error.problems or (Problem("", 0, 0, "raised without a problem"),)
    return ()


@settings(max_examples=400)
@given(text=mutated())
def test_a_mutated_file_loads_or_has_faults_within_it(path: Path, text: str) -> None:
    for problem in faults(path, text.encode("utf-8", "surrogatepass")):
        assert 1 <= problem.line <= text.count("\n") + 1
        assert problem.column >= 1
        assert problem.message.isprintable(), problem.message
        assert len(problem.message) < 400, problem.message


@settings(max_examples=100)
@given(body=st.binary(max_size=60))
def test_any_bytes_load_or_have_faults(path: Path, body: bytes) -> None:
    for problem in faults(path, body):
        assert problem.line >= 1
        assert problem.message.isprintable()
