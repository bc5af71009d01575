from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from aggregator.normalise import identity

PUBLISHED = datetime(2022, 1, 16, 23, 42, 38, tzinfo=UTC)


def test_an_article_id_is_the_same_in_every_release() -> None:
    assert identity.article_id("paper", "NW202201172249359827") == "e9pk9vvrmh"
    assert identity.article_id("paper", "NW202201172249359827", 1) == "pvsz9pjr4b"


def test_an_article_id_is_ten_characters_of_crockfords_base32() -> None:
    ids = [identity.article_id("paper", str(number)) for number in range(500)]
    assert all(re.fullmatch(r"[0-9a-hjkmnp-tv-z]{10}", id_) for id_ in ids)
    assert len(set(ids)) == 500


def test_source_guid_and_salt_all_count() -> None:
    ids = {
        identity.article_id(source, guid, salt)
        for source in ("a", "b")
        for guid in ("1", "2")
        for salt in (0, 1, 2)
    }
    assert len(ids) == 12


@pytest.mark.parametrize(
    "guid",
    [
        "https://paper.example/2026/1",
        "http://paper.example/?p=12",
        "https://paper.example/a%20b?x=1&y=%5B2%5D#part",
        "tag:blogger.com,1999:blog-1.post-2",
        "tag:paper.example,2026-11-22:/a/b",
        "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        "URN:ISBN:0451450523",
        "yt:video:dQw4w9WgXcQ",
        "doi:10.1000/182",
        "at://did:plc:abc/app.bsky.feed.post/1",
    ],
)
def test_an_absolute_iri_is_kept_to_the_character(guid: str) -> None:
    assert identity.public_id(guid, PUBLISHED, "news.example.org", "0123456789") == guid


@pytest.mark.parametrize(
    "guid",
    [
        "",
        "NW202201172249359827",
        "12345",
        "12:30",
        "c:\\posts\\x.md",
        "c:x",
        "a title: with a colon",
        "https://paper.example/with space",
        "https://paper.example/<x>",
        "https://paper.example/50%",
        "https://user:secret@paper.example/1",
        "http://127.0.0.1/1",
        "http://localhost/1",
        "http://nas.lan/1",
        "http:///1",
        "localhost:8080/1",
        "file:///home/me/post.md",
        "javascript:alert(1)",
        "data:text/plain,x",
        "mailto:john.doe@example.org",
        "https://paper.example/中文",
        "tag:nodate:x",
        "tag:Paper.example,2026:x",
        "urn:x",
        "urn:x:a/b",
        "urn:uuid:1",
        "/relative/path",
        "https://paper.example/\u202egnp",
        "https://paper.example/\x00",
    ],
)
def test_anything_else_gets_a_tag_of_ours(guid: str) -> None:
    minted = identity.public_id(guid, PUBLISHED, "news.example.org", "0123456789")
    assert minted == "tag:news.example.org,2022:0123456789"
