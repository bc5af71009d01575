"""What the codes mean that stand at the end of errors.

The table is en.toml, its translations <language>.toml; a test compares them with what is raised.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Meaning(NamedTuple):
    """What a code stands for, in sentences."""

    title: str
    means: str
    why: str
    do: str


@cache
def meanings(language: str = "en") -> dict[str, Meaning]:
    """Return what each code means, in the order of the codes."""
    text = files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return {code: Meaning(**table) for code, table in sorted(tomllib.loads(text).items())}
