"""What the deployment guide, the Dockerfile and compose.yaml say is so."""

from __future__ import annotations

import re
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
    "name", ["backup", "check", "doctor", "init", "restore", "run", "status", "systemd"]
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


def test_compose_runs_the_image_with_its_folder() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"]["aggregator"]
    assert service["volumes"] == ["./site:/site"]
    assert service["ports"] == ["127.0.0.1:8080:8080"]
