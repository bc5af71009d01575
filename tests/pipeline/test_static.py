"""Copies for web servers that send what stands ready: `[publish] static`."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
import pytest
from backports import zstd

from aggregator.model import Document
from aggregator.pipeline.publication import Publisher
from aggregator.publish import manifest, precompressed
from tests.articles import article
from tests.command import files
from tests.pipeline.test_publication import Press, page

DECODE: dict[str, Callable[[bytes], bytes]] = {
    ".br": brotli.decompress,
    ".zst": zstd.decompress,
    ".gz": gzip.decompress,
}


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    made = Press(tmp_path)
    made.settings = made.configured(publish={"static": True})
    made.take_in(article(1), article(2))
    made.publish()
    yield made
    made.store.close()


def copies(paths: set[str]) -> set[str]:
    return {path for path in paths if path.endswith(tuple(DECODE))}


def test_every_document_has_copies_that_are_the_same_and_posts_have_none(press: Press) -> None:
    folder = press.folder / "feeds"
    originals = press.paths() - copies(press.paths())
    posts = {path for path in originals if path.endswith(".md")}
    pictures = {path for path in originals if not precompressed.paths(path)} - posts
    assert posts
    for path in originals - posts - pictures - {"manifest.json"}:
        for suffix, decode in DECODE.items():
            body = (folder / (path + suffix)).read_bytes()
            assert decode(body) == (folder / path).read_bytes()
    assert len(copies(press.paths())) == 3 * len(originals - posts - pictures - {"manifest.json"})


def test_the_copies_are_in_the_manifest(press: Press) -> None:
    hashes = manifest.read((press.folder / "feeds/manifest.json").read_bytes())
    assert hashes.keys() == press.paths() - {"manifest.json"}


def test_what_has_not_changed_is_not_compressed_again(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files(press.folder / "feeds")
    compressed: list[str] = []
    made = precompressed.documents

    def noting(document: Document) -> Iterator[Document]:
        compressed.append(document.path)
        return made(document)

    monkeypatch.setattr(precompressed, "documents", noting)
    assert press.publish(everything=True) == set()
    assert compressed == []
    assert files(press.folder / "feeds") == before
    press.take_in(article(3))
    written = press.publish()
    assert page(article(2)) not in compressed
    assert {"world/rss.xml", "world/rss.xml.gz", page(article(3)) + ".br"} <= written


def test_the_copies_go_with_their_document(press: Press) -> None:
    press.settings = press.configured(publish={"static": True, "formats": ["atom"]})
    press.publish()
    assert not {path for path in press.paths() if "rss.xml" in path or ".html" in path}
    assert "world/atom.xml.zst" in press.paths()


def test_the_copies_come_and_go_with_the_setting(press: Press) -> None:
    before = files(press.folder / "feeds")
    press.settings = press.configured()
    removed = press.publish()
    assert copies(removed) == copies(set(before))
    assert copies(press.paths()) == set()
    press.settings = press.configured(publish={"static": True})
    assert press.publish() == removed
    after = files(press.folder / "feeds")
    assert {path: body for path, (_, body) in after.items() if path != "manifest.json"} == {
        path: body for path, (_, body) in before.items() if path != "manifest.json"
    }


def test_a_copy_that_is_missing_is_made_again(press: Press) -> None:
    gone = press.folder / "feeds/world/atom.xml.br"
    body = gone.read_bytes()
    gone.unlink()
    publisher = Publisher(press.settings, press.store, clock=lambda: press.now)
    publisher.repair()
    assert set(publisher.publish()) == {"world/atom.xml.br"}
    assert gone.read_bytes() == body


def test_a_dry_run_names_the_copies_and_writes_none(press: Press) -> None:
    press.take_in(article(3))
    before = press.paths()
    publisher = Publisher(press.settings, press.store, clock=lambda: press.now)
    assert {"world/rss.xml", "world/rss.xml.gz"} <= set(publisher.publish(dry_run=True))
    assert press.paths() == before
