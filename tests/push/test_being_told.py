"""Being told by the hubs of sources."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest
import requests

from aggregator.push.pace import tried, wished
from aggregator.websub import NamedHub, Subscription
from tests.push.desk import NOW, Other, Site, other

TOPIC = "https://paper.example/feed"


@pytest.fixture
def hub() -> Iterator[Other]:
    with other() as made:
        yield made


@pytest.fixture
def site(tmp_path: Path, hub: Other) -> Iterator[Site]:
    with Site(tmp_path, "") as made:
        made.meet(hub.at("/hub"), TOPIC)
        yield made


def application(hub: Other) -> dict[str, str]:
    """Return the fields of the last form that the hub got."""
    return {name: values[0] for name, values in parse_qs(hub.posts()[-1].body.decode()).items()}


def callback(site: Site, hub: Other) -> str:
    assert site.until(hub.posts)
    return application(hub)["hub.callback"]


def confirm(address: str, mode: str = "subscribe", topic: str = TOPIC) -> requests.Response:
    query = {"hub.mode": mode, "hub.topic": topic, "hub.challenge": "abc"}
    return requests.get(address, {**query, "hub.lease_seconds": "864000"}, timeout=10)


def kept(site: Site) -> Subscription:
    return site.store.push.subscriptions()["paper"]


def test_the_hub_that_a_source_names_is_asked_to_tell(site: Site, hub: Other) -> None:
    address = callback(site, hub)
    fields = application(hub)
    assert fields["hub.mode"] == "subscribe"
    assert fields["hub.topic"] == TOPIC
    assert "hub.secret" not in fields, "not where everybody could read it"
    assert address.startswith(f"{site.base}/hub/")


def test_the_hub_that_asks_back_gets_its_challenge(site: Site, hub: Other) -> None:
    answer = confirm(callback(site, hub))
    assert (answer.status_code, answer.text) == (200, "abc")
    assert answer.headers["content-type"].startswith("text/plain")
    assert site.until(lambda: kept(site).verified)
    assert kept(site).expires_at == NOW + timedelta(days=10)
    site.now += timedelta(days=9)
    assert site.until(lambda: len(hub.posts()) == 2), "it is renewed in time"


def test_nobody_can_subscribe_us_to_what_we_did_not_ask_for(site: Site, hub: Other) -> None:
    address = callback(site, hub)
    assert confirm(address, topic="https://evil.example/").status_code == 404
    assert confirm(address, mode="unsubscribe").status_code == 404
    assert confirm(f"{site.base}/hub/{'x' * 32}").status_code == 404


def test_news_of_the_hub_make_the_source_due(site: Site, hub: Other) -> None:
    address = callback(site, hub)
    confirm(address)
    assert site.until(lambda: kept(site).verified)
    assert site.store.due(site.now + timedelta(hours=1)) == set()
    assert requests.post(address, b"<rss/>", timeout=10).status_code == 202
    assert site.until(lambda: site.store.state("paper").why.startswith("its hub"))
    assert site.store.due(site.now + timedelta(seconds=10)) == {"paper"}
    assert "paper" in site.store.push.heard_of(site.now - timedelta(days=7))


def test_a_hub_that_a_source_never_named_is_told_so(site: Site) -> None:
    answer = requests.post(f"{site.base}/hub/{'x' * 32}", b"<rss/>", timeout=10)
    assert answer.status_code == 410


def test_with_a_secret_only_what_is_signed_counts(site: Site, hub: Other) -> None:
    address = callback(site, hub)
    site.settle()
    secret = Subscription("paper", kept(site).hub, TOPIC, kept(site).token, "s3cret")
    with site.store.transaction():
        site.store.push.keep(secret)
    for value in ("", "sha256=", "sha256=00", "md5=00", "sha256=é"):
        headers = {"X-Hub-Signature": value.encode()} if value else {}
        assert requests.post(address, b"news", headers=headers, timeout=10).status_code == 202
    site.settle()
    assert kept(site).pushed_at is None
    made = hmac.new(b"s3cret", b"news", hashlib.sha512).hexdigest()
    requests.post(address, b"news", headers={"X-Hub-Signature": f"sha512={made}"}, timeout=10)
    assert site.until(lambda: kept(site).pushed_at == site.now)


def test_a_hub_that_denies_is_left_alone_for_a_week(site: Site, hub: Other) -> None:
    assert confirm(callback(site, hub), mode="denied").status_code == 200
    assert site.until(lambda: kept(site).due_at == NOW + timedelta(days=7))


def test_a_hub_that_does_not_ask_back_is_asked_less_and_less(site: Site, hub: Other) -> None:
    for hours, posts in ((0, 1), (1, 2), (1, 2), (1, 3), (4, 4)):
        site.now += timedelta(hours=hours)
        site.settle()
        assert len(hub.posts()) == posts


def test_a_source_that_names_no_hub_any_more_is_no_longer_told_of(site: Site, hub: Other) -> None:
    address = callback(site, hub)
    site.meet("", "")
    site.now += timedelta(minutes=1)
    site.settle()
    assert requests.post(address, b"<rss/>", timeout=10).status_code == 410


def test_a_secret_goes_to_a_hub_under_tls_alone() -> None:
    tokens = iter("abcd")
    safe = wished(NamedHub("p", "https://hub.example/", TOPIC), None, NOW, lambda: next(tokens))
    open_ = wished(NamedHub("p", "http://hub.example/", TOPIC), None, NOW, lambda: next(tokens))
    assert safe is not None
    assert open_ is not None
    assert (bool(safe.secret), bool(open_.secret)) == (True, False)
    assert wished(NamedHub("p", "javascript:alert(1)", TOPIC), None, NOW, lambda: "x") is None


def test_the_time_between_tries_has_an_end() -> None:
    tries = Subscription("p", "https://hub.example/", TOPIC, "token", "", failures=500)
    due_at = tried(tries, NOW).due_at
    assert due_at == NOW + timedelta(days=7)
