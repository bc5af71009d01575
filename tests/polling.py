"""The line from sources to the store in one process, with a real server and a clock to move."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from aggregator.cli.progress import Quiet
from aggregator.fetch import Fetcher
from aggregator.model import Outcome, SourceState
from aggregator.pipeline.gather import Desk
from aggregator.pipeline.refresh import Policy, Refresher
from aggregator.schedule import turn
from aggregator.schedule.due import next_due, postponed
from aggregator.sources import KINDS
from aggregator.store.reader import EVERYTHING, Reader
from aggregator.store.writer import Store
from tests.config.desk import settings
from tests.fetch.server import Answer, Heard, Server, reply
from tests.stores import new_store

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday
Say = bytes | Callable[[Heard], Answer]


class Polling:
    """An aggregator whose every host name is one server on loopback.

    `answers` are by path. What is kept is in the store alone: `restart` begins a new process.
    """

    _fetcher: Fetcher
    _refresher: Refresher

    def __init__(self, folder: Path) -> None:
        self.now = NOW
        self.answers: dict[str, Say] = {}
        self.server = Server(self._answer)
        self._folder = folder
        self._seed = 0
        self._heard = 0
        self._text = ""
        self._store: Store | None = None

    def at(self, host: str, path: str = "/feed") -> str:
        return self.server.at(host, path)

    def configure(self, *sources: str, fetch: str = "", allow: str = "127.0.0.0/8") -> None:
        """Have these sources, each as `source` writes it; begin a new process."""
        self._text = f'[fetch]\nallow_private = ["{allow}"]\n{fetch}\n' + "".join(
            f"[[source]]\n{source}\n" for source in sources
        )
        self.restart()

    def restart(self) -> None:
        if self._store is not None:
            self._refresher.close()
            self._fetcher.close()
            self._store.close()
        self._settings = settings(self._folder, self._text, KINDS)
        self._store = new_store(self._settings.store.path)
        self._fetcher = Fetcher(
            self._settings.fetch,
            version="1.2.3",
            resolve=lambda host, port: [] if host == "nowhere.test" else ["127.0.0.1"],
            now=lambda: self.now,
        )
        desk = Desk(self._settings, self._fetcher, Reader(self._store.path))
        self._seed += 1
        policy = Policy(next_due, postponed, lambda: self.now, Random(self._seed))
        self._refresher = Refresher(desk, self._store, policy, Quiet())

    def close(self) -> None:
        self._refresher.close()
        self._fetcher.close()
        self.store.close()

    # ── what can be done ─────────────────────────────────────────────────────────────────────────

    def turn(self, *names: str) -> list[Heard]:
        """Ask those whose turn it is, or those named; return the requests that the server heard."""
        self.outcomes: list[Outcome] = []
        self.store.heal_clock(self.now)
        states, passed = self.store.states(), self.store.due(self.now)
        due = turn.due(self._settings.source, states, passed)
        named = [source for source in self._settings.source if source.id in names]
        self.outcomes = self._refresher.all(named or due)
        heard = self.server.heard[self._heard :]
        self._heard += len(heard)
        return heard

    def start_all(self) -> None:
        """Begin with every source, and wait for none."""
        self._refresher.start(self._settings.source)

    def finish(self, timeout: float) -> list[Outcome]:
        """Return those that are done meanwhile."""
        return self._refresher.finish(timeout)

    def all_but_gone(self) -> list[str]:
        sources = turn.all_but_gone(self._settings.source, self.store.states())
        return [source.id for source in sources]

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def wait_for(self, name: str = "paper") -> None:
        """Let the time of a source come."""
        due_at = self.state(name).next_due_at
        assert due_at is not None
        self.now = due_at

    # ── what is seen ─────────────────────────────────────────────────────────────────────────────

    @property
    def store(self) -> Store:
        assert self._store is not None
        return self._store

    def state(self, name: str = "paper") -> SourceState:
        return self.store.state(name)

    def pause(self, name: str = "paper") -> timedelta:
        """Return for how long a source is not asked from now."""
        due_at = self.state(name).next_due_at
        assert due_at is not None
        return due_at - self.now

    def titles(self) -> set[str]:
        return {article.title for article in self.store.newest(EVERYTHING, 100)}

    def _answer(self, heard: Heard) -> Answer:
        answer = self.answers.get(heard.target, reply(404, body=b"nothing here"))
        return answer if isinstance(answer, bytes) else answer(heard)


@contextmanager
def polling(folder: Path) -> Iterator[Polling]:
    world = Polling(folder)
    with world.server:
        world.configure()
        try:
            yield world
        finally:
            world.close()


def source(name: str, url: str, *lines: str) -> str:
    """Return the lines of a [[source]]."""
    return "\n".join([f'id = "{name}"', f'url = "{url}"', *lines])
