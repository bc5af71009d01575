"""What a right configuration becomes."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.config.desk import SOURCE, settings


def test_an_empty_file_has_every_default(tmp_path: Path) -> None:
    loaded = settings(tmp_path, "")
    assert loaded.site.title == "Aggregator"
    assert loaded.publish.formats == ("rss", "atom", "json", "html", "jekyll")
    assert loaded.store.keep == timedelta(days=90)
    assert loaded.source == ()


def test_a_source_needs_no_more_than_an_id_and_a_url(tmp_path: Path) -> None:
    (source,) = settings(tmp_path, SOURCE).source
    assert (source.id, source.kind, source.every, source.first) == ("bbc", "feed", "auto", 20)


def test_defaults_lie_under_every_source(tmp_path: Path) -> None:
    text = '[defaults]\nevery = "5m"\nfirst = "all"\n' + SOURCE + 'every = "1h"\n'
    (source,) = settings(tmp_path, text).source
    assert (source.every, source.first) == (timedelta(hours=1), "all")


def test_a_table_in_the_defaults_is_merged_key_by_key(tmp_path: Path) -> None:
    text = '[defaults.headers]\nA = "1"\nB = "2"\n' + SOURCE + '[source.headers]\nB = "3"\n'
    (source,) = settings(tmp_path, text).source
    assert {k: v.get_secret_value() for k, v in source.headers.items()} == {"A": "1", "B": "3"}


def test_a_list_in_a_source_replaces_that_of_the_defaults(tmp_path: Path) -> None:
    (source,) = settings(tmp_path, '[defaults]\ntags = ["a"]\n' + SOURCE + 'tags = ["b"]\n').source
    assert source.tags == ("b",)


def test_a_default_goes_only_to_the_kinds_that_take_it(tmp_path: Path) -> None:
    json_source = '[[source]]\nid = "j"\nurl = "x.json"\nkind = "json"\nfields = {}\n'
    loaded = settings(tmp_path, '[defaults]\nitems = "rows"\n' + SOURCE + json_source)
    assert [source.items for source in loaded.source] == ["", "rows"]


def test_for_makes_a_source_of_each_combination(tmp_path: Path) -> None:
    text = """
[[source]]
id = "m-{market}-{language}"
for = { market = [37, 38], language = ["en", "zh"] }
url = "https://example.org/{language}?m={market}"
category = "{medianame}"
tags = ["{market}", "{medianame}新闻"]
language = "{language}"
[source.headers]
X-Market = "{market}"
[[source.rule]]
match = "{market}"
set = { title = "{market} {title}" }
"""
    loaded = settings(tmp_path, text)
    assert [source.id for source in loaded.source] == ["m-37-en", "m-37-zh", "m-38-en", "m-38-zh"]
    last = loaded.source[-1]
    assert last.url == "https://example.org/zh?m=38"
    assert last.category == "{medianame}"
    assert last.tags == ("38", "{medianame}新闻")
    assert last.headers["X-Market"].get_secret_value() == "38"
    assert last.rule[0].match == "38"
    assert last.rule[0].set == {"title": "38 {title}"}


@pytest.mark.parametrize(
    ("url", "becomes"),
    [
        ("https://例子.example/feed?a=1&b=%20", "https://例子.example/feed?a=1&b=%20"),
        ("HTTP://user:pw@example.org:8080/x", "HTTP://user:pw@example.org:8080/x"),
        ("posts", "file://{folder}/posts"),
        ("file:some posts/%41", "file://{folder}/some%20posts/%2541"),
        ("../list.json", "file://{parent}/list.json"),
        ("/srv/posts", "file:///srv/posts"),
        ("file:///srv/a%20b", "file:///srv/a%20b"),
        ("file://localhost/srv/x", "file:///srv/x"),
        ("文章", "file://{folder}/%E6%96%87%E7%AB%A0"),
    ],
)
def test_a_url_is_an_address_or_a_path_beside_the_file(
    tmp_path: Path, url: str, becomes: str
) -> None:
    (source,) = settings(tmp_path, f'[[source]]\nid = "x"\nurl = "{url}"\n').source
    assert source.url == becomes.format(folder=tmp_path, parent=tmp_path.parent)


def test_paths_are_seen_from_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "post.jinja").touch()
    monkeypatch.setenv("HOME", "/home/ada")
    text = (
        '[publish]\ndirectory = "out"\njekyll.template = "post.jinja"\n[store]\npath = "~/a.db"\n'
    )
    loaded = settings(tmp_path, text)
    assert loaded.publish.directory == tmp_path / "out"
    assert loaded.publish.jekyll.template == tmp_path / "post.jinja"
    assert loaded.store.path == Path("/home/ada/a.db")


def test_default_paths_are_seen_from_the_file_too(tmp_path: Path) -> None:
    loaded = settings(tmp_path, "")
    assert loaded.publish.directory == tmp_path / "feeds"
    assert loaded.store.path == tmp_path / "aggregator.db"


def test_a_path_that_does_not_exist_is_the_sources_own_trouble(tmp_path: Path) -> None:
    text = '[[source]]\nid = "x"\nkind = "jekyll"\nurl = "nowhere"\n'
    assert settings(tmp_path, text).source[0].url.endswith("/nowhere")


def test_a_secret_comes_from_the_environment_or_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN_A", "s3cret")
    (tmp_path / "token").write_text("  of a file\n", encoding="utf-8")
    text = '[source.headers]\nA = "env:TOKEN_{x}"\nB = "file:token"\nC = "plain"\n'
    source = '[[source]]\nid = "{x}"\nfor = { x = ["A"] }\nurl = "https://example.org"\n'
    (loaded,) = settings(tmp_path, source + text).source
    values = [value.get_secret_value() for value in loaded.headers.values()]
    assert values == ["s3cret", "of a file", "plain"]
    assert "s3cret" not in repr(loaded)


def test_a_feed_may_choose_a_source_that_for_makes(tmp_path: Path) -> None:
    source = '[[source]]\nid = "m-{x}"\nfor = { x = [1, 2] }\nurl = "https://example.org/{x}"\n'
    loaded = settings(tmp_path, source + '[[feed]]\nid = "f"\ntitle = "F"\nsources = ["m-2"]\n')
    assert loaded.feed[0].sources == ("m-2",)


def test_two_thousand_sources_load_within_a_second(tmp_path: Path) -> None:
    text = '[defaults]\nlanguage = "en"\n' + "".join(
        f'[[source]]\nid = "s{n}"\nurl = "https://example.org/{n}"\ncategory = "c{n % 50}"\n'
        f'[source.headers]\nAccept = "x"\n[[source.rule]]\nmatch = "{n}"\ndrop = true\n'
        for n in range(2000)
    )
    began = time.process_time()
    assert len(settings(tmp_path, text).source) == 2000
    assert time.process_time() - began < 1


def test_former_names_lead_to_the_present_one(tmp_path: Path) -> None:
    text = (
        SOURCE + '[category.new]\nformerly = ["old", "older"]\n'
        '[[feed]]\nid = "best"\ntitle = "Best"\nformerly = ["good"]'
    )
    assert settings(tmp_path, text).moved == {"old": "new", "older": "new", "good": "best"}
