"""The engine of one process: it gathers no further ahead than what came can be committed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from aggregator.cli.composition import policy
from aggregator.fetch import Fetcher
from aggregator.model import SourceState
from aggregator.pipeline.courtesy import Courteous
from aggregator.pipeline.engine import Terms, Turn
from aggregator.pipeline.gather import Desk
from aggregator.pipeline.threads import AHEAD, Threads
from aggregator.sources import KINDS
from tests.config.desk import settings
from tests.stores import new_store
from tests.web import rss

HANDS, SOURCES, ENTRIES = 4, 120, 20


@dataclass
class Room:
    """An engine with many files to read, and the sources that it has begun with."""

    folder: Path
    begun: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        titles = [f"News {number}" for number in range(ENTRIES)]
        (self.folder / "feed.xml").write_bytes(rss(*titles))
        sources = (f'[[source]]\nid = "s{n}"\nurl = "feed.xml"\n' for n in range(SOURCES))
        text = f"[fetch]\nworkers = {HANDS}\nper_host = {HANDS}\n{''.join(sources)}"
        self.settings = settings(self.folder, text, KINDS)
        self.store = new_store(self.settings.store.path)
        self.fetcher = Fetcher(self.settings.fetch, version="1")
        clock = policy().clock
        network = Courteous(self.fetcher, self.store.pauses(), clock)
        desk = Desk(self.settings, network, self.store)
        self.engine = Threads(Terms(desk, network, clock, self.begun.append))

    def start(self) -> None:
        self.engine.start(Turn(one, SourceState(one.id)) for one in self.settings.source)

    def close(self) -> None:
        self.engine.close()
        self.fetcher.close()
        self.store.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with closing(Room(tmp_path)) as made:
        yield made


def test_nobody_begins_while_much_waits_to_be_committed(room: Room) -> None:
    room.start()
    end, before = time.monotonic() + 10, -1
    while len(room.begun) != before or not before:  # until nothing happens any more
        assert time.monotonic() < end
        before = len(room.begun)
        time.sleep(0.3)
    assert AHEAD <= len(room.begun) * ENTRIES <= AHEAD + HANDS * ENTRIES


def test_all_come_back_however_slowly_they_are_taken(room: Room) -> None:
    room.start()
    found: list[str] = []
    end = time.monotonic() + 30
    while len(found) < SOURCES:
        assert time.monotonic() < end
        found += [work.gathered.source.id for work in room.engine.ready(1)]
        time.sleep(0.05)
    assert sorted(found) == sorted(one.id for one in room.settings.source)
