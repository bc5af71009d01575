from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from aggregator.fetch import Request
from aggregator.fetch.site import Site, host_of, site_of
from tests.fetch.desk import fetching
from tests.fetch.server import Answer, Heard, Server, reply


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Feeds.Example.com/a?b", "feeds.example.com"),
        ("http://feeds.example.com:80/", "feeds.example.com"),
        ("https://feeds.example.com:443/", "feeds.example.com"),
        ("http://feeds.example.com:8080/", "feeds.example.com:8080"),
        ("http://me:secret@feeds.example.com./", "feeds.example.com"),
        ("http://[::1]:8080/feed", "[::1]:8080"),
        ("http://例え.jp/", "xn--r8jz45g.jp"),
        ("file:/tmp/feed.xml", ""),
        ("nonsense", ""),
    ],
)
def test_a_host_is_named_with_its_port_where_that_is_unusual(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://feeds.bbci.co.uk/news", Site("bbci.co.uk", True)),
        ("https://www.bbci.co.uk:8443/", Site("bbci.co.uk", True)),
        ("https://one.github.io/feed", Site("one.github.io", True)),
        ("https://two.github.io/feed", Site("two.github.io", True)),
        ("https://github.io/", Site("github.io", False)),
        ("http://127.0.0.1:8001/", Site("127.0.0.1:8001", False)),
        ("http://[2001:db8::1]/", Site("[2001:db8::1]", False)),
        ("http://localhost/feed", Site("localhost", False)),
        ("http://nas.lan:8080/feed", Site("nas.lan:8080", False)),
        ("file:/tmp/feed.xml", Site("file:/tmp/feed.xml", False)),
    ],
)
def test_a_site_is_a_registrable_domain_or_a_host_of_ones_own(url: str, site: Site) -> None:
    assert site_of(url) == site


@pytest.mark.parametrize(
    ("hosts", "most"), [(["a.example.com", "b.example.com"], 1), (["a.example", "b.example"], 2)]
)
def test_the_hosts_of_one_site_share_its_places(hosts: list[str], most: int) -> None:
    busy: list[int] = [0]
    lock = threading.Lock()

    def answer(heard: Heard) -> Answer:
        with lock:
            busy.append(busy[-1] + 1)
        time.sleep(0.05)
        with lock:
            busy.append(busy[-1] - 1)
        return reply(body=b"x")

    with (
        Server(answer) as server,
        fetching(per_host=1, resolve=lambda host, port: ["127.0.0.1"]) as fetcher,
        ThreadPoolExecutor(4) as pool,
    ):
        list(pool.map(lambda host: fetcher.get(Request(server.at(host))), hosts * 3))
    assert max(busy) == most
