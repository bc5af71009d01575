"""A config.toml as it was read: its values and, once something is wrong, where they stand."""

from __future__ import annotations

import codecs
import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from aggregator.config.positions import Keys, Place, positions
from aggregator.config.syntax import explain
from aggregator.errors import ConfigError, Problem

DEEPEST = 16  # tables and lists inside one another; what we understand needs 6


@dataclass(frozen=True)
class Document:
    """The text of a configuration and its values; *file* is its name as the operator gave it."""

    file: str
    folder: Path  # absolute; what relative paths in the file are relative to
    text: str
    data: dict[str, Any]

    def has(self, keys: Keys) -> bool:
        """Say whether something stands at *keys*."""
        return keys in self._positions

    def position(self, keys: Keys) -> Place:
        """Return where the key at *keys* stands, or the nearest table around it."""
        while keys and keys not in self._positions:
            keys = keys[:-1]
        return self._positions.get(keys, (1, 1))

    @cached_property
    def _positions(self) -> dict[Keys, Place]:
        places: dict[Keys, Place] = {}
        for keys, place in positions(self.text):
            places.setdefault(keys, place)
        return places


def read(path: Path) -> Document:
    """Return what stands in the file at *path*.

    Raises ConfigError, with one problem, where there is no such file or it is not TOML.
    """
    return parsed(_decode(path, _bytes(path)), path)


def parsed(text: str, path: Path) -> Document:
    """Return *text* as what stands, or is to stand, in the file at *path*; raises ConfigError."""
    try:
        data = tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        raise ConfigError([Problem(str(path), *explain(error, text), "E103")]) from None
    except RecursionError:
        raise _too_deep(path, text) from None
    if _depth(data) > DEEPEST:
        raise _too_deep(path, text)
    return Document(str(path), Path(os.path.abspath(path)).parent, text, data)  # noqa: PTH100


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise _refused(
            path, 'is not there; "aggregator init" makes a first one', code="E101"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(path, f"cannot be read: {reason.lower()}", code="E102") from None


def _decode(path: Path, body: bytes) -> str:
    if body.startswith(codecs.BOM_UTF8):
        raise _refused(
            path, "begins with a byte order mark; save it as UTF-8 without one", code="E102"
        )
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise _refused(path, "is UTF-16; save it as UTF-8", code="E102")
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        before = body[: error.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = f"is not UTF-8 (byte 0x{body[error.start]:02x} here); save it as UTF-8"
        raise _refused(path, message, line, column, code="E102") from None


def _refused(path: Path, message: str, line: int = 1, column: int = 1, *, code: str) -> ConfigError:
    return ConfigError([Problem(str(path), line, column, message, code)])


def _too_deep(path: Path, text: str) -> ConfigError:
    place = next(place for keys, place in positions(text) if len(keys) > DEEPEST)
    return _refused(
        path, f"nests more than {DEEPEST} tables or lists; write it flat", *place, code="E104"
    )


def _depth(data: dict[str, Any]) -> int:
    """Return the length of the longest way to a value; counts to DEEPEST + 1, not recursive."""
    level: list[Any] = [data]
    for depth in range(DEEPEST + 1):
        level = [inner for value in level for inner in _members(value)]
        if not level:
            return depth
    return DEEPEST + 1


def _members(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
