from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.errors import PublishError
from aggregator.model import Document
from aggregator.publish import manifest, tree
from aggregator.publish.writer import Writer

UNPRIVILEGED = pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def document(path: str, body: bytes = b"whole") -> Document:
    return Document(path, body)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def stamps(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in [folder, *folder.rglob("*")]}


def test_documents_are_written_with_the_folders_they_need(tmp_path: Path) -> None:
    written = Writer(tmp_path / "feeds").write([document("a/b/c.html"), document("d", b"D")], {})
    assert files(tmp_path / "feeds") == {"a/b/c.html": b"whole", "d": b"D"}
    assert written.changed == {"a/b/c.html": digest(b"whole"), "d": digest(b"D")}
    assert (written.unchanged, written.refused) == (0, [])


def test_what_is_there_already_is_not_touched(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    known = writer.write([document("a/b"), document("c")], {}).changed
    before = stamps(tmp_path)
    time.sleep(0.01)
    again = Writer(tmp_path).write([document("a/b"), document("c")], known)
    assert (again.changed, again.unchanged) == ({}, 2)
    assert stamps(tmp_path) == before


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    known = writer.write([document("a"), document("b")], {}).changed
    inode = (tmp_path / "a").stat().st_ino
    assert writer.write([document("a"), document("b", b"new")], known).changed == {
        "b": digest(b"new")
    }
    assert (tmp_path / "a").stat().st_ino == inode
    assert (tmp_path / "b").read_bytes() == b"new"


def test_a_file_that_is_missing_or_cut_is_written_again(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    known = writer.write([document("a"), document("b")], {}).changed
    (tmp_path / "a").unlink()
    (tmp_path / "b").write_bytes(b"who")
    assert set(writer.write([document("a"), document("b")], known).changed) == {"a", "b"}
    assert files(tmp_path) == {"a": b"whole", "b": b"whole"}


def test_many_documents_are_written_at_once(tmp_path: Path) -> None:
    many = [document(f"{number % 7}/{number}", b"%d" % number) for number in range(tree.MANY * 3)]
    Writer(tmp_path).write(iter(many), {})
    assert len(files(tmp_path)) == len(many)


@pytest.mark.parametrize(
    "path",
    ["../x", "a/../../x", "/etc/x", "", "a//b", "a/./b", "a\\b", "a\0b", "a/..", ".", "a\nb"],
)
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "feeds"
    written = Writer(folder).write([document(path), document("good")], {})
    assert files(tmp_path) == {"feeds/good": b"whole"}
    assert "is not a path inside the published folder" in str(written.refused[0])
    with pytest.raises(PublishError):
        Writer(folder).remove([path])


def test_a_folder_that_is_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "feeds"
    (outside / "2022").mkdir(parents=True)
    (outside / "2022" / "x").write_bytes(b"theirs")
    folder.mkdir()
    (folder / "world").symlink_to(outside)
    writer = Writer(folder)
    documents = [document("world/2022/x"), document("world/y"), document("other/y")]
    written = writer.write(documents, {"world/2022/x": digest(b"whole")})
    assert list(written.changed) == ["other/y"]
    assert [str(folder / "world") in str(refusal) for refusal in written.refused] == [True, True]
    assert files(outside) == {"2022/x": b"theirs"}
    with pytest.raises(PublishError):
        writer.remove(["world/2022/x"])
    assert files(outside) == {"2022/x": b"theirs"}


def test_a_file_that_is_a_symbolic_link_is_replaced_and_its_target_kept(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"whole")
    folder = tmp_path / "feeds"
    folder.mkdir()
    (folder / "a").symlink_to(target)
    (folder / manifest.PATH).symlink_to(target)
    writer = Writer(folder)
    writer.write([document("a")], {"a": digest(b"whole")})
    writer.record({"a": digest(b"whole")}, [], lambda: {"a": digest(b"whole")})
    assert not (folder / "a").is_symlink()
    assert not (folder / manifest.PATH).is_symlink()
    assert target.read_bytes() == b"whole"


def test_a_file_where_a_folder_is_needed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"mine")
    (tmp_path / "b").mkdir()
    written = Writer(tmp_path).write([document("a/b"), document("b"), document("c")], {})
    assert list(written.changed) == ["c"]
    assert files(tmp_path) == {"a": b"mine", "c": b"whole"}
    assert [str(refusal).rpartition("; ")[2] for refusal in written.refused] == ["remove it"] * 2


def test_the_folder_itself_may_be_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "feeds").symlink_to(tmp_path / "disk")
    Writer(tmp_path / "feeds").write([document("a")], {})
    assert files(tmp_path / "disk") == {"a": b"whole"}


def test_removed_documents_take_their_empty_folders_with_them(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    writer.write([document("a/b/c/1"), document("a/2"), document("d/3")], {})
    assert writer.remove(["a/b/c/1", "d/3", "d/never"]) == ["a/b/c/1", "d/3"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a"]
    assert files(tmp_path) == {"a/2": b"whole"}


# ── faults ────────────────────────────────────────────────────────────────────────────────────────


def failing_after(count: int) -> Iterator[Document]:
    for number in range(count):
        yield document(f"new/{number}")
    raise RuntimeError("the source of documents failed")


def test_a_batch_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    writer.write([document("new/0", b"old")], {})
    with pytest.raises(RuntimeError):
        writer.write(failing_after(3), {})
    assert files(tmp_path) == {"new/0": b"old"}


def test_a_full_disk_is_told_in_words_and_changes_nothing(tmp_path: Path) -> None:
    """Needs a small file system: what a limit on the size of files is to one process."""
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from aggregator.model import Document\n"
        "from aggregator.publish.writer import Writer\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "writer = Writer(Path(sys.argv[1]))\n"
        "try:\n"
        "    writer.write([Document('a', b'new'), Document('b', bytes(5000))], {})\n"
        "except Exception as error:\n"
        "    print(type(error).__name__, error)\n"
    )
    Writer(tmp_path).write([document("a", b"old"), document("b", b"old")], {})
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, timeout=30
    )
    assert done.stdout.strip() == "PublishError b cannot be written: file too large"
    assert files(tmp_path) == {"a": b"old", "b": b"old"}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "x cannot be written: no space is left on the disk; free some"),
        (errno.EROFS, "x cannot be written: the disk is read-only"),
        (errno.EACCES, "x cannot be written: permission is denied"),
        (errno.EIO, "x cannot be written: input/output error"),
    ],
)
def test_faults_of_the_disk_have_words(code: int, words: str) -> None:
    assert str(tree.failure("x", OSError(code, os.strerror(code)))).startswith(words)


@UNPRIVILEGED
def test_a_folder_that_may_not_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o500)
    with pytest.raises(PublishError, match=r"a/b cannot be written: permission is denied"):
        Writer(tmp_path).write([document("a/b")], {})


def test_a_folder_that_cannot_be_made_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "feeds").write_bytes(b"")
    with pytest.raises(PublishError, match="feeds cannot be written"):
        Writer(tmp_path / "feeds")


def test_what_a_killed_run_left_behind_is_cleared_at_the_next_start(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from aggregator.model import Document\n"
        "from aggregator.publish.writer import Writer\n"
        "def documents():\n"
        "    yield Document('a/b/1', b'new')\n"
        "    yield Document('2', b'new')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "Writer(Path(sys.argv[1])).write(documents(), {})\n"
    )
    Writer(tmp_path).write([document("2", b"old")], {})
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], timeout=30)
    assert done.returncode == -signal.SIGKILL
    assert len(files(tmp_path)) > 2
    (tmp_path / "a" / ".own.tmp").write_bytes(b"not ours")
    Writer(tmp_path)
    assert files(tmp_path) == {"2": b"old", "a/.own.tmp": b"not ours"}


def test_a_planted_mark_leads_nowhere_else(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "feeds"
    outside.mkdir()
    (outside / f".{'0' * 16}.tmp").write_bytes(b"theirs")
    folder.mkdir()
    (folder / ".writing").symlink_to(outside)
    (folder / "sub").symlink_to(outside)
    Writer(folder)
    assert len(files(outside)) == 1
    assert not (folder / ".writing").is_symlink()


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    """A process is killed again and again while it rewrites documents."""
    program = (
        "import itertools, sys\n"
        "from pathlib import Path\n"
        "from aggregator.model import Document\n"
        "from aggregator.publish.writer import Writer\n"
        "writer = Writer(Path(sys.argv[1]))\n"
        "print('ready', flush=True)\n"
        "for number in itertools.count():\n"
        "    body = (b'%08d' % number) * 50_000\n"
        "    writer.write([Document(f'd/{n}', body) for n in range(3)], {})\n"
    )
    for _ in range(5):
        running = subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE
        )
        assert running.stdout is not None
        running.stdout.readline()
        end = time.monotonic() + 0.1
        while time.monotonic() < end:
            for number in range(3):
                path = tmp_path / "d" / str(number)
                if path.exists():
                    body = path.read_bytes()
                    assert body == body[:8] * 50_000
        running.kill()
        running.wait()
        running.stdout.close()
    Writer(tmp_path)
    assert set(files(tmp_path)) == {"d/0", "d/1", "d/2"}


# ── the manifest ──────────────────────────────────────────────────────────────────────────────────


def test_the_manifest_follows_the_changes(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    known = dict(writer.write([document("a"), document("b")], {}).changed)
    writer.record(known, [], lambda: known)
    changed = writer.write([document("b", b"new")], known).changed
    writer.record(changed, ["a"], dict)
    loaded = json.loads((tmp_path / manifest.PATH).read_bytes())
    assert loaded == {"generation": 2, "documents": {"b": digest(b"new")}}


@pytest.mark.parametrize("damaged", [b"", b"{}", b"\xff"])
def test_a_damaged_manifest_is_made_again(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / manifest.PATH).write_bytes(damaged)
    Writer(tmp_path).record({"b": "2"}, [], lambda: {"a": "1", "b": "2"})
    loaded = json.loads((tmp_path / manifest.PATH).read_bytes())
    assert loaded == {"generation": 1, "documents": {"a": "1", "b": "2"}}


NINE = {f"{n}": digest(b"") for n in range(9)}


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Writer:
    """Return a writer whose manifest, of nine documents, counts as a large one."""
    monkeypatch.setattr(manifest, "LARGE", 300)
    monkeypatch.setattr(manifest, "BESIDE", 400)
    writer = Writer(tmp_path)
    writer.record(NINE, [], lambda: NINE)
    return writer


@pytest.mark.parametrize("seed", range(20))
def test_what_changes_beside_a_large_manifest_is_the_same_as_in_it(
    tmp_path: Path, large: Writer, seed: int
) -> None:
    rng = random.Random(seed)
    known, beside = NINE, set()
    for generation in range(2, 30):
        changed = {f"{n}": digest(b"%d" % generation) for n in rng.sample(range(12), 2)}
        removed = rng.sample(sorted(known.keys() - changed), 1)
        known = {path: one for path, one in known.items() if path not in removed} | changed
        before = (tmp_path / manifest.PATH).read_bytes()
        large.record(changed, removed, dict)
        assert large.recorded() == known
        assert manifest.generation(tmp_path) == generation
        beside.add((tmp_path / manifest.CHANGES).exists())
        assert (before == (tmp_path / manifest.PATH).read_bytes()) == (
            tmp_path / manifest.CHANGES
        ).exists()
    assert beside == {True, False}, "put into the manifest when they were as many"


def test_the_manifest_of_some_thousand_documents_is_the_whole_truth(tmp_path: Path) -> None:
    writer, known = Writer(tmp_path), {f"{n:05}/index.html": digest(b"") for n in range(5_000)}
    writer.record(known, [], lambda: known)
    writer.record({"a": digest(b"1")}, ["00000/index.html"], dict)
    documents = json.loads((tmp_path / manifest.PATH).read_bytes())["documents"]
    assert (len(documents), documents["a"]) == (5_000, digest(b"1"))
    assert not (tmp_path / manifest.CHANGES).exists()


def test_a_kill_before_old_changes_are_removed_leaves_the_manifest_in_force(
    tmp_path: Path, large: Writer
) -> None:
    large.record({"a": digest(b"1")}, [], dict)
    old = (tmp_path / manifest.CHANGES).read_bytes()
    large.record({**dict.fromkeys("abcde", digest(b"2"))}, [], dict)
    (tmp_path / manifest.CHANGES).write_bytes(old)
    assert large.recorded()["a"] == digest(b"2")
    large.record({"f": digest(b"3")}, [], dict)
    assert large.recorded() == {**NINE, **dict.fromkeys("abcde", digest(b"2")), "f": digest(b"3")}


def test_a_damaged_large_manifest_is_made_again_without_what_was_beside_it(
    tmp_path: Path, large: Writer
) -> None:
    large.record({"a": digest(b"1")}, [], dict)
    (tmp_path / manifest.PATH).write_bytes(b"{" * 500)
    large.record({"b": digest(b"2")}, [], lambda: {"b": digest(b"2")})
    assert large.recorded() == {"b": digest(b"2")}
    assert not (tmp_path / manifest.CHANGES).exists()
