"""Incidents told to real receivers: a web server that takes JSON, and a mail server."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from aggregator.config.settings import Settings
from aggregator.health.incident import Incident
from aggregator.notify.carrier import carry
from aggregator.notify.message import Message
from aggregator.notify.messenger import Messenger, send_test
from tests.stores import new_store
from tests.test_daemon import free_port, until

# Apprise looks for a module that Python has given up.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Receiver:
    """A web server that remembers what was posted to it; `status` is what it answers."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/hook"
        self.posted: list[Any] = []
        self.status = 200


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if made.status == 200:
                made.posted.append(json.loads(body))
            self.send_response(made.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Receiver(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


class Postbox:
    """What a mail server takes for anybody."""

    def __init__(self) -> None:
        self.letters: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, str]]:
    box = Postbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield (
            box,
            f"mailto://127.0.0.1:{port}/?mode=insecure&from=us@news.example&to=me@home.example",
        )
    finally:
        controller.stop()


class World:
    """A store with incidents, and who is told of them by a clock to move."""

    def __init__(self, folder: Path, to: list[str], together: str = "1m") -> None:
        self.now = NOW
        self.settings = Settings.model_validate(
            {"site": {"title": "News"}, "notify": {"to": to, "together": together}}
        )
        self.store = new_store(folder / "aggregator.db")
        self.begin()

    def begin(self) -> None:
        self.messenger = Messenger(self.settings, self.store, clock=lambda: self.now)

    def happen(self, *sources: str) -> None:
        with self.store.transaction():
            for source in sources:
                fresh = Incident(source, "failing", "answered 500", self.now, self.now, self.now)
                self.store.watch.keep_incident(fresh, self.now)

    def end(self, *sources: str) -> None:
        lasting = self.store.watch.open_incidents()
        with self.store.transaction():
            for source in sources:
                over = Incident(
                    source, "failing", "answered 500", lasting[source].began_at, self.now, self.now,
                    self.now, lasting[source].number,
                )  # fmt: skip
                self.store.watch.keep_incident(over, self.now)

    def wait(self, **span: float) -> None:
        """Let time pass; then the messenger has its ticks until nothing is under way."""
        self.now += timedelta(**span)
        self.messenger.tick()
        until(self._idle)

    def _idle(self) -> bool:
        self.messenger.tick()
        return self.messenger._round is None


@contextmanager
def world(folder: Path, *to: str, together: str = "1m") -> Iterator[World]:
    made = World(folder, list(to), together)
    try:
        yield made
    finally:
        made.messenger.close()
        made.store.close()


def titles(receiver: Receiver) -> list[str]:
    return [posted["title"] for posted in receiver.posted]


def test_several_sources_that_fail_together_are_one_message(
    receiver: Receiver, tmp_path: Path
) -> None:
    with world(tmp_path, receiver.address) as made:
        made.happen("one", "two")
        made.wait(seconds=30)
        made.happen("three")
        made.wait(seconds=20)
        assert titles(receiver) == [], "others may be about to fail"
        made.wait(seconds=20)
        assert titles(receiver) == ["News: 3 sources in trouble"]
        assert receiver.posted[0]["type"] == "failure"
        assert receiver.posted[0]["message"].count("answered 500") == 3
        made.wait(hours=9)
        assert len(receiver.posted) == 1, "once is enough"
        made.end("one", "two", "three")
        made.wait(minutes=1)
        assert titles(receiver)[1:] == ["News: 3 well again"]
        assert receiver.posted[1]["type"] == "success"


def test_who_cannot_be_reached_is_told_later_and_the_others_at_once(
    receiver: Receiver, postbox: tuple[Postbox, str], tmp_path: Path
) -> None:
    box, mail = postbox
    receiver.status = 503
    with world(tmp_path, receiver.address, mail) as made:
        made.happen("one")
        made.wait(minutes=1)
        assert (titles(receiver), len(box.letters)) == ([], 1)
        made.happen("two")
        receiver.status = 200
        made.wait(seconds=50)
        assert titles(receiver) == [], "it is not yet asked again"
        made.wait(seconds=20)
        assert titles(receiver) == ["News: 2 sources in trouble"]
        assert [letter["Subject"] for letter in box.letters] == [
            "News: one is failing", "News: two is failing",
        ]  # fmt: skip


def test_a_mail_says_what_and_why(postbox: tuple[Postbox, str], tmp_path: Path) -> None:
    box, mail = postbox
    with world(tmp_path, mail, together="0s") as made:
        made.happen("one")
        made.wait(seconds=0)
    (letter,) = box.letters
    assert letter["To"].addresses[0].addr_spec == "me@home.example"
    assert "✗ one: failing since 2026-11-22 12:00 UTC: answered 500" in (
        letter.get_body(("plain", "html")).get_content()
    )


def test_a_restart_forgets_nothing_and_repeats_nothing(receiver: Receiver, tmp_path: Path) -> None:
    with world(tmp_path, receiver.address, together="0s") as made:
        made.happen("one")
        made.wait(seconds=0)
        made.begin()
        made.wait(hours=1)
        assert titles(receiver) == ["News: one is failing"]
        made.happen("two")
        made.begin()
        made.wait(seconds=0)
        assert titles(receiver)[1:] == ["News: two is failing"]


def test_who_is_new_is_not_told_what_was_before(receiver: Receiver, tmp_path: Path) -> None:
    with world(tmp_path) as made:
        made.happen("one")
        made.settings = Settings.model_validate(
            {"site": {"title": "News"}, "notify": {"to": [receiver.address], "together": "0s"}}
        )
        made.begin()
        made.happen("two")
        made.wait(seconds=0)
        assert titles(receiver) == ["News: two is failing"]


def test_the_tick_never_waits_for_an_address(tmp_path: Path) -> None:
    release = threading.Event()

    def slow(address: str, message: Message) -> bool:
        release.wait(10)
        return True

    with world(tmp_path, "json://127.0.0.1:9/", together="0s") as made:
        made.messenger = Messenger(made.settings, made.store, slow, lambda: made.now)
        made.happen("one")
        begun = datetime.now(UTC)
        for _ in range(5):
            made.messenger.tick()
        assert datetime.now(UTC) - begun < timedelta(seconds=2)
        release.set()
        made.wait(seconds=0)


def test_no_secret_of_an_address_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    secrets = ["json://user:s3cr3t-word@127.0.0.1:9/s3cr3t-path", "nonsense://s3cr3t-host/x"]
    with caplog.at_level(logging.DEBUG), world(tmp_path, *secrets, together="0s") as made:
        made.happen("one")
        made.wait(seconds=0)
    said = caplog.text + "".join(capfd.readouterr())
    assert "cannot tell address 1 (json) of incidents" in said
    assert "address 2 (nonsense) of [notify] is of no kind that is known" in said
    assert "s3cr3t" not in said


def test_a_test_goes_to_every_address(receiver: Receiver) -> None:
    settings = Settings.model_validate(
        {"site": {"title": "News"}, "notify": {"to": [receiver.address, "json://127.0.0.1:9/"]}}
    )
    assert send_test(settings) == [("1 (http)", True), ("2 (json)", False)]
    assert titles(receiver) == ["News: test"]


@pytest.mark.parametrize("address", ["nonsense://x", "https://", "json://[::bad"])
def test_what_is_no_address_takes_nothing(address: str) -> None:
    assert carry(address, Message("a", "b", "info")) is False
