"""robots.txt of a host whose pages are asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest

from aggregator.errors import FetchError, ForbiddenError
from aggregator.fetch import Fetched, Fetcher, Request
from aggregator.fetch.robots import Robots
from aggregator.model import HostRules
from tests.fetch.desk import NOW, fetching
from tests.fetch.server import Heard, Server, reply

RULES = "User-agent: *\nDisallow: /private\n"


@contextmanager
def host(robots: bytes) -> Iterator[tuple[Server, Fetcher]]:
    """Serve a page at every address, and *robots* as the answer for robots.txt."""

    def answer(heard: Heard) -> bytes:
        return robots if heard.target == "/robots.txt" else reply(body=b"<p>It rained.</p>")

    with Server(answer) as server, fetching() as fetcher:
        yield server, fetcher


def page(server: Server, path: str) -> Request:
    return Request(server.at(server.host, path), page=True)


def targets(server: Server) -> list[str]:
    return [heard.target for heard in server.heard]


def test_what_robots_txt_forbids_is_not_asked_for() -> None:
    with host(reply(body=RULES.encode())) as (server, fetcher):
        with pytest.raises(ForbiddenError, match=r"robots\.txt of 127\.0\.0\.1 forbids it"):
            fetcher.get(page(server, "/private/1"))
        assert isinstance(fetcher.get(page(server, "/public/1")), Fetched)
        assert targets(server) == ["/robots.txt", "/public/1"]


def test_feeds_and_interfaces_are_asked_for_whatever_it_says() -> None:
    with host(reply(body=b"User-agent: *\nDisallow: /")) as (server, fetcher):
        assert isinstance(fetcher.get(Request(server.url)), Fetched)
        assert targets(server) == ["/feed"]


def test_a_page_is_asked_for_as_one_where_a_server_has_other_forms_of_it() -> None:
    with host(reply(404)) as (server, fetcher):
        fetcher.get(page(server, "/1"))
        fetcher.get(Request(server.url))
        assert server.heard[1].headers["accept"].startswith("text/html")
        assert server.heard[2].headers["accept"].startswith("application/atom+xml")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_host_without_one_allows_everything(status: int) -> None:
    with host(reply(status)) as (server, fetcher):
        assert isinstance(fetcher.get(page(server, "/private")), Fetched)


@pytest.mark.parametrize("answer", [reply(500), reply(503), reply(429), b"", b"nonsense\r\n\r\n"])
def test_a_host_whose_robots_txt_fails_allows_nothing_for_now(answer: bytes) -> None:
    with host(
        answer or b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nUser"
    ) as (
        server,
        fetcher,
    ):
        with pytest.raises(FetchError, match="is not asked for now, since") as error:
            fetcher.get(page(server, "/public"))
        assert not isinstance(error.value, ForbiddenError)
        assert "/public" not in targets(server)


@pytest.mark.parametrize("status", [429, 503])
def test_a_robots_txt_that_asks_for_a_pause_has_the_page_ask_for_it(status: int) -> None:
    with host(reply(status, "Retry-After: 3600")) as (server, fetcher):
        for _ in range(2):
            with pytest.raises(FetchError) as error:
                fetcher.get(page(server, "/public"))
            assert error.value.status == status
            assert error.value.retry_at == NOW + timedelta(hours=1)
        assert targets(server) == ["/robots.txt"]


def test_redirects_that_lead_nowhere_are_no_rules() -> None:
    with host(reply(301, "Location: /robots.txt")) as (server, fetcher):
        assert isinstance(fetcher.get(page(server, "/public")), Fetched)


def test_the_target_of_a_redirect_is_a_page_too() -> None:
    with host(reply(body=RULES.encode())) as (there, _):

        def answer(heard: Heard) -> bytes:
            missing = heard.target == "/robots.txt"
            return (
                reply(404) if missing else reply(302, f"Location: {there.at('b.test', '/private')}")
            )

        with (
            Server(answer) as here,
            fetching() as fetcher,
            pytest.raises(ForbiddenError, match=r"redirects to b\.test, which must not be"),
        ):
            fetcher.get(page(here, "/public"))
        assert targets(there) == ["/robots.txt"]


def test_robots_txt_may_be_redirected() -> None:
    def answer(heard: Heard) -> bytes:
        if heard.target == "/robots.txt":
            return reply(301, "Location: /rules.txt")
        return reply(body=RULES.encode())

    with Server(answer) as server, fetching() as fetcher, pytest.raises(ForbiddenError):
        fetcher.get(page(server, "/private"))


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Aggregator\nAllow: /", True),
        ("User-agent: Aggregator/1.0 # us\nDisallow: /", False),
        ("User-agent: other\nUser-agent: aggregator\nDisallow: /", False),
        ("User-agent: other\nDisallow: /", True),
        ("User-agent: agg\nDisallow: /", True),
        ("User-agent: *\nDisallow: /*.html$", False),
        ("User-agent: *\nDisallow: /\nAllow: /a/", True),
        ("\ufeffUser-agent: *\r\nDisallow: /a", False),
        ("<html><title>Not found</title></html>", True),
        ("", True),
    ],
)
def test_rules_are_read_as_the_rfc_says(text: str, allowed: bool) -> None:
    robots, _ = counting(lambda: text.encode())
    assert passes(robots, "https://rain.example/a/1.html") is allowed


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("2.5", 2.5), ("7200", 30), ("-1", 0), ("nan", 0), ("soon", 0), ("", 0)],
)
def test_a_host_may_say_how_far_apart_its_pages_are_to_be(said: str, seconds: float) -> None:
    robots, _ = counting(lambda: f"User-agent: *\nCrawl-delay: {said}".encode())
    url = "https://rain.example/1"
    assert robots.check(url, Request(url, page=True)) == seconds


def test_robots_txt_is_read_once_a_day_for_each_origin() -> None:
    robots, asked = counting(lambda: RULES.encode())
    for _ in range(3):
        assert passes(robots, "https://rain.example/1")
        assert passes(robots, "http://rain.example/1")
    assert asked == ["https://rain.example/robots.txt", "http://rain.example/robots.txt"]
    robots.wait(timedelta(hours=25))
    assert passes(robots, "https://rain.example/1")
    assert len(asked) == 3


def test_another_process_goes_on_with_what_was_learned() -> None:
    first, _ = counting(lambda: b"User-agent: foo\nDisallow: /x\n" + RULES.encode())
    assert not passes(first, "https://rain.example/private")
    learned = first.learned()
    assert [one.origin for one in learned] == ["https://rain.example"]
    assert first.learned() == []
    second, asked = counting(lambda: b"")
    second.remember(learned)
    assert not passes(second, "https://rain.example/private")
    assert passes(second, "https://rain.example/x")
    assert asked == []
    second.wait(timedelta(hours=25))
    assert passes(second, "https://rain.example/private")
    assert len(asked) == 1


def test_what_is_good_no_longer_or_from_another_time_is_not_gone_on_with() -> None:
    robots, asked = counting(lambda: b"")
    for until in (NOW, NOW + timedelta(days=2)):
        robots.remember([HostRules("https://rain.example", "User-agent: *\nDisallow: /", until)])
    assert passes(robots, "https://rain.example/1")
    assert len(asked) == 1


@pytest.mark.parametrize(
    "answer", [FetchError("broke off"), b"#" * 100_000], ids=["failure", "huge"]
)
def test_failures_and_huge_files_are_not_handed_on(answer: bytes | FetchError) -> None:
    robots, _ = counting(lambda: answer)
    with suppress(FetchError):
        passes(robots, "https://rain.example/1")
    assert robots.learned() == []


def test_a_failure_is_asked_about_again_soon_and_leaves_the_old_rules() -> None:
    said: list[bytes | FetchError] = [RULES.encode(), FetchError("broke off"), b""]
    robots, asked = counting(lambda: said[min(len(asked), 3) - 1])
    assert not passes(robots, "https://rain.example/private")
    robots.wait(timedelta(hours=25))
    assert passes(robots, "https://rain.example/1")
    assert not passes(robots, "https://rain.example/private")
    assert len(asked) == 2
    robots.wait(timedelta(minutes=11))
    assert passes(robots, "https://rain.example/private")


def test_a_host_that_wants_peace_has_it_whatever_its_old_rules_say() -> None:
    hour = NOW + timedelta(hours=27)
    busy = FetchError("answered 429", status=429, retry_at=hour)
    said: list[bytes | FetchError] = [RULES.encode(), busy, RULES.encode()]
    robots, asked = counting(lambda: said[len(asked) - 1])
    assert passes(robots, "https://rain.example/1")
    robots.wait(timedelta(hours=25))
    for _ in range(2):
        with pytest.raises(FetchError, match="is not asked for now"):
            passes(robots, "https://rain.example/1")
        robots.wait(timedelta(hours=1))
    assert len(asked) == 2
    assert passes(robots, "https://rain.example/1")


def test_the_operators_headers_do_not_go_to_robots_txt() -> None:
    with host(reply(404)) as (server, fetcher):
        fetcher.get(Request(server.url, headers={"X-Key": "secret"}, etag='"1"', page=True))
        first, second = server.heard
        assert "x-key" not in first.headers
        assert "if-none-match" not in first.headers
        assert second.headers["x-key"] == "secret"


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"User-agent: a{n}" for n in range(15_000)) + "\nDisallow: /a" * 15_000,
        "\n".join(f"useragent a{n}" for n in range(15_000)) + "\nDisallow: /a" * 15_000,
        "User-agent: *\nDisallow: /" + "*a" * 100_000 + "b",
        "User-agent: *\n" + "Disallow: /*a*b\n" * 30_000,
        "User-agent: *\nDisallow: /" + "%" * 400_000,
    ],
)
def test_a_hostile_robots_txt_takes_no_time(text: str) -> None:
    robots, _ = counting(lambda: text.encode())
    begun = time.monotonic()
    passes(robots, "https://rain.example/" + "a" * 2000)
    assert time.monotonic() - begun < 3  # quadratic work here would take minutes


class Clocked(Robots):
    """Robots whose clock a test moves."""

    later = timedelta()

    def wait(self, time: timedelta) -> None:
        self.later += time


def counting(answer: Callable[[], bytes | FetchError]) -> tuple[Clocked, list[str]]:
    """Return robots that are answered by *answer*, and the addresses that were asked."""
    asked: list[str] = []

    def get(request: Request) -> Fetched:
        asked.append(request.url)
        said = answer()
        if isinstance(said, FetchError):
            raise said
        return Fetched(request.url, said)

    robots = Clocked(get, lambda: NOW + robots.later)
    return robots, asked


def passes(robots: Robots, url: str) -> bool:
    try:
        robots.check(url, Request(url, page=True))
    except ForbiddenError:
        return False
    return True
