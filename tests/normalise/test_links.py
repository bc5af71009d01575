from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.normalise import links
from aggregator.normalise.links import absolute, clean


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://paper.example/a?b=c#d", "https://paper.example/a?b=c#d"),
        ("HTTPS://Paper.EXAMPLE/A", "https://paper.example/A"),
        ("https://paper.example", "https://paper.example"),
        ("http://paper.example:80/a", "http://paper.example/a"),
        ("https://paper.example:443/a", "https://paper.example/a"),
        ("https://paper.example:8443/a", "https://paper.example:8443/a"),
        ("http://paper.example:443/a", "http://paper.example:443/a"),
        ("https://user:secret@paper.example/a", "https://paper.example/a"),
        ("https://münchen.example/ä", "https://xn--mnchen-3ya.example/%C3%A4"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("https://例え.テスト/", "https://xn--r8jz45g.xn--zckzah/"),
        ("https://i❤.ws/", "https://xn--i-7iq.ws/"),
        (
            "https://paper.example/新闻?标题=一",
            "https://paper.example/%E6%96%B0%E9%97%BB?%E6%A0%87%E9%A2%98=%E4%B8%80",
        ),
        ("https://paper.example/a b", "https://paper.example/a%20b"),
        ("https://paper.example/100%", "https://paper.example/100%25"),
        ("https://paper.example/%e4%b8%80", "https://paper.example/%e4%b8%80"),
        ("https://paper.example/?a[]=1|2", "https://paper.example/?a%5B%5D=1%7C2"),
        ('https://paper.example/"><script>', "https://paper.example/%22%3E%3Cscript%3E"),
        ("https://paper.example/a#b#c", "https://paper.example/a#b%23c"),
        ("  https://paper.example/a\n  ", "https://paper.example/a"),
        ("https://paper.example/a\r\n/b", "https://paper.example/a/b"),
        ("https://[2001:db8::1]:8080/a", "https://[2001:db8::1]:8080/a"),
        ("https://paper.example?a=1", "https://paper.example?a=1"),
        ("https://paper.example/a?", "https://paper.example/a?"),
        ("https://under_score.example/", "https://under_score.example/"),
        ("", ""),
        ("#part", ""),
        ("/path", ""),
        ("paper.example/a", ""),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("ftp://paper.example/a", ""),
        ("mailto:a@paper.example", ""),
        ("http:", ""),
        ("http://", ""),
        ("http:///path", ""),
        ("http:paper.example", ""),
        ("http:\\\\paper.example\\a", ""),
        ("https://pa per.example/", ""),
        ("https://paper.example:port/", ""),
        ("https://paper<b>.example/", ""),
        ("https://[::1", ""),
        ("https://-x.example/", ""),
        ("http://" + "ä" * 300 + ".example/", ""),
    ],
)
def test_an_address_is_absolute_ascii_and_of_the_web_or_none(address: str, expected: str) -> None:
    assert absolute(address) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("b.html", "https://paper.example/x/b.html"),
        ("../b", "https://paper.example/b"),
        ("/b", "https://paper.example/b"),
        ("//other.example/b", "https://other.example/b"),
        ("?page=2", "https://paper.example/x/a?page=2"),
        ("#part", "https://paper.example/x/a#part"),
        ("bild ä.png", "https://paper.example/x/bild%20%C3%A4.png"),
        ("//[::1", ""),
        ("", ""),
        ("https://other.example/c", "https://other.example/c"),
    ],
)
def test_a_relative_address_is_resolved_against_the_base(address: str, expected: str) -> None:
    assert absolute(address, "https://paper.example/x/a") == expected


def test_mail_and_telephone_addresses_are_links_but_no_pages() -> None:
    assert absolute("mailto:a b@paper.example", "", links.LINKS) == "mailto:a%20b@paper.example"
    assert absolute("TEL:+49-30-1", "", links.LINKS) == "tel:+49-30-1"


@given(st.text(max_size=60), st.sampled_from(["", "https://paper.example/x/"]))
def test_any_text_gives_an_address_that_stays_the_same_or_none(text: str, base: str) -> None:
    for address in (text, f"https://{text}", f"https://paper.example/{text}"):
        found = absolute(address, base)
        assert found.isascii()
        assert found == "" or found.startswith(("http://", "https://"))
        assert absolute(found) == found


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://paper.example/a?utm_source=rss&utm_medium=feed", "https://paper.example/a"),
        ("https://paper.example/a?id=1&utm_source=rss", "https://paper.example/a?id=1"),
        ("https://paper.example/a?utm_source=rss&id=1", "https://paper.example/a?id=1"),
        ("https://paper.example/a?UTM_Source=rss", "https://paper.example/a"),
        ("https://paper.example/a?b=2&a=1&c", "https://paper.example/a?b=2&a=1&c"),
        ("https://paper.example/a?x=%C3%a4&fbclid=1", "https://paper.example/a?x=%C3%a4"),
        ("https://paper.example/a?mtm_campaign=x", "https://paper.example/a"),
        ("https://paper.example/a?gclid=1&dclid=2&msclkid=3&yclid=4", "https://paper.example/a"),
        ("https://paper.example/a?mc_cid=1&mc_eid=2&_hsenc=3", "https://paper.example/a"),
        ("https://paper.example/a?at_medium=RSS&at_campaign=rss", "https://paper.example/a"),
        ("https://paper.example/a#comments", "https://paper.example/a"),
        ("https://paper.example/a?b=1#utm_source=x", "https://paper.example/a?b=1"),
        ("https://paper.example/#!/news/1", "https://paper.example/#!/news/1"),
        ("https://paper.example/#/news/1", "https://paper.example/#/news/1"),
        ("https://paper.example/a?ref=paper.example", "https://paper.example/a"),
        ("https://paper.example/a?ref=www.paper.example&x=1", "https://paper.example/a?x=1"),
        ("https://paper.example/a?ref=https%3A%2F%2Fpaper.example%2F", "https://paper.example/a"),
        ("https://paper.example/a?ref=homepage", "https://paper.example/a?ref=homepage"),
        ("https://paper.example/a?ref=other.example", "https://paper.example/a?ref=other.example"),
        (
            "https://paper.example/a?referrer=x&outm_x=1",
            "https://paper.example/a?referrer=x&outm_x=1",
        ),
        ("https://paper.example/a?&&x=1", "https://paper.example/a?&&x=1"),
        ("https://paper.example/a?", "https://paper.example/a?"),
        ("HTTP://Paper.Example:80/A?utm_term=x", "http://paper.example/A"),
        ("https://paper.example/utm_source=x/", "https://paper.example/utm_source=x/"),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_share_link_loses_tracking_and_nothing_else(address: str, expected: str) -> None:
    assert clean(address, hosts=frozenset({"paper.example"})) == expected


def test_cleaning_twice_changes_nothing_more() -> None:
    once = clean("https://Paper.example/ä?utm_x=1&b=ü#c")
    assert clean(once) == once == "https://paper.example/%C3%A4?b=%C3%BC"
