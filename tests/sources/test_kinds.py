"""What every kind of source promises; a new row of the table is tested the day it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.config.settings import Extract, Source
from aggregator.errors import SourceError
from aggregator.fetch.exchange import Fetched, NotModified, Request
from aggregator.fetch.local import read_file
from aggregator.model import SourceState
from aggregator.sources import KINDS, Harvest
from tests.sources.desk import (
    FIELDS,
    NOTHING,
    ON_PAGE,
    article,
    collect,
    knows,
    page,
    rows,
    rss,
    sitemap,
    source,
    write_posts,
)


class Disk:
    """Reads `file:` addresses, as the fetcher does."""

    def get(self, request: Request) -> Fetched | NotModified:
        return read_file(request)


def a_feed(folder: Path, *titles: str) -> Source:
    (folder / "feed.xml").write_bytes(rss(*titles))
    return source("feed", url=(folder / "feed.xml").as_uri())


def a_list(folder: Path, *titles: str) -> Source:
    (folder / "list.json").write_text(json.dumps(rows(*titles)))
    return source("json", url=(folder / "list.json").as_uri(), items="rows", fields=FIELDS)


def a_page(folder: Path, *titles: str) -> Source:
    (folder / "list.html").write_bytes(page(*titles))
    return source("html", url=(folder / "list.html").as_uri(), **ON_PAGE)


def a_sitemap(folder: Path, *titles: str) -> Source:
    (folder / "sitemap.xml").write_bytes(sitemap(folder.as_uri(), *titles))
    for title in titles:
        (folder / f"{title}.html").write_bytes(article(title))
    url = (folder / "sitemap.xml").as_uri()
    return source("sitemap", url=url, fields={"content": "detail.article"})


def a_folder(folder: Path, *titles: str) -> Source:
    return source("jekyll", url=write_posts(folder / "posts", *titles).as_uri())


MAKERS: dict[str, Callable[..., Source]] = {
    "feed": a_feed,
    "json": a_list,
    "html": a_page,
    "sitemap": a_sitemap,
    "jekyll": a_folder,
}

every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
def test_a_kind_says_what_it_is_and_takes(kind: str) -> None:
    summary, needs, takes, files, _, _ = KINDS[kind]
    assert summary
    assert "\n" not in summary
    assert needs | takes <= Source.model_fields.keys()
    assert files


@every_kind
def test_a_wrong_selector_is_found_before_anything_is_fetched(kind: str, tmp_path: Path) -> None:
    origin = MAKERS[kind](tmp_path, "rain")
    assert list(KINDS[kind].check(origin)) == []
    wrong = origin.model_copy(update={"extract": {"publisher": Extract(selector="p[")}})
    (fault,) = KINDS[kind].check(wrong)
    assert fault[0] == ("extract", "publisher", "selector")
    assert fault[1].startswith("is not a CSS selector: ")


@every_kind
def test_entries_come_with_guids_titles_and_fingerprints(kind: str, tmp_path: Path) -> None:
    harvest = collect(MAKERS[kind](tmp_path, "rain", "snow"), Disk())
    assert [entry.title for entry in harvest.feed.entries] == ["rain", "snow"]
    assert len({entry.guid for entry in harvest.feed.entries}) == 2
    assert len({entry.fingerprint for entry in harvest.feed.entries}) == 2
    assert harvest.complete
    assert harvest.feed.bad == ()


@every_kind
def test_the_same_document_gives_the_same_fingerprints(kind: str, tmp_path: Path) -> None:
    one = collect(MAKERS[kind](tmp_path, "rain", "snow"), Disk())
    other = collect(MAKERS[kind](tmp_path, "rain", "snow"), Disk())
    assert fingerprints(one) == fingerprints(other)


@every_kind
def test_what_is_known_comes_with_the_same_guid_and_fingerprint(kind: str, tmp_path: Path) -> None:
    origin = MAKERS[kind](tmp_path, "rain", "snow")
    first = fingerprints(collect(origin, Disk()))
    assert fingerprints(collect(origin, Disk(), known=knows(first))) == first


@every_kind
def test_a_change_changes_one_fingerprint(kind: str, tmp_path: Path) -> None:
    before = fingerprints(collect(MAKERS[kind](tmp_path, "rain", "snow"), Disk()))
    origin = MAKERS[kind](tmp_path, "rain", "snow")
    for path in tmp_path.rglob("*.*"):
        path.write_bytes(re.sub(rb'(title>|title: |head": ")snow', rb"\1ice", path.read_bytes()))
    after = fingerprints(collect(origin, Disk()))
    assert before.keys() == after.keys()
    assert sum(before[guid] != after[guid] for guid in before) == 1


@every_kind
def test_what_has_not_changed_is_not_modified(kind: str, tmp_path: Path) -> None:
    origin = MAKERS[kind](tmp_path, "rain")
    answer = collect(origin, Disk()).answer
    assert answer.body_hash
    state = SourceState(origin.id, etag=answer.etag, body_hash=answer.body_hash)
    again = KINDS[kind].collect(origin, state, Disk(), NOTHING)
    assert isinstance(again, NotModified)
    assert again.body_hash == answer.body_hash


@every_kind
def test_what_is_not_there_is_an_error_of_the_source(kind: str, tmp_path: Path) -> None:
    origin = source(kind, url=(tmp_path / "nowhere").as_uri())
    with pytest.raises(SourceError, match="does not exist"):
        collect(origin, Disk())


@every_kind
def test_extracted_fields_are_filled_in(kind: str, tmp_path: Path) -> None:
    wanted = {"publisher": Extract(selector="b.by")}
    origin = MAKERS[kind](tmp_path, "rain").model_copy(update={"extract": wanted})
    assert [entry.publisher for entry in collect(origin, Disk()).feed.entries] == ["Ada"]


@every_kind
def test_what_is_known_is_not_looked_into_again(kind: str, tmp_path: Path) -> None:
    wanted = {"publisher": Extract(selector="b.by")}
    origin = MAKERS[kind](tmp_path, "rain", "snow").model_copy(update={"extract": wanted})
    rain, snow = collect(origin, Disk()).feed.entries
    stored = knows({rain.guid: rain.fingerprint, snow.guid: "of an earlier version"})
    found = collect(origin, Disk(), known=stored).feed.entries
    assert [entry.publisher for entry in found] == ["", "Ada"]


@every_kind
def test_an_entry_whose_extraction_fails_is_a_bad_one(kind: str, tmp_path: Path) -> None:
    wanted = {"publisher": Extract(selector="p", match="(a|aa)+$")}
    origin = MAKERS[kind](tmp_path, "rain").model_copy(update={"extract": wanted})
    for path in tmp_path.rglob("*.*"):
        path.write_bytes(path.read_bytes().replace(b"by ", b"a" * 60 + b"! "))
    feed = collect(origin, Disk()).feed
    assert feed.entries == ()
    assert [error.reason.partition("took")[0] for error in feed.bad] == ["pattern '(a|aa)+$' "]


def fingerprints(harvest: Harvest) -> dict[str, str]:
    return {entry.guid: entry.fingerprint for entry in harvest.feed.entries}
