from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.errors import FetchError
from tests.sources.desk import Answers, collect, knows, source, write_posts

NO_NETWORK = Answers({})


def test_posts_are_read_in_the_order_of_their_names(tmp_path: Path) -> None:
    write_posts(tmp_path, "snow", "rain")
    write_posts(tmp_path / "2023", "hail")
    feed = collect(source("jekyll", url=tmp_path.as_uri()), NO_NETWORK).feed
    assert [entry.id for entry in feed.entries] == [
        "2024-01-17-hail",
        "2024-01-17-rain",
        "2024-01-17-snow",
    ]
    assert NO_NETWORK.asked == []


def test_a_known_post_is_not_parsed_again(tmp_path: Path) -> None:
    origin = source("jekyll", url=write_posts(tmp_path, "rain", "snow").as_uri())
    first = collect(origin, NO_NETWORK).feed.entries
    stored = {first[0].guid: first[0].fingerprint}
    again = collect(origin, NO_NETWORK, known=knows(stored)).feed.entries
    assert [entry.title for entry in again] == ["", "snow"]
    assert [entry.fingerprint for entry in again] == [entry.fingerprint for entry in first]


def test_what_is_no_post_or_not_published_is_passed_over(tmp_path: Path) -> None:
    write_posts(tmp_path, "rain")
    (tmp_path / "2024-01-18-draft.md").write_text("---\ntitle: a\npublished: false\n---\n")
    (tmp_path / "notes.txt").write_text("---\ntitle: b\n---\n")
    feed = collect(source("jekyll", url=tmp_path.as_uri()), NO_NETWORK).feed
    assert [entry.title for entry in feed.entries] == ["rain"]
    assert feed.bad == ()


def test_a_post_that_is_too_large_costs_only_itself(tmp_path: Path) -> None:
    write_posts(tmp_path, "rain")
    (tmp_path / "2024-01-18-flood.md").write_bytes(b"a" * 3000)
    harvest = collect(source("jekyll", url=tmp_path.as_uri(), max_size="2kB"), NO_NETWORK)
    assert [entry.title for entry in harvest.feed.entries] == ["rain"]
    assert [bad.entry for bad in harvest.feed.bad] == ["2024-01-18-flood.md"]
    assert not harvest.complete


def test_a_folder_on_the_web_is_none() -> None:
    with pytest.raises(FetchError, match="write file:PATH"):
        collect(source("jekyll", url="https://rain.example/posts"), NO_NETWORK)
