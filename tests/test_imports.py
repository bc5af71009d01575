"""Imports point one way: a room knows only the rooms before it in the flow."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "aggregator"

RECORDS = {
    "errors", "meanings", "record", "model", "excerpt", "language", "licence", "periods",
    "template", "pattern", "coding", "edition", "given", "share", "websub", "health",
    "config.engine", "config.mirror", "config.notify", "config.selection", "config.settings",
}  # fmt: skip
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "meanings": set(),
    "model": {"record"},
    "record": set(),
    "excerpt": set(),
    "periods": set(),
    "licence": set(),
    "language": set(),
    "template": {"errors"},
    "pattern": {"errors"},
    "coding": {"coding"},
    "websub": set(),
    "edition": set(),
    "given": set(),
    "share": set(),
    "health": {"health"},
    "config": {"config"},
    "fetch": {"fetch"},
    "parse": {"parse"},
    "normalise": {"normalise"},
    "store": {"store"},
    "publish": {"publish"},
    "workers": {"workers"},
    "sources": {"sources", "fetch", "parse", "workers"},
    "pipeline": {"pipeline", "fetch", "normalise", "publish", "sources", "store", "workers"},
    "cluster": {"cluster", "fetch", "pipeline", "store", "workers"},
    "push": {"push", "fetch", "publish", "store"},
    "schedule": {"schedule", "pipeline", "push", "store"},
    "mirror": {"mirror", "publish", "store"},
    "notify": {"notify", "store"},
    "serve": {"serve", "publish", "store"},
    "demo": {"demo"},
}
SOLE_USERS = {
    "apprise": "notify",
    "apscheduler": "schedule",
    "backports": "coding",
    "brotli": "coding",
    "dask": "cluster",
    "dateparser": "normalise",
    "distributed": "cluster",
    "feedgen": "publish",
    "feedparser": "parse",
    "filelock": "schedule",
    "frontmatter": "parse",
    "jinja2": "publish",
    "nh3": "normalise",
    "pebble": "workers",
    "parsel": "parse",
    "prometheus_client": "serve",
    "protego": "fetch",
    "publicsuffixlist": "fetch",
    "pydantic": "config",
    "pypinyin": "normalise",
    "rapidfuzz": "normalise",
    "regex": "pattern",
    "requests": "fetch",
    "rich": "cli",
    "slugify": "normalise",
    "sqlite3": "store",
    "sqlite_utils": "store",
    "tomlkit": "config",
    "typer": "cli",
    "uritemplate": "template",
    "urllib3": "fetch",
    "watchfiles": "cli",
}


NAMES = sorted(str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.py"))


def room_of(path: str) -> str:
    return Path(path).parts[0].removesuffix(".py")


@cache  # both tests look at a module, and it is parsed only where one does
def imported(path: str) -> set[str]:
    """Return the full names that a module of the package imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((PACKAGE / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def is_record(name: str) -> bool:
    return any(name == record or name.startswith(f"{record}.") for record in RECORDS)


@pytest.mark.parametrize("path", NAMES)
def test_a_room_imports_only_what_comes_before_it(path: str) -> None:
    room = room_of(path)
    if room in ("__init__", "__main__", "cli", "library"):
        return
    for name in imported(path):
        if not name.startswith("aggregator."):
            continue
        ours = name.removeprefix("aggregator.")
        if ours.split(".")[0] in RECORDS or is_record(ours) or ours == "__version__":
            continue
        assert ours.split(".")[0] in ALLOWED[room], f"{path} imports {name}"


@pytest.mark.parametrize("path", NAMES)
def test_a_dependency_has_one_importing_room(path: str) -> None:
    for name in imported(path):
        user = SOLE_USERS.get(name.split(".")[0])
        assert user in (None, room_of(path)), f"{path} imports {name}, which only {user} may"
