"""Documents in memory: read once, kept by their hash, within a bound."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest

from aggregator.coding.encoding import CODINGS, Coding
from aggregator.serve.bodies import Bodies
from tests.serve.conftest import FEED, Shelf, Site


def read(bodies: Bodies, shelf: Shelf, path: str, coding: str = "") -> bytes:
    return asyncio.run(bodies.get(shelf.known[path], coding)).data


def test_a_document_in_memory_outlives_its_file(site: Site, shelf: Shelf) -> None:
    first = site.get("/all/rss.xml")
    (shelf.directory / "all/rss.xml").unlink()
    again = site.get("/all/rss.xml")
    assert (again.content, again.headers["ETag"]) == (first.content, first.headers["ETag"])


def test_a_document_whose_file_is_missing_is_to_be_asked_for_again(
    site: Site, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    (shelf.directory / "all/rss.xml").unlink()
    answer = site.get("/all/rss.xml")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "cannot serve path='/all/rss.xml'" in caplog.text


def test_a_document_that_is_being_replaced_comes_whole_under_its_own_hash(
    site: Site, shelf: Shelf
) -> None:
    old = shelf.known["all/rss.xml"]
    new = shelf.put("all/rss.xml", FEED + b"<!-- new -->")
    shelf.known["all/rss.xml"] = old
    answer = site.get("/all/rss.xml")
    assert answer.content == FEED + b"<!-- new -->"
    assert answer.headers["ETag"] == f'"{new.sha256}"'
    shelf.known["all/rss.xml"] = new
    assert site.get("/all/rss.xml").headers["ETag"] == f'"{new.sha256}"'


def test_the_old_document_is_served_until_the_new_one_is_named(site: Site, shelf: Shelf) -> None:
    old = shelf.known["all/rss.xml"]
    site.get("/all/rss.xml")
    shelf.put("all/rss.xml", b"new")
    shelf.known["all/rss.xml"] = old
    assert site.get("/all/rss.xml").content == FEED


def test_what_was_used_last_is_kept_within_the_bound(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    bodies = Bodies(tmp_path, 250)
    for name in "abcd":
        shelf.put(name, name.encode() * 100)
    for name in "abac":  # a is used again, so b goes when c comes
        read(bodies, shelf, name)
    for name in "abc":
        (tmp_path / name).unlink()
    assert read(bodies, shelf, "a") == b"a" * 100
    assert read(bodies, shelf, "c") == b"c" * 100
    with pytest.raises(FileNotFoundError):
        read(bodies, shelf, "b")
    read(bodies, shelf, "d")
    with pytest.raises(FileNotFoundError):
        read(bodies, shelf, "a")


def test_a_document_larger_than_the_bound_is_served_and_drives_nothing_out(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    bodies = Bodies(tmp_path, 250)
    shelf.put("small", b"s" * 100)
    shelf.put("large", b"l" * 1000)
    read(bodies, shelf, "small")
    assert read(bodies, shelf, "large") == b"l" * 1000
    for name in ("small", "large"):
        (tmp_path / name).unlink()
    assert read(bodies, shelf, "small") == b"s" * 100
    with pytest.raises(FileNotFoundError):
        read(bodies, shelf, "large")


def test_many_who_ask_at_once_have_it_read_and_compressed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(tmp_path)
    bodies = Bodies(tmp_path, 1_000_000)
    published = shelf.put("all/rss.xml", FEED)
    compressed = []

    def counting(data: bytes) -> bytes:
        compressed.append(data)
        return gzip.compress(data)

    monkeypatch.setitem(CODINGS, "gzip", Coding(counting, ".gz"))

    async def ask_at_once() -> list[bytes]:
        bodies_asked = [bodies.get(published, "gzip") for _ in range(20)]
        return [body.data for body in await asyncio.gather(*bodies_asked)]

    answers = asyncio.run(ask_at_once())
    assert len(compressed) == 1
    assert {gzip.decompress(answer) for answer in answers} == {FEED}
