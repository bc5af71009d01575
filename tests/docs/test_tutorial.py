"""docs/tutorial.md, typed as it stands: every command in its order, a real reader at the end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.cli.test_explain import feed
from tests.command import environment
from tests.docs.newsstand import Newsstand, newsstand, with_loopback
from tests.docs.pages import blocks
from tests.hosts import free_port

PAGE = "docs/tutorial.md"
LINES = [line for block in blocks("sh", PAGE).values() for line in block.splitlines()]
NASA, ESO = "https://www.nasa.gov", "https://www.eso.org/public"
HOME = f'<title>ESO</title><link rel="alternate" type="application/rss+xml" href="{ESO}/feed.xml">'
PAPERS = {
    f"{NASA}/news-release/feed/": feed({"moon": {}, "mars": {}}, NASA).decode(),
    f"{ESO}/": HOME,
    f"{ESO}/feed.xml": feed({"telescope": {}}, ESO).replace(b"The Paper", b"ESO").decode(),
}


@pytest.fixture
def stand() -> Iterator[Newsstand]:
    with newsstand(PAPERS) as made:
        yield made


class Reader:
    """Someone who follows the tutorial in a terminal."""

    def __init__(self, folder: Path, stand: Newsstand) -> None:
        self.folder, self.stand, self.port = folder, stand, free_port()
        self.said: dict[str, str] = {}
        (folder / "bin").mkdir()
        program = folder / "bin" / "aggregator"
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m aggregator "$@"\n')
        program.chmod(0o755)
        self.environment = {**environment(), "HOME": str(folder), "NO_PROXY": "*"}
        self.environment["PATH"] = f"{program.parent}:{os.environ['PATH']}"

    def here(self, text: str) -> str:
        text = text.replace("aggregator demo", "aggregator demo --seconds 0")  # not to its end
        return self.stand.here(text).replace("127.0.0.1:8080", f"127.0.0.1:{self.port}")

    def types(self, line: str) -> None:
        if line.startswith("cd "):
            self.folder /= line.removeprefix("cd ")
            return
        ended = subprocess.run(
            self.here(line), shell=True, cwd=self.folder, env=self.environment,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert ended.returncode == 0, f"{line}\n{ended.stdout}\n{ended.stderr}"
        self.said[line] = ended.stdout

    def edits(self, change: str = "") -> None:
        """Save config.toml with *change* at its end."""
        config = self.folder / "config.toml"
        config.write_text(config.read_text("utf-8") + self.here(change), encoding="utf-8")

    def moves(self) -> None:
        """Have the hosts of config.toml where they are here, and a port that is free."""
        config = self.folder / "config.toml"
        text = with_loopback(config.read_text("utf-8"))
        serve = '\n[serve]\naddress = "127.0.0.1:8080"\n'
        config.write_text(self.here(text + serve), encoding="utf-8")

    @contextmanager
    def runs(self) -> Iterator[None]:
        """Leave `aggregator run` running in another terminal, until Ctrl-C."""
        with subprocess.Popen(
            ["aggregator", "run"], cwd=self.folder, env=self.environment, stderr=subprocess.DEVNULL
        ) as daemon:
            try:
                yield
            finally:
                daemon.send_signal(signal.SIGINT)
        assert daemon.returncode == 0

    def finds(self, path: str) -> bytes:
        """Return what is served, within a minute."""
        end = time.monotonic() + 60
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=30) as answer:
                    body: bytes = answer.read()
                    return body
            except (URLError, ConnectionError):
                assert time.monotonic() < end, f"{path} is not served"
                time.sleep(0.05)


@pytest.mark.long
def test_every_step_works_as_it_stands(tmp_path: Path, stand: Newsstand) -> None:
    reader = Reader(tmp_path, stand)
    first, *_, own = blocks("toml", PAGE).values()
    assert LINES[0].startswith("uv tool install .")  # what is installed here is the checkout
    begin = LINES.index("aggregator run")
    for line in LINES[1:begin]:
        reader.types(line)
        if line == "cd mysite":
            assert first in (reader.folder / "config.toml").read_text("utf-8")
            reader.moves()
    assert "2 entries" in reader.said["aggregator preview nasa --limit 3"]
    with reader.runs():
        assert b"About telescope" in reader.finds("science/atom.xml")
        for line in LINES[begin + 1 :]:
            if "newsboat" not in line or shutil.which("newsboat"):
                reader.types(line)
        assert "About telescope" in reader.said["aggregator search telescope"]
        reader.edits(f"\n{own}")
        assert b"About telescope" in reader.finds("telescopes/atom.xml")
        assert b"About moon" not in reader.finds("telescopes/atom.xml")
    for line, said in reader.said.items():
        assert not line.startswith("newsboat") or said.strip() == "3 unread articles"
