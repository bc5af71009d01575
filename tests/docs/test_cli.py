"""docs/cli.md says what the program has, and the example of every command works as it stands."""

from __future__ import annotations

import re
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from aggregator.cli.manual import Command, commands, manual
from tests.cli.inside import aggregator
from tests.cli.test_explain import feed
from tests.command import command, environment
from tests.docs.newsstand import Newsstand, newsstand, with_loopback
from tests.hosts import free_port

COMMANDS = commands()
EXAMPLES = [example for one in COMMANDS for example in one.examples]

# What stands for a place of the reader's own, and what it is here.
PLACES = {
    "/mnt/backup/": "elsewhere/",
    "/etc/nginx/conf.d/": "elsewhere/",
    "/etc/caddy/": "elsewhere/",
    "../oldsite/": "oldsite/",
    "--user news": "--user nobody",
}
ARTICLE = "https://www.bbc.co.uk/news/c4g2q5v7x1yo"
# What has to be done before.
HIDE = 'aggregator article hide https://example.org/rumour --reason "not confirmed"'
BEFORE = {"aggregator article show": HIDE, "aggregator article log": HIDE}

# Characters that help shows whole on a terminal of 80: of an example, of a command in a list.
ONE_LINE, SUMMARY = 67, 62

CONFIG = """
[site]
title = "News"
[serve]
address = "127.0.0.1:0"
[[source]]
id = "bbc-world"
url = "https://feeds.bbci.co.uk/news/world/rss.xml"
category = "world"
[[source]]
id = "example"
url = "https://example.org/feed.xml"
category = "rumours"
"""
OPML = """<opml version="2.0"><head/><body><outline text="Science">
<outline type="rss" text="Space" xmlUrl="https://space.example/feed"/></outline></body></opml>"""
LISTS = {
    "subscriptions.opml": OPML,
    "freshrss.opml": OPML,
    "miniflux.json": '[{"feed_url": "https://space.example/feed", "title": "Space"}]',
    "bridges.txt": "https://bridge.example/?action=display&bridge=Ferry&format=Atom",
    "planet.ini": "[https://space.example/feed]\nname = Space\n",
}
POST = """---
title: "A post of old"
date: 2019-05-04 10:00:00 +0000
---
It was a fine day.
"""
NASA = '<title>NASA</title><link rel="alternate" type="application/rss+xml" href="/feed.xml">'


def world(path: str = "c4g2q5v7x1y{}", first: str = "c4g2q5v7x1yo", verb: str = "rise") -> str:
    names = [first, *(path.format(number) for number in range(19))]
    items = {name: {"title": f"Interest rates {verb} with {name}"} for name in names}
    return feed(items, "https://www.bbc.co.uk/news").decode()


@pytest.fixture(scope="session")
def stand() -> Iterator[Newsstand]:
    pages = {
        "https://feeds.bbci.co.uk/news/world/rss.xml": world(),
        "https://example.org/feed.xml": feed({"rumour": {}}, "https://example.org").decode(),
        "https://example.org/feed": feed({"rumour": {}}, "https://example.org").decode(),
        "https://www.nasa.gov/": NASA,
        "https://www.nasa.gov/feed/": feed({"moon": {}}, "https://www.nasa.gov").decode(),
        "https://www.nasa.gov/feed.xml": feed({"moon": {}}, "https://www.nasa.gov").decode(),
    }
    with newsstand(pages) as made:
        yield made


@pytest.fixture(scope="session")
def prepared(stand: Newsstand, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two sources that were read, and what else the examples speak of."""
    folder = tmp_path_factory.mktemp("prepared")
    for name in ("elsewhere", "oldsite/_posts", "aggregator.db.backups"):
        (folder / name).mkdir(parents=True)
    (folder / "config.toml").write_text(stand.here(with_loopback(CONFIG)), encoding="utf-8")
    for name, text in LISTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "oldsite" / "_posts" / "2019-05-04-old.md").write_text(POST, encoding="utf-8")
    assert aggregator(folder, "refresh").status == 0
    for changed in (world(verb="fall"), world("other{}", "another")):  # edits, then a flood
        stand.put("https://feeds.bbci.co.uk/news/world/rss.xml", changed)
        assert aggregator(folder, "refresh", "bbc-world").status == 0
    assert aggregator(folder, "backup", "aggregator.db.backups/2026-11-22.db").status == 0
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    copy = shutil.copytree(prepared, tmp_path / "site")
    config = copy / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("127.0.0.1:0", f"127.0.0.1:{free_port()}"), encoding="utf-8")
    return copy


def test_the_file_is_up_to_date() -> None:
    file = Path(__file__).parents[2] / "docs" / "cli.md"
    assert file.read_text(encoding="utf-8") == manual(), "run `make docs`"


def test_no_place_is_left_unfilled() -> None:
    assert "<!--" not in manual()


@pytest.mark.parametrize("one", COMMANDS, ids=lambda one: one.name)
def test_a_command_says_what_it_does_and_has_an_example_of_itself(one: Command) -> None:
    assert one.summary.endswith(".")
    assert len(one.summary) <= SUMMARY or len(one.words) == 1, "help would cut it off"
    assert one.examples, f'write "Example: {one.name} …" into its docstring'
    if not one.is_group:
        assert all(example.startswith(one.name) for example in one.examples)
        assert all(len(example) <= ONE_LINE for example in one.examples), "help would break it"
    assert all(parameter.help for parameter in one.parameters)


@pytest.mark.parametrize("example", dict.fromkeys(EXAMPLES))
def test_the_example_works(example: str, folder: Path, stand: Newsstand) -> None:
    shown = aggregator(folder, "explain", ARTICLE, "--json")
    example = re.sub(r"\bc4g2q5v7x1\b", shown.json()["id"], example)
    for begun, first in BEFORE.items():
        if example.startswith(begun):
            run(stand.here(first), folder)
    for named, here in PLACES.items():
        example = example.replace(named, here)
    run(stand.here(example), folder)


def run(line: str, folder: Path) -> None:
    """Run one command of ours as a shell would, its output into a file where it says so."""
    program, *words = shlex.split(line)
    assert program == "aggregator"
    if words[-1] in ("run", "serve"):
        stays(words, folder)
        return
    into = words[words.index(">") + 1] if ">" in words else ""
    ended = aggregator(folder, *(words[: words.index(">")] if into else words))
    assert ended.status == 0, ended.err
    assert ended.out.strip()
    if into:
        (folder / into).write_text(ended.out, encoding="utf-8")


def stays(words: list[str], folder: Path) -> None:
    """Begin a command that stays, see that it serves, and have it end."""
    text = (folder / "config.toml").read_text(encoding="utf-8")
    address = text.split('address = "')[1].split('"')[0]
    with subprocess.Popen(command(*words), cwd=folder, env=environment(), stderr=-3) as process:
        try:
            wait(f"http://{address}/world/atom.xml", process)
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def wait(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, "it has ended"
        try:
            with urlopen(url, timeout=30) as answer:
                assert answer.status == 200
                return
        except (URLError, ConnectionError):
            time.sleep(0.05)
    raise AssertionError("it does not serve")
