"""Sources on this machine: one file, or a folder of files, behind a `file:` address.

`file:PATH` takes the path as it is written; `file://…` is a URL and percent-decoded (RFC 8089).
Only regular files are read (a pipe or a device would never end), and of a folder nothing that a
symbolic link leads out of it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from dataclasses import field
from pathlib import Path
from urllib.parse import unquote

from aggregator.errors import FetchError
from aggregator.fetch.exchange import Fetched, NotModified, Request, hash_of, size_in_words
from aggregator.model import fingerprint
from aggregator.record import record

MAX_SIZE = 10_000_000  # bytes of one file, where the request does not say
MAX_FILES = 200_000  # of one folder


@record(frozen=True, slots=True)
class FolderFile:
    """A file of a folder; `name` is relative to it, with `/`."""

    name: str
    size: int  # bytes
    mtime_ns: int


@record(frozen=True, slots=True)
class Folder:
    """The listing of a folder, sorted by name.

    Its `body_hash` names every file by name, size and time of change, so an unchanged folder is
    known without reading a file.
    """

    url: str
    body_hash: str
    files: tuple[FolderFile, ...]
    path: Path = field(repr=False)
    max_size: int = field(repr=False, default=MAX_SIZE)

    def read(self, name: str) -> bytes:
        """Return the bytes of the file *name* (one of `files`).

        Raises FetchError where it is gone, unreadable, too large or no longer inside the folder.
        """
        real = _real(self.path / name)
        if not real.is_relative_to(self.path):
            raise FetchError(
                f"{name} leads out of the folder; put the file itself there", code="E220"
            )
        return _read(real, name, self.max_size)[0]


def open_folder(request: Request, suffixes: Collection[str]) -> Folder | NotModified:
    """List the folder at the request's `file:` address, and the folders directly in it.

    *suffixes* are lower-case with the dot (`{".md", ".markdown", ".html"}`); hidden names are left
    out. NotModified where `request.body_hash` is the listing's. Raises FetchError where the folder
    is missing, not a folder or may not be read.
    """
    path = path_of(request.url)
    try:
        root = _real(path)
        files = tuple(sorted(_list(root, root, suffixes), key=lambda file: file.name))
    except OSError as error:
        raise FetchError(_in_words(error, str(path)), code="E220") from error
    if len(files) > MAX_FILES:
        raise FetchError(
            f"the folder holds more than {MAX_FILES} files; split it into several", code="E219"
        )
    body_hash = fingerprint(*(f"{file.name}\n{file.size}\n{file.mtime_ns}" for file in files))
    if body_hash == request.body_hash:
        return NotModified(request.url, body_hash=body_hash)
    return Folder(request.url, body_hash, files, root, request.max_size or MAX_SIZE)


def read_file(request: Request) -> Fetched | NotModified:
    """Return the file at the request's `file:` address; its etag is its time of change and size.

    Raises FetchError where there is no such file, it is a folder or may not be read.
    """
    path = path_of(request.url)
    body, status = _read(path, str(path), request.max_size or MAX_SIZE)
    etag = f"{status.st_mtime_ns}-{status.st_size}"
    body_hash = hash_of(body)
    if body_hash == request.body_hash:
        return NotModified(request.url, etag=etag, body_hash=body_hash)
    return Fetched(request.url, body, etag=etag, body_hash=body_hash, limit=request.max_size)


def path_of(url: str) -> Path:
    """Return the path a `file:` address names; FetchError where it names another machine's."""
    if url[:5].lower() != "file:":
        raise FetchError("is not a file address; write file:PATH", code="E201")
    if not url[5:].startswith("//"):
        return _checked(url[5:])
    machine, slash, path = url[7:].partition("/")
    if machine not in ("", "localhost"):
        raise FetchError(
            f"{machine} is another machine; a file address names a local path", code="E201"
        )
    return _checked(slash + unquote(path, "utf-8", "surrogateescape"))


def _checked(path: str) -> Path:
    if not path or "\0" in path:
        raise FetchError("the file address names no path; write file:PATH", code="E201")
    return Path(path)


def _list(folder: Path, root: Path, suffixes: Collection[str]) -> Iterator[FolderFile]:
    """Walk *folder* and, from the root, the folders directly in it."""
    with os.scandir(folder) as found:
        for item in found:
            if item.name.startswith(".") or _leads_out(item, root):
                continue
            if item.is_dir(follow_symlinks=False):
                if folder == root:
                    yield from _list(Path(item.path), root, suffixes)
            elif item.is_file() and Path(item.name).suffix.lower() in suffixes:
                status = item.stat()
                name = Path(item.path).relative_to(root).as_posix()
                yield FolderFile(name, status.st_size, status.st_mtime_ns)


def _leads_out(item: os.DirEntry[str], root: Path) -> bool:
    """Say whether *item* is a symbolic link to somewhere else (or to nowhere)."""
    if not item.is_symlink():
        return False
    target = _real(Path(item.path))
    return not target.is_relative_to(root) or not target.exists()


def _real(path: Path) -> Path:
    """Follow every symbolic link; unlike Path.resolve, bear those that go in a circle."""
    return Path(os.path.realpath(path))


def _read(path: Path, name: str, max_size: int) -> tuple[bytes, os.stat_result]:
    try:
        # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise FetchError(f"{name} is not a regular file", code="E220")
            body = file.read(max_size + 1)
    except OSError as error:
        raise FetchError(_in_words(error, name), code="E220") from error
    if len(body) > max_size:
        raise FetchError(
            f"{name} is larger than {size_in_words(max_size)}; raise max_size", code="E219"
        )
    return body, status


def _in_words(error: OSError, name: str) -> str:
    match error:
        case FileNotFoundError():
            return f"{name} does not exist; check the path"
        case IsADirectoryError():
            return f"{name} is a folder; name a file in it"
        case NotADirectoryError():
            return f"{name} is not a folder; check the path"
        case PermissionError():
            return f"{name} may not be read; check its permissions"
    return f"{name} cannot be read: {(error.strerror or 'unknown fault').lower()}"
