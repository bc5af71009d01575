"""Pages are asked for one after the other, so far apart as their host and we think fit."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from aggregator.config.settings import Fetch
from aggregator.fetch import Fetcher, Request
from aggregator.fetch.pace import Pace
from tests.fetch.server import Heard, Server, reply


def seconds(
    host: str, robots: bytes, spacing: float, *, page: bool = False, apart: bool = False
) -> float:
    """Ask for four documents at once; return in how many seconds the last one was asked for."""
    came: list[float] = []

    def answer(heard: Heard) -> bytes:
        if heard.target == "/robots.txt":
            return robots
        came.append(time.monotonic())
        return reply(body=b"<p>Rain.</p>")

    settings = Fetch.model_construct(
        allow_private=("127.0.0.0/8",), spacing=timedelta(seconds=spacing)
    )
    with (
        Server(answer) as server,
        Fetcher(settings, version="1", resolve=lambda host, port: ["127.0.0.1"]) as fetcher,
    ):
        threads = [
            threading.Thread(
                target=fetcher.get,
                args=[Request(server.at(host, f"/{number}"), page=page, apart=apart)],
            )
            for number in range(4)
        ]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return max(came) - began


def test_pages_of_a_site_are_asked_for_apart_from_each_other() -> None:
    assert seconds("paper.example.com", reply(404), 0.1, page=True) >= 0.3


def test_pages_of_a_host_of_ones_own_are_asked_for_as_fast_as_they_come() -> None:
    assert seconds("nas.lan", reply(404), 10, page=True) < 10


def test_one_of_many_documents_is_asked_for_apart_from_the_others_too() -> None:
    assert seconds("paper.example.com", b"unasked", 0.1, apart=True) >= 0.3


def test_what_is_made_for_programs_needs_no_distance() -> None:
    assert seconds("paper.example.com", reply(404), 10) < 10


@pytest.mark.parametrize("agent", ["*", "aggregator"])
def test_the_distance_that_robots_txt_asks_for_is_kept(agent: str) -> None:
    robots = f"User-agent: {agent}\nDisallow: /x\nCrawl-delay: 0.1\n".encode()
    assert seconds("nas.lan", reply(body=robots), 0, page=True) >= 0.3


def test_nobody_waits_for_one_who_stops() -> None:
    pace = Pace()
    pace.wait("paper.example", 1000)
    waiting = threading.Thread(target=pace.wait, args=["paper.example", 1000])
    waiting.start()
    pace.close()
    waiting.join(5)
    assert not waiting.is_alive()


def test_sites_do_not_wait_for_each_other_and_are_not_remembered_for_ever() -> None:
    now = 0.0
    pace = Pace(lambda: now)
    for number in range(3000):
        now += 1
        pace.wait(f"{number}.example", 1)
    assert len(pace._opens) <= 1001
