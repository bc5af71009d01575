"""What is released: built, installed into an empty environment, and run from there."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from aggregator import __version__
from tests.cli.inside import aggregator
from tests.command import ROOT

SHIPPED = (
    "py.typed",
    "publish/templates/style.css",
    "config/reference.md",
    "config/starter.toml",
    "demo/stories.toml",
    "demo/config.toml",
)
MAN_PAGE = "share/man/man1/aggregator.1"


def run(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(argument) for argument in arguments],
        cwd=cwd, env=kept, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def uv(*arguments: str | Path, cwd: Path) -> None:
    """Have uv do something; where that takes a network that is not there, nothing is tested."""
    done = run("uv", *arguments, cwd=cwd)
    if done.returncode and ("dns" in done.stderr or "fetch" in done.stderr):
        pytest.skip("the registry cannot be reached")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the archive of the sources."""
    folder = tmp_path_factory.mktemp("dist")
    uv("build", "--quiet", "--out-dir", folder, ROOT, cwd=folder)
    return folder


def test_the_version_command_names_what_it_runs_on(tmp_path: Path) -> None:
    said = aggregator(tmp_path, "version", "--json").json()
    assert said["aggregator"] == __version__
    assert said["python"].startswith(f"CPython {sys.version.split()[0]}")
    assert {"feedparser", "lxml", "pydantic", "requests"} <= said["libraries"].keys()
    assert said["sqlite"] == sqlite3.sqlite_version
    assert said["libxml2"].split(".")[0] == "2"
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert said["extras"].keys() == declared["optional-dependencies"].keys()
    assert said["extras"]["fulltext"]
    lines = aggregator(tmp_path, "version").out.splitlines()
    assert f"aggregator    {__version__}" in lines


needs_uv = pytest.mark.skipif(not shutil.which("uv"), reason="uv is not installed")


@pytest.mark.long
@needs_uv
def test_every_file_that_git_has_of_the_package_is_in_the_wheel(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    listed = run("git", "ls-files", "aggregator", cwd=ROOT).stdout.split()
    assert set(listed) <= inside
    assert {f"aggregator/{name}" for name in SHIPPED} <= inside
    assert [name for name in inside if name.endswith(f".data/data/{MAN_PAGE}")]
    (sources,) = built.glob("*.tar.gz")
    with tarfile.open(sources) as archive_of_sources:
        names = {name.partition("/")[2] for name in archive_of_sources.getnames()}
    assert {"pyproject.toml", "LICENSE", "README.md", *listed} <= names


@pytest.mark.long
@needs_uv
@pytest.mark.parametrize("kind", ["*.whl", "*.tar.gz"], ids=["wheel", "sources"])
def test_it_installs_into_an_empty_environment(built: Path, tmp_path: Path, kind: str) -> None:
    (package,) = built.glob(kind)
    uv("venv", "--quiet", "--python", sys.executable, "env", cwd=tmp_path)
    python = tmp_path / "env" / "bin" / "python"
    pins = ("--constraint", ROOT / "requirements.txt")
    uv("pip", "install", "--quiet", "--python", python, *pins, package, cwd=tmp_path)
    program = python.with_name("aggregator")
    assert run(program, "--version", cwd=tmp_path).stdout == f"aggregator {__version__}\n"
    assert (tmp_path / "env" / MAN_PAGE).is_file()
    assert run(program, "init", "site", cwd=tmp_path).returncode == 0
    checked = run(program, "check", cwd=tmp_path / "site")
    assert (checked.returncode, checked.stderr) == (0, "")
    posts = ROOT / "examples" / "posts"
    config = f'[[source]]\nid = "posts"\nkind = "jekyll"\nurl = "{posts}"\n'
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    assert run(program, "refresh", cwd=tmp_path).returncode == 0
    assert (tmp_path / "feeds" / "assets" / "style.css").is_file()
    assert (tmp_path / "feeds" / "all" / "atom.xml").is_file()
    (tmp_path / "empty").mkdir()
    shown = run(program, "demo", cwd=tmp_path / "empty")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "Found downstream: one hat, wearing a duck" in shown.stdout
    assert list((tmp_path / "empty").iterdir()) == []


@pytest.mark.long
@needs_uv
def test_a_tool_of_its_own_runs_the_program(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    places = {"UV_TOOL_DIR": tmp_path / "tools", "UV_TOOL_BIN_DIR": tmp_path / "bin"}
    with pytest.MonkeyPatch.context() as patched:
        for name, place in places.items():
            patched.setenv(name, str(place))
        uv("tool", "install", "--quiet", "--python", sys.executable, wheel, cwd=tmp_path)
    said = run(tmp_path / "bin" / "aggregator", "version", "--json", cwd=tmp_path)
    assert set(json.loads(said.stdout)["extras"].values()) == {False}
