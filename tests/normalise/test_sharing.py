"""Which address an article is shared under."""

from __future__ import annotations

import pytest

from aggregator.errors import EntryError
from aggregator.model import Entry, Feed
from aggregator.normalise.fields import Values
from aggregator.normalise.sharing import candidates, claims, without_shared_claims
from tests.normalise.places import article, entry, place

WRAPPED = "https://www.google.com/url?rct=j&url=https://paper.example/1%3Futm_source%3Dx&usg=z"


def test_candidates_come_in_their_order_each_with_its_reason() -> None:
    one = entry(
        original_link="https://paper.example/original?utm_source=x",
        link="https://feedproxy.example/~r/1",
        permalink="https://paper.example/?p=1",
        fields={"code": "N 1"},
    )
    where = place(share_link="https://share.example/?c={code}")
    found = candidates(one, where, Values(one), "")
    assert found == (
        ("the source's share_link", "https://share.example/?c=N%201"),
        ("the feed's original link", "https://paper.example/original"),
        ("the entry's link", "https://feedproxy.example/~r/1"),
        ("the entry's guid, a permalink", "https://paper.example/?p=1"),
    )
    made = article(one, where)
    assert made.share_link == "https://share.example/?c=N%201"
    assert made.link == "https://paper.example/original"


def test_of_a_page_with_many_entries_the_original_link_keeps_the_place() -> None:
    made = article(entry(link="", permalink="https://paper.example/log#item572"))
    assert made.link == "https://paper.example/log#item572"
    assert made.share_link == "https://paper.example/log"


def test_a_fragment_that_only_tracks_is_no_place() -> None:
    made = article(entry(link="https://paper.example/1?a=1#utm_source=rss"))
    assert made.link == made.share_link == "https://paper.example/1?a=1"


def test_a_template_may_be_a_whole_address() -> None:
    one = entry(link="", fields={"url_w": "http://Paper.example/a,1.html?x=1#top"})
    made = article(one, place(share_link="{+url_w}"))
    assert made.share_link == "http://paper.example/a,1.html?x=1"
    assert made.link == ""


def test_a_template_that_makes_no_web_address_gives_way_to_the_entrys_link() -> None:
    one = entry(fields={"url": "javascript:alert(1)"})
    assert article(one, place(share_link="{+url}")).share_link == "https://paper.example/1"


def test_a_missing_field_of_the_template_is_an_error_that_names_it() -> None:
    one = entry(fields={"url_w": ""})
    with pytest.raises(EntryError, match="'url_w'"):
        candidates(one, place(share_link="{+url_w}"), Values(one), "")


def test_ref_goes_where_it_names_the_feeds_or_our_own_host() -> None:
    feed = Feed(link="https://www.magazine.example/")
    for host in ("paper.example", "magazine.example", "news.example.org"):
        one = entry(link=f"https://other.example/1?ref={host}")
        assert article(one, place(feed)).share_link == "https://other.example/1"


def test_an_entry_without_any_address_has_no_share_link() -> None:
    made = article(entry(link="", id="1"))
    assert (made.share_link, made.link) == ("", "")


def test_what_a_link_wraps_is_a_candidate_before_the_link_itself() -> None:
    one = entry(link=WRAPPED)
    assert candidates(one, place(), Values(one), "") == (
        ("the address inside the entry's link", "https://paper.example/1"),
        ("the entry's link", WRAPPED),
    )
    made = article(one)
    assert made.link == made.share_link == "https://paper.example/1"


def test_what_only_leads_elsewhere_comes_last() -> None:
    one = entry(link="https://feeds.feedburner.com/~r/P/~3/x/", permalink="https://paper.example/1")
    assert article(one).share_link == "https://paper.example/1"
    only = entry(link="https://t.co/x", permalink=WRAPPED)
    assert article(only).share_link == "https://paper.example/1"
    assert article(entry(link="https://t.co/x")).share_link == "https://t.co/x"


def test_the_operators_word_comes_first_wherever_it_leads() -> None:
    assert article(entry(), place(share_link="https://t.co/x")).share_link == "https://t.co/x"


# ── what pages claim ──────────────────────────────────────────────────────────────────────────────

CLAIM = "https://paper.example/everything"


def believed(*entries: Entry, taken: tuple[tuple[str, str, set[str]], ...] = ()) -> list[bool]:
    assert claims(entries) <= {CLAIM}
    return [bool(one.canonical) for one in without_shared_claims(entries, taken)]


def test_a_claim_of_one_page_is_believed_and_one_of_several_is_not() -> None:
    one = entry(id="1", canonical=CLAIM)
    two = entry(id="2", link="https://paper.example/2", canonical=f"{CLAIM}?utm_source=rss")
    assert believed(one) == [True]
    assert believed(one, entry(id="3", link="https://paper.example/3")) == [True, False]
    assert believed(one, two) == [False, False]


def test_two_entries_about_one_page_may_claim_its_name() -> None:
    first, second = (entry(id=id_, canonical=CLAIM) for id_ in ("1", "2"))
    wrapped = entry(id="3", link=WRAPPED, canonical=CLAIM)
    assert believed(first, second, wrapped) == [True, True, True]


@pytest.mark.parametrize(
    ("guid", "addresses", "expected"),
    [
        ("2", {CLAIM, "https://paper.example/2"}, False),
        ("2", {CLAIM}, False),
        ("1", {CLAIM, "https://paper.example/old"}, True),  # itself, made anew
        ("2", {CLAIM, "http://www.paper.example/1"}, True),  # itself, under an earlier guid
    ],
)
def test_a_claim_that_is_another_articles_share_link_is_not_believed(
    guid: str, addresses: set[str], expected: bool
) -> None:
    taken = ((guid, CLAIM, addresses),)
    assert believed(entry(id="1", canonical=CLAIM), taken=taken) == [expected]
