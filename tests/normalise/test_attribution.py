from __future__ import annotations

from typing import Any

import pytest

from aggregator.model import Attribution, Feed, Origin, Person
from aggregator.normalise.public import public_address
from tests.normalise.places import article, entry, place, refusal

FEED = Feed(
    title="The &quot;Paper&quot; &amp; Co",
    link="https://paper.example/",
    id="tag:paper.example,2026:feed",
    rights="© 2026 <b>The Paper</b>",
    authors=(Person("The Desk"),),
)


def test_a_feed_is_credited_with_all_it_says_of_itself() -> None:
    assert article(entry(), place(FEED)).attribution == Attribution(
        publisher='The "Paper" & Co',
        publisher_url="https://paper.example/",
        feed_url="https://paper.example/feed.xml",
        feed_id="tag:paper.example,2026:feed",
        rights="© 2026 The Paper",
    )


def test_the_publisher_is_the_rows_then_the_origins_then_the_configured_then_the_feeds() -> None:
    origin = Origin(title="Original")
    configured: dict[str, Any] = {"publisher": "{desk} of the Paper", "title": "Paper (source)"}
    one = entry(publisher="南昌日报", origin=origin, fields={"desk": "City"})
    expected = ["南昌日报", "Original", "City of the Paper", 'The "Paper" & Co', "Paper", "paper"]
    found = [
        article(one, place(FEED, **configured)),
        article(entry(origin=origin, fields={"desk": "City"}), place(FEED, **configured)),
        article(entry(fields={"desk": "City"}), place(FEED, **configured)),
        article(entry(), place(FEED, title="Paper")),
        article(entry(), place(title="Paper")),
        article(entry(), place()),
    ]
    assert [made.attribution.publisher for made in found] == expected


def test_a_row_that_names_its_publisher_is_not_credited_with_the_feeds_site() -> None:
    assert article(entry(publisher="南昌日报"), place(FEED)).attribution.publisher_url == ""
    known = place(FEED, publisher_url="https://nanchang.example/")
    made = article(entry(publisher="南昌日报"), known)
    assert made.attribution.publisher_url == "https://nanchang.example/"


def test_an_aggregate_credits_the_original_and_not_itself() -> None:
    origin = Origin(
        title="Original &amp; Sons",
        feed_url="https://original.example/feed",
        link="https://original.example/",
        id="urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        rights="CC BY",
    )
    made = article(entry(origin=origin), place(FEED))
    assert made.attribution == Attribution(
        "Original & Sons",
        "https://original.example/",
        "https://original.example/feed",
        "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        "CC BY",
    )
    assert made.authors == ()


def test_rights_are_the_entrys_then_the_configured_licence_then_the_feeds() -> None:
    licensed = place(FEED, licence="CC BY-SA 4.0")
    assert article(entry(rights="© Alice"), licensed).attribution.rights == "© Alice"
    assert article(entry(), licensed).attribution.rights == "CC BY-SA 4.0"


def test_the_public_address_of_the_feed_may_be_configured() -> None:
    where = place(url="https://paper.example/?token=s3cret", public_url="https://paper.example/rss")
    assert article(entry(), where).attribution.feed_url == "https://paper.example/rss"


@pytest.mark.parametrize("id_", ["https://paper.example/feed?token=s3cret", "feed 1", "x"])
def test_a_feed_id_that_is_no_iri_or_holds_a_secret_is_none(id_: str) -> None:
    assert article(entry(), place(Feed(id=id_))).attribution.feed_id == ""


def test_a_missing_field_of_the_publisher_template_is_an_error_that_names_it() -> None:
    assert "'desk'" in refusal(entry(), place(publisher="{desk}"))


# ── addresses for readers ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address",
    [
        "https://paper.example/feed.xml",
        "https://paper.example/feed?format=rss&category=7",
        "https://www.youtube.com/feeds/videos.xml?channel_id=UCYO_jab_esuFRV4b17AJtAw",
        "https://omny.fm/shows/x/playlists/0b0a7a3c-6f4a-4d5e-9d3c-aa0b00f1c2d3/podcast.rss",
        "http://93.184.216.34/feed",
        "https://paper.example:8443/rss",
        "https://monkey.example/?keyword=hash&author=auth0r",
    ],
)
def test_an_address_for_everybody_is_shown(address: str) -> None:
    assert public_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "https://user:secret@paper.example/feed",
        "https://token@paper.example/feed",
        "https://paper.example/feed?token=s3cret",
        "https://paper.example/feed?a=1&api_key=s3cret",
        "https://paper.example/feed?apikey=s3cret",
        "https://paper.example/feed?key=s3cret",
        "https://paper.example/feed?access_token=x",
        "https://paper.example/feed?auth=x",
        "https://paper.example/feed?X-Amz-Signature=x",
        "https://paper.example/feed?sig=x",
        "https://paper.example/feed?password=x",
        "https://paper.example/feed?PHPSESSID=x",
        "https://paper.example/feed?u=0123456789abcdef0123456789abcdef",
        "https://paper.example/feed?t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig",
        "http://localhost/feed",
        "http://127.0.0.1:8080/feed",
        "http://127.1/feed",
        "http://2130706433/feed",
        "http://0x7f000001/feed",
        "http://[::1]/feed",
        "http://[::ffff:127.0.0.1]/feed",
        "http://[fe80::1]/feed",
        "http://10.0.0.8/feed",
        "http://192.168.1.4/feed",
        "http://169.254.169.254/latest",
        "http://100.64.0.1/feed",
        "http://nas/feed",
        "http://nas.lan/feed",
        "http://printer.local/feed",
        "http://wiki.corp.internal./feed",
        "file:///srv/feed.xml",
        "feed.xml",
        "",
    ],
)
def test_an_address_that_is_not_for_readers_is_not_shown(address: str) -> None:
    assert public_address(address) == ""
    where = place(url=address or "x")
    assert article(entry(), where).attribution.feed_url == ""


def test_a_secret_of_the_base_does_not_come_into_the_body() -> None:
    base = "https://user:pw@paper.example/feed?token=s3cret"
    made = article(
        entry(content="<a href='#n'>l</a><a href='?p=2'>m</a><img src=i.png>", base=base)
    )
    assert "s3cret" not in made.content
    assert "pw@" not in made.content
    assert 'src="https://paper.example/i.png"' in made.content


# ── authors ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "person"),
    [
        (Person("Alice Li"), Person("Alice Li")),
        (Person(" Alice \n Li ", "alice@paper.example"), Person("Alice Li", "alice@paper.example")),
        (Person("alice@paper.example"), Person("", "alice@paper.example")),
        (Person("a@x.example", "b@x.example"), Person("", "b@x.example")),
        (Person('<a href="https://x.example">Alice</a>'), Person("Alice")),
        (Person("&lt;b&gt;Alice&lt;/b&gt;"), Person("Alice")),
        (Person("Tom & Jerry"), Person("Tom & Jerry")),
        (Person("A\x00B\u202eC"), Person("ABC")),
        (Person("Alice", "mailto:alice@x.example"), Person("Alice", "alice@x.example")),
        (Person("Alice", "not an address"), Person("Alice")),
        (
            Person("Alice", "", "https://alice.example/"),
            Person("Alice", "", "https://alice.example/"),
        ),
        (Person("Alice", "", "javascript:alert(1)"), Person("Alice")),
    ],
)
def test_an_author_is_plain_text_and_an_address_is_no_name(written: Person, person: Person) -> None:
    assert article(entry(authors=(written,))).authors == (person,)


def test_the_feeds_authors_stand_in_for_an_entry_without() -> None:
    assert article(entry(), place(FEED)).authors == (Person("The Desk"),)
    assert article(entry(authors=(Person("Alice"),)), place(FEED)).authors == (Person("Alice"),)


def test_an_author_who_is_named_twice_or_not_at_all_is_no_second_author() -> None:
    home = "https://alice.example/"
    authors = (Person("Alice"), Person("alice", uri=home), Person(" "), Person("Bob"))
    assert article(entry(authors=authors)).authors == (Person("Alice", uri=home), Person("Bob"))


def test_nobody_is_invented() -> None:
    assert article(entry(), place()).authors == ()
