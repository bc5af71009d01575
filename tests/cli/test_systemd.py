"""The unit that is printed, as systemd reads it, and what the daemon tells systemd."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.cli.supervisor import Supervisor
from tests.cli.inside import aggregator
from tests.command import ROOT, command, environment

CONFIG = """
[site]
url = "http://127.0.0.1:8080"
[serve]
address = "127.0.0.1:{port}"
[[source]]
id = "posts"
kind = "jekyll"
url = "{posts}"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    site = tmp_path / "my 100% site"
    site.mkdir()
    text = CONFIG.format(port=0, posts=ROOT / "examples" / "posts")
    (site / "config.toml").write_text(text, encoding="utf-8")
    return site


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[socket.socket]:
    """Where systemd would listen."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(30)
        yield ear


def heard(ear: socket.socket, word: str) -> list[str]:
    """Return what is said up to *word*."""
    said: list[str] = []
    while word not in said:
        said += ear.recv(4096).decode().splitlines()
    return said


def test_the_unit_writes_only_where_the_configuration_says(folder: Path) -> None:
    (folder / "feeds").mkdir()
    printed = aggregator(folder, "systemd", "--user", "news").out
    lines = printed.splitlines()
    named = str(folder).replace("%", "%%")
    assert f'ReadWritePaths="{named}" "{named}/feeds"' in lines
    assert f"WorkingDirectory={named}" in lines
    assert "User=news" in lines
    assert "PrivateTmp=no" in lines or not str(folder).startswith("/tmp")
    assert "CapabilityBoundingSet=CAP_NET_BIND_SERVICE" in lines


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_finds_no_fault_in_the_unit(folder: Path) -> None:
    unit = folder.parent / "aggregator.service"
    unit.write_text(aggregator(folder, "systemd", "--user", "daemon").out, encoding="utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    complaints = [line for line in verified.stderr.splitlines() if "aggregator.service" in line]
    assert (verified.returncode, complaints) == (0, [])


def test_the_daemon_says_how_it_is(folder: Path, tmp_path: Path, ear: socket.socket) -> None:
    told = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "400000"}
    with subprocess.Popen(
        command("run"), cwd=folder, env=environment() | told, stderr=subprocess.PIPE
    ) as daemon:
        try:
            assert "STATUS=1 sources" in heard(ear, "READY=1") + heard(ear, "WATCHDOG=1")
            heard(ear, "WATCHDOG=1")
            daemon.send_signal(signal.SIGHUP)
            said = heard(ear, "RELOADING=1") + heard(ear, "READY=1")
            assert any(word.startswith("MONOTONIC_USEC=") for word in said)
            daemon.terminate()
            heard(ear, "STOPPING=1")
            assert daemon.wait(10) == 0
        finally:
            daemon.kill()


def test_it_is_said_no_oftener_than_it_must_be(tmp_path: Path, ear: socket.socket) -> None:
    told = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "40000000"}
    now = 100.0
    supervisor = Supervisor(told, lambda: now)
    for _ in range(25):
        supervisor.alive()
        now += 1
    supervisor.stopping()
    assert heard(ear, "STOPPING=1") == ["WATCHDOG=1"] * 3 + ["STOPPING=1"]


def test_where_nobody_listens_nothing_is_said(tmp_path: Path) -> None:
    Supervisor({}).ready("")
    Supervisor({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).stopping()
