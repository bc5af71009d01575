from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.desk import faults, settings

GIT = '[publish.git]\nremote = "https://git.example/site.git"\n'


def test_only_the_remote_is_needed(tmp_path: Path) -> None:
    git = settings(tmp_path, GIT).publish.git
    assert git is not None
    assert (git.branch, git.folder, git.squash, git.token) == ("gh-pages", "", False, None)
    assert settings(tmp_path, "").publish.git is None


def test_a_token_comes_from_elsewhere_and_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text("s3cret\n")
    monkeypatch.setenv("GIT_TOKEN", "s3cret")
    for value in ("env:GIT_TOKEN", "file:token"):
        loaded = settings(tmp_path, f'{GIT}token = "{value}"')
        git = loaded.publish.git
        assert git is not None
        assert git.token is not None
        assert git.token.get_secret_value() == "s3cret"
        assert "s3cret" not in repr(loaded) + loaded.model_dump_json()


def test_a_remote_that_is_a_path_is_seen_from_the_file(tmp_path: Path) -> None:
    git = settings(tmp_path, '[publish]\ngit = { remote = "../site.git" }').publish.git
    assert git is not None
    assert git.remote == str(tmp_path.parent / "site.git")
    git = settings(tmp_path, '[publish]\ngit = { remote = "git@git.example:site" }').publish.git
    assert git is not None
    assert git.remote == "git@git.example:site"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ('remote = "https://ada:pass@git.example/x"', "remote: holds a user or password; write "),
        (
            'remote = "https://s3cret-pass@git.example/x"',
            "remote: holds a user or password; write ",
        ),
        ('remote = "ssh://git:pass@git.example/x"', "remote: holds a user or password; write "),
        ('remote = "--upload-pack=x"', "remote: is not a repository; write "),
        ('remote = ""', "remote: is not a repository; write "),
        ('branch = "a..b"', 'branch: "a..b" is not a branch; write '),
        ('branch = "-x"', 'branch: "-x" is not a branch; write '),
        ('branch = "a.lock"', 'branch: "a.lock" is not a branch; write '),
        ('folder = "../x"', 'folder: "../x" is not a folder of the branch; write '),
        ('folder = "a/.git"', 'folder: "a/.git" is not a folder of the branch; write '),
        ('author = "Ada"', 'author: "Ada" is not an author; write '),
        ('message = "{who}"', 'message: "{who}" mentions {who}; there are {changed} and {date}'),
        ('token = "env:NOT_THERE"', 'token: the environment has no variable "NOT_THERE"; set it'),
        ("token = 5", "token: is not text; write it in quotes"),
        ('every = "often"', 'every: "often" is not a duration; '),
        ('remot = "x"', 'unknown key "remot"; did you mean "remote"?'),
    ],
)
def test_what_cannot_be_is_a_fault_that_tells_no_secret(
    tmp_path: Path, key: str, message: str
) -> None:
    text = GIT if not key.startswith("remote") else "[publish.git]\n"
    (fault,) = faults(tmp_path, text + key)
    assert f"publish: git: {message}" in fault
    assert "pass@" not in fault
