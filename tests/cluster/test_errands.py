from __future__ import annotations

from aggregator.cluster.errands import TOGETHER, Errand, Errands
from aggregator.config.settings import Source
from aggregator.model import SourceState
from aggregator.pipeline.engine import Turn


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def errands(*urls: str, spacing: float = 1.0, clock: Clock | None = None) -> Errands:
    made = Errands(spacing, clock or Clock())
    for number, url in enumerate(urls):
        made.put(Turn(Source(id=f"s{number}", url=url), SourceState(f"s{number}")))
    return made


def ids(errand: Errand | None) -> list[str]:
    return [turn.source.id for turn in errand.turns] if errand else []


def test_sources_of_one_site_go_together_and_those_of_others_apart() -> None:
    waiting = errands("https://a.example.com/", "https://b.example.org/", "https://c.example.com/")
    assert ids(waiting.next()) == ["s0", "s2"]
    assert ids(waiting.next()) == ["s1"]
    assert waiting.next() is None


def test_a_site_that_is_out_is_on_no_second_errand() -> None:
    waiting = errands(*["http://10.0.0.1/feed"] * (TOGETHER + 2))
    first = waiting.next()
    assert first is not None
    assert len(first.turns) == TOGETHER
    assert waiting.next() is None
    waiting.back(first)
    assert len(ids(waiting.next())) == 2


def test_a_site_is_not_asked_sooner_than_its_spacing_whoever_goes() -> None:
    clock = Clock()
    waiting = errands("https://a.example.com/", clock=clock)
    first = waiting.next()
    assert first is not None
    assert first.wait == 0
    waiting.back(first)
    clock.now += 0.25
    waiting.put(first.turns[0])
    again = waiting.next()
    assert again is not None
    assert again.wait == 0.75


def test_a_site_that_was_asked_by_the_process_before_waits() -> None:
    waiting = errands()
    waiting.hold("https://b.example.com/", 0.4)
    waiting.hold("http://10.0.0.1/", 0.4)
    for number, url in enumerate(("https://a.example.com/", "http://10.0.0.1/")):
        waiting.put(Turn(Source(id=f"s{number}", url=url), SourceState(f"s{number}")))
    waits = [errand.wait for errand in iter(waiting.next, None)]
    assert waits == [0.39999999999997726, 0]


def test_those_of_an_errand_that_came_to_nothing_go_one_by_one() -> None:
    waiting = errands(*["http://10.0.0.1/feed"] * 3)
    whole = waiting.next()
    assert whole is not None
    waiting.put(Turn(Source(id="late", url="http://10.0.0.1/feed"), SourceState("late")))
    waiting.put(Turn(Source(id="later", url="http://10.0.0.1/feed"), SourceState("later")))
    waiting.part(whole)
    waiting.back(whole)
    gone = []
    while errand := waiting.next():
        gone.append(ids(errand))
        waiting.back(errand)
    assert gone == [["s0"], ["s1"], ["s2"], ["late", "later"]]


def test_an_errand_says_nothing_of_its_sources() -> None:
    errand = errands("http://user:secret@10.0.0.1/?token=secret").next()
    assert errand is not None
    assert "secret" not in repr(errand)
    assert errand.name.startswith("gather-10.0.0.1-")


def test_who_waits_can_be_taken_home() -> None:
    waiting = errands("https://a.example.com/", "https://b.example.org/", "https://c.example.com/")
    first = waiting.next()
    assert first is not None
    assert [turn.source.id for turn in waiting.take_all()] == ["s1"]
    waiting.back(first)
    assert waiting.next() is None
