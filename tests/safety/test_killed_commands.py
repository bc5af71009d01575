"""Every command that writes, killed at its n-th write, sync or rename: done when given again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.cli.inside import aggregator
from tests.safety.scale import scaled
from tests.safety.test_upgrades import make
from tests.safety.tracing import MAY_TRACE, counted, moments, traced
from tests.safety.wholeness import damage, differing, malformed, rows
from tests.web import document, rss, serving

CALLS = ("pwrite64", "write", "rename", "fdatasync", "unlink", "fsync", "link")
POST = "---\ntitle: Post {n}\ndate: 2026-01-{n:02} 10:00:00\n---\n\nText of {n}.\n"
OPML = """<opml version="2.0"><body><outline text="News">
<outline text="A" type="rss" xmlUrl="https://a.example/feed"/>
<outline text="B" type="rss" xmlUrl="https://b.example/feed"/></outline></body></opml>"""

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not MAY_TRACE, reason="strace is missing or may not trace"),
]


@dataclass
class Desk:
    """A folder with a store that has news, its copy from before, an archive and a list."""

    folder: Path
    port: int

    def copy(self, folder: Path, command: str) -> Desk:
        """Return a desk at which *command* was never given."""
        shutil.copytree(self.folder, folder)
        if command == "publish":
            shutil.rmtree(folder / "feeds")
        if command == "migrate":
            (folder / "aggregator.db").unlink()
            make(folder / "aggregator.db", 1)
        return Desk(folder, self.port)

    def state(self) -> dict[str, Any]:
        """Return what a reader, and the program itself, can tell of it."""
        store = self.folder / "aggregator.db"
        return {
            "articles": rows(
                store,
                "SELECT identity.source, guid, id, public_id, published FROM identity"
                " JOIN article USING (n) ORDER BY 1, 2",
            ),
            "published": sorted(
                path.relative_to(self.folder).as_posix()
                for path in (self.folder / "feeds").rglob("*")
                if path.is_file()
            ),
            "config": (self.folder / "config.toml").read_text(encoding="utf-8"),
        }

    def faults(self) -> list[str]:
        """Return what is not whole."""
        store = self.folder / "aggregator.db"
        found = malformed(self.folder / "feeds")
        found += damage(store) if store.exists() else ["the store is gone"]
        checked = aggregator(self.folder, "check")
        return found + ([checked.err] if checked.status else [])


COMMANDS: dict[str, tuple[str, ...]] = {
    "publish": ("publish", "--all"),
    "backup": ("backup", "copy.db"),
    "restore": ("restore", "before.db"),
    "posts": ("import", "jekyll", "posts"),
    "list": ("import", "opml", "list.opml"),
    "hide": ("article", "hide", "https://paper.example/one", "--reason", "x"),
    "migrate": ("publish",),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    answers = {"/feed": document(rss("one", "two"))}
    with serving(answers) as port:
        (folder / "config.toml").write_text(
            f'[fetch]\nallow_private = ["127.0.0.1:{port}"]\n'
            f'[[source]]\nid = "paper"\nurl = "http://127.0.0.1:{port}/feed"\n',
            encoding="utf-8",
        )
        (folder / "posts" / "_posts").mkdir(parents=True)
        for n in range(1, 9):
            path = folder / "posts" / "_posts" / f"2026-01-{n:02}-post-{n}.md"
            path.write_text(POST.format(n=n), encoding="utf-8")
        (folder / "list.opml").write_text(OPML, encoding="utf-8")
        assert aggregator(folder, "refresh").status == 0
        assert aggregator(folder, "backup", "before.db").status == 0
        answers["/feed"] = document(rss("one", "two", "three"))
        assert aggregator(folder, "refresh", "--all").status == 0
        yield Desk(folder, port)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_killed_is_done_the_next_time(
    desk: Desk, tmp_path: Path, name: str
) -> None:
    command = COMMANDS[name]
    whole = desk.copy(tmp_path / "whole", name)
    ended = traced(whole.folder, ("-e", f"trace={','.join(CALLS)}"), *command)
    assert ended.status == 0, ended.err
    wanted, counts, kills = whole.state(), counted(whole.folder, CALLS), 0
    for call in CALLS[:: scaled("COMMAND_CALLS_EVERY", 2)]:
        for number in moments(counts[call], scaled("COMMAND_KILLS", 1)):
            kill(desk.copy(tmp_path / f"{call}-{number}", name), command, call, number, wanted)
            kills += 1
    print(f"{name}: {kills} kills at {counts}")  # noqa: T201 - the figures
    assert kills


def kill(desk: Desk, command: tuple[str, ...], call: str, number: int, wanted: object) -> None:
    """Kill a command at its n-th call, and see that it is done the next time it is given."""
    inject = f"inject={call}:signal=SIGKILL:when={number}"
    traced(desk.folder, ("-e", f"trace={call}", "-e", inject), *command)
    where = f"{command} killed at {call} number {number}"
    assert desk.faults() == [], where
    again = aggregator(desk.folder, *command)
    assert again.status == 0, f"{where}: {again.out}{again.err}"
    assert aggregator(desk.folder, "publish").status == 0, where
    assert desk.state() == wanted, where
    assert desk.faults() == [], where
    assert differing(desk.folder / "feeds") == [], where
    assert not list(desk.folder.rglob("*.tmp")), where
    shutil.rmtree(desk.folder)
