"""What the values point at: paths and addresses made absolute, secrets put in their places."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from aggregator import template
from aggregator.config.expand import Draft
from aggregator.config.faults import Fault, Kind, short
from aggregator.config.settings import Settings

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 §5.6.2
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")  # RFC 9110 §5.5


def absolute(path: str | Path, folder: Path) -> Path:
    """Return *path*, which may begin with `~`, as seen from *folder*."""
    return Path(_absolute(path, folder))


def _absolute(path: str | Path, folder: Path) -> str:
    """Return the same as text: thousands of sources may be files, and a Path is dear."""
    whole = os.path.join(folder, os.path.expanduser(path))  # noqa: PTH111, PTH118
    return os.path.abspath(whole)  # noqa: PTH100


def with_absolute_paths(settings: Settings, folder: Path) -> Settings:
    """Return *settings* with every path seen from *folder*, the one of the configuration."""
    publish, store, engine = settings.publish, settings.store, settings.engine
    jekyll = publish.jekyll
    if jekyll.template is not None:
        jekyll = jekyll.model_copy(update={"template": absolute(jekyll.template, folder)})
    git = publish.git
    if git is not None and git.remote.startswith(("/", "./", "../", "~")):
        git = git.model_copy(update={"remote": str(absolute(git.remote, folder))})
    paths = {
        "git": git,
        "directory": absolute(publish.directory, folder),
        "templates": absolute(publish.templates, folder) if publish.templates else None,
    }
    pems = {name: getattr(engine, name) for name in ("ca", "cert", "key")}
    tls = {name: absolute(path, folder) for name, path in pems.items() if path is not None}
    return settings.model_copy(
        update={
            "engine": engine.model_copy(update=tls),
            "publish": publish.model_copy(update={**paths, "jekyll": jekyll}),
            "store": store.model_copy(update={"path": absolute(store.path, folder)}),
        }
    )


def with_secrets(data: dict[str, Any], folder: Path, faults: list[Fault]) -> dict[str, Any]:
    """Return *data* with the secrets of [publish.git] and [notify] in their places."""
    notify = data.get("notify")
    if isinstance(notify, dict) and isinstance(notify.get("to"), list):
        data = {**data, "notify": {**notify, "to": _addresses(notify["to"], folder, faults)}}
    publish = data.get("publish")
    git = publish.get("git") if isinstance(publish, dict) else None
    if not isinstance(git, dict) or not isinstance(git.get("token"), str):
        return data
    try:
        token = secret(git["token"], folder)
    except ValueError as error:
        faults.append(Fault(("publish", "git", "token"), str(error), code="E112"))
        return data
    return {**data, "publish": {**data["publish"], "git": {**git, "token": token}}}


def _addresses(values: list[Any], folder: Path, faults: list[Fault]) -> list[Any]:
    found = []
    for index, value in enumerate(values):
        try:
            found.append(secret(value, folder) if isinstance(value, str) else value)
        except ValueError as error:
            faults.append(Fault(("notify", "to", index), str(error)))
    return found


def resolved(
    draft: Draft, folder: Path, kinds: Mapping[str, Kind], faults: list[Fault]
) -> dict[str, Any]:
    """Return the source's values with an absolute url and with the headers' secrets in place."""
    table = {**draft.table}
    kind = kinds.get(draft.kind)
    if url := draft.text("url"):
        try:
            table["url"] = source_url(url, folder, files=kind is None or kind.files)
        except ValueError as error:
            faults.append(Fault((*draft.keys, "url"), str(error), code="E114"))
    if isinstance(headers := table.get("headers"), dict):
        table["headers"] = _headers(draft, headers, folder, faults)
    return table


def source_url(url: str, folder: Path, *, files: bool) -> str:
    """Return *url* where it is an http(s) address, and the file: address of a path (RFC 8089).

    `file:PATH` and a bare path are taken as they are written, `file:///path` is percent-decoded.
    Raises ValueError, with a message that does not repeat *url* (it may hold a password).
    """
    match = _SCHEME.match(url)
    scheme = match[1].lower() if match else ""
    if scheme in ("http", "https"):
        return _checked(url)
    if scheme not in ("", "file"):
        raise ValueError(f'begins with "{scheme}://"; write "https://", "http://" or a path')
    if not files:
        raise ValueError('is a path, which this kind does not read; write "https://" in front')
    if scheme:
        host, _, path = url[len("file://") :].partition("/")
        if host not in ("", "localhost"):
            raise ValueError('names another host; write "file:PATH"')
        path = "/" + unquote(path)
    else:
        path = url.removeprefix("file:")
    if not path or "\0" in path:
        raise ValueError("is not a path")
    return "file://" + quote(os.fsencode(_absolute(path, folder)))


def _checked(url: str) -> str:
    names = template.names(url)
    if "page" in names:
        raise ValueError("holds {page}; url is the first page, and {page} goes into next")
    if names:
        raise ValueError(f'holds {{{min(names)}}}, which no "for" of this source fills')
    if re.search(r"[\s\x00-\x1f\x7f]", url):
        raise ValueError("holds a space or a control character; percent-encode it")
    try:
        parts = urlsplit(url)
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole:
        raise ValueError('is not an address; write "https://host/path"')
    return url


def _headers(
    draft: Draft, headers: dict[str, Any], folder: Path, faults: list[Fault]
) -> dict[str, Any]:
    found = {}
    for name, value in headers.items():
        try:
            if not _HEADER_NAME.fullmatch(name):
                raise ValueError("is not a header's name")
            found[name] = secret(value, folder) if isinstance(value, str) else value
        except ValueError as error:
            faults.append(Fault((*draft.keys, "headers", name), str(error), code="E112"))
    return found


def secret(value: str, folder: Path) -> str:
    """Return what *value* stands for: itself, `env:NAME` a variable, `file:PATH` a file's text.

    Raises ValueError where it stands for nothing, or for what no header can hold.
    """
    if value.startswith("env:"):
        name = value.removeprefix("env:")
        if not (meant := os.environ.get(name, "")):
            raise ValueError(f'the environment has no variable "{short(name)}"; set it')
    elif value.startswith("file:"):
        meant = _secret_file(absolute(value.removeprefix("file:"), folder))
    else:
        meant = value
    if not _HEADER_VALUE.fullmatch(meant.strip()):
        raise ValueError("stands for a value that a header cannot hold, such as several lines")
    return meant.strip()


def _secret_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"the file {path} is not UTF-8") from None
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise ValueError(f"the file {path} cannot be read: {reason}") from None
