from __future__ import annotations

import pytest

from aggregator.errors import FetchError
from aggregator.fetch import Fetched, NotModified, Request
from aggregator.fetch.target import Trail, target
from tests.fetch.desk import fetching
from tests.fetch.server import Answer, Heard, Server, reply

FEED = reply(body=b"<rss/>")


def chain(*answers: bytes) -> Server:
    """Give a server that answers /0 with the first, /1 with the second …"""
    return Server(lambda heard: answers[int(heard.target.lstrip("/").partition("?")[0] or 0)])


def to(status: int, location: str) -> bytes:
    return reply(status, f"Location: {location}")


def fetched(server: Server, path: str = "/0") -> Fetched:
    with server, fetching() as fetcher:
        answer = fetcher.get(Request(server.at("feeds.test", path)))
    assert isinstance(answer, Fetched)
    return answer


def refused(server: Server, path: str = "/0") -> str:
    with server, fetching() as fetcher, pytest.raises(FetchError) as caught:
        fetcher.get(Request(server.at("feeds.test", path)))
    return str(caught.value)


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_is_followed(status: int) -> None:
    server = chain(to(status, "/1"), FEED)
    answer = fetched(server)
    assert answer.body == b"<rss/>"
    assert answer.url == server.at("feeds.test", "/1")


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        ((301,), 1),
        ((308,), 1),
        ((301, 308, 301), 3),
        ((300,), 0),
        ((302,), 0),
        ((307,), 0),
        ((303,), 0),
        ((301, 302), 1),
        ((301, 308, 307, 301), 2),
        ((302, 301), 0),
    ],
)
def test_a_chain_has_moved_as_far_as_it_is_permanent(statuses: tuple[int, ...], moved: int) -> None:
    hops = [to(status, f"/{place + 1}") for place, status in enumerate(statuses)]
    server = chain(*hops, FEED)
    assert fetched(server).moved_to == (server.at("feeds.test", f"/{moved}") if moved else "")


@pytest.mark.parametrize(
    ("places", "moved"),
    [
        (("http://a.test/", "https://a.test/"), "https://a.test/"),
        (("https://a.test/", "https://b.test/"), "https://b.test/"),
        (("https://a.test/", "https://b.test/", "http://b.test/"), "https://b.test/"),
        (("https://a.test/", "http://a.test/"), ""),
        (("https://a.test/", "http://a.test/", "https://b.test/"), ""),
    ],
)
def test_nothing_moves_from_https_to_http_for_good(places: tuple[str, ...], moved: str) -> None:
    first, *others = places
    trail = Trail(target(first))
    for place in others:
        trail.follow(301, {"location": place})
    assert trail.moved_to == moved


def test_a_document_that_did_not_change_may_have_moved() -> None:
    with chain(to(301, "/1"), reply(304, length=False)) as server, fetching() as fetcher:
        answer = fetcher.get(Request(server.at("feeds.test", "/0"), etag='"1"'))
    assert isinstance(answer, NotModified)
    assert answer.moved_to == server.at("feeds.test", "/1")


def test_no_redirect_has_no_new_address() -> None:
    assert fetched(chain(FEED)).moved_to == ""


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("1", "/dir/1"),
        ("../1?b=c", "/1?b=c"),
        ("?page=2", "/dir/0?page=2"),
        ("/1#part", "/1"),
        ("/a b", "/a%20b"),
        ("/a%20b", "/a%20b"),
        ("//feeds.test:{port}/1", "/1"),
        ("HTTP://FEEDS.TEST:{port}/1", "/1"),
    ],
)
def test_a_relative_location_is_resolved(location: str, target: str) -> None:
    def answer(heard: Heard) -> Answer:
        return to(302, location.format(port=server.port)) if heard.target == "/dir/0" else FEED

    server = Server(answer)
    assert fetched(server, "/dir/0").url == server.at("feeds.test", target)
    assert server.heard[-1].target == target


@pytest.mark.parametrize(
    ("raw", "target"),
    [("/新闻".encode(), "/%E6%96%B0%E9%97%BB"), (b"/caf\xe9", "/caf%C3%A9")],
    ids=["utf-8", "latin-1"],
)
def test_a_location_of_other_than_ascii_bytes_is_followed(raw: bytes, target: str) -> None:
    moved = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + raw + b"\r\n\r\n"
    server = Server(lambda heard: moved if heard.target == "/0" else FEED)
    fetched(server)
    assert server.heard[-1].target == target


def test_five_redirects_are_followed_and_the_sixth_is_not() -> None:
    hops = [to(302, f"/{place + 1}") for place in range(6)]
    assert fetched(chain(*hops[:5], FEED)).body == b"<rss/>"
    server = chain(*hops, FEED)
    assert refused(server) == (
        "redirects to feeds.test, which redirects more than 5 times; give its final address"
    )
    assert len(server.heard) == 6


@pytest.mark.parametrize("back", ["/0", "/1", "/0#again"])
def test_a_circle_is_reported(back: str) -> None:
    server = chain(to(302, "/1"), to(302, back))
    assert "redirects in a circle" in refused(server)
    assert len(server.heard) == 2


def test_a_redirect_without_a_place_is_reported() -> None:
    assert "answered 302, a redirect, without saying where" in refused(chain(reply(302)))


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://feeds.test/",
        "javascript:1",
        "data:,x",
        "https://",
        "http://[::",
    ],
)
def test_only_http_is_followed(location: str) -> None:
    assert "redirects to what is not an http" in refused(chain(to(302, location)))


def test_headers_and_user_info_stay_with_their_origin() -> None:
    secrets = {"X-Token": "t0p", "Authorization": "Bearer b1"}

    def answer(heard: Heard) -> Answer:
        away = to(302, other.at("other.test", "/2"))
        return {"/0": to(302, "/1"), "/1": away, "/3": to(302, "/4"), "/4": FEED}[heard.target]

    with (
        Server(lambda heard: to(302, first.at("feeds.test", "/3"))) as other,
        Server(answer) as first,
        fetching() as fetcher,
    ):
        fetcher.get(Request(first.at("feeds.test", "/0"), headers=secrets))
    kept = [("x-token" in heard.headers, heard.target) for heard in first.heard]
    assert kept == [(True, "/0"), (True, "/1"), (False, "/3"), (False, "/4")]
    assert [{"x-token", "authorization"} & set(heard.headers) for heard in other.heard] == [set()]


def test_another_port_is_another_origin() -> None:
    with (
        Server(lambda heard: FEED) as other,
        Server(lambda heard: to(301, other.url)) as first,
        fetching() as fetcher,
    ):
        fetcher.get(Request(first.at("user:word@127.0.0.1")))
    assert first.heard[0].headers["authorization"] == "Basic dXNlcjp3b3Jk"
    assert "authorization" not in other.heard[0].headers


def test_a_refusal_after_headers_were_kept_back_says_so() -> None:
    with (
        Server(lambda heard: reply(401)) as other,
        Server(lambda heard: to(301, other.url)) as first,
        fetching() as fetcher,
        pytest.raises(FetchError, match="credentials are not sent on to another host"),
    ):
        fetcher.get(Request(first.url, headers={"X-Token": "t0p"}))


def test_a_fault_behind_a_redirect_names_the_host_it_led_to() -> None:
    assert refused(chain(to(302, "/1"), reply(404))) == (
        "redirects to feeds.test, which answered 404 Not Found; check the address"
    )


def test_a_fragment_is_never_sent() -> None:
    server = chain(FEED)
    assert fetched(server, "/0#top").url == server.at("feeds.test", "/0")
    assert server.heard[0].target == "/0"
