"""A token goes to the remote's host, and nowhere else."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from aggregator.errors import PublishError
from tests.mirror.desk import BRANCH, Desk, git, wrap_git
from tests.mirror.host import TOKEN, Host, hosting

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with hosting(tmp_path) as made:
        yield made


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(tmp_path)
    made.publish(a="1")
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(f"[credential]\nhelper = store --file={home}/kept\n")
    monkeypatch.setenv("HOME", str(home))
    return made


def test_a_token_opens_the_remote_and_is_left_nowhere(
    desk: Desk, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = f'echo "$@" >> {desk.root}/said; printenv >> /dev/null'
    for name, value in wrap_git(desk.root / "bin", log).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GIT_TRACE_CURL", str(desk.root / "trace"))
    git(desk.remote, "config", "http.receivepack", "true")
    desk.push(remote=host.address, user="ada", token=TOKEN)
    assert desk.files() == {"a": "1"}
    left = [path for path in desk.root.rglob("*") if path.is_file() and path.name != "git"]
    assert desk.root / "said" in left
    spellings = (TOKEN, base64.b64encode(f"ada:{TOKEN}".encode()).decode())
    for path in left:
        assert not [one for one in spellings if one.encode() in path.read_bytes()], path


def test_a_wrong_token_is_an_error_that_does_not_tell_it(desk: Desk, host: Host) -> None:
    with pytest.raises(PublishError) as raised:
        desk.push(remote=host.address, user="eve", token=TOKEN)
    assert "Authentication failed" in str(raised.value)
    assert TOKEN not in str(raised.value)


def test_without_a_token_nobody_is_asked_for_one(desk: Desk, host: Host) -> None:
    with pytest.raises(PublishError, match=r"could not read Username|terminal prompts disabled"):
        desk.push(remote=host.address, timeout="20s")


def test_gits_own_helpers_are_asked_where_there_is_no_token(desk: Desk, host: Host) -> None:
    git(desk.remote, "config", "http.receivepack", "true")
    kept = f"http://ada:{quote(TOKEN, safe='')}@127.0.0.1%3a{host.port}\n"
    (desk.root / "home" / "kept").write_text(kept)
    desk.push(remote=host.address)
    assert desk.files() == {"a": "1"}


def test_another_host_that_we_are_sent_to_does_not_get_the_token(
    desk: Desk, host: Host, tmp_path: Path
) -> None:
    with hosting(tmp_path) as elsewhere:
        host.redirect = f"http://localhost:{elsewhere.port}"
        with pytest.raises(PublishError):
            desk.push(remote=host.address, user="ada", token=TOKEN)
        assert elsewhere.asked, "we have been sent there"
        assert set(elsewhere.asked) == {""}


def test_the_helper_stands_in_no_file_of_the_repository(desk: Desk) -> None:
    desk.push(token=TOKEN)
    config = (desk.root / "store.db.git" / "config").read_text()
    assert "credential" not in config
    assert "remote" not in config
    assert git(desk.remote, "rev-parse", BRANCH)
