"""What carets are drawn under."""

from __future__ import annotations

import pytest

from aggregator.config.span import span


@pytest.mark.parametrize(
    ("line", "begins", "meant"),
    [
        ('every = "5 minutes"', "every", '"5 minutes"'),
        ('every = "5 # minutes" # a word', "every", '"5 # minutes"'),
        ("entries = -5  # a word", "entries", "-5"),
        ('a.b."c d" = 1979-05-27 07:32:00', "a.b", "1979-05-27 07:32:00"),
        ('formats = ["rss", "atomm"]', '"atomm"', '"atomm"'),
        ('formats = ["rss", "atomm"] # list', "formats", '["rss", "atomm"]'),
        ("for = { market = 5, x = [1, 2] }", "market", "5"),
        ("for = { market = 5, x = [1, 2] }", "x", "[1, 2]"),
        ("for = { market = 5 }", "for", "{ market = 5 }"),
        ('formats = ["rss",', "formats", '["rss",'),
        ('  "atomm",', '"atomm"', '"atomm"'),
        ("[[source]]", "[[source", "[[source]]"),
        ("  [publish.git] # where", "[publish", "[publish.git]"),
        ('match = """a', "match", '"""a'),
    ],
)
def test_a_value_is_meant_as_a_whole(line: str, begins: str, meant: str) -> None:
    first, last = span(line, line.index(begins) + 1, of_key=False)
    assert line[first:last] == meant


@pytest.mark.parametrize(
    ("line", "meant"),
    [("intervall = 5", "intervall"), ('a."b c" = 5', 'a."b c"'), ("[sitee]", "[sitee]")],
)
def test_a_key_is_meant_alone(line: str, meant: str) -> None:
    first, last = span(line, 1, of_key=True)
    assert line[first:last] == meant


@pytest.mark.parametrize("column", [1, 5, 100])
def test_there_is_always_something_to_point_at(column: int) -> None:
    first, last = span("", column, of_key=False)
    assert last > first >= 0
