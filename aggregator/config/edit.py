"""New [[source]] tables for a config.toml, whose every byte stays as it is.

They are written behind what stands there, by tomlkit, and only where the whole still loads. Sole
user of tomlkit, which is too slow to be used for reading (1.3 s for 2,000 sources).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import Any

import tomlkit

from aggregator.config.document import parsed, read
from aggregator.config.faults import Kind
from aggregator.config.load import understood
from aggregator.config.settings import Settings
from aggregator.errors import ConfigError, Problem
from aggregator.record import record

Table = Mapping[str, Any]
"""The keys of one source, with plain values, as they are to be written."""

REFUSED = "stays as it is, since it cannot take what is new: "  # before the faults of that


@record(frozen=True, slots=True)
class Edit:
    """A change of a configuration, not yet written: what is added, and what it all means then."""

    path: Path
    addition: str
    settings: Settings
    text: str = field(repr=False)

    def write(self) -> None:
        """Put the new text in place of the old one, at once; ConfigError where the disk fails."""
        try:
            _replace(Path(os.path.realpath(self.path)), self.text.encode())
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise _refused(self.path, f"cannot be written: {reason}") from error


def with_sources(
    path: Path, tables: Sequence[Table], kinds: Mapping[str, Kind], formats: Collection[str]
) -> Edit:
    """Return the change that adds *tables* as sources to the file at *path*.

    Raises ConfigError where the file has faults, or would have them then.
    """
    before = read(path)
    understood(before, kinds, formats)
    addition = rendered(tables)
    text = _joined(before.text, addition)
    try:
        settings = understood(parsed(text, path), kinds, formats)
    except ConfigError as error:
        faults = "; ".join(problem.message for problem in error.problems)
        raise _refused(path, f"{REFUSED}{faults}") from None
    return Edit(path, addition, settings, text)


def rendered(tables: Sequence[Table]) -> str:
    """Return *tables* as [[source]] tables, a blank line between two."""
    sources = tomlkit.aot()
    for table in tables:
        sources.append(tomlkit.item(dict(table)))
    return tomlkit.dumps({"source": sources}) if tables else ""


def _joined(text: str, addition: str) -> str:
    """Return *addition* behind *text*, with its line ends and a blank line in between."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if text.endswith("\n") or not text else line_end
    return text + gap + (line_end if text else "") + addition.replace("\n", line_end)


def _replace(path: Path, body: bytes) -> None:
    """Write *body* beside the file, make it safe on the disk, and give it the file's name."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, temporary)
        temporary.replace(path)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


def _refused(path: Path, message: str) -> ConfigError:
    return ConfigError([Problem(str(path), 1, 1, message, "E117")])
