"""Wrappers, redirectors, and addresses that are neither."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.normalise.redirectors import is_redirector, leads_elsewhere, unwrapped

STORY = "https://paper.example/2021/story.html"
QUOTED = "https%3A%2F%2Fpaper.example%2F2021%2Fstory.html"


def of_google_news(held: bytes) -> str:
    id_ = urlsafe_b64encode(held).decode().rstrip("=")
    return f"https://news.google.com/rss/articles/{id_}?oc=5"


@pytest.mark.parametrize(
    "address",
    [
        f"https://www.google.com/url?rct=j&sa=t&url={STORY}&ct=ga&cd=CAI&usg=AOv",
        f"http://www.google.co.uk/url?q={QUOTED}&sa=D",
        f"https://google.com.hk/url?q={QUOTED}",
        f"https://l.facebook.com/l.php?u={QUOTED}&h=AT0",
        f"https://out.reddit.com/t3_1?url={QUOTED}&token=A",
        f"https://eur01.safelinks.protection.outlook.com/?url={QUOTED}&data=05",
        f"http://www.bing.com/news/apiclick.aspx?ref=FexRss&aid=&url={QUOTED}&c=1&mkt=en-us",
        f"https://duckduckgo.com/l/?kh=-1&uddg={QUOTED}",
        f"https://www.youtube.com/redirect?event=video_description&q={QUOTED}",
        f"https://href.li/?{STORY}",
        f"https://link.zhihu.com/?target={QUOTED}",
        f"https://WWW.Douban.com/link2/?url={QUOTED}",
        "https://r.search.yahoo.com/_ylt=A/RV=2/RE=1/RO=10/RU=" + QUOTED + "/RK=2/RS=x",
        "https://www.google.com/amp/s/paper.example/2021/story.html",
        "https://paper-example.cdn.ampproject.org/c/s/paper.example/2021/story.html",
        "https://go.theregister.com/feed/paper.example/2021/story.html",
        of_google_news(b"\x08\x13\x22\x25" + STORY.encode() + b"\xd2\x01\x00"),
        f"https://vk.com/away.php?to=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3D{QUOTED}",
    ],
)
def test_a_wrapper_gives_its_target_away(address: str) -> None:
    assert unwrapped(address) == STORY
    assert leads_elsewhere(address)
    assert not is_redirector(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://t.co/AbC123",
        "http://bit.ly/2abc",
        "https://feeds.feedburner.com/~r/Paper/~3/Xyz/story.html",
        "http://feedproxy.google.com/~r/Paper/~3/Xyz/",
        "http://rss.slashdot.org/~r/Slashdot/slashdot/~3/x/story",
        "https://feeds.feedblitz.com/~/710000000/0/paper~Story/",
    ],
)
def test_a_redirector_is_known_by_its_host(address: str) -> None:
    assert is_redirector(address)
    assert leads_elsewhere(address)
    assert unwrapped(address) == ""


@pytest.mark.parametrize(
    "address",
    [
        STORY,
        "https://bit.ly/",
        "https://feeds.feedburner.com/Paper",
        "https://git.example/~r/repository",
        "https://www.linkedin.com/shareArticle?url=" + QUOTED,
        "https://www.google.com/search?q=" + QUOTED,
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.google.com/url?q=/relative",
        "https://notgoogle.com/url?q=" + QUOTED,
        "https://safelinks.protection.outlook.com.evil.example/?url=" + QUOTED,
        "mailto:a@t.co",
        "https://[::1",
        "t.co/x",
        "",
    ],
)
def test_any_other_address_is_itself(address: str) -> None:
    assert not leads_elsewhere(address)
    assert unwrapped(address) == ""


def test_a_link_that_only_a_browser_can_follow_is_known_and_left() -> None:
    opaque = of_google_news(b"\x08\x13\x22\x30AU_yqLOabc")
    assert leads_elsewhere(opaque)
    assert not is_redirector(opaque)
    assert unwrapped(opaque) == ""


@given(
    st.text(max_size=60), st.sampled_from(["", "https://www.google.com/url?q=", "https://t.co/"])
)
def test_any_text_is_judged(text: str, before: str) -> None:
    found = unwrapped(before + text)
    assert found == "" or found.startswith(("http://", "https://"))
    leads_elsewhere(before + text)
