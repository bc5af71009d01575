"""A published folder, and bare git repositories that it is pushed to."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aggregator.config.mirror import Mirror
from aggregator.mirror.branch import Branch, Pushed
from aggregator.publish import manifest

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
BRANCH = "gh-pages"


def git(folder: Path, *arguments: str) -> str:
    """Run a command of a bystander's."""
    person = {"GIT_AUTHOR_NAME": "Eve", "GIT_AUTHOR_EMAIL": "eve@example.org"}
    person |= {"GIT_COMMITTER_NAME": "Eve", "GIT_COMMITTER_EMAIL": "eve@example.org"}
    ended = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *arguments],
        cwd=folder,
        env={**os.environ, **person},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return ended.stdout.strip()


class Desk:
    """A folder with documents, a bare repository, and somebody else who has a clone of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "feeds"
        self.folder.mkdir()
        self.remote = root / "site.git"
        git(root, "init", "--quiet", "--bare", str(self.remote))
        self.generation = 0

    def publish(self, **documents: str | bytes) -> None:
        """Have just these documents in the folder (`__` in a name is a slash)."""
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        hashes = {}
        for name, text in documents.items():
            path, body = name.replace("__", "/"), text if isinstance(text, bytes) else text.encode()
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(body)
            hashes[path] = hashlib.sha256(body).hexdigest()
        self.generation += 1
        rendered = manifest.render(hashes, self.generation)
        (self.folder / manifest.PATH).write_bytes(rendered)

    def mirror(self, **keys: Any) -> Mirror:
        return Mirror.model_validate({"remote": str(self.remote), **keys})

    def branch(self, **keys: Any) -> Branch:
        return Branch(self.mirror(**keys), self.root / "store.db.git", self.folder)

    def push(self, **keys: Any) -> Pushed:
        return self.branch(**keys).push(NOW)

    # ── what is in the remote ────────────────────────────────────────────────────────────────────

    def files(self, branch: str = BRANCH) -> dict[str, str]:
        names = git(self.remote, "ls-tree", "-r", "--name-only", branch).splitlines()
        found = {name: git(self.remote, "show", f"{branch}:{name}") for name in names}
        found.pop(manifest.PATH, None)
        return found

    def log(self, form: str = "%s", branch: str = BRANCH) -> list[str]:
        return git(self.remote, "log", f"--format={form}", branch).splitlines()

    # ── somebody else ────────────────────────────────────────────────────────────────────────────

    def somebody_pushes(self, **documents: str) -> None:
        """Have somebody else commit documents to the branch and push them."""
        clone = self.root / "clone"
        if not clone.exists():
            git(self.root, "clone", "--quiet", str(self.remote), str(clone))
            git(clone, "checkout", "--quiet", "-B", BRANCH)
        if self.remote_has_branch():
            git(clone, "fetch", "--quiet", "origin", BRANCH)
            git(clone, "reset", "--quiet", "--hard", "FETCH_HEAD")
        for name, text in documents.items():
            path = clone / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        git(clone, "add", "--all")
        git(clone, "commit", "--quiet", "--message", f"Eve: {', '.join(documents)}")
        git(clone, "push", "--quiet", "origin", f"HEAD:{BRANCH}")

    def remote_has_branch(self) -> bool:
        return bool(git(self.remote, "for-each-ref", f"refs/heads/{BRANCH}"))


def wrap_git(folder: Path, script: str) -> dict[str, str]:
    """Return the PATH with a `git` in front that runs *script* and then the real one."""
    folder.mkdir()
    wrapper = folder / "git"
    wrapper.write_text(f'#!/bin/sh\n{script}\nexec {shutil.which("git")} "$@"\n', encoding="utf-8")
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}
