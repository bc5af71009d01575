from __future__ import annotations

import threading
import time
from pathlib import Path

from aggregator.model import Status
from tests.fetch.server import Answer, Heard, reply
from tests.politeness.desk import DAY, FEED, HOUR, MINUTE, SECOND, feed, paper
from tests.polling import NOW, Polling, source


def test_a_restart_asks_nobody_before_their_time(world: Polling) -> None:
    world.answers["/feed"] = feed()
    paper(world)
    assert len(world.turn()) == 1
    for _ in range(3):
        world.restart()
        assert world.turn() == []
    world.wait_for()
    world.restart()
    assert len(world.turn()) == 1


def test_a_restart_reads_no_robots_txt_again_before_a_day_has_passed(world: Polling) -> None:
    world.answers |= {"/robots.txt": reply(404), "/feed": reply(body=b"<li>one</li>")}
    paper(world, 'kind = "html"', 'items = "li"', 'fields = { title = "li" }', 'every = "1h"')
    assert [heard.target for heard in world.turn()] == ["/robots.txt", "/feed"]
    world.restart()
    assert [heard.target for heard in world.turn("paper")] == ["/feed"]
    world.wait(days=1)
    world.restart()
    assert [heard.target for heard in world.turn()] == ["/robots.txt", "/feed"]


def test_sources_met_together_do_not_come_back_together(world: Polling) -> None:
    world.answers["/feed"] = feed()
    world.configure(*(source(f"s{n}", world.at(f"s{n}.test")) for n in range(10)))
    assert len(world.turn()) == 10
    assert len({world.state(f"s{n}").next_due_at for n in range(10)}) > 7


def test_a_clock_that_is_set_back_delays_nothing_and_brings_nothing_forward(
    world: Polling,
) -> None:
    world.answers["/feed"] = feed()
    world.now = NOW + 365 * DAY
    paper(world, 'every = "1h"')
    world.turn()
    world.now = NOW
    world.restart()
    assert world.turn() == []
    assert HOUR <= world.pause() <= 1.1 * HOUR
    world.wait(minutes=67)
    assert len(world.turn()) == 1


def busiest(world: Polling, hosts: list[str], fetch: str = "") -> tuple[int, list[float]]:
    """Ask twenty sources at once; return how many were answered at a time, and when each came.

    Times are in seconds from the beginning.
    """
    now, most, came = 0, 0, []
    began = time.monotonic()

    def answer(heard: Heard) -> Answer:
        nonlocal now, most
        came.append(time.monotonic() - began)
        now += 1
        most = max(most, now)
        time.sleep(0.02)
        now -= 1
        return feed()

    world.answers["/feed"] = answer
    world.configure(
        *(source(f"s{n}", world.at(hosts[n % len(hosts)])) for n in range(20)), fetch=fetch
    )
    assert len(world.turn()) == 20
    return most, came


def test_no_more_connections_to_a_domain_than_allowed_even_after_a_long_sleep(
    world: Polling,
) -> None:
    hosts = ["a.paper.example.com", "b.paper.example.com", "www.example.com"]
    assert busiest(world, hosts, 'spacing = "0s"')[0] <= 2
    world.wait(days=3)
    assert len(world.turn()) == 20
    assert world.server.open_most <= 6, "kept connections: two for each of three hosts"


def test_sources_of_a_domain_are_asked_apart_from_each_other(world: Polling) -> None:
    _, came = busiest(world, ["a.example.com", "b.example.com"], 'spacing = "30ms"')
    assert came[-1] >= 19 * 0.03


def test_the_distance_is_kept_across_a_restart(world: Polling) -> None:
    world.answers["/feed"] = feed()
    sources = [source(name, world.at(f"{name}.example.com")) for name in ("a", "b")]
    world.configure(*sources, fetch='spacing = "300ms"')
    world.turn("a")
    world.restart()
    began = time.monotonic()
    world.turn("b")
    assert time.monotonic() - began > 0.2


def test_a_host_of_ones_own_is_asked_as_fast_as_it_answers(world: Polling) -> None:
    _, came = busiest(world, ["nas.test"], 'spacing = "10s"')
    assert came[-1] < 10


def test_a_site_that_is_slow_holds_up_nobody_else(world: Polling) -> None:
    done: list[str] = []
    others_done = threading.Event()

    def slow(heard: Heard) -> Answer:
        others_done.wait(10)
        done.append("slow")
        return feed()

    def quick(heard: Heard) -> Answer:
        done.append("quick")
        if done.count("quick") == 6:
            others_done.set()
        return feed()

    world.answers |= {"/slow": slow, "/feed": quick}
    world.configure(
        *(source(f"slow{n}", world.at("slow.test", "/slow")) for n in range(6)),
        *(source(f"quick{n}", world.at(f"quick{n}.test")) for n in range(6)),
        fetch="workers = 3",
    )
    world.turn()
    assert done == ["quick"] * 6 + ["slow"] * 6


def test_a_file_of_ones_own_is_looked_at_every_minute_also_when_it_is_missing(
    world: Polling, tmp_path: Path
) -> None:
    world.configure(source("paper", "file:feed.xml"))
    for _ in range(4):
        world.turn()
        assert world.outcomes[0].status is Status.FAILED
        assert world.pause() <= 1.1 * MINUTE + SECOND
        world.wait_for()
    (tmp_path / "feed.xml").write_bytes(FEED)
    world.turn()
    assert world.titles() == {"one", "two"}


# ── who asks ──────────────────────────────────────────────────────────────────────────────────────


def test_a_request_names_us_and_gives_nothing_away(world: Polling) -> None:
    world.answers["/feed"] = reply(302, "Location: /next", "Set-Cookie: id=1; Path=/")
    world.answers["/next"] = feed("Set-Cookie: id=2; Path=/")
    world.configure(
        source("paper", world.at("paper.test")), fetch='contact = "https://me.example/about"'
    )
    for heard in [*world.turn(), *world.turn("paper")]:
        assert heard.headers["user-agent"] == "aggregator/1.2.3 (+https://me.example/about)"
        assert heard.headers["accept-encoding"] == "gzip, deflate, br, zstd"
        assert "application/rss+xml" in heard.headers["accept"]
        assert heard.method == "GET"
        given = {"host", "user-agent", "accept", "accept-encoding"}
        assert heard.headers.keys() == given, "no cookie, referrer, length of a body or range"
