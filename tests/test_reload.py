"""An edit of config.toml while the daemon runs: a right one is in force, a wrong one is told of."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.cli.inside import aggregator
from tests.test_daemon import Site, running, until
from tests.web import document, rss, serving

IN_TIME = 2  # seconds
EDITS = 8


def by_renaming(config: Path, text: str) -> None:
    """Save as vim and most others do."""
    beside = config.with_name(".config.toml.swp")
    beside.write_text(text)
    beside.replace(config)


def in_place(config: Path, text: str) -> None:
    """Save as nano does: the file is emptied, then filled."""
    config.write_text(text)


def in_pieces(config: Path, text: str) -> None:
    """Save slowly: what stands there meanwhile may itself be a configuration."""
    with config.open("w") as file:
        for line in text.splitlines(keepends=True):
            file.write(line)
            file.flush()
            time.sleep(0.05)


def by_removing(config: Path, text: str) -> None:
    """Save as those do that keep the old one under another name."""
    config.rename(config.with_name("config.toml~"))
    time.sleep(0.2)
    config.write_text(text)


WAYS = (by_renaming, in_place, in_pieces, by_removing)


class Desk(Site):
    """A site whose source counts when it is asked."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked: list[float] = []
        self.answers["/feed"] = self._answer

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(time.monotonic())
        document(rss("one", "two"))(request)

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def status(self) -> Any:
        with urlopen(f"http://127.0.0.1:{self.port}/status.json", timeout=5) as answer:
            return json.load(answer)

    def problems(self) -> Any:
        try:
            return self.status()["config_problems"]
        except OSError:
            return None

    def page(self, path: str) -> str:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=5) as answer:
                text: str = answer.read().decode()
                return text
        except OSError:
            return ""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    with serving(made.answers) as port:
        made.configure(port)
        yield made


def test_a_right_edit_is_in_force_soon_however_it_is_saved(desk: Desk) -> None:
    text, took = desk.config.read_text(), []
    with running(desk) as daemon:
        until(lambda: len(desk.asked) >= 2)
        for save in WAYS:
            name = f"Saved {save.__name__}"
            save(desk.config, text.replace("[site]\n", f'[site]\ntitle = "{name}"\n'))
            saved = time.monotonic()
            until(lambda name=name: name in desk.page("index.html"))  # type: ignore[misc]
            took.append(time.monotonic() - saved)
            asked = len(desk.asked)
            until(lambda asked=asked: len(desk.asked) > asked)  # type: ignore[misc]
        daemon.terminate()
        _, said = daemon.communicate(timeout=20)
    assert daemon.returncode == 0
    assert "has faults" not in said
    assert said.count("configuration reloaded") == len(WAYS)  # never for a part of one
    assert min(took) < IN_TIME


def test_over_many_edits_no_poll_is_lost_and_none_is_made_twice(desk: Desk) -> None:
    text = desk.config.read_text()
    with running(desk) as daemon:
        until(lambda: len(desk.asked) >= 2)
        before = len(desk.asked)
        for number in range(EDITS):
            name = f"Edition {number}"
            in_place(desk.config, text.replace("[site]\n", f'[site]\ntitle = "{name}"\n'))
            until(lambda name=name: name in desk.page("index.html"))  # type: ignore[misc]
        until(lambda: len(desk.asked) > before + 1)
        daemon.terminate()
        daemon.communicate(timeout=20)
    gaps = [later - earlier for earlier, later in pairwise(desk.asked)]
    assert max(gaps) < 2 * IN_TIME
    assert len(gaps) <= sum(gaps) + EDITS + 1, "an edit brings a poll forward by less than one"
    told = aggregator(desk.folder, "status", "paper", "--json").json()
    assert len(told["attempts"]) == len(desk.asked), "every answer was taken in"


def test_readers_are_served_all_the_while_that_an_edit_comes_into_force(desk: Desk) -> None:
    text = desk.config.read_text()
    with running(desk):
        until(lambda: len(desk.asked) >= 2)
        for number in range(3):
            name = f"Edition {number}"
            in_place(desk.config, text.replace("[site]\n", f'[site]\ntitle = "{name}"\n'))
            page = ""
            while name not in page:
                with urlopen(f"http://127.0.0.1:{desk.port}/index.html", timeout=5) as answer:
                    page = answer.read().decode()
            until(lambda name=name: name in desk.page("status"))  # type: ignore[misc]


@pytest.mark.long
def test_a_wrong_edit_changes_nothing_but_the_status_however_it_is_saved(desk: Desk) -> None:
    text = desk.config.read_text()
    line = text.count("\n") + 1
    with running(desk):
        until(lambda: desk.problems() == [])
        for save in WAYS:
            save(desk.config, text + 'intervall = "5m"\n')
            until(lambda: desk.problems() == [{"line": line, "column": 1, "code": "E105"}])
            asked = len(desk.asked)
            until(lambda asked=asked: len(desk.asked) > asked + 1)  # type: ignore[misc]
            save(desk.config, text)
            until(lambda: desk.problems() == [])


def test_where_the_configuration_has_faults_it_is_said_wherever_one_looks(desk: Desk) -> None:
    text = desk.config.read_text()
    line = text.count("\n") + 1
    with running(desk):
        until(lambda: desk.problems() == [])
        in_place(desk.config, text + 'intervall = "5m"\n')
        until(lambda: f"line {line} (E105)" in desk.page("status"))
        found = aggregator(desk.folder, "doctor", "--json")
        (finding,) = (one for one in found.json()["findings"] if one["subject"] == "config")
        assert (finding["state"], finding["code"]) == ("fail", "E105")
        assert f"config.toml:{line}:1: " in finding["what"]
        told = aggregator(desk.folder, "status")
        assert told.status == 2
        assert f"config.toml:{line}:1: " in told.err
        assert told.err.endswith("[E105]\n")
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f'address = "127.0.0.1:{taken.getsockname()[1]}"'
            in_place(desk.config, text.replace(f'address = "127.0.0.1:{desk.port}"', address))
            place = text[: text.index("address = ")].count("\n") + 1
            until(lambda: desk.problems() == [{"line": place, "column": 1, "code": "E600"}])
