"""Nobody who names an address makes us connect to one inside the network."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from aggregator.errors import FetchError
from aggregator.fetch import Request
from aggregator.fetch.exchange import Call
from aggregator.fetch.names import system_resolver
from aggregator.fetch.session import Fetcher
from tests.fetch.desk import fetching
from tests.fetch.server import Heard, Server, reply
from tests.polling import Polling, polling, source
from tests.push.desk import Site, other
from tests.safety.canary import Canary, canary

HOSTS = r"""
127.0.0.1 127.0.0.2 127.255.255.254 127.1 127.0.1 2130706433 0x7f000001 0x7f.0.0.1 0x7f.1
0X7F.0X0.0X0.0X1 0177.0.0.1 0177.0.1 017700000001 00000177.00.00.01 127.0.0.1. １２７.0.0.1
①②⑦.⓪.⓪.① 127。0。0。1 127．0．0．1 %31%32%37.0.0.1 0 0.0.0.0 0x0 00 localhost LOCALHOST LocalHost.
localhost.localdomain ip6-localhost x.localhost [::1] [0:0:0:0:0:0:0:1] [0000::0001] [::] [::0]
[::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:127.0.0.1] [0:0:0:0:0:ffff:127.0.0.1] [::127.0.0.1]
[::7f00:1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::127.0.0.1] [2002:7f00:1::]
[2002:7f00:0001::1] [2001:0:7f00:1::] [fe80::1] [fe80::1%25lo] [fe80::1%lo] [fec0::1] [fc00::1]
[fd00:ec2::254] [ff02::1] [2001:db8::1] [100::1] [5f00::1] 10.0.0.1 10.255.255.255 172.16.0.1
172.31.255.255 192.168.0.1 192.168.1.254 169.254.169.254 169.254.170.2 2852039166 0xa9fea9fe
0251.0376.0251.0376 168.63.129.16 100.64.0.1 100.100.100.200 192.0.0.192 198.18.0.1 224.0.0.1
239.255.255.255 240.0.0.1 255.255.255.255 user@127.0.0.1 user:word@127.0.0.1
example.org@127.0.0.1 example.org%00@127.0.0.1 example.org%20@127.0.0.1
""".split()  # noqa: SIM905 - as a list it would fill the screen
NAMES = ("127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fe80::1")


@pytest.fixture
def bird() -> Iterator[Canary]:
    with canary() as made:
        yield made


def asking(fetcher: Fetcher) -> dict[str, Callable[[str], object]]:
    """Return the ways in which the network is used."""
    return {
        "document": lambda url: fetcher.get(Request(url)),
        "page": lambda url: fetcher.get(Request(url, page=True)),
        "redirector": lambda url: fetcher.location(Request(url)),
        "hub": lambda url: fetcher.call(Call(url, body=b"x")),
        "callback": lambda url: fetcher.call(Call(url)),
    }


def refused(ask: Callable[[str], object], url: str) -> None:
    with pytest.raises(FetchError):
        ask(url)


def test_no_spelling_of_an_internal_address_is_connected_to(bird: Canary) -> None:
    with fetching(allow=(), resolve=system_resolver, timeout=2) as fetcher:
        for ask in asking(fetcher).values():
            for host in HOSTS:
                refused(ask, f"http://{host}:{bird.port}/")
    assert bird.connections == []
    assert bird.tried_besides(0) == []
    assert len(HOSTS) >= 80


def test_no_redirect_to_one_is_followed(bird: Canary) -> None:
    def lead(heard: Heard) -> bytes:
        number, status = heard.target.strip("/").split("-")
        there = f"http://{HOSTS[int(number)]}:{bird.port}/"
        return reply(status, "Location: " + there.encode().decode("latin-1"))

    with (
        Server(lead) as outside,
        fetching(allow=(f"outside.test:{outside.port}",), timeout=2, resolve=resolver) as fetcher,
    ):
        for number in range(len(HOSTS)):
            for status in (301, 302, 303, 307, 308):
                url = outside.at("outside.test", f"/{number}-{status}")
                refused(lambda url: fetcher.get(Request(url)), url)
            url = outside.at("outside.test", f"/{number}-307")
            refused(lambda url: fetcher.call(Call(url, body=b"x")), url)
        assert len(outside.heard) == 6 * len(HOSTS)
        assert bird.connections == []
        assert bird.tried_besides(outside.port) == []


def resolver(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"] if host.endswith(".test") else system_resolver(host, port)


@pytest.mark.parametrize("inside", NAMES)
def test_a_name_that_flips_its_answer_gains_nothing(bird: Canary, inside: str) -> None:
    """The public answer is one where nothing listens; each look-up gives the other one."""
    asked: list[str] = []

    def flipping(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["198.51.100.1"] if len(asked) % 2 else [inside, "127.0.0.1"]

    with fetching(allow=("198.51.100.1",), timeout=0.05, resolve=flipping) as fetcher:
        for ask in asking(fetcher).values():
            for _ in range(4):
                refused(ask, f"http://flip.test:{bird.port}/")
    assert len(asked) >= 15  # robots.txt that cannot be had is not asked for twice
    assert bird.connections == []
    assert {host for host, _ in bird.tried} <= {"198.51.100.1"}


def test_a_connection_kept_open_does_not_lead_inside_when_its_name_flips(
    bird: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server is at an address that is allowed, and closes after each answer."""
    monkeypatch.setattr("aggregator.fetch.names._FRESH", 0.0)
    answers = iter(["127.0.0.1"] + ["127.0.0.3"] * 9)

    with (
        Server(lambda heard: reply(200, "Connection: close", body=b"<rss/>")) as server,
        fetching(allow=("127.0.0.1",), resolve=lambda host, port: [next(answers)]) as fetcher,
    ):
        fetcher.get(Request(server.at("flip.test")))
        refused(lambda url: fetcher.get(Request(url)), server.at("flip.test"))
        assert len(server.heard) == 1


# ── what the documents of sources name ────────────────────────────────────────────────────────────


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Polling]:
    with polling(tmp_path) as made:
        yield made


def json_feed(**entry: str) -> bytes:
    item = {"id": "1", "title": "t", "content_text": "x", **entry}
    version = "https://jsonfeed.org/version/1.1"
    return reply(body=json.dumps({"version": version, "title": "P", "items": [item]}).encode())


def page(text: str) -> bytes:
    return reply(200, "Content-Type: text/html", body=f"<!doctype html>{text}".encode())


def poisoned(there: str) -> dict[str, tuple[tuple[str, ...], bytes]]:
    """Return what a source may be led by: its lines, and the document that names *there*."""
    rows = reply(body=json.dumps({"rows": [{"t": "x", "u": there}], "n": there}).encode())
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title><id>urn:p</id>'
        f'<link rel="prev-archive" href="{there}"/><link rel="next" href="{there}"/>'
        f'<link rel="hub" href="{there}"/><link rel="self" href="{there}"/><entry><id>urn:1</id>'
        "<title>t</title><content>x</content></entry></feed>"
    ).encode()
    fields = 'fields = { title = "t", link = "u" }'
    sitemap = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    listed = page(f'<li><a href="{there}">one</a></li><a class=n href="{there}">more</a>')
    row = 'fields = { title = "a", link = "a@href" }'
    return {
        "archive": (("history = true",), reply(body=atom)),
        "json detail": (('kind = "json"', 'items = "rows"', fields, 'detail = "{+u}"'), rows),
        "json next": (('kind = "json"', 'items = "rows"', fields, 'next = "n"', "pages = 3"), rows),
        "html detail": (('kind = "html"', 'items = "li"', row, 'detail = "{+link}"'), listed),
        "html next": (('kind = "html"', 'items = "li"', row, 'next = "a.n"', "pages = 3"), listed),
        "sitemap index": (
            ('kind = "sitemap"',),
            reply(
                body=f"<sitemapindex {sitemap}><sitemap><loc>{there}</loc></sitemap>"
                "</sitemapindex>".encode()
            ),
        ),
        "sitemap page": (
            ('kind = "sitemap"',),
            reply(body=f"<urlset {sitemap}><url><loc>{there}</loc></url></urlset>".encode()),
        ),
        "full text": (("full_text = true",), json_feed(url=there)),
        "redirect": ((), reply(302, f"Location: {there}")),
        "moved for good": ((), reply(301, f"Location: {there}")),
    }


WAYS = sorted(poisoned("x"))


@pytest.mark.parametrize("way", WAYS)
def test_a_source_cannot_lead_us_inside(world: Polling, bird: Canary, way: str) -> None:
    for host in ("127.0.0.1", "2130706433", "[::1]", "[::ffff:7f00:1]", "inside.test", "localhost"):
        lines, answer = poisoned(f"http://{host}:{bird.port}/x")[way]
        world.answers["/feed"] = answer
        named = f"s{abs(hash(host))}"
        world.configure(
            source(named, world.at("outside.test"), *lines),
            fetch='spacing = "0s"\ntimeout = "2s"',
            allow=f"127.0.0.1:{world.server.port}",
        )
        world.turn(named)
        world.wait(days=1)
    assert len(world.server.heard) >= 6
    assert bird.connections == []
    assert bird.tried_besides(world.server.port) == []


def test_a_redirector_cannot_lead_us_inside(world: Polling, bird: Canary) -> None:
    world.answers |= {
        "/feed": json_feed(url=world.at("t.co", "/x")),
        "/x": reply(301, f"Location: http://bit.ly:{bird.port}/y"),  # a redirector, asked again
    }
    world.configure(
        source("s", world.at("outside.test"), "resolve = true"),
        fetch='spacing = "0s"',
        allow=f"127.0.0.1:{world.server.port}",
    )
    world.turn()
    assert "/x" in [heard.target for heard in world.server.heard]
    assert bird.connections == []
    assert bird.tried_besides(world.server.port) == []


# ── WebSub ────────────────────────────────────────────────────────────────────────────────────────


def test_no_subscriber_has_us_call_inside(tmp_path: Path, bird: Canary) -> None:
    with Site(tmp_path, "self", allow='"192.0.2.1"') as site:
        site.publish(b"<feed>one</feed>")
        site.settle()
        for host in HOSTS:
            site.ask(f"http://{host}:{bird.port}/me?x={len(host)}")
        waited(site)
        site.publish(b"<feed>two</feed>")
        waited(site)
        assert bird.connections == []
        assert bird.tried_besides(own_port(site)) == []


def test_no_source_has_us_ask_a_hub_inside(tmp_path: Path, bird: Canary) -> None:
    for number, host in enumerate(("127.0.0.1", "localhost", "[::1]", "2130706433", "10.0.0.1")):
        folder = tmp_path / str(number)
        folder.mkdir()
        with Site(folder, "", allow='"192.0.2.1"') as site:
            site.meet(f"http://{host}:{bird.port}/hub", f"http://{host}:{bird.port}/topic")
            waited(site)
    assert bird.connections == []
    assert bird.tried_besides(0) == []


def test_a_hub_that_answers_with_a_redirect_inside_leads_nowhere(
    tmp_path: Path, bird: Canary
) -> None:
    with other() as hub:
        lead = Server(lambda heard: reply(307, f"Location: http://127.0.0.1:{bird.port}/hub"))
        with lead, Site(tmp_path, "", allow=f'"127.0.0.1:{lead.port}"') as site:
            site.meet(lead.at("127.0.0.1", "/hub"), "https://paper.example/feed")
            assert site.until(lambda: lead.heard)
            waited(site)
            assert bird.tried_besides(lead.port) == []
        assert hub.heard == []
    assert bird.connections == []


def waited(site: Site) -> None:
    """Tick until nothing is under way any more."""
    end = time.monotonic() + 20
    site.push.work()
    while site.push.busy:
        assert time.monotonic() < end
        time.sleep(0.02)
        site.push.work()


def own_port(site: Site) -> int:
    return int(site.base.rpartition(":")[2])


def test_the_canary_hears_who_comes(bird: Canary) -> None:
    with fetching(allow=("127.0.0.1",)) as fetcher, pytest.raises(FetchError):
        fetcher.get(Request(f"http://127.0.0.1:{bird.port}/"))
    assert bird.connections == ["127.0.0.1"]
    assert ("127.0.0.1", bird.port) in bird.tried
    assert socket.has_ipv6
