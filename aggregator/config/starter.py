"""The config.toml to start from: small, commented, and working as it is."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from aggregator.errors import ConfigError, Problem


def starter() -> str:
    """Return the text of the config.toml that a new user gets."""
    return files(__package__).joinpath("starter.toml").read_text(encoding="utf-8")


def write_starter(directory: Path) -> Path:
    """Write config.toml into *directory*, which is made where it is missing; return its path.

    Raises ConfigError where there is one already (it is never overwritten) or none can be written.
    """
    path = directory / "config.toml"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(starter())
    except FileExistsError:
        there = "is there already and stays as it is; edit it, or name another folder"
        message = there if path.exists() else f"cannot be written: {directory} is not a folder"
        raise ConfigError([Problem(str(path), 1, 1, message, "E117")]) from None
    except OSError as error:
        message = f"cannot be written: {(error.strerror or str(error)).lower()}"
        raise ConfigError([Problem(str(path), 1, 1, message, "E117")]) from None
    return path
