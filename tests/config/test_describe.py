from __future__ import annotations

from pathlib import Path

from aggregator.config.describe import describe
from tests.config.desk import SOURCE, settings


def test_it_says_what_is_taken_in_and_what_comes_out(tmp_path: Path) -> None:
    text = f"""
[site]
url = "https://news.example.org/"
[publish]
formats = ["rss", "html"]
window = "36h"
{SOURCE}
[[source]]
id = "m-{{m}}"
for = {{ m = [1, 2] }}
kind = "json"
url = "https://example.org/{{m}}"
fields = {{}}
category = "{{medium}}"
[[feed]]
id = "mine"
title = "Mine"
"""
    assert describe(settings(tmp_path, text)) == [
        "3 sources: 2 json, 1 feed",
        "1 category: bbc",
        "categories by what the articles say: {medium}",
        f"publishes rss, html in {tmp_path}/feeds, as https://news.example.org/<category>/",
        "in each feed the newest 100, not older than 36h",
        "feeds of its own: mine",
        f"keeps articles for 90d in {tmp_path}/aggregator.db",
    ]


def test_it_says_that_there_are_no_sources(tmp_path: Path) -> None:
    lines = describe(settings(tmp_path, '[store]\nkeep = "none"'))
    assert lines[0] == "no sources yet; add a [[source]]"
    assert lines[-1].startswith("keeps articles for ever in ")


def test_a_long_list_is_cut(tmp_path: Path) -> None:
    text = "".join(SOURCE.replace("bbc", f"s{n}") for n in range(10))
    assert describe(settings(tmp_path, text))[1] == (
        "10 categories: s0, s1, s2, s3, s4, s5, s6, s7 and 2 more"
    )
