from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.errors import FetchError
from aggregator.fetch import Fetched, NotModified, Request
from aggregator.fetch.local import Folder, open_folder
from tests.fetch.desk import fetching

POSTS = frozenset({".md", ".markdown", ".html"})


def get(request: Request) -> Fetched | NotModified:
    with fetching(max_size=1000) as fetcher:
        return fetcher.get(request)


def listed(path: Path, body_hash: str = "") -> Folder:
    folder = open_folder(Request(path.as_uri(), body_hash=body_hash), POSTS)
    assert isinstance(folder, Folder)
    return folder


# ── a file ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["feed.xml", "新闻 100%25.xml", "a#b?c.xml"])
def test_a_file_is_read_under_every_spelling_of_its_address(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"<rss/>")
    for url in (path.as_uri(), f"file:{path}", f"FILE:{path}"):
        answer = get(Request(url))
        assert isinstance(answer, Fetched)
        assert (answer.body, answer.url) == (b"<rss/>", url)
    assert get(Request(path.as_uri().replace("file://", "file://localhost"))).url


def test_a_file_that_did_not_change_is_not_new(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(b"<rss/>")
    first = get(Request(path.as_uri()))
    assert isinstance(first, Fetched)
    status = path.stat()
    assert first.etag == f"{status.st_mtime_ns}-{status.st_size}"
    known = Request(path.as_uri(), etag=first.etag, body_hash=first.body_hash)
    assert isinstance(get(known), NotModified)
    os.utime(path, ns=(1, 1))
    assert get(known) == NotModified(path.as_uri(), etag="1-6", body_hash=first.body_hash)
    path.write_bytes(b"<atom>")
    assert isinstance(get(known), Fetched)


def test_a_path_beside_the_working_directory_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "feed.xml").write_bytes(b"<rss/>")
    monkeypatch.chdir(tmp_path)
    assert isinstance(get(Request("file:feed.xml")), Fetched)


def test_a_file_that_cannot_be_read_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * 1001)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    faults = {
        f"file:{tmp_path}/none": "does not exist; check the path",
        f"file:{tmp_path}": "is a folder; name a file in it",
        f"file:{tmp_path}/large": "is larger than 1 kB; raise max_size",
        f"file:{tmp_path}/large/more": "is not a folder; check the path",
        f"file:{tmp_path}/pipe": "is not a regular file",
        f"file:{tmp_path}/loop": "cannot be read: too many levels of symbolic links",
        "file:": "names no path",
        "file:///a%00b": "names no path",
        "file://elsewhere/feed.xml": "elsewhere is another machine",
        "file:/dev/zero": "is not a regular file",
    }
    for url, fault in faults.items():
        with pytest.raises(FetchError) as caught:
            get(Request(url))
        assert fault in str(caught.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.touch(mode=0)
    with pytest.raises(FetchError, match="may not be read; check its permissions"):
        get(Request(path.as_uri()))


# ── a folder ──────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_lists_its_posts_and_those_one_level_down(tmp_path: Path) -> None:
    for name in (
        "b.md",
        "a.MD",
        "c.html",
        "d.markdown",
        "e.txt",
        ".f.md",
        "sub/g.md",
        "sub/x/h.md",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "i.md").touch()
    folder = listed(tmp_path)
    assert [file.name for file in folder.files] == [
        "a.MD",
        "b.md",
        "c.html",
        "d.markdown",
        "sub/g.md",
    ]
    assert [file.size for file in folder.files] == [4, 4, 6, 10, 8]
    assert folder.files[1].mtime_ns == (tmp_path / "b.md").stat().st_mtime_ns
    assert [folder.read(file.name) for file in folder.files] == [
        file.name.encode() for file in folder.files
    ]


def test_a_folder_that_did_not_change_is_known_without_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("one")
    known = Request(tmp_path.as_uri(), body_hash=listed(tmp_path).body_hash)
    assert open_folder(known, POSTS) == NotModified(known.url, body_hash=known.body_hash)
    (tmp_path / "other.txt").touch()
    assert isinstance(open_folder(known, POSTS), NotModified)
    os.utime(path, ns=(1, 1))
    changed = listed(tmp_path, known.body_hash)
    path.rename(tmp_path / "b.md")
    renamed = listed(tmp_path, known.body_hash)
    assert len({known.body_hash, changed.body_hash, renamed.body_hash}) == 3


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "posts"
    outside.mkdir()
    inside.mkdir()
    (outside / "secret.md").write_text("secret")
    (inside / "a.md").write_text("a")
    (inside / "same.md").symlink_to("a.md")
    (inside / "out.md").symlink_to(outside / "secret.md")
    (inside / "outdir").symlink_to(outside)
    (inside / "nowhere.md").symlink_to("missing.md")
    (inside / "self").symlink_to(".")
    (inside / "circle.md").symlink_to("circle.md")
    folder = listed(inside)
    assert [file.name for file in folder.files] == ["a.md", "same.md"]
    (inside / "a.md").unlink()
    (inside / "a.md").symlink_to(outside / "secret.md")
    for name in ("a.md", "../outside/secret.md", "outdir/secret.md", str(outside / "secret.md")):
        with pytest.raises(FetchError, match="leads out of the folder"):
            folder.read(name)


def test_a_folder_reached_by_a_link_is_read(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.md").write_text("a")
    (tmp_path / "link").symlink_to("real")
    assert listed(tmp_path / "link").read("a.md") == b"a"


def test_a_folder_that_cannot_be_listed_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file.md").touch()
    (tmp_path / "circle").symlink_to("circle")
    faults = {
        "none": "does not exist",
        "file.md": "is not a folder",
        "circle": "too many levels of symbolic links",
    }
    for name, fault in faults.items():
        with pytest.raises(FetchError, match=fault):
            listed(tmp_path / name)


def test_a_file_of_a_folder_has_the_same_size_limit(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x" * 11)
    folder = replace(listed(tmp_path), max_size=10)
    with pytest.raises(FetchError, match=r"a\.md is larger than 10 bytes"):
        folder.read("a.md")
    (tmp_path / "a.md").unlink()
    with pytest.raises(FetchError, match=r"a\.md does not exist"):
        folder.read("a.md")
