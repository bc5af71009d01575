from __future__ import annotations

import pytest

from aggregator.sources.canonical import believed

PAGE = "https://www.example.com/a?from=feed"


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        (["https://www.example.com/a"], "https://www.example.com/a"),
        (["http://example.com/a", "https://example.org/"], "http://example.com/a"),
        (["https://m.example.com/2026/a"], "https://m.example.com/2026/a"),
        (["https://www.example.com/?p=7"], "https://www.example.com/?p=7"),
        (["https://example.net/a", "https://example.com/a"], "https://example.com/a"),
        (["https://example.com/", "https://example.com"], ""),
        (["https://example.net/a"], ""),
        (["https://example.com.evil.example.net/a"], ""),
        (["javascript:alert(1)", "a"], ""),
        ([], ""),
    ],
)
def test_a_page_is_believed_about_its_own_site_and_not_that_it_is_the_home(
    claims: list[str], expected: str
) -> None:
    assert believed(claims, PAGE) == expected


def test_two_blogs_of_one_hosting_service_are_two_sites() -> None:
    assert believed(["https://b.github.io/1"], "https://a.github.io/1") == ""


def test_www_makes_no_other_site_of_a_host_of_ones_own() -> None:
    assert believed(["http://nas.lan/1"], "http://www.nas.lan/a") == "http://nas.lan/1"
