"""The published folder as one commit of a branch.

    folder ─► our tree ─┐
    remote's tip ───────┴► its files, and ours in the place of those we had ─► commit ─► push

What others have in the branch stays; ours are told by the manifest that is among them. Each commit
is made on top of what the remote has at the moment, so there is nothing to merge: where somebody
else was faster, it is made anew on top of theirs.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from aggregator import template
from aggregator.config.mirror import Mirror
from aggregator.errors import PublishError
from aggregator.mirror.program import Git, GitError, NotRunError
from aggregator.publish import manifest

log = logging.getLogger(__name__)

_TRIES = 5  # until somebody else is no longer faster
_OURS = "refs/heads/mirror"  # keeps from being collected what was pushed last
_THEIRS = "refs/remotes/mirror"
_NOTHING = "0" * 40
_ATTRIBUTES = "* -text -filter -ident -diff -merge -working-tree-encoding\n"  # bytes are bytes
_LATER = ("[rejected]", "stale info", "cannot lock ref", "failed to update ref", "incorrect old")


class RemoteError(GitError):
    """The remote repository cannot be reached, or does not want it."""

    code = "E512"


class Pushed(NamedTuple):
    """What a push did: the branch's commit now, and how many documents changed in it (maybe 0)."""

    commit: str
    changed: int


class Branch:
    """One branch of a remote repository; *place* is where git keeps what it needs for it.

    That is a cache: where it is damaged it is made anew.
    """

    def __init__(self, mirror: Mirror, place: Path, folder: Path) -> None:
        self._mirror = mirror
        self._place = place
        self._folder = folder
        self._git = Git(mirror, place, folder)

    def stop(self) -> None:
        """Give up; may be called from another thread."""
        self._git.stop()

    def push(self, now: datetime) -> Pushed:
        """Bring the branch up to what is in the folder; raise PublishError where that fails."""
        try:
            return self._push_at_last(now)
        except GitError as error:
            raise PublishError(
                f"pushing to {self._mirror.remote} failed: {error}", code=error.code
            ) from error
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise PublishError(f"{error.filename} cannot be used: {reason}") from error

    def _push_at_last(self, now: datetime) -> Pushed:
        try:
            return self._push(now)
        except (NotRunError, RemoteError):
            raise
        except GitError as error:
            log.warning("%s is made anew: %s", self._place, error)
            shutil.rmtree(self._place, ignore_errors=True)
            return self._push(now)

    def _push(self, now: datetime) -> Pushed:
        ours = self._staged()
        for _ in range(_TRIES):
            tip = self._tip()
            tree = self._joined(ours, tip)
            changed = self._changed(tip, tree)
            if tip and not changed:
                return Pushed(tip, 0)
            commit = self._commit(tree, tip, changed, now)
            if self._is_taken(commit, tip):
                self._git.run("update-ref", _OURS, commit)
                self._git.run("gc", "--auto", "--quiet")
                return Pushed(commit, changed)
        raise RemoteError("others push to this branch all the time")

    # ── what is ours ─────────────────────────────────────────────────────────────────────────────

    def _staged(self) -> str:
        """Return the tree of the folder's documents."""
        self._open()
        wanted = self._documents()
        known = set(_split(self._git.run("ls-files", "-z")))
        gone, there = ("--force-remove",), ("--add", "--remove")
        for how, paths in ((gone, known - wanted), (there, wanted)):
            self._git.run("update-index", "-z", *how, "--stdin", given=_joined(paths))
        return self._git.line("write-tree")

    def _documents(self) -> set[str]:
        """Return the paths of what is published, and of the manifest that names it."""
        try:
            return {manifest.PATH, manifest.CHANGES, *manifest.documents(self._folder)}
        except (ValueError, LookupError) as error:  # better nothing than a branch without files
            raise PublishError(f"{self._folder / manifest.PATH} is damaged") from error

    def _open(self) -> None:
        """Make the repository where there is none; remove the locks of a run that was killed."""
        for lock in self._place.glob("**/*.lock"):
            lock.unlink()
        if not (self._place / "HEAD").exists():
            self._git.run("init", "--quiet", "--template=", "--initial-branch=mirror")
            (self._place / "info").mkdir(exist_ok=True)
            (self._place / "info" / "attributes").write_text(_ATTRIBUTES, encoding="utf-8")

    # ── what is theirs ───────────────────────────────────────────────────────────────────────────

    def _tip(self) -> str:
        """Return the commit that the branch has in the remote, "" where there is none."""
        listed = self._git.attempt("ls-remote", "--", self._mirror.remote, self._ref)
        if listed.status != 0:
            raise RemoteError(listed.why)
        rows = (line.split("\t") for line in listed.out.decode("utf-8", "replace").splitlines())
        tip = next((commit for commit, name in rows if name == self._ref), "")
        if tip and self._git.attempt("cat-file", "-e", f"{tip}^{{tree}}").status != 0:
            options = ("--quiet", "--depth=1", "--no-tags", "--no-write-fetch-head")
            self._git.run("fetch", *options, "--", self._mirror.remote, f"+{self._ref}:{_THEIRS}")
            tip = self._git.line("rev-parse", _THEIRS)
        return tip

    @property
    def _ref(self) -> str:
        return f"refs/heads/{self._mirror.branch}"

    # ── both ─────────────────────────────────────────────────────────────────────────────────────

    def _joined(self, ours: str, tip: str) -> str:
        """Return the tree of the remote's files with ours in the place of those it had of us."""
        index = self._place / "joined-index"
        index.unlink(missing_ok=True)
        if tip:
            self._git.run("read-tree", tip, index=index)
        old = [f"0 {_NOTHING}\t{path}" for path in self._had(tip)]
        new = [self._placed(line) for line in _split(self._git.run("ls-tree", "-r", "-z", ours))]
        update = ("update-index", "-z", "--replace", "--index-info")
        self._git.run(*update, given=_joined([*old, *new]), index=index)
        return self._git.line("write-tree", index=index)

    def _had(self, tip: str) -> list[str]:
        """Return the paths that were ours at *tip*, as far as its manifest names them."""
        if not tip:
            return []
        whole, beside = (self._at(tip, name) for name in (manifest.PATH, manifest.CHANGES))
        try:
            documents = manifest.read(whole, beside)
        except (ValueError, LookupError, TypeError):  # there is none, or it is somebody else's file
            return []
        return [f"{self._prefix}{path}" for path in (manifest.CHANGES, *documents)]

    def _at(self, tip: str, name: str) -> bytes:
        """Return the file of this name at *tip*, b"" where there is none."""
        found = self._git.attempt("cat-file", "blob", f"{tip}:{self._prefix}{name}")
        return found.out if found.status == 0 else b""

    def _placed(self, line: str) -> str:
        """Return a line of ls-tree with its path where we are in the branch."""
        about, _, path = line.partition("\t")
        return f"{about}\t{self._prefix}{path}"

    @property
    def _prefix(self) -> str:
        return f"{self._mirror.folder}/" if self._mirror.folder else ""

    def _changed(self, tip: str, tree: str) -> int:
        """Return how many files of *tip* are others in *tree*; without a tip, all of them."""
        names = ("-r", "-z", "--name-only")
        command = ("diff-tree", *names, tip) if tip else ("ls-tree", *names)
        return len(_split(self._git.run(*command, tree)))

    # ── out ──────────────────────────────────────────────────────────────────────────────────────

    def _commit(self, tree: str, tip: str, changed: int, now: datetime) -> str:
        fields = {"changed": str(changed), "date": f"{now:%Y-%m-%d %H:%M:%S} UTC"}
        message = template.fill_text(self._mirror.message, fields)
        parents = ["-p", tip] if tip and not self._mirror.squash else []
        return self._git.line("commit-tree", tree, *parents, "-F", "-", given=message.encode())

    def _is_taken(self, commit: str, tip: str) -> bool:
        """Push *commit*; return False where the branch is no longer at *tip*."""
        lease = [f"--force-with-lease={self._ref}:{tip}"] if self._mirror.squash else []
        options = ("--porcelain", "--no-verify", *lease)
        to = (self._mirror.remote, f"{commit}:{self._ref}")
        ended = self._git.attempt("push", *options, "--", *to)
        if ended.status == 0:
            return True
        lines = ended.out.decode("utf-8", "replace").splitlines()
        refused = "".join(line for line in lines if line.startswith("!"))
        if any(word in refused for word in _LATER):
            return False
        raise RemoteError(ended.why)


def _split(names: bytes) -> list[str]:
    return [name for name in names.decode("utf-8", "surrogateescape").split("\0") if name]


def _joined(lines: Iterable[str]) -> bytes:
    return b"".join(line.encode("utf-8", "surrogateescape") + b"\0" for line in sorted(lines))
