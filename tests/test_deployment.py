"""What the deployment guide, the Dockerfile and compose.yaml say is so."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.inside import aggregator
from tests.command import ROOT

GUIDE = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
SOURCE = '[[source]]\nid = "a"\nurl = "https://news.example.org/feed"\ncontent = "link"\n'


def blocks(language: str) -> list[str]:
    """Return the examples in *language* in the guide."""
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def test_what_the_guide_writes_into_the_configuration_is_right(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("".join(blocks("toml")) + SOURCE, encoding="utf-8")
    checked = aggregator(tmp_path, "check")
    assert (checked.status, checked.err) == (0, "")


@pytest.mark.parametrize(
    "name",
    [
        *("backup", "check", "completion", "demo", "doctor", "init", "man", "restore", "run"),
        *("status", "systemd", "version"),
    ],
)
def test_the_commands_of_the_guide_exist(tmp_path: Path, name: str) -> None:
    assert f"aggregator {name}" in GUIDE
    assert aggregator(tmp_path, name, "--help").status == 0


def test_the_alerts_ask_for_figures_that_there_are() -> None:
    shown = (ROOT / "aggregator" / "serve" / "metrics.py").read_text(encoding="utf-8")
    (alerts,) = blocks("yaml")
    for rule in yaml.safe_load(alerts)["groups"][0]["rules"]:
        (figure,) = re.findall(r"aggregator_\w+", rule["expr"])
        assert figure.removeprefix("aggregator_source_") in shown


def test_the_image_copies_what_there_is_and_is_not_kept_out() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    for line in re.findall(r"^COPY (?!--)(.*)$", dockerfile, re.MULTILINE):
        for name in line.split()[:-1]:
            assert (ROOT / name).exists()
            assert f"!{name}\n" in let_in


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("uv"), reason="uv is not installed")
def test_the_image_s_steps_install_the_program_from_what_is_let_in(tmp_path: Path) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    source = tmp_path / "src"
    source.mkdir()
    for line in re.findall(r"^COPY (?!--)(.*)$", dockerfile, re.MULTILINE):
        for name in line.split()[:-1]:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, source / name)
    assert "pip install --no-cache-dir --require-hashes -r requirements.txt" in dockerfile
    assert "pip install --no-cache-dir --no-deps ." in dockerfile
    for arguments in (
        ["venv", "--quiet", "--python", sys.executable, "env"],
        ["pip", "install", "--quiet", "--python", "env", "--require-hashes", "-r",
         "src/requirements.txt"],
        ["pip", "install", "--quiet", "--python", "env", "--no-deps", "./src"],
    ):  # fmt: skip
        done = subprocess.run(
            ["uv", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        if "dns" in done.stderr or "fetch" in done.stderr:
            pytest.skip("the registry cannot be reached")
        assert done.returncode == 0, done.stderr
    program = tmp_path / "env" / "bin" / "aggregator"
    (tmp_path / "site").mkdir()
    for command in (["init"], ["check"], ["version"]):
        subprocess.run([program, *command], cwd=tmp_path / "site", check=True, capture_output=True)


def test_the_image_runs_as_nobody_special_and_says_how_it_is() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n\s*", "", dockerfile).splitlines()
    stages = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert all(":" in stage and not stage.endswith(":latest") for stage in stages)
    last = lines[max(n for n, line in enumerate(lines) if line.startswith("FROM ")) :]
    instructions = [line.split()[0] for line in last if line and not line.startswith("#")]
    assert instructions.index("USER") < instructions.index("ENTRYPOINT")
    assert {"HEALTHCHECK", "STOPSIGNAL", "WORKDIR"} <= set(instructions)
    (probe,) = re.findall(r'HEALTHCHECK .*?"-c", "(.*?)"\]', "\n".join(last))
    compile(probe, "HEALTHCHECK", "exec")


def test_compose_runs_the_image_with_its_folder() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"]["aggregator"]
    assert service["volumes"] == ["./site:/site"]
    assert service["ports"] == ["127.0.0.1:8080:8080"]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
