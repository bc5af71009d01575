from __future__ import annotations

from http.server import BaseHTTPRequestHandler
from pathlib import Path

from aggregator import __version__
from tests.cli.inside import aggregator
from tests.politeness.desk import FEED, adopted
from tests.polling import polling
from tests.web import document, serving


def test_status_says_in_words_why_nothing_is_asked(tmp_path: Path) -> None:
    with serving({"/gone": document(b"gone", "text/plain", 410), "/feed": document(FEED)}) as port:
        (tmp_path / "config.toml").write_text(
            f'[fetch]\nallow_private = ["127.0.0.1:{port}"]\n'
            f'[[source]]\nid = "gone"\nurl = "http://127.0.0.1:{port}/gone"\n'
            f'[[source]]\nid = "good"\nurl = "http://127.0.0.1:{port}/feed"\nevery = "1h"\n'
        )
        assert aggregator(tmp_path, "refresh").status == 1
    gone, good = aggregator(tmp_path, "status", "--json").json()["sources"]
    assert (gone["id"], gone["state"], gone["next_due"]) == ("gone", "gone", None)
    assert gone["why"] == "gone for good (410): not asked any more; remove it, or change its url"
    assert good["why"] == "every 1 h, as configured"
    assert "410 Gone" in gone["error"]
    shown = aggregator(tmp_path, "status").out
    assert "not asked any more" in shown


def test_check_says_where_a_source_has_moved_to(tmp_path: Path) -> None:
    with polling(tmp_path) as world:
        adopted(world)
        address = world.state().address
    ended = aggregator(tmp_path, "check")
    assert ended.status == 0
    assert f'source "paper": moved permanently to {address}' in ended.out


def written(folder: Path, port: int, *paths: str, head: str = "") -> None:
    """Write a configuration with a source for each path, named after it."""
    sources = (
        f'[[source]]\nid = "{path.lstrip("/")}"\nurl = "http://127.0.0.1:{port}{path}"\n'
        for path in paths
    )
    allowed = f'[fetch]\nallow_private = ["127.0.0.1:{port}"]\n'
    (folder / "config.toml").write_text(head + allowed + "".join(sources))


def test_check_names_the_sources_that_were_refused_and_says_why(tmp_path: Path) -> None:
    answers = {
        "/gone": document(b"gone", "text/plain", 410),
        "/closed": document(b"no", "text/plain", 403),
        "/feed": document(FEED),
    }
    with serving(answers) as port:
        written(tmp_path, port, "/gone", "/closed", "/feed")
        aggregator(tmp_path, "refresh")
    ended = aggregator(tmp_path, "check", "--json")
    assert ended.status == 0
    assert ended.json()["failing"] == {
        "gone": "gone for good (410): not asked any more; remove it, or change its url",
        "closed": "failed once: answered 403 Forbidden; it refuses this program or this network",
    }
    assert 'source "closed": failed once: answered 403' in aggregator(tmp_path, "check").out


def test_who_only_looks_leaves_alone_whom_the_store_says_to_leave_alone(tmp_path: Path) -> None:
    asked: list[str] = []

    def busy(request: BaseHTTPRequestHandler) -> None:
        asked.append(request.path)
        request.send_response(429)
        request.send_header("Retry-After", "3600")
        request.send_header("Content-Length", "0")
        request.end_headers()

    with serving({"/busy": busy, "/feed": busy}) as port:
        written(tmp_path, port, "/busy", "/feed")
        aggregator(tmp_path, "refresh", "busy")
        looks = [
            aggregator(tmp_path, "check", "--net").err,
            aggregator(tmp_path, "preview", "feed").err,
            aggregator(tmp_path, "add", f"http://127.0.0.1:{port}/new").err,
        ]
    assert asked == ["/busy"]
    for said in looks:
        assert "wants to be left alone until" in said


def test_publishers_see_the_public_site_where_no_contact_is_named(tmp_path: Path) -> None:
    agents: list[str] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        agents.append(str(request.headers["User-Agent"]))
        document(FEED)(request)

    with serving({"/feed": answer}) as port:
        for site in ("https://news.example.org", "http://127.0.0.1:8080"):
            written(tmp_path, port, "/feed", head=f'[site]\nurl = "{site}"\n')
            aggregator(tmp_path, "preview", "feed")
    assert agents == [
        f"aggregator/{__version__} (+https://news.example.org)",
        f"aggregator/{__version__}",
    ]
