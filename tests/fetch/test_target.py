"""Addresses are made plain as requests makes them, those that are plain already without it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from requests import PreparedRequest

from aggregator.errors import FetchError
from aggregator.fetch.target import target

HOSTS = st.text("az09.-_", min_size=1, max_size=8)
PORTS = st.sampled_from(["", ":1", ":080", ":8080", ":65535", ":65536", ":0", ":"])
PATHS = st.lists(st.text("aZ9.~!$&'()*+,;=:@%2fFé {}[]", max_size=4), max_size=4)
QUERIES = st.text("aZ9.~!$&'()*+,;=:@/?%2fFé {}[]#", max_size=6)


@example("http", "127.0.0.1", ":80", ["a.xml"], "")
@example("https", "a.example", "", ["..", "x"], "?")
@given(st.sampled_from(["http", "https", "HTTP"]), HOSTS, PORTS, PATHS, QUERIES)
def test_a_plain_address_is_what_requests_makes_of_it(
    scheme: str, host: str, port: str, path: list[str], query: str
) -> None:
    url = f"{scheme}://{host}{port}/{'/'.join(path)}?{query}"
    prepared = PreparedRequest()
    try:
        prepared.prepare_url(url.strip(), None)
        parts = urlsplit(str(prepared.url))
        wanted = (parts.scheme, (parts.hostname or "").rstrip("."), parts.port)
    except ValueError:
        with pytest.raises(FetchError):
            target(url)
        return
    made = target(url)
    assert made.url == parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()
    usual = {"http": 80, "https": 443}[parts.scheme]
    assert (made.scheme, made.host, made.port) == (*wanted[:2], wanted[2] or usual)


@pytest.mark.parametrize("url", ["http://a.example/b?", "http://a.example", "http://a.example/b#c"])
def test_what_says_nothing_is_left_out_of_an_address(url: str) -> None:
    assert target(url).url in ("http://a.example/b", "http://a.example/")
