"""The daemon as its operator meets it: processes, signals, kills."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.cli.inside import aggregator
from tests.command import command, environment
from tests.safety.processes import PROC, servers, tree
from tests.web import Answer, document, rss, serving


def free_port() -> int:
    """Return a port that no connection of anybody gets by chance: the system's own are higher."""
    for port in random.sample(range(20_000, 32_000), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("no port is free")


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until *condition* holds; fail when that takes too long."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.05)


class Site:
    """A folder with a configuration of one source that is asked every second, and its server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answers: dict[str, Answer] = {}
        self.port = free_port()

    def configure(self, source_port: int, every: str = "1s") -> None:
        self.source_port = source_port
        (self.folder / "config.toml").write_text(
            f'[site]\nurl = "http://127.0.0.1:{self.port}"\n'
            f'[serve]\naddress = "127.0.0.1:{self.port}"\n'
            f'[fetch]\nallow_private = ["127.0.0.1:{source_port}"]\n'
            f'[[source]]\nid = "paper"\nurl = "http://127.0.0.1:{source_port}/feed"\n'
            f'every = "{every}"\n',
            encoding="utf-8",
        )

    def titles(self, category: str = "paper") -> list[str]:
        try:
            with urlopen(
                f"http://127.0.0.1:{self.port}/{category}/feed.json", timeout=20
            ) as answer:
                return [item["title"] for item in json.load(answer)["items"]]
        except (URLError, ConnectionError):
            return []

    def healthy(self) -> bool:
        return self.serves("healthz")

    def serves(self, path: str) -> bool:
        """Return whether there is something at *path*."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=20) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    made.answers["/feed"] = document(rss("one", "two"))
    with serving(made.answers) as port:
        made.configure(port)
        yield made


@contextmanager
def running(site: Site) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command("run"), cwd=site.folder, env=environment(), text=True, stderr=subprocess.PIPE
    ) as process:
        try:
            until(site.healthy)
            yield process
        finally:
            process.kill()


def test_it_refreshes_on_schedule_and_ends_cleanly_on_sigterm(site: Site) -> None:
    with running(site) as daemon:
        until(lambda: site.titles() == ["two", "one"])
        site.answers["/feed"] = document(rss("one", "two", "three"))
        until(lambda: site.titles() == ["three", "two", "one"])
        begun = time.monotonic()
        daemon.terminate()
        assert daemon.wait(timeout=5) == 0
        assert time.monotonic() - begun < 5


def test_it_survives_being_killed_and_brings_nothing_twice(site: Site) -> None:
    titles = ["one", "two"]
    for title in ("three", "four", "five"):
        with running(site) as daemon:
            until(lambda: len(site.titles()) >= 2)
            titles.append(title)
            site.answers["/feed"] = document(rss(*titles))
            time.sleep(0.4 * len(title) / 4)
            daemon.send_signal(signal.SIGKILL)
            daemon.wait()
    with running(site):
        until(lambda: site.titles() == titles[::-1])
    assert aggregator(site.folder, "status", "--json").json()["articles"] == len(titles)


@pytest.mark.skipif(not PROC.exists(), reason="there is no /proc to look into")
def test_a_server_that_dies_is_followed_by_the_next_one(site: Site) -> None:
    with running(site) as daemon:
        until(lambda: site.titles() == ["two", "one"])
        first = servers(daemon.pid)
        os.kill(first[0], signal.SIGKILL)
        until(lambda: servers(daemon.pid) not in ([], first))
        until(lambda: site.titles() == ["two", "one"])
        daemon.terminate()
        _, said = daemon.communicate(timeout=20)
    assert daemon.returncode == 0
    assert said.count("the web server died exitcode=-9") == 1


@pytest.mark.skipif(not PROC.exists(), reason="there is no /proc to look into")
def test_a_daemon_that_is_killed_leaves_no_process_behind(site: Site) -> None:
    with running(site) as daemon:
        until(lambda: len(servers(daemon.pid)) == 1)
        below = tree(daemon.pid)[1:]
        daemon.kill()
        daemon.wait()
    until(lambda: not any((PROC / str(pid)).exists() for pid in below))


@pytest.mark.skipif(not PROC.exists(), reason="there is no /proc to look into")
def test_a_daemon_that_is_killed_before_it_serves_leaves_its_address(site: Site) -> None:
    with subprocess.Popen(
        command("run"), cwd=site.folder, env=environment(), stderr=subprocess.DEVNULL
    ) as daemon:
        until(lambda: len(tree(daemon.pid)) > 2)  # multiprocessing has a process of its own
        begun = tree(daemon.pid)[1:]
        for child in begun:
            os.kill(child, signal.SIGSTOP)  # as slow as on a machine with too much to do
        daemon.kill()
    try:
        with running(site):
            until(site.healthy)
    finally:
        for child in begun:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)


def test_a_second_daemon_is_refused(site: Site) -> None:
    with running(site):
        second = aggregator(site.folder, "run")
        assert second.status == 4
        assert "another aggregator works on" in second.err
        assert aggregator(site.folder, "refresh").status == 4
        assert aggregator(site.folder, "status").status == 0


def test_a_restart_asks_nobody_before_their_time(site: Site) -> None:
    site.configure(site.source_port, every="1h")
    with running(site):
        until(lambda: len(site.titles()) == 2)
    asked: list[str] = []
    site.answers["/feed"] = lambda request: asked.append(request.path)
    with running(site):
        time.sleep(2.5)
    assert asked == []


def test_sighup_reads_the_configuration_anew_and_a_bad_one_changes_nothing(site: Site) -> None:
    config = site.folder / "config.toml"
    good = config.read_text()
    with running(site) as daemon:
        until(lambda: len(site.titles()) == 2)
        config.write_text(good + 'intervall = "5m"\n')
        daemon.send_signal(signal.SIGHUP)
        time.sleep(1)
        until(lambda: len(site.titles()) == 2)
        config.write_text(good + 'category = "World news"\n')
        site.answers["/feed"] = document(rss("one", "two", "three"))
        daemon.send_signal(signal.SIGHUP)
        until(lambda: (site.folder / "feeds" / "world-news" / "rss.xml").exists())


def test_a_saved_configuration_takes_effect_by_itself(site: Site) -> None:
    config = site.folder / "config.toml"
    good = config.read_text()
    with running(site):
        until(lambda: len(site.titles()) == 2)
        site.answers["/feed"] = document(rss("one", "two", "three"))
        beside = config.with_suffix(".new")  # as editors save
        beside.write_text(good + 'category = "World news"\n')
        beside.rename(config)
        saved = time.monotonic()
        until((site.folder / "feeds" / "world-news" / "rss.xml").exists)
        assert time.monotonic() - saved < 8  # 2 s, on a machine that does nothing else


def test_a_faulty_configuration_is_told_of_once_and_changes_nothing(site: Site) -> None:
    config = site.folder / "config.toml"
    good = config.read_text()
    with running(site) as daemon:
        until(lambda: len(site.titles()) == 2)
        faulty = good + 'intervall = "5m"\n'
        config.write_text(faulty)
        time.sleep(1.5)
        config.write_text(faulty)
        config.touch()
        site.answers["/feed"] = document(rss("one", "two", "three"))
        until(lambda: len(site.titles()) == 3)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            config.write_text(good.replace(f'address = "127.0.0.1:{site.port}"',
                                           f'address = "127.0.0.1:{port}"'))  # fmt: skip
            site.answers["/feed"] = document(rss("one", "two", "three", "four"))
            until(lambda: len(site.titles()) == 4)
            time.sleep(1.5)
            until(site.healthy)
        daemon.terminate()
        _, said = daemon.communicate(timeout=20)
    assert said.count('unknown key "intervall"') == 1
    assert said.count(f"cannot listen on 127.0.0.1 port {port}") == 1
    assert "Traceback" not in said
