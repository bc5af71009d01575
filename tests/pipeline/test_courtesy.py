from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import FetchError, PausedError
from aggregator.fetch.exchange import Fetched, NotModified, Request
from aggregator.fetch.site import host_of
from aggregator.model import HostRules, Pause
from aggregator.pipeline.courtesy import UNSAID, Courteous

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://paper.example/feed"


class World:
    """A network that answers as it is told to, behind the real courtesy; and a clock."""

    def __init__(self, *pauses: Pause) -> None:
        self.now = NOW
        self.answer: FetchError | None = None
        self.retry_at: datetime | None = None
        self.asked: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self.courteous = Courteous(self, pauses, lambda: self.now)

    def get(self, request: Request) -> Fetched | NotModified:
        if until := request.avoid.get(host_of(request.url)):
            raise PausedError("is left alone", retry_at=until)
        self.asked.append(request.url)
        first, self.meanwhile = self.meanwhile, lambda: None
        first()
        if self.answer is not None:
            raise self.answer
        return Fetched(request.url, b"", retry_at=self.retry_at)

    def location(self, request: Request) -> str:
        return self.get(request).url

    def remember(self, rules: Iterable[HostRules]) -> None:
        self.rules = list(rules)

    def learned(self) -> list[HostRules]:
        return self.rules

    def ask(self, url: str = URL) -> bool:
        """Return whether the host was asked."""
        before = len(self.asked)
        with suppress(FetchError):
            self.courteous.get(Request(url))
        return len(self.asked) > before

    def told(self, status: int, retry_at: datetime | None = None, url: str = URL) -> None:
        before, self.answer = self.answer, FetchError("no", status=status, retry_at=retry_at)
        self.ask(url)
        self.answer = before


def test_every_address_of_a_host_is_left_alone_until_its_time() -> None:
    world = World()
    world.told(503, NOW + HOUR)
    assert not world.ask("https://paper.example/other")
    assert not world.ask("http://PAPER.example/other")
    assert world.ask("https://else.example/feed")
    assert world.ask("https://feeds.paper.example/feed")
    world.now += HOUR
    assert not world.ask()
    world.now += timedelta(seconds=1)
    assert world.ask()


@pytest.mark.parametrize("said", [NOW + timedelta(seconds=9), None])
def test_an_answer_that_was_on_its_way_makes_no_pause_shorter(said: datetime | None) -> None:
    world = World()
    world.meanwhile = lambda: world.told(503, NOW + HOUR)
    world.told(429, said)
    assert world.asked == [URL, URL]
    world.now += HOUR
    assert not world.ask()
    assert [pause.until for pause in world.courteous.unsaved()] == [
        NOW + HOUR + timedelta(seconds=1)
    ]


def test_429_without_a_time_is_a_pause_all_the_same() -> None:
    world = World()
    world.answer = FetchError("no", status=429)
    with pytest.raises(FetchError) as caught:
        world.courteous.get(Request(URL))
    assert caught.value.retry_at == NOW + UNSAID
    world.answer = None
    assert not world.ask()


def test_a_document_may_come_with_the_wish_to_be_left_alone() -> None:
    world = World()
    world.retry_at = NOW + HOUR
    assert world.ask()
    assert not world.ask()


def test_a_failure_that_says_nothing_of_it_is_no_pause() -> None:
    world = World()
    world.told(503)
    assert world.ask()
    assert world.courteous.unsaved() == []


def test_the_pause_is_for_the_host_that_asked_for_it() -> None:
    world = World()
    error = FetchError("no", status=429, retry_at=NOW + HOUR)
    error.url = "https://cdn.example/feed"
    world.answer = error
    world.ask()
    world.answer = None
    assert world.ask()
    assert not world.ask("https://cdn.example/feed")


def test_pauses_are_handed_over_to_be_kept_until_they_are() -> None:
    world = World()
    world.told(429, NOW + HOUR)
    (pause,) = world.courteous.unsaved()
    assert world.courteous.unsaved() == [pause]
    world.told(503, NOW + HOUR, "https://else.example/")
    world.courteous.saved([pause])
    assert [one.host for one in world.courteous.unsaved()] == ["else.example"]
    assert not World(pause).ask()


def test_a_clock_that_is_set_back_makes_no_pause_longer() -> None:
    world = World(Pause("paper.example", NOW + timedelta(days=365, hours=1), NOW + 8760 * HOUR))
    assert not world.ask()
    world.now += HOUR
    assert world.ask()


def test_asking_where_an_address_leads_is_asking_its_host() -> None:
    world = World()
    world.answer = FetchError("no", status=429)
    with suppress(FetchError):
        world.courteous.location(Request(URL))
    world.answer = None
    assert not world.ask()
    with pytest.raises(PausedError):
        world.courteous.location(Request("https://paper.example/other"))
    assert world.courteous.location(Request("https://else.example/")) == "https://else.example/"
