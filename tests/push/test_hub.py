"""Our own hub, with real subscribers."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from tests.push.desk import Other, Site, other

FEED = b"<feed>one</feed>"
NEWER = b"<feed>two</feed>"


@pytest.fixture
def someone() -> Iterator[Other]:
    with other() as made:
        yield made


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with Site(tmp_path, "self") as made:
        made.publish(FEED)
        made.settle()
        yield made


def test_a_subscriber_is_asked_back_before_anything_is_kept(site: Site, someone: Other) -> None:
    site.subscribe(someone, "/me?own=kept", lease_seconds="86400")
    question = someone.questions()[0]
    assert question.path == "/me"
    assert question.query["own"] == "kept"
    assert question.query["hub.mode"] == "subscribe"
    assert question.query["hub.topic"] == site.topic()
    assert question.query["hub.lease_seconds"] == "86400"
    assert len(question.query["hub.challenge"]) >= 32


def test_a_subscriber_gets_the_whole_feed_when_it_changes(site: Site, someone: Other) -> None:
    site.subscribe(someone, secret="s3cret")
    site.publish(NEWER)
    assert site.until(someone.posts)
    sent = someone.posts()[0]
    assert sent.body == NEWER
    assert sent.headers["content-type"] == "application/atom+xml"
    assert sent.headers["link"] == (f'<{site.base}/hub>; rel="hub", <{site.topic()}>; rel="self"')
    made = hmac.new(b"s3cret", NEWER, hashlib.sha256).hexdigest()
    assert sent.headers["x-hub-signature"] == f"sha256={made}"
    site.settle()
    assert len(someone.posts()) == 1


def test_without_a_secret_nothing_is_signed(site: Site, someone: Other) -> None:
    site.subscribe(someone)
    site.publish(NEWER)
    assert site.until(someone.posts)
    assert "x-hub-signature" not in someone.posts()[0].headers


def test_who_does_not_repeat_the_challenge_gets_nothing(site: Site, someone: Other) -> None:
    someone.challenge = lambda challenge: challenge + "!"
    site.subscribe(someone)
    site.publish(NEWER)
    site.settle()
    assert not someone.posts()


def test_an_unsubscription_is_asked_back_too(site: Site, someone: Other) -> None:
    site.subscribe(someone)
    someone.challenge = lambda challenge: "it was not me"
    site.subscribe(someone, mode="unsubscribe")
    site.publish(NEWER)
    assert site.until(someone.posts), "somebody else cannot unsubscribe him"
    someone.challenge = lambda challenge: challenge
    site.subscribe(someone, mode="unsubscribe")
    assert "hub.lease_seconds" not in someone.questions()[-1].query
    site.publish(FEED)
    site.settle()
    assert len(someone.posts()) == 1


def test_a_lease_ends(site: Site, someone: Other) -> None:
    site.subscribe(someone, lease_seconds="10")
    site.now += timedelta(hours=23)
    site.publish(NEWER)
    assert site.until(someone.posts), "no lease is shorter than a day"
    site.settle()
    site.now += timedelta(hours=2)
    site.publish(FEED)
    site.settle()
    assert len(someone.posts()) == 1


def test_a_subscriber_who_is_gone_is_forgotten(site: Site, someone: Other) -> None:
    site.subscribe(someone)
    someone.status = 410
    site.publish(NEWER)
    assert site.until(someone.posts)
    site.settle()
    someone.status = 202
    site.publish(FEED)
    site.settle()
    assert len(someone.posts()) == 1


def test_a_delivery_that_fails_is_tried_again_also_after_a_restart(
    site: Site, someone: Other
) -> None:
    site.subscribe(someone)
    someone.status = 503
    site.publish(NEWER)
    assert site.until(someone.posts)
    site.settle()
    assert len(someone.posts()) == 1, "not before a minute has passed"
    someone.status = 202
    site.restart()
    site.now += timedelta(minutes=1)
    assert site.until(lambda: len(someone.posts()) == 2)
    site.settle()
    site.now += timedelta(hours=12)
    site.settle()
    assert len(someone.posts()) == 2


def test_one_who_never_listens_is_given_up_until_the_next_change(
    site: Site, someone: Other
) -> None:
    site.subscribe(someone)
    someone.status = 500
    site.publish(NEWER)
    for tries in range(1, 7):
        assert site.until(lambda: len(someone.posts()) == tries)  # noqa: B023
        site.settle()
        site.now += timedelta(hours=6)
    site.settle()
    assert len(someone.posts()) == 6
    site.publish(FEED)
    assert site.until(lambda: len(someone.posts()) == 7)


def test_a_change_during_a_delivery_is_sent_after_it(site: Site, someone: Other) -> None:
    site.subscribe(someone)
    book = site.store.push
    with site.store.transaction():
        book.spread([site.topic()], site.now)
    under_way = book.due_subscribers(site.now)[0]
    with site.store.transaction():
        book.spread([site.topic()], site.now)
        book.sent(under_way, None)
    assert [one.callback for one in book.due_subscribers(site.now)] == [under_way.callback]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"hub.mode": "publish"}, 400),
        ({"hub.topic": ""}, 400),
        ({"hub.topic": "https://elsewhere.example/atom.xml"}, 404),
        ({"hub.topic": "{base}/all/rss.xml"}, 404),
        ({"hub.topic": "{base}/../etc/passwd/atom.xml"}, 404),
        ({"hub.callback": "ftp://127.0.0.1/"}, 400),
        ({"hub.callback": "http://user:pass@127.0.0.1/"}, 400),
        ({"hub.callback": "http://127.0.0.1/#top"}, 400),
        ({"hub.callback": "http://127.0.0.1:99999/"}, 400),
        ({"hub.callback": "http://127.0.0.1/\r\nX: y"}, 400),
        ({"hub.secret": "x" * 200}, 400),
    ],
)
def test_what_cannot_be_done_is_refused_at_once(
    site: Site, form: dict[str, str], status: int
) -> None:
    asked = {
        "hub.mode": "subscribe",
        "hub.topic": site.topic(),
        "hub.callback": "http://127.0.0.1:1/",
    }
    asked |= {name: value.format(base=site.base) for name, value in form.items()}
    answer = requests.post(f"{site.base}/hub", data=asked, timeout=10)
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_form_that_is_too_large_is_refused(site: Site) -> None:
    answer = requests.post(f"{site.base}/hub", data={"hub.mode": "x" * 20_000}, timeout=10)
    assert answer.status_code == 413


def test_nobody_can_have_us_bother_one_host_without_end(site: Site, someone: Other) -> None:
    statuses = [site.ask(someone.at(f"/{number}")).status_code for number in range(51)]
    assert statuses == [202] * 50 + [503]
    assert site.until(lambda: len(someone.questions()) == 50)


def test_a_private_callback_is_never_asked(tmp_path: Path, someone: Other) -> None:
    with Site(tmp_path, "self", allow='"192.0.2.1"') as site:
        site.publish(FEED)
        assert site.ask(someone.at("/me")).status_code == 202
        site.settle()
    assert not someone.heard


def test_where_there_is_no_hub_nobody_is_taken(tmp_path: Path, someone: Other) -> None:
    with Site(tmp_path, "https://hub.example/") as site:
        site.publish(FEED)
        assert site.ask(someone.at("/me")).status_code == 404
