"""Only what is new: RFC 3229 with «feed», as newsboat, liferea and python-reader ask for it."""

from __future__ import annotations

import gzip
import hashlib

import pytest

from tests.serve.conftest import CHANGED, Shelf, Site

AFTER = "Sat, 21 Nov 2026 00:00:00 GMT"


def rss(*titles: str, head: str = "World") -> bytes:
    items = "\n".join(f"<item><title>{title}</title></item>" for title in titles)
    return f"<rss><channel><title>{head}</title>\n{items}\n</channel></rss>\n".encode()


def atom(*titles: str) -> bytes:
    entries = "\n".join(f'<entry xml:lang="en"><title>{title}</title></entry>' for title in titles)
    return f"<feed><title>World</title>\n{entries}\n</feed>\n".encode()


FIRST, SECOND, THIRD = rss("one"), rss("two", "one"), rss("three", "two, corrected", "one")


def tag(body: bytes, mark: str = "") -> str:
    return f'"{hashlib.sha256(body).hexdigest()}{mark}"'


@pytest.fixture(autouse=True)
def published(shelf: Shelf) -> None:
    for edition in (FIRST, SECOND, THIRD):
        shelf.put("world/rss.xml", edition)


@pytest.mark.parametrize(
    ("headers", "status", "body"),
    [
        ({}, 200, THIRD),
        ({"A-IM": "feed"}, 200, THIRD),
        ({"A-IM": "feed", "If-None-Match": tag(b"never published")}, 200, THIRD),
        ({"A-IM": "feed", "If-None-Match": tag(THIRD)}, 304, b""),
        ({"A-IM": "feed", "If-None-Match": "*"}, 304, b""),
        ({"If-None-Match": tag(SECOND)}, 200, THIRD),
        ({"A-IM": "gzip, vcdiff", "If-None-Match": tag(SECOND)}, 200, THIRD),
        ({"A-IM": "feed;q=0", "If-None-Match": tag(SECOND)}, 200, THIRD),
        ({"A-IM": "feed", "If-Modified-Since": "Fri, 20 Nov 2026 00:00:00 GMT"}, 200, THIRD),
        ({"A-IM": "feed", "If-Modified-Since": AFTER}, 304, b""),
        (
            {"A-IM": "feed", "If-None-Match": tag(SECOND), "If-Modified-Since": AFTER},
            226,
            rss("three", "two, corrected"),
        ),
        ({"A-IM": "feed", "If-None-Match": tag(FIRST)}, 226, rss("three", "two, corrected")),
        ({"A-IM": "FEED;q=0.5, gzip", "If-None-Match": tag(SECOND)}, 226,
         rss("three", "two, corrected")),
        ({"A-IM": "feed", "If-None-Match": f'"other", W/{tag(SECOND)}'}, 226,
         rss("three", "two, corrected")),
        ({"A-IM": "feed", "If-None-Match": tag(SECOND, "-gzip")}, 226,
         rss("three", "two, corrected")),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_asked_decides_between_200_226_and_304(
    site: Site, headers: dict[str, str], status: int, body: bytes
) -> None:
    answer = site.get("/world/rss.xml", headers)
    assert (answer.status_code, answer.content) == (status, body)
    assert answer.headers["ETag"] == tag(THIRD), "of the whole document, whatever was sent of it"
    assert answer.headers["Vary"] == "Accept-Encoding, A-IM"
    assert answer.headers["Last-Modified"] == CHANGED.strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert answer.headers.get("IM") == ("feed" if status == 226 else None)
    assert ("no-store, im, max-age" in answer.headers["Cache-Control"]) == (status == 226)


def test_the_answer_names_what_it_adds_to(site: Site) -> None:
    asked = {"A-IM": "feed", "If-None-Match": tag(SECOND, "-br")}
    answer = site.get("/world/rss.xml", asked)
    assert answer.headers["Delta-Base"] == tag(SECOND, "-br")
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_new_comes_compressed_with_the_etag_of_that_encoding(site: Site) -> None:
    asked = {"A-IM": "feed", "If-None-Match": tag(FIRST), "Accept-Encoding": "gzip"}
    for _ in range(2):  # made, and then kept
        answer = site.get("/world/rss.xml", asked)
        assert answer.status_code == 226
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["ETag"] == tag(THIRD, "-gzip")
        assert answer.content == rss("three", "two, corrected")
    whole = site.ask("HEAD", "/world/rss.xml", {"Accept-Encoding": "gzip"})
    assert whole.headers["ETag"] == tag(THIRD, "-gzip")
    assert int(whole.headers["Content-Length"]) == len(gzip.compress(THIRD, 6, mtime=0))


def test_next_time_it_is_the_whole_document_that_has_not_changed(site: Site) -> None:
    answer = site.get("/world/rss.xml", {"A-IM": "feed", "If-None-Match": tag(FIRST)})
    asked = {"A-IM": "feed", "If-None-Match": answer.headers["ETag"]}
    assert site.get("/world/rss.xml", asked).status_code == 304


def test_a_feed_of_which_nothing_is_known_comes_whole(site: Site, shelf: Shelf) -> None:
    shelf.put("world/rss.xml", rss("all", "other"))
    answer = site.get("/world/rss.xml", {"A-IM": "feed", "If-None-Match": tag(THIRD)})
    assert (answer.status_code, answer.content) == (200, rss("all", "other"))


def test_a_change_besides_the_entries_is_told_without_them(site: Site, shelf: Shelf) -> None:
    shelf.put("world/rss.xml", rss("two, corrected", "one", head="Renamed"))
    answer = site.get("/world/rss.xml", {"A-IM": "feed", "If-None-Match": tag(THIRD)})
    assert answer.status_code == 226
    assert answer.content == b"<rss><channel><title>Renamed</title>\n</channel></rss>\n"


def test_atom_has_news_too_and_other_documents_have_none(site: Site, shelf: Shelf) -> None:
    for path in ("world/atom.xml", "world/index.html", "feeds.opml", "world/feed.json"):
        shelf.put(path, atom("one"))
        shelf.put(path, atom("two", "one"))
        answer = site.get(f"/{path}", {"A-IM": "feed", "If-None-Match": tag(atom("one"))})
        expected = (226, atom("two")) if path == "world/atom.xml" else (200, atom("two", "one"))
        assert (answer.status_code, answer.content) == expected


def test_who_asks_for_the_head_alone_hears_of_the_whole(site: Site) -> None:
    asked = {"A-IM": "feed", "If-None-Match": tag(SECOND)}
    head = site.ask("HEAD", "/world/rss.xml", asked)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(THIRD)))
