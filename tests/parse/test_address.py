from __future__ import annotations

import pytest

from aggregator.parse.address import absolute

BASE = "https://rain.example/blog/feed.xml"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("https://snow.example/1", "https://snow.example/1"),
        (" /1 ", "https://rain.example/1"),
        ("1?a=b#c", "https://rain.example/blog/1?a=b#c"),
        ("//snow.example/1", "https://snow.example/1"),
        ("https://snow.example/a-very\n    -long-path", "https://snow.example/a-very-long-path"),
        ("/雨", "https://rain.example/雨"),
        ("mailto:ada@rain.example", "mailto:ada@rain.example"),
        ("", ""),
        ("http://[::1", ""),
    ],
)
def test_an_address_is_made_absolute(address: str, found: str) -> None:
    assert absolute(address, BASE) == found


def test_a_relative_address_without_a_base_stays_relative() -> None:
    assert absolute(" /1", "") == "/1"
    assert absolute("/1", "rain") == ""
