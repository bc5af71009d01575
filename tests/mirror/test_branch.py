"""The published folder becomes commits of a branch, in real repositories."""

from __future__ import annotations

import shutil
import threading
import time
from pathlib import Path

import pytest

from aggregator.errors import PublishError
from aggregator.publish import manifest
from tests.mirror.desk import BRANCH, NOW, Desk, git, wrap_git

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_first_push_makes_the_branch_of_the_documents_alone(desk: Desk) -> None:
    desk.publish(index="home", world__rss="one")
    (desk.folder / ".0123456789abcdef.tmp").write_text("half")
    (desk.folder / "stray").write_text("not ours")
    pushed = desk.push(author="Ada Li <ada@example.org>", message="Publish {changed} at {date}")
    assert desk.files() == {"index": "home", "world/rss": "one"}
    assert desk.log("%H %an <%ae> %cn: %s") == [
        f"{pushed.commit} Ada Li <ada@example.org> Ada Li: Publish 3 at 2026-11-22 12:00:00 UTC"
    ]
    assert pushed.changed == 3


def test_each_push_is_one_commit_of_what_changed(desk: Desk) -> None:
    desk.publish(a="1", b="1", c="1")
    desk.push()
    desk.publish(a="1", b="2", d__e="1")
    assert desk.push().changed == 4  # b, c, d/e and the manifest
    assert desk.files() == {"a": "1", "b": "2", "d/e": "1"}
    assert len(desk.log()) == 2
    names = git(desk.remote, "diff", "--no-renames", "--name-only", f"{BRANCH}~", BRANCH)
    assert names.split() == [
        "b", "c", "d/e", "manifest.json",
    ]  # fmt: skip


def test_where_nothing_has_changed_nothing_is_committed(desk: Desk) -> None:
    desk.publish(a="1")
    first = desk.push()
    assert desk.push() == (first.commit, 0)
    assert len(desk.log()) == 1


def test_what_has_changed_beside_a_large_manifest_is_pushed_and_goes(desk: Desk) -> None:
    desk.publish(a="1", b="1")
    beside = manifest.render({"b": None, "c": "3" * 64}, desk.generation + 1)
    (desk.folder / manifest.CHANGES).write_bytes(beside)
    (desk.folder / "c").write_text("1")
    desk.push()
    assert desk.files().keys() == {"a", "c", manifest.CHANGES}
    desk.publish(a="2")
    desk.push()
    assert desk.files() == {"a": "2"}


def test_what_others_have_in_the_branch_stays(desk: Desk) -> None:
    desk.somebody_pushes(CNAME="site.example", a="theirs", _layouts__post="layout")
    desk.publish(a="ours", b="1")
    desk.push()
    desk.somebody_pushes(README="hello")
    desk.publish(a="ours")
    desk.push()
    assert desk.files() == {
        "CNAME": "site.example",
        "README": "hello",
        "_layouts/post": "layout",
        "a": "ours",
    }
    subjects = [
        "Publish 2 documents",
        "Eve: README",
        "Publish 3 documents",
        "Eve: CNAME, a, _layouts__post",
    ]
    assert desk.log() == subjects


def test_a_document_may_become_a_folder_and_a_folder_a_document(desk: Desk) -> None:
    desk.somebody_pushes(c="theirs")
    desk.publish(a="1", b__c="1", c__d="1")
    desk.push()
    desk.publish(a__b="2", b="2")
    desk.push()
    assert desk.files() == {"a/b": "2", "b": "2"}


def test_the_documents_may_stand_in_a_folder_of_the_branch(desk: Desk) -> None:
    desk.somebody_pushes(index="theirs", manifest="x")
    desk.publish(index="ours", old="1")
    desk.push(folder="docs/feeds")
    desk.publish(index="ours")
    desk.push(folder="docs/feeds")
    assert set(desk.files()) == {
        "index",
        "manifest",
        "docs/feeds/index",
        "docs/feeds/manifest.json",
    }


def test_without_history_the_branch_is_one_commit(desk: Desk) -> None:
    desk.somebody_pushes(CNAME="site.example")
    for number in range(3):
        desk.publish(a=str(number))
        desk.push(squash=True)
    assert desk.log() == ["Publish 2 documents"]
    assert desk.files() == {"CNAME": "site.example", "a": "2"}


def test_bytes_are_bytes_whatever_others_have_set(desk: Desk) -> None:
    desk.somebody_pushes(**{".gitattributes": "* text=auto eol=lf ident filter=upper\n"})
    desk.publish(a=b"one\r\ntwo\n$Id$\x00")
    desk.push()
    blob = git(desk.remote, "rev-parse", f"{BRANCH}:a")
    assert blob == git(desk.root, "hash-object", "--no-filters", str(desk.folder / "a"))


def test_names_of_any_characters_are_pushed(desk: Desk) -> None:
    desk.publish(**{"_posts/2026-11-22-新闻.md": "1", 'a "b" c': "2", "-x": "3"})
    desk.push()
    listed = git(desk.remote, "ls-tree", "-r", "-z", "--name-only", BRANCH).split("\0")
    assert {"_posts/2026-11-22-新闻.md", 'a "b" c', "-x"} <= set(listed)


# ── somebody is faster ────────────────────────────────────────────────────────────────────────────


def competing(desk: Desk, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Have somebody else push at the last moment, so many times."""
    script = f"""
clone={desk.root}/clone git={shutil.which("git")}
case " $* " in *" push "*)
  count=$(cat {desk.root}/count)
  if [ "$count" -gt 0 ] && [ "$PWD" != $clone ]; then
    echo $((count - 1)) > {desk.root}/count
    ( unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
      cd $clone && $git pull -q --rebase origin {BRANCH} &&
      echo $count > eve-$count && $git add -A &&
      $git -c user.name=Eve -c user.email=e@e.example commit -q -m "Eve $count" &&
      $git push -q origin HEAD:{BRANCH} ) >> {desk.root}/eve.log 2>&1
  fi;;
esac"""
    for name, value in wrap_git(desk.root / "bin", script).items():
        monkeypatch.setenv(name, value)
    (desk.root / "count").write_text(str(times))


@pytest.mark.parametrize("squash", [False, True], ids=["history", "squashed"])
def test_who_was_faster_is_kept_and_ours_comes_on_top(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, squash: bool
) -> None:
    desk.somebody_pushes(CNAME="site.example")
    desk.publish(a="1")
    competing(desk, monkeypatch, times=2)
    desk.push(squash=squash)
    assert desk.files() == {"CNAME": "site.example", "a": "1", "eve-1": "1", "eve-2": "2"}
    if not squash:
        assert desk.log() == ["Publish 2 documents", "Eve 1", "Eve 2", "Eve: CNAME"]


def test_who_is_always_faster_is_given_way_to_in_the_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.somebody_pushes(CNAME="site.example")
    desk.publish(a="1")
    competing(desk, monkeypatch, times=100)
    with pytest.raises(PublishError, match="others push to this branch all the time"):
        desk.push()
    assert "a" not in desk.files()


# ── what goes wrong ───────────────────────────────────────────────────────────────────────────────


def test_a_remote_that_is_not_there_is_named(desk: Desk) -> None:
    desk.publish(a="1")
    with pytest.raises(
        PublishError, match=r"pushing to .*nowhere\.git failed: .*nowhere"
    ) as raised:
        desk.push(remote=str(desk.root / "nowhere.git"))
    assert "\n" not in str(raised.value)


def test_what_the_remote_does_not_want_is_said_in_its_words(desk: Desk) -> None:
    desk.publish(a="1")
    hook = desk.remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'not on a Sunday' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(PublishError, match="not on a Sunday"):
        desk.push()


@pytest.mark.parametrize("damage", ["objects", "index", "HEAD", "lock"])
def test_a_damaged_cache_is_made_anew(desk: Desk, damage: str) -> None:
    desk.somebody_pushes(CNAME="site.example")
    desk.publish(a="1", b="1")
    desk.push()
    place = desk.root / "store.db.git"
    if damage == "objects":
        for path in (place / "objects").rglob("??????????*"):
            path.chmod(0o644)
            path.write_bytes(b"")
    elif damage == "lock":
        (place / "index.lock").touch()
    else:
        (place / damage).write_bytes(b"nonsense")
    desk.publish(a="2", b="1")
    desk.push()
    assert desk.files() == {"CNAME": "site.example", "a": "2", "b": "1"}
    assert len(desk.log()) == 3


def test_a_damaged_manifest_empties_no_branch(desk: Desk) -> None:
    desk.publish(a="1")
    desk.push()
    (desk.folder / manifest.PATH).write_text("{")
    with pytest.raises(PublishError, match=r"manifest\.json is damaged"):
        desk.push()
    assert desk.files() == {"a": "1"}


def test_what_calls_itself_git_elsewhere_is_not_listened_to(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    (home / "hooks").mkdir(parents=True)
    for name in ("pre-push", "post-index-change"):
        (home / "hooks" / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        (home / "hooks" / name).chmod(0o755)
    (home / ".gitconfig").write_text(f"[core]\nhooksPath = {home}/hooks\nautocrlf = true\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "elsewhere-index"))
    desk.publish(a=b"1\r\n")
    desk.branch().push(NOW)
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert git(desk.remote, "cat-file", "-s", f"{BRANCH}:a") == "3"
    assert not (tmp_path / "ran").exists()
    assert not (tmp_path / "elsewhere").exists()


def slow_git(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    script = f'case " $* " in *" push "*) sleep 60 & echo $! > {desk.root}/pid; wait;; esac'
    for name, value in wrap_git(desk.root / "bin", script).items():
        monkeypatch.setenv(name, value)


def is_gone(desk: Desk) -> bool:
    """Say whether the process that was left waiting is no more (or waits to be buried)."""
    command = Path(f"/proc/{(desk.root / 'pid').read_text().strip()}/cmdline")
    return not command.exists() or not command.read_bytes()


def test_a_push_has_a_time_limit_and_leaves_nobody_behind(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.publish(a="1")
    slow_git(desk, monkeypatch)
    begun = time.monotonic()
    with pytest.raises(PublishError, match="took longer than 2 s"):
        desk.push(timeout="2s")
    assert time.monotonic() - begun < 4
    time.sleep(0.1)
    assert is_gone(desk)


def test_a_push_can_be_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.publish(a="1")
    slow_git(desk, monkeypatch)
    branch = desk.branch()

    def stop() -> None:
        while not (desk.root / "pid").exists():
            time.sleep(0.02)
        branch.stop()

    threading.Thread(target=stop, daemon=True).start()
    with pytest.raises(PublishError, match="was stopped"):
        branch.push(NOW)
    time.sleep(0.1)
    assert is_gone(desk)


def test_without_git_it_says_what_to_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.publish(a="1")
    monkeypatch.setenv("PATH", str(desk.root))
    with pytest.raises(PublishError, match=r"git cannot be run: .*; install it"):
        desk.push()
