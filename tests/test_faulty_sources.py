"""A source that fails says so in one line, and the others do not notice."""

from __future__ import annotations

import socket
from pathlib import Path

from tests.cli.inside import aggregator
from tests.web import document, redirect, rss, serving, stream


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def test_each_faulty_source_is_named_with_its_fault_and_the_good_one_is_taken(
    tmp_path: Path,
) -> None:
    secret = {"/secret": document(rss("secret"))}
    answers = {
        "/good": document(rss("one", "two")),
        "/page": document(b"<!doctype html><html><title>Hello</title></html>", "text/html"),
        "/large": stream(b" " * 1_000_000, 60),
        "/endless": stream(b"<!-- for ever -->", None),
    }
    with serving(secret) as other, serving(answers) as port:
        answers["/inside"] = redirect(f"http://127.0.0.1:{other}/secret")
        places = {
            "good": f"http://127.0.0.1:{port}/good",
            "closed": f"http://127.0.0.1:{closed_port()}/feed",
            "unknown": "http://no-such-host.invalid/feed",
            "missing": f"http://127.0.0.1:{port}/missing",
            "page": f"http://127.0.0.1:{port}/page",
            "large": f"http://127.0.0.1:{port}/large",
            "endless": f"http://127.0.0.1:{port}/endless",
            "inside": f"http://127.0.0.1:{port}/inside",
        }
        allowed = [url.split("/")[2] for name, url in places.items() if name != "unknown"]
        sources = [f'[[source]]\nid = "{name}"\nurl = "{url}"\n' for name, url in places.items()]
        (tmp_path / "config.toml").write_text(
            f'[fetch]\ntimeout = "10s"\nallow_private = {sorted(set(allowed))}\n'
            + "".join(sources),
            encoding="utf-8",
        )
        ended = aggregator(tmp_path, "refresh", "--json")
    assert ended.status == 1
    rows = {row["id"]: row for row in ended.json()["sources"]}
    assert rows["good"] == {
        "id": "good", "status": "ok", "new": 2, "changed": 0, "unchanged": 0,
        "bad": 0, "held": 0, "withdrawn": 0, "leaving": 0, "bad_entries": [], "error": None,
        "code": None,
    }  # fmt: skip
    expected = {
        "closed": "refused",
        "unknown": "resolve",
        "missing": "404",
        "page": "HTML page",
        "large": "10 MB",
        "endless": "10 MB",
        "inside": "private address",
    }
    for name, words in expected.items():
        assert rows[name]["status"] == "failed"
        assert words in rows[name]["error"], rows[name]["error"]
        assert "\n" not in rows[name]["error"]
    assert (tmp_path / "feeds" / "good" / "rss.xml").exists()
    status = aggregator(tmp_path, "status", "--json").json()
    assert {row["id"] for row in status["sources"] if row["state"] == "failing"} == set(expected)
    assert [row["id"] for row in status["sources"]][-1] == "good", "worst first"
    shown = aggregator(tmp_path, "refresh", "missing")
    assert shown.status == 1
    assert 'source "missing": ' in shown.err
