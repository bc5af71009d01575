"""import jekyll: an existing archive becomes a source, and all its posts articles."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from aggregator.cli.composition import Invocation, load
from aggregator.cli.new_source import Ids, edit
from aggregator.cli.speech import say
from aggregator.cli.terminal import print_error_line, print_json
from aggregator.cli.working import Wanted, refresh_once
from aggregator.config.settings import Settings
from aggregator.errors import ConfigError, ParseError, Problem, SourceError
from aggregator.fetch.exchange import Request
from aggregator.fetch.local import Folder, open_folder
from aggregator.record import record
from aggregator.sources.jekyll import SUFFIXES, posts


@record(frozen=True, slots=True)
class Archive:
    """A folder of posts, the id it is to have as a source ("" for one made of its name)."""

    directory: Path
    id: str = ""
    publish: bool = True

    @property
    def folder(self) -> Path:
        """Its whole path; links on the way to it stay."""
        return Path(os.path.abspath(self.directory))  # noqa: PTH100


def import_jekyll(invocation: Invocation, archive: Archive, *, as_json: bool) -> int:
    """Make a folder of posts a source and take all of it in; return the exit status.

    Where it is a source already, that one is refreshed: what has not changed stays as it is.
    """
    settings = load(invocation)
    id_ = _known(settings, archive, invocation)
    if id_:
        words = '{folder} is the source "{id}" already: it is refreshed'
        print_error_line(say(words, folder=archive.directory, id=id_))
    else:
        try:
            table = _table(settings, archive, invocation)
        except SourceError as error:
            if as_json:
                print_json({"error": str(error), "code": error.code})
            else:
                print_error_line(f"{archive.directory}: {error.coded}")
            return 1
        edit(invocation, [table]).write()
        id_ = str(table["id"])
        words = 'added to {file} as the source "{id}"'
        print_error_line(say(words, file=invocation.config, id=id_))
    return refresh_once(invocation, Wanted((id_,), False, archive.publish), as_json=as_json)


def _known(settings: Settings, archive: Archive, invocation: Invocation) -> str:
    """Return the id that the archive has as a source, "" where it is none.

    Raises ConfigError where the id it is to have is another one's.
    """
    address = archive.folder.as_uri()
    for source in settings.source:
        if source.kind == "jekyll" and source.url == address:
            return source.id
    if any(source.id == archive.id for source in settings.source):
        fault = Problem(
            str(invocation.config),
            1,
            1,
            f'there is a source "{archive.id}" of another address; choose another id',
            "E109",
        )
        raise ConfigError([fault])
    return ""


def _table(settings: Settings, archive: Archive, invocation: Invocation) -> dict[str, Any]:
    """Return the source that the archive becomes; raises a SourceError where it has no posts."""
    folder = archive.folder
    listed = open_folder(Request(folder.as_uri()), SUFFIXES)
    names = posts([file.name for file in listed.files]) if isinstance(listed, Folder) else []
    if not names:
        suffixes = ", ".join(sorted(SUFFIXES))
        raise ParseError(f"holds no posts ({suffixes}), nor do the folders in it", code="E308")
    print_error_line(say("{count} posts in {folder}", count=len(names), folder=folder))
    name = folder.parent.name if folder.name.startswith("_") else folder.name
    return {
        "id": archive.id or Ids(settings).new(name, f"{name} archive"),
        "kind": "jekyll",
        "url": _as_seen_from(invocation.config, folder),
        "category": "{category}",
        "tags": ["{tags?}"],
        "every": "1d",
        "first": "all",
    }


def _as_seen_from(config: Path, folder: Path) -> str:
    """Return *folder* as the configuration has it: relative where it lies beside or below that."""
    own = Path(os.path.abspath(config)).parent  # noqa: PTH100
    return (folder.relative_to(own) if folder.is_relative_to(own) else folder).as_posix()
