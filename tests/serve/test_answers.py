"""What is true of every answer: its headers, its methods, its log line."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.model import GONE
from aggregator.serve.app import create_app
from aggregator.serve.library import Health, Published
from tests.serve.conftest import FEED, Current, Shelf, Site, eventually

FEED_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; sandbox"


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/all/rss.xml", 200),
        ("GET", "/all", 301),
        ("GET", "/nothing", 404),
        ("GET", "/healthz", 200),
        ("POST", "/all/rss.xml", 405),
    ],
)
def test_every_answer_is_safe_to_show_and_sets_no_cookie(
    site: Site, method: str, address: str, status: int
) -> None:
    answer = site.ask(method, address)
    assert answer.status_code == status
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "Set-Cookie" not in answer.headers
    assert "Server" not in answer.headers
    assert "Date" in answer.headers


class Failing(Shelf):
    """A library that has a fault of ours."""

    def find(self, path: str) -> Published | None:
        raise RuntimeError("planted")


def test_every_status_there_is_is_safe_to_show(
    site: Site, shelf: Shelf, current: Current, tmp_path: Path
) -> None:
    shelf.put(f"{GONE}/all/old.html", b"<!doctype html><title>Taken down</title>")
    whole = {"A-IM": "feed", "If-None-Match": site.get("/all/rss.xml").headers["ETag"]}
    shelf.put("all/rss.xml", FEED.replace(b"<rss>", b"<rss><item>new</item>"))
    tag = site.get("/all/rss.xml").headers["ETag"]
    seen = {
        200: site.get("/"),
        204: site.ask("OPTIONS", "/"),
        226: site.get("/all/rss.xml", whole),
        301: site.get("/all"),
        304: site.get("/all/rss.xml", {"If-None-Match": tag}),
        404: site.get("/nothing"),
        405: site.ask("DELETE", "/all/rss.xml"),
        410: site.get("/all/old.html"),
        413: site.ask("GET", "/", body=b"x"),
    }
    shelf.broken = True
    seen[503] = site.get("/all/rss.xml")
    current.app = create_app(Failing(tmp_path), tmp_path)
    seen[500] = site.get("/all/rss.xml")
    assert {status: answer.status_code for status, answer in seen.items()} == {
        status: status for status in seen
    }
    for answer in seen.values():
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; ")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "planted" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE", "X"])
def test_nothing_can_be_done_over_http(site: Site, method: str) -> None:
    for path in ("/", "/all/rss.xml", "/healthz", "/readyz", "/metrics", "/hub", "/nothing"):
        for headers in ({}, {"Origin": "http://evil.example"}, {"Host": "evil.example"}):
            answer = site.ask(method, path, headers)
            assert answer.status_code in (400, 404, 405), (path, answer.status_code)
            assert "Access-Control-Allow-Origin" not in answer.headers
            assert "Location" not in answer.headers


def test_no_header_of_a_request_becomes_part_of_an_answer(site: Site) -> None:
    """Caches are not to be poisoned, nor is a page to lead where the one who asks says."""
    names = (
        "Host", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-URL", "X-Rewrite-URL",
        "Forwarded", "Referer", "Origin", "X-Forwarded-Prefix", "User-Agent", "Cookie",
    )  # fmt: skip
    marked = dict.fromkeys(names, "evil.example")
    for path in ("/", "/all", "/feed", "/all/rss.xml", "/nothing", "/healthz", "/search?q=evil.e"):
        answer = site.get(path, marked)
        assert "evil.example" not in f"{answer.headers}{answer.text}"


def test_what_is_no_request_is_refused_as_safely(site: Site) -> None:
    for request in (
        b"nonsense\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01",
    ):
        answer = site.raw(request + b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert f"Content-Security-Policy: {FEED_POLICY}".encode() in answer


def test_a_feed_may_not_run_or_load_anything_foreign(site: Site) -> None:
    assert site.get("/all/rss.xml").headers["Content-Security-Policy"] == FEED_POLICY


def test_a_page_may_show_pictures_and_films_from_anywhere_and_run_nothing(site: Site) -> None:
    policy = dict(
        rule.split(" ", 1) for rule in site.get("/").headers["Content-Security-Policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    assert policy["img-src"] == "* data:"
    assert policy["media-src"] == "*"
    assert policy["style-src"] == "'self'"
    assert "script-src" not in policy


def test_a_document_says_how_long_it_holds(site: Site) -> None:
    assert site.get("/all/rss.xml").headers["Cache-Control"] == (
        "public, max-age=300, stale-while-revalidate=300, stale-if-error=86400"
    )


@pytest.mark.parametrize("address", ["/", "/all/rss.xml", "/all", "/nothing", "/healthz", "/feed"])
@pytest.mark.parametrize("accept", ["identity", "gzip"])
def test_head_answers_what_get_answers_without_the_body(
    site: Site, address: str, accept: str
) -> None:
    whole = site.ask("GET", address, {"Accept-Encoding": accept})
    head = site.ask("HEAD", address, {"Accept-Encoding": accept})
    assert head.content == b""
    assert head.status_code == whole.status_code
    assert {**head.headers, "date": ""} == {**whole.headers, "date": ""}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
@pytest.mark.parametrize("address", ["/", "/healthz", "/nothing"])
def test_nothing_can_be_changed_from_outside(site: Site, method: str, address: str) -> None:
    answer = site.ask(method, address)
    assert answer.status_code == 405
    assert sorted(answer.headers["Allow"].split(", ")) == ["GET", "HEAD", "OPTIONS"]


@pytest.mark.parametrize("address", ["/", "/healthz", "/nothing", "/all/rss.xml"])
def test_who_asks_for_the_methods_is_told_them(site: Site, address: str) -> None:
    answer = site.ask("OPTIONS", address)
    assert (answer.status_code, answer.content) == (204, b"")
    assert sorted(answer.headers["Allow"].split(", ")) == ["GET", "HEAD", "OPTIONS"]


def test_a_body_is_refused(site: Site) -> None:
    assert site.ask("GET", "/", body=b"x").status_code == 413
    assert site.ask("GET", "/healthz", body=b"x").status_code == 413
    chunked = b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
    assert site.raw(chunked).startswith(b"HTTP/1.1 413 ")


def test_several_requests_go_over_one_connection(site: Site) -> None:
    request = b"GET /all/feed.json HTTP/1.1\r\nHost: x\r\n"
    answer = site.raw((request + b"\r\n") * 2 + request + b"Connection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 3


def test_an_answer_of_the_old_protocol_ends_its_connection(site: Site) -> None:
    assert site.raw(b"GET /all/feed.json HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 OK\r\n")


def test_health_is_told_and_never_kept(site: Site, shelf: Shelf) -> None:
    shelf.state = Health(True, {"articles": 7, "since": datetime(2026, 11, 20, tzinfo=UTC)})
    answer = site.get("/healthz")
    assert answer.json() == {"ok": True, "articles": 7, "since": "2026-11-20 00:00:00+00:00"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Type"] == "application/json"
    shelf.state = Health(False, {"error": "the disk is full"})
    assert site.get("/healthz").status_code == 503
    assert site.get("/healthz").json() == {"ok": False, "error": "the disk is full"}


def test_a_store_that_fails_is_no_reason_to_give_a_feed_up(site: Site, shelf: Shelf) -> None:
    shelf.broken = True
    answer = site.get("/all/rss.xml")
    assert (answer.status_code, answer.text) == (503, "503 Service Unavailable\n")
    assert answer.headers["Retry-After"] == "60"
    shelf.broken = False
    assert site.get("/all/rss.xml").status_code == 200


def test_a_fault_of_ours_shows_nothing_of_itself(
    site: Site, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.state = None  # type: ignore[assignment]
    answer = site.get("/healthz")
    assert (answer.status_code, answer.text) == (500, "500 Internal Server Error\n")
    assert answer.headers["Content-Security-Policy"] == FEED_POLICY
    assert eventually(lambda: any(record.exc_info for record in caplog.records))


def test_a_request_is_logged_in_one_line_that_a_terminal_does_not_obey(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "aggregator.serve.access_log"):
        site.get("/%1b%5b2J%0d%0aforged%e2%80%ae?token=secret")
        assert eventually(lambda: caplog.records)
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.isprintable()
    assert line.isascii()
    assert "client=127.0.0.1 method=GET path='/\\x1b[2J\\r\\nforged\\u202e' status=404" in line
    assert "secret" not in line


def test_requests_are_not_logged_unless_asked_for(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        site.get("/all/rss.xml")
        site.raw(b"nonsense\r\n\r\n")
    assert caplog.records == []
