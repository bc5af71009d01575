from __future__ import annotations

import time

import pytest

from aggregator.config.settings import Source
from aggregator.pipeline.lanes import Lanes


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def sources(*urls: str) -> list[Source]:
    return [Source(id=f"s{number}", url=url) for number, url in enumerate(urls)]


def lanes(each: int = 2, spacing: float = 1.0, clock: Clock | None = None) -> Lanes:
    return Lanes(each, spacing, clock or Clock())


def taken(line: Lanes) -> list[str]:
    """Take all that may begin now."""
    return [source.id for source in iter(line.take, None)]


def test_no_more_of_a_site_are_handed_out_than_it_has_places() -> None:
    line, all_ = lanes(), sources(*["http://10.0.0.1/feed"] * 5)
    for source in all_:
        line.put(source)
    assert taken(line) == ["s0", "s1"]
    assert taken(line) == []
    assert line.pause() is None
    line.leave(all_[0])
    assert taken(line) == ["s2"]


def test_sites_have_their_turns_one_after_the_other() -> None:
    line = lanes()
    for source in sources("http://10.0.0.1/a", "http://10.0.0.1/b", "http://10.0.0.2/"):
        line.put(source)
    assert taken(line) == ["s0", "s2", "s1"]


def test_sources_of_one_domain_begin_a_second_apart() -> None:
    clock = Clock()
    line = lanes(clock=clock)
    for source in sources("https://a.example.com/", "https://b.example.com/", "https://c.example/"):
        line.put(source)
    assert taken(line) == ["s0", "s2"]
    assert line.pause() == pytest.approx(1)
    clock.now += 0.9
    assert taken(line) == []
    clock.now += 0.2
    assert line.open
    assert taken(line) == ["s1"]
    assert line.pause() is None


def test_a_host_of_ones_own_has_no_spacing() -> None:
    line = lanes()
    for source in sources("http://nas.lan/a", "http://nas.lan/b"):
        line.put(source)
    assert taken(line) == ["s0", "s1"]


def test_a_site_that_was_asked_a_moment_ago_waits_but_never_longer_than_its_spacing() -> None:
    line = lanes()
    (source,) = sources("https://a.example.com/")
    line.hold("https://b.example.com/", 0.4)
    line.put(source)
    assert taken(line) == []
    assert line.pause() == pytest.approx(0.4)
    line.hold("https://b.example.com/", 3600)
    assert line.pause() == pytest.approx(1)
    line.hold("http://10.0.0.1/", 3600)
    line.put(sources("http://10.0.0.1/")[0])
    assert taken(line) == ["s0"]


def test_nobody_is_handed_out_after_the_end() -> None:
    line = lanes(each=1)
    first, second = sources("http://10.0.0.1/a", "http://10.0.0.1/b")
    line.put(first)
    line.put(second)
    assert taken(line) == ["s0"]
    line.close()
    line.leave(first)
    assert taken(line) == []


def test_who_follows_at_a_site_comes_first_while_the_connection_is_warm() -> None:
    line = lanes(each=1)
    all_ = sources("http://10.0.0.1/a", "http://10.0.0.1/b", "http://10.0.0.2/")
    for source in all_:
        line.put(source)
    first = line.take()
    assert first is all_[0]
    line.leave(first)
    assert taken(line) == ["s1", "s2"]


def test_handing_out_does_not_look_at_every_site() -> None:
    line, clock = lanes(each=1), time.process_time
    for source in sources(*[f"http://10.{n // 250}.{n % 250}.1/" for n in range(20_000)]):
        line.put(source)
    begun = clock()
    while (source := line.take()) is not None:  # type: ignore[assignment]
        line.leave(source)
    assert clock() - begun < 5
