"""Readers that ask for what is new alone get it, and miss nothing: newsboat and python-reader."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.types import Message, Receive, Scope, Send

from aggregator.config.settings import Settings
from aggregator.model import Article, SourceState
from aggregator.pipeline.publication import Publisher
from aggregator.serve.app import create_app
from aggregator.serve.server import WebServer
from aggregator.serve.store_library import StoreLibrary
from aggregator.store.intake import Intake
from tests.articles import NOW, article
from tests.stores import new_store

Titles = Callable[[], list[str]]


class Newsstand:
    """A store, what is published of it, and a server that notes what it answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = new_store(folder / "aggregator.db")
        self.settings = self.configured()
        self.answered: list[int] = []
        self.open()

    def configured(self, **site: str) -> Settings:
        publish = {"directory": self.folder / "feeds", "entries": 3, "formats": ["rss", "atom"]}
        return Settings.model_validate({"publish": publish, "site": site})

    def open(self) -> None:
        app = create_app(StoreLibrary(self.store.path), self.folder / "feeds")

        async def noting(scope: Scope, receive: Receive, send: Send) -> None:
            async def note(message: Message) -> None:
                if "status" in message:
                    self.answered.append(message["status"])
                await send(message)

            await app(scope, receive, note)

        self.server = WebServer(noting, "127.0.0.1", 0)
        self.address = "http://{}:{}".format(*self.server.start())

    def publish(self, *articles: Article) -> None:
        for found in articles:
            with self.store.transaction():
                self.store.take_in(Intake(SourceState(found.source, last_ok_at=NOW), (found,)))
        Publisher(self.settings, self.store, clock=lambda: NOW).publish()

    def asked(self) -> list[int]:
        """Return the status of each answer since this was last asked."""
        answered, self.answered = self.answered, []
        return answered


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Newsstand]:
    made = Newsstand(tmp_path)
    made.publish(article(7), article(8), article(9))
    yield made
    made.server.stop()
    made.store.close()


# The clock stands still, as it does for two publications within one second. libcurl drops the body
# of an answer that is not newer by its Last-Modified than what newsboat has.


def newsboat(stand: Newsstand, path: str) -> Titles:
    """Return newsboat, subscribed: each call reloads and returns the titles it has."""
    home = stand.folder / "newsboat"
    home.mkdir()
    (home / "urls").write_text(f"{stand.address}/{path}\n")
    (home / "config").touch()
    names = {"-u": "urls", "-c": "cache.db", "-C": "config"}
    command = ["newsboat", *(part for key in names for part in (key, str(home / names[key])))]

    def titles() -> list[str]:
        subprocess.run(
            [*command, "-x", "reload"],
            env={"HOME": str(home), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            check=True,
            capture_output=True,
            timeout=60,
        )
        with closing(sqlite3.connect(home / "cache.db")) as database:
            rows = database.execute("SELECT title FROM rss_item ORDER BY title").fetchall()
        return [row[0] for row in rows]

    titles()  # it keeps the ETag of a feed that it knows already
    stand.asked()
    return titles


def python_reader(stand: Newsstand, path: str) -> Titles:
    """Return python-reader, subscribed: each call updates and returns the titles it has."""
    reader = pytest.importorskip("reader").make_reader(str(stand.folder / "reader.db"))
    reader.add_feed(f"{stand.address}/{path}")

    def titles() -> list[str]:
        (feed,) = reader.get_feeds()
        reader.update_feed(feed)
        return sorted(entry.title for entry in reader.get_entries())

    return titles


@pytest.fixture(
    params=[
        pytest.param(
            newsboat,
            marks=pytest.mark.skipif(
                not shutil.which("newsboat"), reason="newsboat is not installed"
            ),
        ),
        python_reader,
    ],
    ids=["newsboat", "python-reader"],
)
def subscribe(request: pytest.FixtureRequest) -> Callable[[Newsstand, str], Titles]:
    chosen: Callable[[Newsstand, str], Titles] = request.param
    return chosen


@pytest.mark.parametrize("path", ["world/rss.xml", "world/atom.xml"])
def test_a_reader_gets_what_is_new_and_keeps_what_it_has(
    stand: Newsstand, subscribe: Callable[[Newsstand, str], Titles], path: str
) -> None:
    titles = subscribe(stand, path)
    assert titles() == ["Title 7", "Title 8", "Title 9"]
    assert stand.asked() == [200]
    titles()
    assert stand.asked() == [304]
    stand.publish(article(6))
    stand.publish(article(5))  # it misses an edition, and 8 and 9 have left the feed
    assert titles() == ["Title 5", "Title 6", "Title 7", "Title 8", "Title 9"]
    assert stand.asked() == [226]
    titles()
    assert stand.asked() == [304]


def test_a_reader_is_not_troubled_by_a_change_of_the_feed_alone(
    stand: Newsstand, subscribe: Callable[[Newsstand, str], Titles]
) -> None:
    titles = subscribe(stand, "all/atom.xml")
    titles()
    stand.settings = stand.configured(title="Another name")
    stand.publish()
    assert titles() == ["Title 7", "Title 8", "Title 9"]
    titles()
    assert stand.asked() == [200, 226, 304]
